/**
 * The world around withdrawals in worked cases, to the base unit: requests at once, admins who
 * share a queue, a bank that fails, answers twice, late or never, and teachers who take their money
 * back.
 */
import { describe, expect, test } from 'vitest'
import { REGIME_NAMES } from '../faults/regimes.ts'
import { payoutBoundMs } from './allowance.ts'
import {
  AT_HOME,
  AT_WORK,
  broken,
  fault,
  request,
  withdraw,
} from './testing/describedWithdrawal.ts'
import { nextAtWorkMs } from './workingHours.ts'
import { runWorld } from './world.ts'
import { AS_DESCRIBED_REFUTED } from './worldInvariants.ts'
import type { WorldRun } from './worldRun.ts'

const POLICIES = ['as-described', 'hardened'] as const
const HALF = 35_000_000n
const ALL = 70_000_000n
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

const edges = ({ steps }: WorldRun) => steps.map(({ edge }) => edge)
const ends = ({ courses }: WorldRun) => courses.map(({ end }) => end)
const paid = ({ payments }: WorldRun) => payments.map(({ units }) => units)

describe.each(POLICIES)('worked case: 35.00 of 70.00, %s', (policy) => {
  test('is asked for, approved, paid and completed', () => {
    const run = withdraw(policy, { takesCommission: true })
    expect(ends(run)).toEqual(['Completed'])
    expect(paid(run)).toEqual([HALF])
    expect(run.endState).toMatchObject({
      ...{ availableUnits: [HALF, 0n], bankUnits: HALF, platformUnits: 30_000_000n },
      ...{ escrowUnits: HALF, creditedUnits: 100_000_000n },
    })
  })

  test('an admin who is at home decides when it is at work again', () => {
    const opens = { fromMinute: 600, untilMinute: 660, thinkMs: 5 * MINUTE_MS }
    const hours = { admin0: opens, admin1: AT_HOME, teacherPatienceMs: 24 * HOUR_MS }
    const [course] = withdraw(policy, hours).courses
    // The world begins at 8:00, work at 10:00.
    expect(course?.decidedMs).toBe(2 * HOUR_MS + 5 * MINUTE_MS)
  })

  test('of two admins who disagree the first one counts, and the other is refused', () => {
    const both = { requests: [request({ verdict: 'split' })], admin0: AT_WORK, admin1: AT_WORK }
    const run = withdraw(policy, both)
    const said = edges(run).filter((edge) => /approve|reject/.test(edge))
    expect(said).toHaveLength(2)
    expect(said[1]).toMatch(/!NotPending$/)
    expect(['Completed', 'Rejected']).toContain(ends(run)[0])
  })

  test('what is below the minimum is refused once, and nothing else is tried', () => {
    const run = withdraw(policy, { requests: [request({ shareBps: 10 })] })
    expect(edges(run)).toEqual(['None|credit|None', 'None|request|!BelowMinimum'])
  })

  test('a rejected request is asked for again, and then paid', () => {
    const rejected = request({ verdict: 'reject', asksAgain: true })
    const run = withdraw(policy, { requests: [rejected] })
    expect(ends(run)).toEqual(['Rejected', 'Completed'])
    expect(paid(run)).toEqual([HALF])
  })
})

describe('as described', () => {
  test('two requests over the same money are both paid, with what others own', () => {
    const whole = request({ shareBps: 10_000 })
    const run = withdraw('as-described', { requests: [whole, whole] })
    expect(paid(run)).toEqual([ALL, ALL])
    expect(run.endState).toMatchObject({ bankUnits: ALL, claimBankUnits: ALL })
    expect(broken(run)).toEqual(['INV-W-EARNED', 'INV-W-COVERED', 'INV-W-BOOKS'])
  })

  test('two admins who act at once both tell the bank, and it pays twice', () => {
    const run = withdraw('as-described', { admin0: AT_WORK, admin1: AT_WORK })
    expect(paid(run)).toEqual([HALF, HALF])
    expect(run.endState.bankUnits).toBe(HALF)
    expect(broken(run)).toContain('INV-W-PAID-ONCE')
  })

  test('a bank that pays and does not say so pays as often as it is told', () => {
    const silent = request({ answers: 'never' })
    const run = withdraw('as-described', { requests: [silent], adminRetries: 2 })
    expect(paid(run)).toEqual([HALF, HALF, HALF])
    expect(ends(run)).toEqual([null])
  })

  test('what the bank cannot pay stays deducted for good', () => {
    const run = withdraw('as-described', { requests: [request({ isClosed: true })] })
    expect(paid(run)).toEqual([])
    expect(edges(run)).toContain('Processing|bankFailed|!NoWayBack')
    expect(edges(run)).toContain('Processing|cancel|!NoWayBack')
    expect(run.endState).toMatchObject({ states: ['Processing'], availableUnits: [HALF, 0n] })
    expect(broken(run)).toEqual([
      ...['INV-W-BOOKS', 'INV-W-EXIT', 'INV-W-RESTORED', 'INV-W-LIVENESS'],
    ])
  })

  test('a reorg and a second opinion: rejected and paid', () => {
    const split = { requests: [request({ verdict: 'split' })], admin0: AT_WORK }
    const admin1 = { ...AT_WORK, thinkMs: 80_000 }
    const calm = withdraw('as-described', { ...split, admin1: AT_HOME })
    const approvedMs = calm.courses[0]?.approvedMs as number
    // The approval is seen, acted on, taken out of the chain, and forgotten by the pools.
    const faults = [
      fault('reorg', 'chain', approvedMs + 1_000, 0, 1),
      fault('dropped-transaction', 'admin0', approvedMs + 1_001, 60_000),
    ]
    const run = withdraw('as-described', { ...split, admin1 }, { faults })
    expect(ends(run)).toEqual(['Rejected'])
    expect(paid(run)).toEqual([HALF])
    expect(broken(run)).toContain('INV-W-NOT-BOTH')
  })
})

