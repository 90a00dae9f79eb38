/**
 * The world around requests in worked cases: students who want the same tutor, tutors who decline,
 * say nothing, come and go, deposits that fail, waiting lists and bookings, and a matchmaker whose
 * clock is wrong or that is down.
 */
import { describe, expect, test } from 'vitest'
import { REGIME_NAMES } from '../faults/regimes.ts'
import { AWAY, broken, fault, match, request, tutor } from './testing/describedMatch.ts'
import { runWorld } from './world.ts'
import { AS_DESCRIBED_REFUTED, matchmakingWorldInvariants } from './worldInvariants.ts'
import type { WorldRun } from './worldRun.ts'

const POLICIES = ['as-described', 'hardened'] as const
const MINUTE_MS = 60_000

const edges = ({ steps }: WorldRun) => steps.map(({ edge }) => edge)
const ends = ({ courses }: WorldRun) => courses.map(({ end }) => end)
const states = ({ courses }: WorldRun, index = 0) =>
  (courses[index] as WorldRun['courses'][number]).stays.map(({ state }) => state)
/** Whom a request was proposed to, in order. */
const proposed = ({ courses }: WorldRun, index = 0) =>
  (courses[index] as WorldRun['courses'][number]).stays
    .filter(({ state }) => state === 'Proposed')
    .map(({ tutor: place }) => place)

describe.each(POLICIES)('worked case, %s', (policy) => {
  test('asked, proposed, accepted, deposited, over, at the rate that the tutor lists', () => {
    const run = match(policy)
    expect(states(run)).toEqual([
      ...['Searching', 'Proposed', 'AwaitingDeposit', 'Matched', 'Completed'],
    ])
    expect(run.courses[0]).toMatchObject({ credentials: 1, holder: 'student0' })
    expect(run.courses[0]?.deposits).toMatchObject([{ rateUnits: 9_000n, units: 36_000_000n }])
    expect(run.endState).toMatchObject({ billedSeconds: 300, credentials: 1 })
    expect(broken(run)).toEqual([])
  })

  test('a tutor who declines is followed by the other, without a call too many', () => {
    const run = match(policy, { tutors: [tutor({ answers: ['decline'] }), tutor()] })
    expect(proposed(run)).toEqual([0, 1])
    expect(ends(run)).toEqual(['Completed'])
    expect(broken(run)).toEqual([])
  })

  test('one who says nothing is followed by the other when its time is up', () => {
    const run = match(policy, { tutors: [tutor({ answers: ['silent'] }), tutor()] })
    expect(proposed(run)).toEqual([0, 1])
    const [, silent] = run.courses[0]?.stays ?? []
    expect(silent).toMatchObject({ state: 'Proposed', by: 'lapse' })
    expect((silent?.untilMs as number) - (silent?.fromMs as number)).toBe(32_000)
  })

  test.each([
    ['another language', { language: 1 }],
    ['too little', { level: 0 }],
    ['no certificate', { hasCredential: false }],
    ['too high a rate', { rateBps: 10_001 }],
    ['away', { shiftsMs: [] }],
    ['gone', { shiftsMs: [0, 5_000] }],
  ])('a tutor with %s is never proposed', (_, changes) => {
    const requests = [request({ level: 1, needsCredential: true, fallback: 'cancel' })]
    const run = match(policy, { requests, tutors: [tutor(changes), AWAY] })
    expect(proposed(run)).toEqual([])
    expect(states(run)).toEqual(['Searching', 'NoMatch', 'Cancelled'])
  })

  test('who has less than the cap asks for nobody', () => {
    const run = match(policy, { requests: [request({ purseBps: 9_999 })] })
    expect(run.steps).toEqual([])
    expect(run.courses[0]?.unfundedMs).toBe(10_000)
  })

  test('a deposit that fails is made again, with a lower cap where the tokens are too few', () => {
    const run = match(policy, { requests: [request({ failures: 2, leftBps: 5_000 })] })
    expect(ends(run)).toEqual(['Completed'])
    expect(run.courses[0]?.deposits).toMatchObject([{ units: 18_000_000n }])
    expect(edges(run)).toContain('AwaitingDeposit|reduceCap|AwaitingDeposit')
  })

  test('who cannot pay at all lets the tutor go when the window is over', () => {
    const run = match(policy, { requests: [request({ leftBps: 0 })] })
    expect(ends(run)).toEqual(['Expired'])
    const accepted = run.courses[0]?.stays.find(({ state }) => state === 'AwaitingDeposit')
    expect((accepted?.untilMs as number) - (accepted?.fromMs as number)).toBe(122_000)
  })

  test('who is on the waiting list is proposed when a tutor comes', () => {
    const run = match(policy, { tutors: [AWAY, tutor({ shiftsMs: [5 * MINUTE_MS] })] })
    expect(states(run).slice(0, 4)).toEqual(['Searching', 'NoMatch', 'Waitlisted', 'Proposed'])
    const list = run.courses[0]?.stays.find(({ state }) => state === 'Waitlisted')
    expect((list?.untilMs as number) - 5 * MINUTE_MS).toBeLessThanOrEqual(4_000)
    expect(ends(run)).toEqual(['Completed'])
  })

  test('a booking is handed over at its time and not before', () => {
    const requests = [request({ fallback: 'book', bookMs: 3 * MINUTE_MS })]
    const run = match(policy, { requests, tutors: [tutor({ shiftsMs: [MINUTE_MS] }), AWAY] })
    const booked = run.courses[0]?.stays.find(({ state }) => state === 'Booked')
    const bookedForMs = run.courses[0]?.bookedForMs as number
    const lateMs = (booked?.untilMs as number) - bookedForMs
    expect(lateMs).toBeGreaterThanOrEqual(0)
    expect(lateMs).toBeLessThanOrEqual(4_000)
    expect(ends(run)).toEqual(['Completed'])
  })

  test('who is tired of waiting is out with one call', () => {
    const requests = [request({ patienceMs: 60_000 })]
    const run = match(policy, { requests, tutors: [AWAY, AWAY] })
    expect(ends(run)).toEqual(['Cancelled'])
    expect(run.courses[0]?.impatientMs).toBe(70_000)
    expect(broken(run)).toEqual([])
  })
})

