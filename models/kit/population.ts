/**
 * Several agreements of one protocol beside each other, with the tokens that they share.
 *
 * `predict` takes one attempt and says what must happen: the outcome, the transfers, the logs and
 * the whole picture afterwards. It is pure; parts that did not change are shared between pictures.
 */
import type { AnyMachineSnapshot } from 'xstate'
import { markedName } from './declare.ts'
import { assert } from './error.ts'
import type { Protocol } from './protocol.ts'
import { type DeclaredLog, initialSnapshot, type StepResult, step as takeStep } from './step.ts'
import { applyTransfers, type Ledger } from './token.ts'
import {
  type Agreement,
  ELSEWHERE,
  ESCROW,
  type LogEntry,
  type Parameters,
  type PlannedStep,
  type Policy,
  type Scalar,
  type StepAccount,
  type Transfer,
  type WorldView,
} from './trace.ts'

/** What does not change over a run. */
export interface Cast {
  readonly protocol: Protocol
  readonly policy: Policy
  readonly parameters: Parameters
  readonly agreements: readonly Agreement[]
}

/** Where all agreements and tokens stand. */
export interface Population {
  readonly snapshots: readonly AnyMachineSnapshot[]
  readonly view: WorldView
}

export interface Prediction {
  readonly population: Population
  readonly role: string
  readonly edge: string
  readonly account: StepAccount
}

/** Balances before the first step, for the kinds of token that the agreements use. */
export function startingLedger({ protocol, agreements }: Cast): Ledger {
  const kinds = [...new Set(agreements.map(({ token }) => token))].sort()
  const holders = [...protocol.participants, ELSEWHERE, ESCROW]
  const balances = Object.fromEntries(
    holders.map((holder) => [holder, protocol.startingUnits[holder] ?? 0n]),
  )
  return Object.fromEntries(kinds.map((kind) => [kind, balances]))
}

/** All accounts at zero; nothing for a contract that keeps none. */
function startingAccounts({ protocol, agreements }: Cast): Pick<WorldView, 'accounts'> {
  const names = protocol.accounts
  if (names === undefined) return {}
  const kinds = [...new Set(agreements.map(({ token }) => token))].sort()
  const empty = Object.fromEntries(names.map((name) => [name, 0n]))
  return { accounts: Object.fromEntries(kinds.map((kind) => [kind, empty])) }
}

/** The accounts after the postings of a step. */
function postedAccounts(
  before: WorldView['accounts'],
  { token, roles }: Agreement,
  { postings }: StepResult,
): Pick<WorldView, 'accounts'> {
  if (before === undefined || postings.length === 0) return before ? { accounts: before } : {}
  const ofToken: Record<string, bigint> = { ...before[token] }
  for (const { account, amountUnits } of postings) {
    const [word = '', role] = account.split(':')
    const name = role === undefined ? word : `${word}:${roles[role] ?? role}`
    const units = ofToken[name]
    assert(units !== undefined, `${name} is one of the protocol's accounts`)
    assert(units + amountUnits >= 0n, `${name} does not fall below zero`)
    ofToken[name] = units + amountUnits
  }
  return { accounts: { ...before, [token]: ofToken } }
}

export function startPopulation(cast: Cast): Population {
  const { protocol, policy, parameters, agreements } = cast
  const machine = protocol.machines[policy]
  const snapshots = agreements.map((agreement) =>
    initialSnapshot(machine, protocol.input(parameters, agreement)),
  )
  const balances = startingLedger(cast)
  const view = { agreements: snapshots.map(protocol.view), balances, ...startingAccounts(cast) }
  return { snapshots, view }
}

/** What must happen when `planned` is tried now. */
export function predict(cast: Cast, population: Population, planned: PlannedStep): Prediction {
  const { protocol, policy } = cast
  const agreement = cast.agreements[planned.agreement]
  const snapshot = population.snapshots[planned.agreement]
  assert(agreement !== undefined, `agreement ${planned.agreement} is part of the run`)
  assert(snapshot !== undefined, `agreement ${planned.agreement} has a snapshot`)
  const shared = { agreements: cast.agreements, view: population.view }
  const event = protocol.toEvent(planned, agreement, population.view.balances, shared)
  const result = takeStep(protocol.machines[policy], snapshot, event)
  if (result.rejection !== null) {
    const outcome = { accepted: false, error: result.rejection }
    const account = { outcome, transfers: [], logs: [], after: population.view }
    return { population, role: event.by, edge: result.edge, account }
  }
  const transfers = namedTransfers(agreement, planned, event.by, result)
  const snapshots = population.snapshots.with(planned.agreement, result.snapshot)
  const view = {
    agreements: population.view.agreements.with(planned.agreement, protocol.view(result.snapshot)),
    balances: applyTransfers(population.view.balances, transfers),
    ...postedAccounts(population.view.accounts, agreement, result),
  }
  const logs = result.logs.map((log) => namedLog(agreement, planned, event.by, log))
  const outcome = { accepted: true, error: null }
  const account = { outcome, transfers, logs, after: view }
  return { population: { snapshots, view }, role: event.by, edge: result.edge, account }
}

/** Turns a role of the agreement into the participant who plays it. */
function participant(agreement: Agreement, planned: PlannedStep, by: string, name: string): string {
  if (name === by) return planned.by
  return markedName(name) ?? agreement.roles[name] ?? name
}

function namedTransfers(
  agreement: Agreement,
  planned: PlannedStep,
  by: string,
  result: StepResult,
): Transfer[] {
  return result.transfers.map(({ from, to, amountUnits }) => ({
    token: agreement.token,
    from: participant(agreement, planned, by, from),
    to: participant(agreement, planned, by, to),
    amountUnits,
  }))
}

function namedLog(
  agreement: Agreement,
  planned: PlannedStep,
  by: string,
  log: DeclaredLog,
): LogEntry {
  const args: Record<string, Scalar> = { agreement: agreement.index }
  for (const [key, value] of Object.entries(log.args)) {
    args[key] = typeof value === 'string' ? participant(agreement, planned, by, value) : value
  }
  return { name: log.name, args }
}