describe('hardened', () => {
  test('two requests over the same money: the second waits for more, and none comes', () => {
    const whole = request({ shareBps: 10_000 })
    const run = withdraw('hardened', { requests: [whole, whole] })
    expect(paid(run)).toEqual([ALL])
    expect(ends(run)).toEqual(['Completed', null])
    expect(edges(run).filter((edge) => edge.includes('request'))).toHaveLength(1)
    expect(broken(run)).toEqual([])
  })

  test('two admins who act at once: the bank is told by the chain, and pays once', () => {
    const run = withdraw('hardened', { admin0: AT_WORK, admin1: AT_WORK })
    expect(edges(run)).toContain('Processing|approve|!NotPending')
    expect(paid(run)).toEqual([HALF])
  })

  test('it pays only when it has the tokens for good: eight blocks after the completion', () => {
    const [course] = withdraw('hardened').courses
    const waitedMs = (course?.paidMs as number) - (course?.endedMs as number) - 120_000
    expect(waitedMs).toBeGreaterThanOrEqual(7 * 12_000)
    expect(waitedMs).toBeLessThan(9 * 12_000)
  })

  test('what the bank cannot pay is back at once, and paid to another account', () => {
    const closed = request({ isClosed: true, asksAgain: true })
    const run = withdraw('hardened', { requests: [closed] })
    expect(ends(run)).toEqual(['Failed', 'Completed'])
    expect(paid(run)).toEqual([HALF])
    expect(broken(run)).toEqual([])
  })

  test.each(['once', 'twice', 'late'] as const)('a bank that answers %s pays once', (answers) => {
    const run = withdraw('hardened', { requests: [request({ answers, lateMs: 20 * MINUTE_MS })] })
    expect(paid(run)).toEqual([HALF])
    expect(broken(run)).toEqual([])
  })

  test('payments that come back are tried again under keys of their own', () => {
    const run = withdraw('hardened', { requests: [request({ returns: 2, answers: 'twice' })] })
    expect(paid(run)).toEqual([HALF])
    expect(broken(run)).toEqual([])
  })

  test('orders that are repeated, copied and lost are carried out once', () => {
    const slow = request({ settleMs: 90 * MINUTE_MS })
    const faults = [
      fault('message-duplication', 'bank', 0, 6 * HOUR_MS, 10_000),
      fault('message-duplication', 'rail', 0, 6 * HOUR_MS, 10_000),
      fault('process-crash', 'bank', 90 * MINUTE_MS, 30 * MINUTE_MS),
    ]
    const run = withdraw('hardened', { requests: [slow] }, { faults, detail: 'full' })
    const orders = run.messages.filter(({ kind }) => kind === 'transfer')
    expect(orders.length).toBeGreaterThan(4)
    expect(paid(run)).toEqual([HALF])
    expect(broken(run)).toEqual([])
  })

  const parameters = { processingTimeoutSeconds: 900 }
  const impatient = { teacherPatienceMs: 5 * MINUTE_MS }

  test('a bank that never answers: back after the timeout, by the teacher alone', () => {
    const silent = { ...impatient, requests: [request({ answers: 'never' })] }
    const run = withdraw('hardened', silent, { parameters })
    const [course] = run.courses
    expect(ends(run)).toEqual(['Cancelled'])
    const waitedMs = (course?.endedMs as number) - (course?.approvedMs as number)
    expect(waitedMs).toBeGreaterThanOrEqual(900_000)
    expect(waitedMs).toBeLessThan(960_000)
    expect(run.endState.availableUnits).toEqual([ALL, 0n])
    expect([paid(run), broken(run)]).toEqual([[], []])
  })

  test('a clock that is ahead is refused, and the newest block says how long to wait', () => {
    const silent = { ...impatient, requests: [request({ answers: 'never' })] }
    const faults = [fault('clock-offset', 'teacher0', 0, 0, 200_000)]
    const run = withdraw('hardened', silent, { parameters, faults })
    expect(edges(run)).toContain('Processing|cancel|!StillProcessing')
    expect(ends(run)).toEqual(['Cancelled'])
    expect(broken(run)).toEqual([])
  })

  test('a bank whose answer is later than its time is refused, and pays nothing', () => {
    const late = request({ answers: 'late', lateMs: 30 * MINUTE_MS })
    const run = withdraw('hardened', { ...impatient, requests: [late] }, { parameters })
    expect(ends(run)).toEqual(['Cancelled'])
    expect(paid(run)).toEqual([])
  })

  test('a bank that keeps the tokens is what no contract can help: asked for, and lost', () => {
    const run = withdraw('hardened', { requests: [request({ answers: 'mute' })] })
    expect(ends(run)).toEqual(['Completed'])
    expect(paid(run)).toEqual([])
    expect(run.exposure.at(-1)).toMatchObject({ providerUnits: HALF, payerUnits: 0n })
    // Nothing was promised of a bank that does not answer, and nothing else is lost.
    expect(broken(run)).toEqual([])
  })

  test('a bank that cannot be sent tokens claims them before it pays', () => {
    const run = withdraw('hardened', {}, { token: 'refusesProviders' })
    const [course] = run.courses
    expect(edges(run)).toContain('Completed|claim|Completed')
    expect(course?.paidMs).toBeGreaterThan(course?.claimedMs as number)
    expect(broken(run)).toEqual([])
  })

  test('hours that a wrong clock could shrink to nothing give no bound, others do', () => {
    const faults = [fault('clock-offset', 'admin0', 0, 0, 10 * MINUTE_MS)]
    const boundOf = (minutes: number) => {
      const admin0 = { fromMinute: 490, untilMinute: 490 + minutes, thinkMs: 0 }
      const run = withdraw('hardened', { admin0, admin1: AT_HOME }, { faults })
      return payoutBoundMs(run, run.courses[0] as WorldRun['courses'][number])
    }
    expect(boundOf(11)).toBeLessThan(48 * HOUR_MS)
    // The other admin is at work for a minute of tomorrow, by a clock that is right.
    expect(boundOf(10)).toBeGreaterThan(16 * HOUR_MS)
  })
})

