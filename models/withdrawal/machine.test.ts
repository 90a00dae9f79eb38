/**
 * The lifecycle of withdrawal against its words: every action is answered in every state, every
 * refusal has a name and a meaning, the worked examples of the README come out to the unit, and
 * the claims say of them what the README says.
 */
import { describe, expect, test } from 'vitest'
import { declaredEdges, declaredStates } from '../kit/edges.ts'
import { type Cast, predict, startPopulation } from '../kit/population.ts'
import { type PlannedStep, POLICIES, type Policy, type TraceStep } from '../kit/trace.ts'
import { withdrawalInvariants } from './invariants.ts'
import { createWithdrawalMachine } from './machine.ts'
import { withdrawalParameters } from './parameters.ts'
import { withdrawal } from './protocol.ts'
import { withdrawalErrors } from './words.ts'

const ACTIONS = withdrawal.actions.map(({ name }) => name)
const ONLY_IN: Readonly<Record<Policy, readonly string[]>> = {
  'as-described': ['NoWayBack'],
  hardened: ['NotBank', 'EmptyReference', 'ReferenceUsed', 'NotOpen', 'StillProcessing'],
}
const STATES = {
  'as-described': ['None', 'Pending', 'Processing', 'Completed', 'Rejected'],
  hardened: ['None', 'Pending', 'Processing', 'Completed', 'Rejected', 'Failed', 'Cancelled'],
}

describe.each(POLICIES)('%s', (policy) => {
  const machine = createWithdrawalMachine(policy)
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
    const other = policy === 'hardened' ? 'as-described' : 'hardened'
    const promised = Object.keys(withdrawalErrors).filter((name) => !ONLY_IN[other].includes(name))
    expect([...used].sort()).toEqual(promised.sort())
  })

  test('has its states, and no way out of those in which a withdrawal has ended', () => {
    expect(declaredStates(machine)).toEqual(STATES[policy])
    const accepted = edges.filter(({ rejection }) => rejection === null)
    const leaving = accepted.filter(({ from, to }) => from !== to).map(({ from }) => from)
    for (const terminal of withdrawal.terminalStates) expect(leaving).not.toContain(terminal)
  })
})

const START = 1_000_000
const TIMEOUT = 259_200

interface Example {
  readonly policy: Policy
  /** Amounts of the requests; all are of teacher0 but the last of three. */
  readonly amountUnits?: readonly bigint[]
  readonly minimumUnits?: number
  readonly commissionBps?: number
  readonly token?: string
}

function castOf(example: Example): Cast {
  const { policy, amountUnits = [50_000_000n], token = 'plain6' } = example
  const { minimumUnits = 10_000_000, commissionBps = 3_000 } = example
  const agreements = amountUnits.map((units, index) => ({
    index,
    roles: { teacher: index === 2 ? 'teacher1' : 'teacher0', bank: 'bank', platform: 'platform' },
    token,
    terms: { amountUnits: units, salt: BigInt(index) },
  }))
  const parameters = withdrawalParameters.parse({ minimumUnits, commissionBps })
  return { protocol: withdrawal, policy, parameters, agreements }
}

/** A run by hand; `attempt` tries one action and says what became of it. */
function play(example: Example) {
  const cast = castOf(example)
  const { token } = cast.agreements[0] ?? { token: '' }
  const start = startPopulation(cast)
  let population = start
  const steps: TraceStep[] = []
  const attempt = (
    by: string,
    action: string,
    args: PlannedStep['args'] = {},
    index = 0,
    at = 0,
  ) => {
    const planned = { agreement: index, action, by, atSeconds: START + at, args }
    const { account, role, edge, population: after } = predict(cast, population, planned)
    population = after
    steps.push({ planned, role, edge, predicted: account, observed: account, gasUsed: 0n })
    return account.outcome.error ?? 'accepted'
  }
  const violations = () => {
    const { policy, parameters, agreements } = cast
    const initial = start.view
    const trace = { protocol: 'withdrawal', policy, parameters, agreements, initial, steps }
    return withdrawalInvariants.flatMap(({ id, policies, judge }) => {
      const isPromised = policies === undefined || policies.includes(policy)
      const evidence = judge(trace).violation?.evidence
      return evidence === undefined ? [] : [{ id, isPromised, evidence }]
    })
  }
  const broken = () => violations().flatMap(({ id, isPromised }) => (isPromised ? [id] : []))
  const evidenceOf = (claim: string) => violations().find(({ id }) => id === claim)?.evidence
  return {
    attempt,
    broken,
    evidenceOf,
    credit: (grossUnits: bigint, index = 0) => attempt('platform', 'credit', { grossUnits }, index),
    accounts: () => population.view.accounts?.[token],
    held: (holder: string) => population.view.balances[token]?.[holder],
    figures: (index = 0) => population.view.agreements[index]?.figures,
  }
}

