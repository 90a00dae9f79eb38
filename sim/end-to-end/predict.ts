/**
 * What must happen on the three contracts, call by call, as their own machines say.
 *
 * A call of a person to one contract can make that contract call another: a deposit consumes the
 * quote, the end of a session completes the request and credits the tutor. Such a call is a step of
 * the other protocol's machine, made by the contract; if it is refused, nothing of the whole call
 * has happened. Pure; each part keeps its own population in its own names.
 */

import { assert } from '../../models/kit/error.ts'
import {
  type Cast,
  type Population,
  type Prediction,
  predict,
  startPopulation,
} from '../../models/kit/population.ts'
import { initialSnapshot } from '../../models/kit/step.ts'
import { applyTransfers } from '../../models/kit/token.ts'
import {
  type Agreement,
  ELSEWHERE,
  type LogEntry,
  type Parameters,
  type PlannedStep,
  type StepAccount,
  type Transfer,
  type WorldView,
} from '../../models/kit/trace.ts'
import { matchmaking } from '../../models/matchmaking/protocol.ts'
import { sessionEscrow } from '../../models/session-escrow/protocol.ts'
import { withdrawal } from '../../models/withdrawal/protocol.ts'
import type { Predictor } from '../world/chainSide.ts'
import {
  accountInJourney,
  CONTRACTS,
  FIRST_WITHDRAWAL,
  inPart,
  logInJourney,
  PARTS,
  type Part,
  PEOPLE,
  REQUEST,
  SESSION,
  transferInJourney,
} from './parts.ts'

/** What the student has before the journey, in base units; nobody else has anything. */
export const STUDENT_UNITS = 1_000_000_000_000n

const PROTOCOLS = { matchmaking, 'session-escrow': sessionEscrow, withdrawal } as const

/** Who takes part on which terms; agreements of each part in its own names and numbers. */
export interface JourneyCast {
  readonly parameters: Parameters
  readonly token: string
  readonly request: Agreement
  readonly session: Agreement
  /** Their amounts are known only when something has been earned. */
  withdrawals(): readonly Agreement[]
}

/** A step of one part, by a person or by a contract. */
export interface PartStep {
  readonly part: Part
  /** In the part's names and numbers. */
  readonly planned: PlannedStep
  readonly prediction: Prediction
}

export type PartPopulations = Readonly<Record<Part, Population>>

export interface JourneyPopulation extends Population {
  readonly parts: PartPopulations
}

export interface JourneyPrediction extends Prediction {
  readonly population: JourneyPopulation
  /** In the order in which they happen; only the one that was refused if one was. */
  readonly parts: readonly PartStep[]
}

export function castOfPart(cast: JourneyCast, part: Part): Cast {
  const { parameters, request, session } = cast
  const agreements = {
    matchmaking: [request],
    'session-escrow': [session],
    withdrawal: cast.withdrawals(),
  }[part]
  return { protocol: PROTOCOLS[part], policy: 'hardened', parameters, agreements }
}

/** All agreements in the journey's numbers and names. */
export function agreementsOf(cast: JourneyCast): readonly Agreement[] {
  const { request, session } = cast
  const withdrawals = cast.withdrawals().map((agreement) => ({
    ...agreement,
    index: agreement.index + FIRST_WITHDRAWAL,
    roles: { teacher: 'tutor0', bank: 'bank', platform: CONTRACTS['session-escrow'] },
  }))
  return [request, { ...session, index: SESSION }, ...withdrawals]
}

/** What an outsider sees of all three contracts. */
export function viewOfParts(
  parts: Readonly<Record<Part, WorldView>>,
  balances: WorldView['balances'],
): WorldView {
  const accounts = Object.entries(parts.withdrawal.accounts ?? {}).map(([token, ofToken]) => {
    const named = Object.entries(ofToken).map(([name, units]) => [accountInJourney(name), units])
    return [token, Object.fromEntries(named)]
  })
  return {
    agreements: PARTS.flatMap((part) => parts[part].agreements),
    balances,
    accounts: Object.fromEntries(accounts),
  }
}

