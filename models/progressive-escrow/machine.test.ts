/**
 * The lifecycle of progressive-escrow against its words: every action is answered in every state,
 * every refusal has a name and a meaning, and the worked examples of the README come out to the
 * unit.
 */
import { describe, expect, test } from 'vitest'
import { declaredEdges, declaredStates } from '../kit/edges.ts'
import { type Cast, predict, startPopulation } from '../kit/population.ts'
import type { PlannedStep, Policy, StepAccount } from '../kit/trace.ts'
import { POLICIES } from '../kit/trace.ts'
import { createProgressiveEscrowMachine } from './machine.ts'
import { type ProgressiveEscrowParameters, progressiveEscrowParameters } from './parameters.ts'
import { progressiveEscrow } from './protocol.ts'
import { progressiveEscrowErrors } from './words.ts'

const ACTIONS = progressiveEscrow.actions.map(({ name }) => name)
const ONLY: Readonly<Record<Policy, readonly string[]>> = {
  'as-described': ['InsufficientFunds'],
  hardened: ['TimedOut', 'StaleHeartbeat', 'TooMuch'],
}

describe.each(POLICIES)('%s', (policy) => {
  const machine = createProgressiveEscrowMachine(policy)
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
    const [other] = POLICIES.filter((each) => each !== policy) as [Policy]
    const promised = Object.keys(progressiveEscrowErrors).filter(
      (name) => !ONLY[other].includes(name),
    )
    expect([...used].sort()).toEqual(promised.sort())
  })

  test('has the six states, and no way out of the last two', () => {
    const states = ['None', 'Created', 'Active', 'Paused', 'Completed', 'Cancelled']
    expect(declaredStates(machine)).toEqual(states)
    const accepted = edges.filter(({ rejection }) => rejection === null)
    const leaving = accepted.filter(({ from, to }) => from !== to).map(({ from }) => from)
    expect(leaving).not.toContain('Completed')
    expect(leaving).not.toContain('Cancelled')
  })
})

const START = 1_000_000
const TOTAL = 100_000_000n
const RATED = { rating: 5n, feedbackHash: 0n }

interface Example {
  readonly policy: Policy
  readonly parameters?: Partial<ProgressiveEscrowParameters>
  readonly token?: string
}

/** A session of 100 for an hour, created; `attempt` tries one action on it. */
function created({ policy, parameters = {}, token = 'plain6' }: Example) {
  const terms = { totalAmountUnits: TOTAL, durationMinutes: 60, nonce: 0n }
  const cast: Cast = {
    protocol: progressiveEscrow,
    policy,
    parameters: progressiveEscrowParameters.parse(parameters),
    agreements: [
      { index: 0, roles: { student: 'student0', mentor: 'mentor0' }, token, terms },
      {
        index: 1,
        roles: { student: 'student0', mentor: 'mentor1' },
        token,
        terms: { ...terms, totalAmountUnits: 3n * TOTAL, nonce: 1n },
      },
      {
        index: 2,
        roles: { student: 'student0', mentor: 'mentor1' },
        token,
        terms,
      },
    ],
  }
  let population = startPopulation(cast)
  const attempt = (
    afterSeconds: number,
    by: string,
    action: string,
    args: PlannedStep['args'] = {},
    agreement = 0,
  ) => {
    const step = { agreement, action, by, atSeconds: START + afterSeconds, args }
    const prediction = predict(cast, population, step)
    population = prediction.population
    return prediction.account
  }
  /** Signs of both parties every so many seconds, without the first and with the last. */
  const signs = (fromSeconds: number, toSeconds: number, everySeconds: number) => {
    for (let at = fromSeconds + everySeconds; at <= toSeconds; at += everySeconds) {
      attempt(at, 'student0', 'heartbeat')
      attempt(at, 'mentor0', 'heartbeat')
    }
  }
  const figure = (name: string) => population.view.agreements[0]?.figures[name]
  attempt(-60, 'student0', 'create')
  return { attempt, signs, figure }
}

