/**
 * The lifecycle of token-job against its words: every action is answered in every state, every
 * refusal has a name and a meaning, and the worked examples of the README come out to the unit.
 */
import { describe, expect, test } from 'vitest'
import { declaredEdges, declaredStates } from '../kit/edges.ts'
import { type Cast, predict, startPopulation } from '../kit/population.ts'
import { type PlannedStep, POLICIES, type Policy } from '../kit/trace.ts'
import { createTokenJobMachine } from './machine.ts'
import { tokenJobParameters } from './parameters.ts'
import { tokenJob } from './protocol.ts'
import { ENDLESS_ALLOWANCE_UNITS } from './rules.ts'
import { tokenJobErrors } from './words.ts'

const ACTIONS = tokenJob.actions.map(({ name }) => name)
const HARDENED_ONLY = ['InvalidReceipt', 'ProofWindowOpen', 'ProofWindowOver']
const STATES = {
  'as-described': ['None', 'Approved', 'Active', 'Completed', 'TimedOut', 'Abandoned'],
  hardened: ['None', 'Approved', 'Active', 'Ending', 'Completed', 'TimedOut', 'Abandoned'],
}

describe.each(POLICIES)('%s', (policy) => {
  const machine = createTokenJobMachine(policy)
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
    const promised = Object.keys(tokenJobErrors).filter(
      (name) => policy === 'hardened' || !HARDENED_ONLY.includes(name),
    )
    expect([...used].sort()).toEqual(promised.sort())
  })

  test('has its states, Ending in hardened alone, and no way out of the last three', () => {
    expect(declaredStates(machine)).toEqual(STATES[policy])
    const accepted = edges.filter(({ rejection }) => rejection === null)
    const leaving = accepted.filter(({ from, to }) => from !== to).map(({ from }) => from)
    for (const terminal of tokenJob.terminalStates) expect(leaving).not.toContain(terminal)
  })

  test('an approval is never refused', () => {
    const refusals = edges.filter(({ action, rejection }) => action === 'approve' && rejection)
    expect(refusals).toEqual([])
  })
})

const START = 1_000_000
const DEPOSIT = 10_000_000n

interface Example {
  readonly policy: Policy
  readonly depositUnits?: bigint
  readonly pricePerTokenUnits?: bigint
  readonly hostBps?: number
  readonly token?: string
}

function castOf(example: Example): Cast {
  const { policy, depositUnits = DEPOSIT, pricePerTokenUnits = 2_000n, hostBps = 9_000 } = example
  const terms = { pricePerTokenUnits, depositUnits, durationSeconds: 600, salt: 0n }
  const token = example.token ?? 'plain6'
  const job = (index: number, user: string) => {
    return { index, roles: { user, host: 'host0' }, token, terms }
  }
  return {
    protocol: tokenJob,
    policy,
    parameters: tokenJobParameters.parse({ hostBps }),
    agreements: [job(0, 'user0'), job(1, 'user1')],
  }
}

/** Two jobs of one host, approved and created at `START`; `attempt` tries one action. */
function runningJobs(example: Example) {
  const cast = castOf(example)
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
  const prove = (afterSeconds: number, cumulativeTokens: bigint, receipt = 'genuine', job = 0) =>
    attempt(afterSeconds, 'host0', 'submitProof', { cumulativeTokens, receipt }, job)
  const amountUnits = cast.agreements[0]?.terms.depositUnits as bigint
  for (const [index, user] of ['user0', 'user1'].entries()) {
    attempt(0, user, 'approve', { amountUnits }, index)
    attempt(0, user, 'createSession', {}, index)
  }
  const accounts = () => population.view.accounts?.[cast.agreements[0]?.token ?? '']
  const job = () => population.view.agreements[0]
  return { attempt, prove, accounts, job }
}

/** Payouts as `to: units`. */
function payouts(account: ReturnType<ReturnType<typeof runningJobs>['attempt']>) {
  return Object.fromEntries(account.transfers.map(({ to, amountUnits }) => [to, amountUnits]))
}

