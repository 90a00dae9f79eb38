/**
 * The trace: what was attempted, what the model predicted, what the contract did, step by step.
 *
 * A trace is data and nothing else. It is what invariants judge, what a report shows and what a
 * `*.trace.json` file stores; it does not know which generator made it. Amounts are bigint base
 * units, times are whole seconds of block time unless a name says otherwise.
 */

export const POLICIES = ['as-described', 'hardened'] as const
/** Which mechanism an agreement runs: as the protocol's description has it, or our smallest fix. */
export type Policy = (typeof POLICIES)[number]

/** A concrete actor of a run, for instance `student0`. */
export type ParticipantId = string
/** What a participant is to one agreement, for instance `student`; anyone else is a `stranger`. */
export type Role = string
/** Who can hold tokens: a participant, or the contract under test. */
export type Holder = ParticipantId | typeof ESCROW
/** The contract under test as a holder of tokens. */
export const ESCROW = 'escrow'
/** Any address that is no participant's and not the contract's. */
export const ELSEWHERE = 'elsewhere'

/** The zero address as a holder or recipient. */
export const NOBODY = 'nobody'

/** Values that a step's arguments, an agreement's terms and a log's arguments are made of. */
export type Scalar = string | number | bigint | boolean | null
export type Datum = Scalar | { readonly [key: string]: Datum }

/** One agreement of a run: who is who, and on which terms. */
export interface Agreement {
  readonly index: number
  readonly roles: Readonly<Record<Role, ParticipantId>>
  /** Kind of test token, see `models/kit/token.ts`. */
  readonly token: string
  readonly terms: Readonly<Record<string, Datum>>
}

/** One attempt: who tries what on which agreement, in a block of which time. */
export interface PlannedStep {
  readonly agreement: number
  readonly action: string
  readonly by: ParticipantId
  /** Timestamp of the block that holds the call, in seconds. Steps of equal time share a block. */
  readonly atSeconds: number
  readonly args: Readonly<Record<string, Datum>>
  /** `exit` marks the steps in which `by` tries, alone, to get out of the agreement. */
  readonly purpose?: 'exit'
}

/** Accepted, or refused with the name of an error. */
export interface Outcome {
  readonly accepted: boolean
  readonly error: string | null
}

/** A movement of tokens. */
export interface Transfer {
  readonly token: string
  readonly from: Holder
  readonly to: Holder
  readonly amountUnits: bigint
}

/** An event log of the contract under test. */
export interface LogEntry {
  readonly name: string
  readonly args: Readonly<Record<string, Scalar>>
}

/** State and every stored figure of one agreement, as seen from outside. */
export interface AgreementView {
  readonly state: string
  readonly figures: Readonly<Record<string, bigint>>
}

/** Everything that is observed between two steps. */
export interface WorldView {
  readonly agreements: readonly AgreementView[]
  /** Base units by token and holder; only tokens that some agreement uses. */
  readonly balances: Readonly<Record<string, Readonly<Record<Holder, bigint>>>>
  /**
   * Base units by token and account, for contracts that keep accounts over several agreements, for
   * instance `earnings:host0`. Absent for contracts that keep none.
   */
  readonly accounts?: Accounts
}

/** Base units that a contract owes by its own books, by token and account. */
export type Accounts = Readonly<Record<string, Readonly<Record<string, bigint>>>>

/** What an attempt can be told of the rest of the run. */
export interface Shared {
  readonly agreements: readonly Agreement[]
  /** The picture before the attempt. */
  readonly view: WorldView
}

/** An action that a token has tried on the contract from inside its own movement. */
export interface Reentry {
  readonly action: string
  /** With which error it was refused; null when it was accepted. */
  readonly error: string | null
}

/** One side's account of a step: the model's or the contract's. */
export interface StepAccount {
  readonly outcome: Outcome
  readonly transfers: readonly Transfer[]
  readonly logs: readonly LogEntry[]
  readonly after: WorldView
  /**
   * What the re-entrant token has tried, each pair of action and answer once. Observed only, and
   * absent wherever that token did not move.
   */
  readonly reentries?: readonly Reentry[]
}

export interface TraceStep {
  readonly planned: PlannedStep
  /** What `planned.by` is to the agreement. */
  readonly role: Role
  /** The machine's edge that the step took, as `from|action|to` or `from|action|!Error`. */
  readonly edge: string
  readonly predicted: StepAccount
  readonly observed: StepAccount
  readonly gasUsed: bigint
}

/** Deployment: what the contract was constructed with. */
export type Parameters = Readonly<Record<string, Scalar>>

export interface Trace {
  readonly protocol: string
  readonly policy: Policy
  readonly parameters: Parameters
  readonly agreements: readonly Agreement[]
  readonly initial: WorldView
  readonly steps: readonly TraceStep[]
}
