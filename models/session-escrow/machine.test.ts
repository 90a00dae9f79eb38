/**
 * The lifecycle of session-escrow against its words: every action is answered in every state, every
 * refusal has a name and a meaning, and the worked examples of the README come out to the unit.
 */
import { describe, expect, test } from 'vitest'
import { declaredEdges, declaredStates } from '../kit/edges.ts'
import { type Cast, predict, startPopulation } from '../kit/population.ts'
import type { Datum, PlannedStep, Policy } from '../kit/trace.ts'
import { POLICIES } from '../kit/trace.ts'
import { createSessionEscrowMachine } from './machine.ts'
import { sessionEscrowParameters } from './parameters.ts'
import { sessionEscrow } from './protocol.ts'
import { sessionEscrowErrors } from './words.ts'

const ACTIONS = sessionEscrow.actions.map(({ name }) => name)
const HARDENED_ONLY = [
  'EvidenceWindowOpen',
  'EvidenceWindowOver',
  'InsufficientEvidence',
  'InvalidPing',
  'StaleEvidence',
]

describe.each(POLICIES)('%s', (policy) => {
  const machine = createSessionEscrowMachine(policy)
  const edges = declaredEdges(machine)

  test('every action is answered in every state, last of all without a condition', () => {
    for (const state of Object.values(machine.root.states)) {
      for (const action of ACTIONS) {
        const answers = state.transitions.get(action) ?? []
        expect(answers.length, `${state.key} ${action}`).toBeGreaterThan(0)
        expect(answers.at(-1)?.guard, `${state.key} ${action}`).toBeUndefined()
      }
      expect([...state.transitions.keys()].sort()).toEqual(ACTIONS.toSorted())
    }
  })

  test('refuses with names that have a meaning, and uses every name', () => {
    const used = new Set(edges.flatMap(({ rejection }) => rejection ?? []))
    const promised = Object.keys(sessionEscrowErrors).filter(
      (name) => policy === 'hardened' || !HARDENED_ONLY.includes(name),
    )
    expect([...used].sort()).toEqual(promised.sort())
  })

  test('has the eight states, and no way out of the last two but claims', () => {
    expect(declaredStates(machine)).toEqual([
      ...['Idle', 'Funded', 'Active', 'Stopping', 'Settled', 'Refunded', 'Closed', 'Cancelled'],
    ])
    const accepted = edges.filter(({ rejection }) => rejection === null)
    const leaving = accepted.filter(({ from, to }) => from !== to).map(({ from }) => from)
    expect(leaving).not.toContain('Closed')
    expect(leaving).not.toContain('Cancelled')
  })
})

const START = 1_000_000
const RATE = 10_000n

interface Example {
  readonly policy: Policy
  readonly depositUnits?: bigint
  readonly feeBps?: number
}

/** One session whose parties have both joined at `START`; `attempt` tries one action on it. */
function startedSession({ policy, depositUnits = 36_000_000n, feeBps = 0 }: Example) {
  const cast: Cast = {
    protocol: sessionEscrow,
    policy,
    parameters: sessionEscrowParameters.parse({ feeBps }),
    agreements: [
      {
        index: 0,
        roles: { student: 'student0', tutor: 'tutor0' },
        token: 'plain6',
        terms: { ratePerSecondUnits: RATE },
      },
    ],
  }
  let population = startPopulation(cast)
  const attempt = (
    afterSeconds: number,
    by: string,
    action: string,
    args: PlannedStep['args'] = {},
  ) => {
    const step = { agreement: 0, action, by, atSeconds: START + afterSeconds, args }
    const prediction = predict(cast, population, step)
    population = prediction.population
    return prediction.account
  }
  attempt(-10, 'student0', 'deposit', { amountUnits: depositUnits })
  attempt(-5, 'student0', 'join')
  attempt(0, 'tutor0', 'join')
  return { attempt }
}

function ping(afterSeconds: number, kind = 'genuine'): Datum {
  return { kind, sequence: 1n, atSeconds: BigInt(START + afterSeconds) }
}

/** Payouts as `to: units`. */
function payouts(account: ReturnType<ReturnType<typeof startedSession>['attempt']>) {
  return Object.fromEntries(account.transfers.map(({ to, amountUnits }) => [to, amountUnits]))
}