describe('two students who want the same tutor', () => {
  const requests = [request(), request({ student: 1, atMs: 10_500 })]

  test('as described both are accepted and both deposit', () => {
    const run = match('as-described', { requests })
    const matched = run.courses.map(({ deposits }) => deposits.length)
    expect(matched).toEqual([1, 1])
    expect(broken(run)).toEqual(['INV-W-ONE-STUDENT'])
  })

  test('hardened one is matched, the other is served when the call is over', () => {
    const run = match('hardened', { requests })
    expect(ends(run)).toEqual(['Completed', 'Completed'])
    const [first, second] = run.courses
    expect(second?.deposits[0]?.atMs).toBeGreaterThan(first?.endedMs as number)
    expect(broken(run)).toEqual([])
  })

  test('hardened a tutor whose student does not deposit is free without anybody', () => {
    const poor = request({ leftBps: 0 })
    const faults = [fault('relayer-outage', 'matchmaker', 26_000, 300_000)]
    const run = match('hardened', { requests: [poor, requests[1] as never] }, { faults })
    // The matchmaker is down until 326 s; then it releases the one and proposes the other.
    expect(ends(run)).toEqual(['Expired', 'Completed'])
    expect(broken(run)).toEqual([])
  })
})

describe('as described', () => {
  test('a tutor may ask for more than it is listed at, and than the student pays', () => {
    const run = match('as-described', { tutors: [tutor({ raiseBps: 5_000 }), AWAY] })
    expect(run.courses[0]?.deposits).toMatchObject([{ rateUnits: 14_000n }])
    expect(broken(run)).toEqual(['INV-W-RATE-LOCKED'])
    const strict = match('hardened', { tutors: [tutor({ raiseBps: 5_000 }), AWAY] })
    expect(strict.courses[0]?.deposits).toEqual([])
    expect(broken(strict)).toEqual([])
  })

  test('who presses the button twice deposits twice', () => {
    const requests = [request({ depositsTwice: true })]
    const run = match('as-described', { requests })
    expect(run.courses[0]?.deposits).toHaveLength(2)
    expect(broken(run)).toEqual(['INV-W-QUOTE-ONCE'])
    expect(match('hardened', { requests }).courses[0]?.deposits).toHaveLength(1)
  })

  test('tutors are asked for as long as the student presses the button', () => {
    const unwilling = tutor({ answers: ['decline'] })
    const run = match('as-described', { tutors: [unwilling, unwilling] })
    expect(proposed(run).length).toBeGreaterThan(3)
    expect(broken(run)).toEqual(['INV-W-ATTEMPTS'])
    const strict = match('hardened', { tutors: [unwilling, unwilling] })
    expect(broken(strict)).toEqual([])
  })

  test('a call of seconds has a credential, and an end that is told twice has two', () => {
    const requests = [request({ callMs: 20_000, endsTwice: true })]
    const run = match('as-described', { requests })
    expect(run.courses[0]).toMatchObject({ credentials: 2 })
    expect(broken(run)).toEqual(['INV-W-RECORD'])
    expect(match('hardened', { requests }).courses[0]).toMatchObject({ credentials: 0 })
  })

  test('a proposal can be accepted for as long as the matchmaker is down', () => {
    const tutors = [tutor({ thinkMs: 90_000 }), AWAY]
    const faults = [fault('relayer-outage', 'matchmaker', 20_000, 200_000)]
    expect(broken(match('as-described', { tutors }, { faults }))).toContain('INV-W-TTL')
    const strict = match('hardened', { tutors }, { faults })
    expect(strict.courses[0]?.acceptances).toEqual([])
    expect(broken(strict)).toEqual([])
  })

  test('a matchmaker whose clock is ahead takes proposals back before their time', () => {
    const faults = [fault('clock-offset', 'matchmaker', 0, 0, 60_000)]
    const tutors = [tutor({ answers: ['silent'] }), AWAY]
    expect(broken(match('as-described', { tutors }, { faults }))).toContain('INV-W-TTL')
    expect(broken(match('hardened', { tutors }, { faults }))).toEqual([])
  })
})