const payer = (policy: Policy) => (policy === 'hardened' ? 'bank' : 'admin1')

describe('worked examples', () => {
  test.each(POLICIES)(
    '%s: 100.00 are 30.00 and 70.00; 50.00 are paid, 20.00 are left',
    (policy) => {
      const { attempt, credit, accounts, held, figures } = play({ policy })
      credit(100_000_000n)
      expect(accounts()).toMatchObject({
        commission: 30_000_000n,
        'available:teacher0': 70_000_000n,
      })
      expect(attempt('teacher0', 'request')).toBe('accepted')
      expect(attempt('admin0', 'approve')).toBe('accepted')
      expect(accounts()).toMatchObject({
        'available:teacher0': 20_000_000n,
        'pending:teacher0': 50_000_000n,
      })
      expect(attempt(payer(policy), 'complete', { reference: 77n })).toBe('accepted')
      expect(accounts()).toMatchObject({
        'available:teacher0': 20_000_000n,
        'pending:teacher0': 0n,
      })
      expect([held('bank'), held('escrow')]).toEqual([50_000_000n, 50_000_000n])
      expect(figures()).toMatchObject({ amount: 50_000_000n, reference: 77n, claimBank: 0n })
    },
  )

  test('a commission rounds down, the teacher takes the odd unit', () => {
    const { credit, accounts } = play({ policy: 'hardened', commissionBps: 3_333 })
    credit(33n)
    expect(accounts()).toMatchObject({ commission: 10n, 'available:teacher0': 23n })
  })

  test('as-described: two requests over the same money are both paid, with that of others', () => {
    const amountUnits = [10_000_000n, 10_000_000n, 10_000_000n]
    const run = play({ policy: 'as-described', amountUnits, commissionBps: 0 })
    run.credit(10_000_000n)
    run.credit(10_000_000n, 2)
    for (const index of [0, 1])
      expect(run.attempt('teacher0', 'request', {}, index)).toBe('accepted')
    for (const index of [0, 1]) run.attempt('admin0', 'approve', {}, index)
    expect(run.accounts()).toMatchObject({
      'available:teacher0': 0n,
      'pending:teacher0': 20_000_000n,
    })
    for (const index of [0, 1]) run.attempt('admin0', 'complete', { reference: 7n }, index)
    expect([run.held('bank'), run.held('escrow')]).toEqual([20_000_000n, 0n])
    expect(run.accounts()).toMatchObject({ 'available:teacher1': 10_000_000n })
    expect(run.broken().sort()).toEqual([
      'INV-BOOKS',
      'INV-CONSERVATION',
      'INV-EARNED',
      'INV-RESERVED',
      'INV-SOLVENCY',
    ])
    // Promised by the other policy alone: one payment of the bank has settled both.
    expect(run.evidenceOf('INV-REFERENCE')).toBe('7 has completed withdrawal 0 as well')
    run.attempt('teacher1', 'request', {}, 2)
    run.attempt('admin0', 'approve', {}, 2)
    expect(run.attempt('admin0', 'complete', { reference: 8n }, 2)).toBe('accepted')
    expect(run.figures(2)).toMatchObject({ claimBank: 10_000_000n })
    expect(run.attempt('bank', 'claim', { to: 'elsewhere' }, 2)).toBe('ClaimFailed')
  })

  test('hardened: what is asked for cannot be asked for again, and nothing is broken', () => {
    const amountUnits = [10_000_000n, 10_000_000n]
    const run = play({ policy: 'hardened', amountUnits, commissionBps: 0 })
    run.credit(10_000_000n)
    expect(run.attempt('teacher0', 'request')).toBe('accepted')
    expect(run.attempt('teacher0', 'request', {}, 1)).toBe('InsufficientBalance')
    expect(run.attempt('admin1', 'reject')).toBe('accepted')
    expect(run.attempt('teacher0', 'request', {}, 1)).toBe('accepted')
    expect(run.broken()).toEqual([])
  })

  test('as-described: a failed payment and a request that nobody answers have no way back', () => {
    const run = play({ policy: 'as-described' })
    run.credit(100_000_000n)
    run.attempt('teacher0', 'request')
    expect(run.attempt('teacher0', 'cancel')).toBe('NoWayBack')
    run.attempt('admin0', 'approve')
    expect(run.attempt('bank', 'bankFailed')).toBe('NoWayBack')
    expect(run.broken()).toEqual(['INV-BOOKS', 'INV-RESTORE'])
  })
})

