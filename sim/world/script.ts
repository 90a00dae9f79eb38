/**
 * What a protocol must say so that the engine can play its world.
 *
 * A frame is data: who takes part, and the setup of the run. A script is made for each run from
 * the parts that the engine lends, and holds the protocol's own state: its participants, its
 * recorder, its ground truth. It must not draw from streams of the engine nor keep moments.
 */
import type { Cast } from '../../models/kit/population.ts'
import type { WorldView } from '../../models/kit/trace.ts'
import type { Clock, ClockSpec } from '../clocks.ts'
import type { FaultLookup } from '../faults/faultLookup.ts'
import type { FaultTargets } from '../faults/targets.ts'
import type { Digest } from '../kernel/digest.ts'
import type { StreamOf } from '../kernel/random.ts'
import type { AnyMessage, Effect, Input, Moment, Submission } from './actors.ts'
import type { CallTruth } from './callTruth.ts'
import type { ChainSide, ChainView, Predictor } from './chainSide.ts'
import type { Lines } from './lines.ts'
import type { MessageRecord, TransactionRecord, WorldStep } from './records.ts'
import type { CommonSetup } from './setup.ts'

export interface WorldFrame {
  readonly setup: CommonSetup
  /** All participants. Everybody is told of news on the chain, in this order. */
  readonly actors: readonly string[]
  /** `access` says who stands behind an access link; all others are in the data centre. */
  readonly targets: FaultTargets
  /**
   * Participants with an access link who also reach their node over it: while it is down they
   * neither look at the chain nor submit. @defaultValue none, the node is always reached
   */
  readonly chainNeedsLink?: readonly string[]
  /**
   * Participants who send from the account of another: several processes of one role. They share
   * its nonces, and its transactions bear its name. @defaultValue each has an account of its own
   */
  readonly accountOf?: Readonly<Record<string, string>>
  /** A run that is not over by then is given up as not live. @defaultValue two days */
  readonly horizonMs?: number
  /** Gas that a call offers, a multiple of the unit. @defaultValue `CALL_GAS_UNIT` */
  readonly callGas?: number
}

/** What the engine lends to a script. */
export interface WorldParts {
  readonly faults: FaultLookup
  /** One stream for each purpose; names of the engine begin with link, chain, rpc, look, fault. */
  readonly streams: StreamOf
  readonly lines: Lines
  /** The run's fingerprint. Messages enter it by themselves. */
  readonly digest: Digest
  clockOf(actor: string): Clock
}

/** What a script may put into the queue before the run begins. */
export interface Beginning {
  /** The participant reads the chain at that time, as it does after each news. */
  look(actor: string, atMs: number): void
  timer(actor: string, name: string, atMs: number): void
}

/** All that the engine knows when a run is over. */
export interface Ending<Reading, Shown> {
  readonly side: ChainSide<Reading>
  readonly nowMs: number
  /** For the record as they stand. */
  readonly course: {
    readonly clocks: Readonly<Record<string, ClockSpec>>
    readonly steps: readonly WorldStep[]
    readonly transactions: readonly TransactionRecord[]
  }
  readonly counts: {
    readonly messageCount: number
    readonly blockCount: number
    readonly eventCount: number
  }
  /** Messages that did not arrive; copies count each for themselves. */
  readonly lostCount: number
  /** Empty unless the setup's detail is `full`. */
  readonly messages: readonly MessageRecord<Shown>[]
}

export interface WorldScript<Message extends AnyMessage, Reading, Mark, Shown, Run> {
  /** The protocol with its agreements; or who predicts, in a world of several contracts. */
  readonly cast: Cast | Predictor
  /** Who an actor is in the cast, if its name is another there. */
  readonly participantOf: Readonly<Record<string, string>>
  /** What participants see of the chain. Pure, and asked once for each block with news. */
  read(view: WorldView): Reading
  /** Hands an input to a participant and keeps its next state. */
  give(
    actor: string,
    input: Input<Message, ChainView<Reading>>,
    now: Moment,
  ): readonly Effect<Message, Mark>[]
  begin(beginning: Beginning): void
  /** Whether nothing is left to do. Asked after each event that concerns the chain. */
  isOver(side: ChainSide<Reading>): boolean
  finish(ending: Ending<Reading, Shown>): Run
  /** What the record of a message says besides its kind and times. */
  show(message: Message): Shown
  /** Tells messages of one kind apart in the fingerprint; −1 for none. */
  numberOf(message: Message): number

  /** The call, if there is one; the engine keeps it up to date. */
  readonly call?: CallTruth
  /** Number of a heartbeat among its sender's; null for any other message. */
  heartbeatNumber?(message: Message): number | null
  mark?(actor: string, mark: Mark, atMs: number): void
  /** A participant reads the chain now. */
  looked?(actor: string, view: ChainView<Reading>, atMs: number): void
  /** A participant asks its node to take a transaction now, whatever becomes of it. */
  submitted?(actor: string, submission: Submission, atMs: number): void
  /** A message was handed to the network, whatever becomes of it: for those who tap the line. */
  sent?(from: string, to: string, message: Message): void
  /** A message reaches a participant now; copies each for themselves. */
  arrived?(to: string, message: Message, sentMs: number, atMs: number): void
  /** Links or processes changed at this time. */
  linesChanged?(atMs: number): void

  /** A defect: this actor signs what another's clock reads. */
  readonly signsByClockOf?: Readonly<Record<string, string>>
  /** A defect: calls are billed in this second instead of the block's. */
  stampSeconds?(sender: string, producedMs: number): number
}

/** Makes the script of one run. */
export type ScriptOf<Message extends AnyMessage, Reading, Mark, Shown, Run> = (
  parts: WorldParts,
) => WorldScript<Message, Reading, Mark, Shown, Run>