/** The same session, running since `START`. */
function running(example: Example) {
  const session = created(example)
  session.attempt(0, 'student0', 'start')
  if (example.policy === 'hardened') session.attempt(0, 'mentor0', 'start')
  return session
}

function payouts({ transfers }: StepAccount) {
  return Object.fromEntries(transfers.map(({ to, amountUnits }) => [to, amountUnits]))
}
const refusal = ({ outcome }: StepAccount) => outcome.error

describe('worked examples, as described', () => {
  test('after three minutes 4.50 of the 5.00 that they earn are released, free of the fee', () => {
    const { attempt } = running({ policy: 'as-described' })
    expect(refusal(attempt(179, 'mentor0', 'release'))).toBe('TooEarly')
    expect(payouts(attempt(180, 'mentor0', 'release'))).toEqual({ mentor0: 4_500_000n })
  })

  test('a fee of 10 % is 1 % when everything was released before the completion', () => {
    const { attempt } = running({ policy: 'as-described' })
    expect(payouts(attempt(3_600, 'mentor0', 'release'))).toEqual({ mentor0: 90_000_000n })
    const completed = payouts(attempt(3_600, 'student0', 'complete', RATED))
    expect(completed).toEqual({ mentor0: 9_000_000n, platform: 1_000_000n })
  })

  test('and 10 % when nothing was; the whole price is paid after one second', () => {
    const { attempt } = running({ policy: 'as-described' })
    const completed = payouts(attempt(1, 'student0', 'complete', RATED))
    expect(completed).toEqual({ mentor0: 90_000_000n, platform: 10_000_000n })
  })

  test('the owner pays out of other sessions what this one never had', () => {
    const { attempt } = created({ policy: 'as-described' })
    attempt(0, 'student0', 'create', {}, 1)
    const all = 4n * TOTAL
    const beyond = attempt(0, 'owner', 'emergencyRelease', { amountUnits: all + 1n })
    expect(refusal(beyond)).toBe('InsufficientFunds')
    const taken = attempt(0, 'owner', 'emergencyRelease', { amountUnits: all })
    expect(payouts(taken)).toEqual({ mentor0: all })
    expect(payouts(attempt(1, 'student0', 'cancel', {}, 1))).toEqual({})
    const claimed = attempt(1, 'student0', 'claim', { to: 'elsewhere' }, 1)
    expect(refusal(claimed)).toBe('ClaimFailed')
  })

  test('a nonce is used once by a student, whatever the other terms are', () => {
    const { attempt } = created({ policy: 'as-described' })
    expect(refusal(attempt(0, 'student0', 'create', {}, 2))).toBe('NonceUsed')
  })
})