describe('working hours', () => {
  const at = (hour: number, minute = 0) => (hour * 60 + minute) * MINUTE_MS
  const night = { fromMinute: 22 * 60, untilMinute: 6 * 60 }
  const day = { fromMinute: 9 * 60, untilMinute: 17 * 60 }

  test.each([
    ['before work', day, at(8), at(9)],
    ['in the first minute', day, at(9), at(9)],
    ['in the last minute', day, at(16, 59), at(16, 59)],
    ['after work', day, at(17), at(33)],
    ['at night, before midnight', night, at(23), at(23)],
    ['at night, after midnight', night, at(5), at(5)],
    ['in the morning', night, at(6), at(22)],
    ['around the clock', { fromMinute: 0, untilMinute: 1_440 }, at(3), at(3)],
  ])('%s', (_, hours, atMs, expected) => {
    expect(nextAtWorkMs(hours, atMs)).toBe(expected)
  })
})

describe('many runs', () => {
  const RUNS = 40

  test.each(REGIME_NAMES)('hardened keeps every claim under %s, on both chains', (regime) => {
    for (let run = 0; run < RUNS; run += 1) {
      for (const profile of ['l1', 'l2']) {
        const options = { policy: 'hardened', regime, seed: 21, run, profile } as const
        expect([run, broken(runWorld(options))]).toEqual([run, []])
      }
    }
  })

  test.each(REGIME_NAMES)('as described breaks only what it cannot keep under %s', (regime) => {
    const seen = new Set<string>()
    for (let run = 0; run < RUNS; run += 1) {
      const options = { policy: 'as-described', regime, seed: 21, run } as const
      for (const id of broken(runWorld(options))) seen.add(id)
    }
    for (const id of seen) expect(AS_DESCRIBED_REFUTED).toContain(id)
    expect(seen.size).toBeGreaterThan(5)
  })

  test.each(POLICIES)('the same setup gives the same bytes, %s', (policy) => {
    const options = { policy, regime: 'mixed', seed: 4, run: 2, detail: 'full' } as const
    expect(runWorld(options)).toEqual(runWorld(options))
    expect(runWorld({ ...options, run: 3 }).hash).not.toBe(runWorld(options).hash)
  })
})