describe('quotes', () => {
  test('one that expires before the deposit is worth nothing', () => {
    const tutors = [tutor({ quoteMs: 15_000 }), AWAY]
    const run = match('hardened', { requests: [request({ depositMs: 60_000 })], tutors })
    expect(run.courses[0]?.deposits).toEqual([])
    expect(ends(run)).toEqual(['Expired'])
    expect(broken(run)).toEqual([])
  })

  test('a tutor whose clock is behind signs what has expired already, and is not bound', () => {
    const faults = [fault('clock-offset', 'tutor0', 0, 0, -900_000)]
    const requests = [request({ patienceMs: 60_000 })]
    const run = match('hardened', { requests }, { faults })
    expect(edges(run)).toContain('Proposed|accept|!QuoteExpired')
    expect(run.courses[0]?.acceptances).toEqual([])
    expect(broken(run)).toEqual([])
  })
})

describe('two tutors whose quotes bear the same number', () => {
  test('the second is accepted, however often the quote of the first was refused', () => {
    const faults = [fault('clock-offset', 'tutor0', 0, 0, -900_000)]
    const run = match('hardened', { tutors: [tutor(), tutor()] }, { faults })
    expect(edges(run).filter((edge) => edge.endsWith('!QuoteExpired'))).toHaveLength(3)
    expect(run.courses[0]?.acceptances).toMatchObject([{ tutor: 1, nonce: 1n }])
    expect(broken(run)).toEqual([])
  })
})

describe('over many runs', () => {
  test.each(REGIME_NAMES)('hardened every claim holds under %s', (regime) => {
    for (let run = 0; run < 10; run += 1) {
      const played = runWorld({ policy: 'hardened', regime, seed: 21, run, profile: 'l2' })
      expect([run, broken(played)]).toEqual([run, []])
      expect(played.courses.every(({ requestedMs, end }) => requestedMs === null || end)).toBe(true)
    }
  })

  test('as described what is refuted is what is said to be', () => {
    const seen = new Set<string>()
    for (let run = 0; run < 10; run += 1) {
      const played = runWorld({ policy: 'as-described', regime: 'mixed', seed: 21, run })
      for (const id of broken(played)) seen.add(id)
    }
    for (const id of seen) expect(AS_DESCRIBED_REFUTED).toContain(id)
    expect(seen.size).toBeGreaterThan(4)
  })

  test('the same setup gives the same run, another seed another', () => {
    const hashOf = (seed: number) =>
      runWorld({ policy: 'hardened', regime: 'mixed', seed, run: 3 }).hash
    expect(hashOf(4)).toBe(hashOf(4))
    expect(hashOf(4)).not.toBe(hashOf(5))
  })

  test('a claim with a number says its unit', () => {
    const run = match('hardened')
    for (const { unit, judge } of matchmakingWorldInvariants) {
      expect(judge(run).bound !== undefined && unit === undefined).toBe(false)
    }
  })
})