export function startJourney(cast: JourneyCast): JourneyPopulation {
  const parts = Object.fromEntries(
    PARTS.map((part) => [part, startPopulation(castOfPart(cast, part))]),
  ) as unknown as PartPopulations
  const holders = [...PEOPLE, ELSEWHERE, ...Object.values(CONTRACTS)]
  const units = Object.fromEntries(holders.map((holder) => [holder, 0n]))
  const balances = { [cast.token]: { ...units, student0: STUDENT_UNITS } }
  return { snapshots: [], parts, view: viewOf(parts, balances) }
}

function viewOf(parts: PartPopulations, balances: WorldView['balances']): WorldView {
  const views = Object.fromEntries(PARTS.map((part) => [part, parts[part].view]))
  return viewOfParts(views as Record<Part, WorldView>, balances)
}

/** A withdrawal that nobody has asked for gets the amount that it is now known to have. */
function withAmounts(cast: Cast, population: Population): Population {
  const machine = cast.protocol.machines.hardened
  const snapshots = population.snapshots.map((snapshot, index) => {
    const agreement = cast.agreements[index]
    if (snapshot.value !== 'None' || agreement === undefined) return snapshot
    return initialSnapshot(machine, cast.protocol.input(cast.parameters, agreement))
  })
  return { ...population, snapshots }
}

/** Performs the calls of one transaction, each on its part, until one is refused. */
class Transaction {
  readonly parts: PartStep[] = []
  readonly #cast: JourneyCast
  #populations: PartPopulations

  constructor(cast: JourneyCast, populations: PartPopulations) {
    this.#cast = cast
    this.#populations = populations
  }

  get populations(): PartPopulations {
    return this.#populations
  }