describe('worked examples, hardened', () => {
  test('the same three minutes with signs give 4.05 to the mentor and 0.45 to the platform', () => {
    const { attempt, signs } = running({ policy: 'hardened' })
    signs(0, 180, 30)
    const released = payouts(attempt(180, 'mentor0', 'release'))
    expect(released).toEqual({ mentor0: 4_050_000n, platform: 450_000n })
  })

  test('the fee is 10 % however the releases were cut, and what was not earned goes back', () => {
    const whole = running({ policy: 'hardened' })
    whole.signs(0, 1_800, 30)
    const atOnce = payouts(whole.attempt(1_800, 'student0', 'complete', RATED))
    expect(atOnce).toEqual({ mentor0: 45_000_000n, platform: 5_000_000n, student0: 50_000_000n })

    const cut = running({ policy: 'hardened' })
    cut.signs(0, 1_800, 30)
    cut.attempt(1_800, 'mentor0', 'release')
    cut.attempt(1_800, 'student0', 'complete', RATED)
    expect(cut.figure('feePaid')).toBe(5_000_000n)
  })

  test('a silence is paid for one interval only, whoever reports it and when', () => {
    const { attempt, figure } = running({ policy: 'hardened' })
    attempt(100, 'student0', 'heartbeat')
    expect(refusal(attempt(150, 'stranger', 'pauseOnTimeout'))).toBe('NotTimedOut')
    expect(refusal(attempt(3_000, 'mentor0', 'heartbeat'))).toBe('TimedOut')
    expect(refusal(attempt(3_000, 'mentor0', 'release'))).toBe('StaleHeartbeat')
    attempt(3_000, 'stranger', 'pauseOnTimeout')
    expect(figure('pausedAt')).toBe(BigInt(START + 30))
    const completed = payouts(attempt(3_001, 'student0', 'complete', RATED))
    expect(completed).toEqual({ mentor0: 750_000n, platform: 83_333n, student0: 99_166_667n })
  })

  test('a resumption needs both within an interval and the grace', () => {
    const { attempt, figure } = running({ policy: 'hardened' })
    attempt(30, 'mentor0', 'pause')
    attempt(300, 'mentor0', 'resume')
    expect(figure('pausedAt')).toBe(BigInt(START + 30))
    attempt(451, 'student0', 'resume')
    expect(figure('pausedAt')).toBe(BigInt(START + 30))
    attempt(601, 'mentor0', 'resume')
    expect(figure('pausedAt')).toBe(0n)
    expect(figure('pausedSeconds')).toBe(571n)
  })

  test('a pause of no length changes nothing, unless it ends a silence', () => {
    const quick = running({ policy: 'hardened' })
    quick.attempt(100, 'mentor0', 'pause')
    quick.attempt(100, 'mentor0', 'resume')
    expect(quick.figure('activeSince')).toBe(BigInt(START))

    const late = running({ policy: 'hardened' })
    late.attempt(140, 'student0', 'heartbeat')
    late.attempt(200, 'mentor0', 'pause')
    late.attempt(200, 'mentor0', 'resume')
    expect(late.figure('activeSince')).toBe(BigInt(START + 200))
    expect(late.figure('pausedSeconds')).toBe(170n)
  })

  test('a session completes itself after its end and the delay, pauses left out', () => {
    const { attempt } = running({ policy: 'hardened', parameters: { autoReleaseDelaySeconds: 60 } })
    attempt(10, 'mentor0', 'pause')
    attempt(20, 'student0', 'resume')
    expect(refusal(attempt(3_669, 'stranger', 'autoComplete'))).toBe('AutoReleasePending')
    expect(refusal(attempt(3_670, 'stranger', 'autoComplete'))).toBeNull()
  })

  test('the owner releases what is left at most, and a cancellation refunds the rest', () => {
    const { attempt } = created({ policy: 'hardened' })
    const beyond = { amountUnits: TOTAL + 1n }
    expect(refusal(attempt(0, 'owner', 'emergencyRelease', beyond))).toBe('TooMuch')
    const some = payouts(attempt(0, 'owner', 'emergencyRelease', { amountUnits: 1_000_005n }))
    expect(some).toEqual({ mentor0: 900_005n, platform: 100_000n })
    expect(payouts(attempt(0, 'mentor0', 'cancel'))).toEqual({ student0: 98_999_995n })
  })

  test('what a token does not pay waits for its owner, the others are paid', () => {
    const { attempt, signs, figure } = running({ policy: 'hardened', token: 'refusesProviders' })
    signs(0, 30, 30)
    const completed = payouts(attempt(36, 'student0', 'complete', RATED))
    expect(completed).toEqual({ platform: 100_000n, student0: 99_000_000n })
    expect(figure('claimMentor')).toBe(900_000n)
    expect(refusal(attempt(36, 'mentor0', 'claim', { to: 'mentor0' }))).toBe('ClaimFailed')
    const claimed = payouts(attempt(36, 'mentor0', 'claim', { to: 'elsewhere' }))
    expect(claimed).toEqual({ elsewhere: 900_000n })
  })
})