describe('worked examples', () => {
  test.each(POLICIES)(
    '%s: 2,450 tokens at 0.002 are 4.90 = 4.41 + 0.49, 5.10 goes back',
    (policy) => {
      const { attempt, prove, accounts } = runningJobs({ policy })
      prove(10, 1_000n)
      prove(20, 2_000n)
      prove(25, 2_450n)
      expect(accounts()).toMatchObject({ 'earnings:host0': 4_410_000n, treasury: 490_000n })
      expect(payouts(attempt(30, 'host0', 'endSession'))).toEqual({ user0: 5_100_000n })
    },
  )

  test.each(POLICIES)(
    '%s: the described deposit of 2.00 buys 1,000 tokens and no more',
    (policy) => {
      const { attempt, prove, accounts, job } = runningJobs({ policy, depositUnits: 2_000_000n })
      prove(10, 2_450n)
      expect(job()?.figures).toMatchObject({ provenTokens: 2_450n, billedTokens: 1_000n })
      expect(accounts()).toMatchObject({ 'earnings:host0': 1_800_000n, treasury: 200_000n })
      const ended = attempt(30, 'host0', 'endSession')
      expect(ended.outcome.accepted).toBe(true)
      expect(payouts(ended)).toEqual({})
    },
  )

  test('shares are those of the whole bill, however many proofs there were', () => {
    const terms = { policy: 'hardened', pricePerTokenUnits: 7n, hostBps: 3_333 } as const
    const many = runningJobs(terms)
    for (let tokens = 1n; tokens <= 10n; tokens += 1n) many.prove(1, tokens)
    const one = runningJobs(terms)
    one.prove(1, 10n)
    expect(many.accounts()).toEqual(one.accounts())
    expect(one.accounts()).toMatchObject({ 'earnings:host0': 23n, treasury: 47n })
  })

  test('as-described: what was served after the last proof is lost when the user ends', () => {
    const { attempt, prove } = runningJobs({ policy: 'as-described' })
    prove(10, 1_000n)
    expect(payouts(attempt(19, 'user0', 'endSession'))).toEqual({ user0: 8_000_000n })
    expect(prove(19, 1_999n).outcome.error).toBe('NotActive')
  })

  test('hardened: a receipted proof still counts for 30 s after the user’s end', () => {
    const { attempt, prove } = runningJobs({ policy: 'hardened' })
    prove(10, 1_000n)
    attempt(19, 'user0', 'endSession')
    expect(prove(48, 1_999n).outcome.accepted).toBe(true)
    expect(prove(49, 2_000n).outcome.error).toBe('ProofWindowOver')
    expect(payouts(attempt(49, 'stranger', 'endSession'))).toEqual({ user0: 6_002_000n })
  })
})

describe('times', () => {
  test.each([
    ['as-described', 600],
    ['hardened', 630],
  ] as const)('%s: the last second for a proof is %i s after the creation', (policy, last) => {
    const { attempt, prove } = runningJobs({ policy })
    expect(prove(last, 1n).outcome.accepted).toBe(true)
    expect(attempt(last, 'stranger', 'timeout').outcome.error).toBe('NotExpired')
    expect(prove(last + 1, 2n).outcome.error).toBe('SessionExpired')
    expect(attempt(last + 1, 'stranger', 'timeout').outcome.accepted).toBe(true)
  })

  test('only the host may settle before the window is over', () => {
    const { attempt, job } = runningJobs({ policy: 'hardened' })
    attempt(5, 'user0', 'endSession')
    expect(attempt(34, 'user0', 'endSession').outcome.error).toBe('ProofWindowOpen')
    expect(attempt(34, 'user0', 'timeout').outcome.error).toBe('NotActive')
    expect(attempt(34, 'host0', 'endSession').outcome.accepted).toBe(true)
    expect(job()?.state).toBe('Completed')
  })

  test('a job that nobody proved anything for is abandoned, any other times out', () => {
    const abandoned = runningJobs({ policy: 'as-described' })
    expect(payouts(abandoned.attempt(601, 'stranger', 'timeout'))).toEqual({ user0: DEPOSIT })
    expect(abandoned.job()?.state).toBe('Abandoned')
    const timedOut = runningJobs({ policy: 'as-described' })
    timedOut.prove(1, 1n)
    timedOut.attempt(601, 'stranger', 'timeout')
    expect(timedOut.job()?.state).toBe('TimedOut')
  })
})