  /** @returns the name of the refusal, or null */
  call(part: Part, planned: PlannedStep): string | null {
    const cast = castOfPart(this.#cast, part)
    const before = this.#populations[part]
    const known = part === 'withdrawal' ? withAmounts(cast, before) : before
    const prediction = predict(cast, known, planned)
    this.parts.push({ part, planned, prediction })
    this.#populations = { ...this.#populations, [part]: prediction.population }
    return prediction.account.outcome.error
  }
}

/** A step of a contract, as the other's machine has it. */
function callBy(by: string, action: string, planned: PlannedStep, args: PlannedStep['args']) {
  return { agreement: 0, by, action, atSeconds: planned.atSeconds, args }
}

/** The deposit of a session: on a quote that is used up by it. */
function deposit(cast: JourneyCast, transaction: Transaction, planned: PlannedStep) {
  const { student, tutor } = cast.session.roles as { student: string; tutor: string }
  const rateUnits = cast.session.terms.ratePerSecondUnits as bigint
  const consume = callBy('sessionEscrow', 'consume', planned, { student, rateUnits })
  const figures = transaction.populations.matchmaking.view.agreements[0]?.figures ?? {}
  const refused = transaction.call('matchmaking', consume)
  if (refused !== null) return refused
  assert(tutor === 'tutor0' && figures.tutor !== 0n, 'the session is with the tutor of the quote')
  if ((planned.args.amountUnits as bigint) > (figures.cap ?? 0n)) return 'AboveCap'
  return transaction.call('session-escrow', { ...planned, agreement: 0 })
}

/** The end of a session: the share is credited, and the request is over. */
function end(cast: JourneyCast, transaction: Transaction, planned: PlannedStep) {
  const refused = transaction.call('session-escrow', { ...planned, agreement: 0 })
  if (refused !== null) return refused
  const [ended] = transaction.parts
  const shares = ended?.prediction.account.transfers.filter(({ to }) => to === tutorOf(cast)) ?? []
  for (const { amountUnits: grossUnits } of shares) {
    const failed = transaction.call(
      'withdrawal',
      callBy('platform', 'credit', planned, { grossUnits }),
    )
    assert(failed === null, 'what a session has paid can be credited')
  }
  const figures = transaction.populations['session-escrow'].view.agreements[0]?.figures
  const billedSeconds = Number(figures?.billedSeconds ?? 0n)
  const report = callBy('sessionEscrow', 'complete', planned, { billedSeconds })
  const unheard = transaction.call('matchmaking', report)
  assert(unheard === null, 'matchmaking takes every end of a session')
  return null
}

function tutorOf({ session }: JourneyCast): string {
  return session.roles.tutor as string
}

function perform(cast: JourneyCast, transaction: Transaction, planned: PlannedStep): string | null {
  const { agreement, action } = planned
  if (agreement === REQUEST) return transaction.call('matchmaking', planned)
  if (agreement >= FIRST_WITHDRAWAL) {
    const by = inPart('withdrawal', planned.by)
    const own = { ...planned, by, agreement: agreement - FIRST_WITHDRAWAL }
    return transaction.call('withdrawal', own)
  }
  switch (action) {
    case 'deposit':
      return deposit(cast, transaction, planned)
    case 'settle':
    case 'cancel':
      return end(cast, transaction, planned)
    case 'passCommission': {
      const call = callBy('platform', 'withdrawCommission', planned, { to: ELSEWHERE })
      return transaction.call('withdrawal', call)
    }
    default:
      return transaction.call('session-escrow', { ...planned, agreement: 0 })
  }
}

/** Movements of tokens as they are: what a tutor earns goes to the withdrawal contract at once. */
function transfersOf(cast: JourneyCast, parts: readonly PartStep[]): readonly Transfer[] {
  return parts.flatMap(({ part, planned, prediction }) => {
    // The tutor's share and its credit are one movement.
    if (planned.action === 'credit') return []
    return prediction.account.transfers.map((transfer) => {
      const named = transferInJourney(part, transfer)
      const isShare = part === 'session-escrow' && named.to === tutorOf(cast)
      return isShare ? { ...named, to: CONTRACTS.withdrawal } : named
    })
  })
}

/** Logs by contract, in the order of the parts; each contract's in the order of its calls. */
function logsOf(steps: readonly PartStep[]): readonly LogEntry[] {
  return PARTS.flatMap((part) =>
    steps
      .filter((step) => step.part === part)
      .flatMap(({ prediction }) => prediction.account.logs.map((log) => logInJourney(part, log))),
  )
}

/** What must happen when `planned` (in the journey's names) is tried now. */
export function predictJourney(
  cast: JourneyCast,
  population: JourneyPopulation,
  planned: PlannedStep,
): JourneyPrediction {
  const transaction = new Transaction(cast, population.parts)
  const error = perform(cast, transaction, planned)
  const { parts } = transaction
  const main = parts.find(({ planned: { action } }) => action === planned.action) ?? parts[0]
  assert(main !== undefined, 'every call is a step of some part')
  const { role } = main.prediction
  if (error !== null) {
    const refused = parts.at(-1) as PartStep
    const edge = `${stateBefore(population, planned)}|${planned.action}|!${error}`
    const account = {
      ...{ outcome: { accepted: false, error }, transfers: [], logs: [], after: population.view },
    }
    // Earlier calls of the transaction have not happened either.
    const isNamed = refused.prediction.account.outcome.error === error
    return { population, role, edge, account, parts: isNamed ? [refused] : [] }
  }
  const transfers = transfersOf(cast, parts)
  const balances = applyTransfers(population.view.balances, transfers)
  const after = viewOf(transaction.populations, balances)
  const account: StepAccount = {
    ...{ outcome: { accepted: true, error: null }, transfers, logs: logsOf(parts), after },
  }
  const next = { snapshots: [], parts: transaction.populations, view: after }
  const edge =
    planned.action === 'passCommission' ? sameState(after, planned) : main.prediction.edge
  return { population: next, role, edge, account, parts }
}

function stateBefore({ view }: JourneyPopulation, { agreement }: PlannedStep): string {
  return view.agreements[agreement]?.state ?? ''
}

function sameState({ agreements }: WorldView, { agreement, action }: PlannedStep): string {
  const state = agreements[agreement]?.state ?? ''
  return `${state}|${action}|${state}`
}

export function journeyPredictor(cast: JourneyCast): Predictor {
  return {
    start: () => startJourney(cast),
    predict: (population, planned) =>
      predictJourney(cast, population as JourneyPopulation, planned),
  }
}