describe('hardened', () => {
  function approved(amountUnits: readonly bigint[]) {
    const run = play({ policy: 'hardened', amountUnits, token: 'refusesAll' })
    run.credit(100_000_000n)
    for (const index of amountUnits.keys()) {
      run.attempt('teacher0', 'request', {}, index)
      run.attempt('admin0', 'approve', {}, index)
    }
    return run
  }

  test('a reference is used once, never empty; what the token refuses waits for the bank', () => {
    const { attempt, figures, broken } = approved([20_000_000n, 10_000_000n])
    expect(attempt('admin0', 'complete', { reference: 5n })).toBe('NotBank')
    expect(attempt('bank', 'complete', { reference: 0n })).toBe('EmptyReference')
    expect(attempt('bank', 'complete', { reference: 5n })).toBe('accepted')
    expect(attempt('bank', 'complete', { reference: 5n }, 1)).toBe('ReferenceUsed')
    expect(figures()).toMatchObject({ claimBank: 20_000_000n })
    expect(attempt('platform', 'withdrawCommission', { to: 'platform' })).toBe('WithdrawFailed')
    expect(attempt('bank', 'claim', { to: 'bank' })).toBe('ClaimFailed')
    expect(attempt('bank', 'claim', { to: 'escrow' })).toBe('InvalidRecipient')
    expect(attempt('bank', 'claim', { to: 'elsewhere' })).toBe('accepted')
    expect(attempt('bank', 'claim', { to: 'elsewhere' })).toBe('NothingToClaim')
    expect(broken()).toEqual([])
  })

  test('the teacher has its money back from the second on in which the bank’s time is over', () => {
    const { attempt, accounts, broken } = approved([20_000_000n])
    expect(attempt('teacher0', 'cancel', {}, 0, TIMEOUT - 1)).toBe('StillProcessing')
    expect(attempt('stranger', 'cancel', {}, 0, TIMEOUT)).toBe('NotTeacher')
    expect(attempt('teacher0', 'cancel', {}, 0, TIMEOUT)).toBe('accepted')
    expect(accounts()).toMatchObject({ 'available:teacher0': 70_000_000n, 'pending:teacher0': 0n })
    expect(broken()).toEqual([])
  })

  test('a bank that cannot pay gives all of it back', () => {
    const { attempt, accounts, broken } = approved([20_000_000n])
    expect(attempt('bank', 'bankFailed')).toBe('accepted')
    expect(attempt('bank', 'complete', { reference: 9n })).toBe('NotProcessing')
    expect(accounts()).toMatchObject({ 'available:teacher0': 70_000_000n, 'pending:teacher0': 0n })
    expect(broken()).toEqual([])
  })
})

test.each(POLICIES)('%s: the minimum is accepted, one unit less is not', (policy) => {
  const run = play({ policy, amountUnits: [9_999_999n, 10_000_000n] })
  run.credit(100_000_000n)
  expect(run.attempt('teacher0', 'request', {}, 0)).toBe('BelowMinimum')
  expect(run.attempt('teacher0', 'request', {}, 1)).toBe('accepted')
})