describe('receipts', () => {
  const bad = ['forged', 'foreign', 'altered', 'crossed', 'none']
  test.each(bad)(
    'hardened: a %s receipt is refused, and as-described none is asked for',
    (kind) => {
      const hardened = runningJobs({ policy: 'hardened' })
      expect(hardened.prove(1, 10n, kind).outcome.error).toBe('InvalidReceipt')
      expect(runningJobs({ policy: 'as-described' }).prove(1, 10n, kind).outcome.accepted).toBe(
        true,
      )
    },
  )

  test('a number that is not above the last one is stale before its receipt is looked at', () => {
    const { prove } = runningJobs({ policy: 'hardened' })
    prove(1, 10n)
    expect(prove(2, 10n, 'forged').outcome.error).toBe('StaleProof')
  })
})

describe('accounts and refunds', () => {
  test('a withdrawal pays what all jobs of the host have earned, by way of any of them', () => {
    const { attempt, prove, accounts } = runningJobs({ policy: 'as-described' })
    prove(1, 100n)
    prove(1, 50n, 'genuine', 1)
    const paid = attempt(2, 'host0', 'withdrawEarnings', { to: 'elsewhere' }, 1)
    expect(payouts(paid)).toEqual({ elsewhere: 270_000n })
    expect(accounts()).toMatchObject({ 'earnings:host0': 0n, treasury: 30_000n })
    const again = attempt(2, 'host0', 'withdrawEarnings', { to: 'elsewhere' })
    expect(again.outcome.error).toBe('NothingToWithdraw')
  })

  test('a refund that the token refuses is claimed later, to another address', () => {
    const { attempt, job } = runningJobs({ policy: 'as-described', token: 'refusesPayers' })
    const ended = attempt(1, 'user0', 'endSession')
    expect(ended.logs.map(({ name }) => name)).toEqual(['SessionEnded', 'PaymentDeferred'])
    expect(job()?.figures.claimUser).toBe(DEPOSIT)
    expect(attempt(2, 'user0', 'claim', { to: 'user0' }).outcome.error).toBe('ClaimFailed')
    expect(payouts(attempt(2, 'user0', 'claim', { to: 'elsewhere' }))).toEqual({
      elsewhere: DEPOSIT,
    })
  })
})

describe('allowances', () => {
  test('a deposit takes its part of an allowance, but nothing of an endless one', () => {
    const cast = castOf({ policy: 'as-described' })
    const jobAfter = (amountUnits: bigint) => {
      const steps = [
        { agreement: 0, action: 'approve', by: 'user0', atSeconds: START, args: { amountUnits } },
        { agreement: 0, action: 'createSession', by: 'user0', atSeconds: START, args: {} },
      ]
      let population = startPopulation(cast)
      for (const step of steps) population = predict(cast, population, step).population
      return population.view.agreements[0]
    }
    expect(jobAfter(DEPOSIT + 5n)).toMatchObject({ state: 'Active', figures: { allowance: 5n } })
    expect(jobAfter(DEPOSIT - 1n)).toMatchObject({ state: 'Approved', figures: { deposit: 0n } })
    expect(jobAfter(ENDLESS_ALLOWANCE_UNITS)?.figures.allowance).toBe(ENDLESS_ALLOWANCE_UNITS)
  })
})
