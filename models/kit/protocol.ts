/**
 * What a protocol is to the rest of Meterproof.
 *
 * A protocol brings its machine, the schema of its parameters, the words for its roles, actions and
 * errors, and three small translations: from an attempt to a machine event (adding the facts that a
 * pure machine cannot know), from a snapshot to what an outsider sees, and from roles to
 * participants. Campaigns, the world, reports and the command line know protocols only through this
 * interface.
 */
import type { AnyMachineSnapshot, AnyStateMachine } from 'xstate'
import type { z } from 'zod'
import type { Invariant } from '../invariants/invariant.ts'
import type { DeploymentCase } from './deployment.ts'
import type { Leaving } from './leaving.ts'
import type { LifecycleEvent } from './step.ts'
import type { Ledger, TokenProfile } from './token.ts'
import type {
  Agreement,
  AgreementView,
  Parameters,
  ParticipantId,
  PlannedStep,
  Policy,
  Role,
  Shared,
} from './trace.ts'

export interface ActionInfo {
  readonly name: string
  readonly summary: string
}

/** Actions by policy, see `Protocol.guardedActions`. */
export type GuardedActions = Readonly<Record<Policy, readonly string[]>>

/** A claim of the description that one policy cannot keep; it must be refuted, or the run fails. */
export interface ExpectedRefutation {
  readonly policy: Policy
  readonly invariant: string
  readonly claim: string
}

export interface Protocol {
  readonly id: string
  readonly title: string
  readonly summary: string
  readonly policies: readonly Policy[]
  readonly parameters: z.ZodType<Parameters>
  /** Participants of a campaign, and the roles that each may take in an agreement. */
  readonly participants: readonly ParticipantId[]
  readonly tokens: readonly TokenProfile[]
  /** Base units of every token that a participant starts with; zero when absent. */
  readonly startingUnits: Readonly<Record<ParticipantId, bigint>>
  readonly roles: readonly { readonly name: Role; readonly summary: string }[]
  readonly actions: readonly ActionInfo[]
  /** State of an agreement that nothing has happened to. */
  readonly initialState: string
  /** States that hold no more tokens than what owners have not claimed. */
  readonly terminalStates: readonly string[]
  /** Every named refusal with its meaning. */
  readonly errors: Readonly<Record<string, string>>
  /** Both sides of every edge that a constructor has, beside the defaults, which it accepts. */
  readonly deployments: readonly DeploymentCase[]
  /**
   * Actions that the contract's guard refuses to whoever comes from inside another one, as a token
   * does that calls back. Absent for a contract that moves no tokens.
   */
  readonly guardedActions?: GuardedActions
  readonly machines: Readonly<Record<Policy, AnyStateMachine>>
  readonly invariants: readonly Invariant[]
  readonly expectedRefutations: readonly ExpectedRefutation[]
  /** Who must be able to leave alone, and within which time. */
  readonly leaving: readonly Leaving[]
  /** Input of the machine for one agreement. */
  input(parameters: Parameters, agreement: Agreement): unknown
  roleOf(agreement: Agreement, participant: ParticipantId): Role
  /**
   * Accounts that the contract keeps over several agreements, in every token; none when absent. A
   * name such as `earnings:host0` is a word and a participant; machines declare a `post` on
   * `earnings:host`, and the participant who plays the role is filled in.
   */
  readonly accounts?: readonly string[]
  /**
   * Participants who approve the contract without limit before every run.
   *
   * @defaultValue all that start with tokens
   */
  readonly approving?: readonly ParticipantId[]
  /** Adds the facts that only tokens, signatures and other agreements know. */
  toEvent(step: PlannedStep, agreement: Agreement, ledger: Ledger, shared: Shared): LifecycleEvent
  view(snapshot: AnyMachineSnapshot): AgreementView
}

/** Identity with a type: the one way to declare a protocol. */
export function defineProtocol(protocol: Protocol): Protocol {
  return protocol
}