describe('worked examples', () => {
  test('as-described: 300 s at 0.01 cost 3.00 of 36.00, the rest goes back', () => {
    const { attempt } = startedSession({ policy: 'as-described' })
    attempt(300, 'relayer', 'stop')
    const settled = attempt(301, 'stranger', 'settle')
    expect(payouts(settled)).toEqual({ tutor0: 3_000_000n, student0: 33_000_000n })
  })

  test('as-described: a stop that comes 47 s late bills 47 s more', () => {
    const { attempt } = startedSession({ policy: 'as-described' })
    attempt(347, 'relayer', 'stop')
    expect(payouts(attempt(347, 'tutor0', 'settle'))).toMatchObject({ tutor0: 3_470_000n })
  })

  test('hardened: the same late stop bills the last ping of both plus 10 s', () => {
    const { attempt } = startedSession({ policy: 'hardened' })
    attempt(347, 'relayer', 'stop', { studentPing: ping(295), tutorPing: ping(330) })
    const early = attempt(406, 'tutor0', 'settle')
    expect(early.outcome).toEqual({ accepted: false, error: 'EvidenceWindowOpen' })
    const settled = attempt(407, 'tutor0', 'settle')
    expect(payouts(settled)).toEqual({ tutor0: 3_050_000n, student0: 32_950_000n })
  })

  test('the cap: nothing is billed beyond what the deposit buys, odd units go back', () => {
    const { attempt } = startedSession({ policy: 'as-described', depositUnits: 605_999n })
    expect(attempt(59, 'stranger', 'stop').outcome.error).toBe('NotParty')
    expect(attempt(60, 'student0', 'topUp', { amountUnits: 1n }).outcome.error).toBe('CapReached')
    expect(attempt(60, 'stranger', 'stop').outcome.accepted).toBe(true)
    const settled = attempt(60, 'stranger', 'settle')
    expect(payouts(settled)).toEqual({ tutor0: 600_000n, student0: 5_999n })
  })

  test('the fee is part of the bill and rounds down', () => {
    const { attempt } = startedSession({ policy: 'as-described', feeBps: 333 })
    attempt(1, 'tutor0', 'stop')
    const settled = attempt(1, 'tutor0', 'settle')
    expect(payouts(settled)).toEqual({ tutor0: 9_667n, platform: 333n, student0: 35_990_000n })
  })
})

describe('evidence', () => {
  test('a stranger may stop only when the whole cap is proven', () => {
    const { attempt } = startedSession({ policy: 'hardened', depositUnits: 600_000n })
    const short = { studentPing: ping(49), tutorPing: ping(60) }
    expect(attempt(60, 'stranger', 'stop', short).outcome.error).toBe('InsufficientEvidence')
    const full = { studentPing: ping(50), tutorPing: ping(60) }
    expect(attempt(60, 'stranger', 'stop', full).outcome.accepted).toBe(true)
    expect(attempt(60, 'stranger', 'settle').outcome.accepted).toBe(true)
  })

  test('newer pings raise the bill while the window is open, and never lower it', () => {
    const { attempt } = startedSession({ policy: 'hardened' })
    attempt(100, 'student0', 'stop', { studentPing: null, tutorPing: null })
    const older = { studentPing: null, tutorPing: ping(90) }
    expect(attempt(101, 'tutor0', 'stop', older).outcome.error).toBe('StaleEvidence')
    const newer = { studentPing: ping(80), tutorPing: ping(90) }
    expect(attempt(159, 'stranger', 'stop', newer).outcome.error).toBe('NotParty')
    expect(attempt(159, 'tutor0', 'stop', newer).outcome.accepted).toBe(true)
    const late = { studentPing: ping(90), tutorPing: ping(90) }
    expect(attempt(160, 'tutor0', 'stop', late).outcome.error).toBe('EvidenceWindowOver')
    expect(payouts(attempt(160, 'stranger', 'settle'))).toMatchObject({ tutor0: 900_000n })
  })

  test('evidence up to the stop closes the window at once', () => {
    const { attempt } = startedSession({ policy: 'hardened' })
    attempt(100, 'student0', 'stop', { studentPing: null, tutorPing: null })
    const full = { studentPing: ping(90), tutorPing: ping(99) }
    expect(attempt(101, 'tutor0', 'stop', full).outcome.accepted).toBe(true)
    expect(payouts(attempt(101, 'stranger', 'settle'))).toMatchObject({ tutor0: 1_000_000n })
  })

  test.each(['forged', 'foreign', 'altered', 'crossed'])('a %s ping is refused', (kind) => {
    const { attempt } = startedSession({ policy: 'hardened' })
    const pings = { studentPing: ping(90), tutorPing: ping(90, kind) }
    expect(attempt(100, 'tutor0', 'stop', pings).outcome.error).toBe('InvalidPing')
  })

  test('a ping dated ahead proves no more than the present', () => {
    const { attempt } = startedSession({ policy: 'hardened' })
    const ahead = { studentPing: ping(5_000), tutorPing: ping(5_000) }
    attempt(100, 'tutor0', 'stop', ahead)
    expect(payouts(attempt(100, 'tutor0', 'settle'))).toMatchObject({ tutor0: 1_000_000n })
  })
})
