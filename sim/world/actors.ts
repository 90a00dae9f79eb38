/**
 * What participants of a world are told and what they may do about it, for any protocol.
 *
 * A participant is a reducer `(state, input) -> [state, effects]`. It sees its own clocks and what
 * reached it, never the true time, never another's state. The engine performs the effects. A
 * protocol fills in its own messages, views and marks, and may narrow the names of actors and
 * timers.
 */
import type { Datum } from '../../models/kit/trace.ts'

/** What every message has; the rest is the protocol's. */
export interface AnyMessage {
  readonly kind: string
}

export type Input<Message extends AnyMessage, View, Timer extends string = string> =
  | { readonly kind: 'timer'; readonly name: Timer }
  /** A message says itself whom it claims to be from; the network vouches for nobody. */
  | { readonly kind: 'message'; readonly message: Message }
  /** The chain as it stands some time after a block, see `ChainView`. */
  | { readonly kind: 'view'; readonly view: View }
  /** The node answered a submission with an error, whether or not the transaction landed. */
  | { readonly kind: 'send-failed' }

/** What a participant knows about the moment in which it acts. Must not be kept. */
export interface Moment {
  /** Its own wall clock, in Unix milliseconds. */
  readonly wallMs: number
  /** Its own monotonic clock, in milliseconds. */
  readonly monotonicMs: number
  /** Whether media of the other side is arriving; false in worlds without a call. */
  readonly hearsPeer: boolean
}

/** A call of the contract that a participant wants to see included. */
export interface Intent<Action extends string = string> {
  readonly action: Action
  /** Changes whenever something else is wanted. */
  readonly key: string
  /** The arguments as a step of the schedule has them. */
  readonly args: Readonly<Record<string, Datum>>
  /** Tells payloads apart that are wanted under one key, for instance newer evidence. */
  readonly payloadKey?: string
  /** Number of the agreement. @defaultValue 0 */
  readonly agreement?: number
}

/** `attempt` raises the fee; the same attempt again is the same transaction. */
export interface Submission {
  readonly kind: 'submit'
  readonly intent: Intent
  readonly nonce: number
  readonly attempt: number
}

export interface TimerEffect<Timer extends string = string> {
  readonly kind: 'timer'
  readonly name: Timer
  /** On the participant's monotonic clock. */
  readonly afterMs: number
}

export type Effect<
  Message extends AnyMessage,
  Mark,
  Actor extends string = string,
  Timer extends string = string,
> =
  | TimerEffect<Timer>
  /** Reads the chain again after this time on its monotonic clock, news or none. */
  | { readonly kind: 'look'; readonly afterMs: number }
  | { readonly kind: 'send'; readonly to: Actor; readonly message: Message }
  /** One message to several; each copy goes its own way. */
  | { readonly kind: 'broadcast'; readonly to: readonly Actor[]; readonly message: Message }
  | Submission
  /** In the call, from now on or no longer; only for the sides of a call. */
  | { readonly kind: 'presence'; readonly isPresent: boolean }
  /** What only the participant knows, told to the recorder and the ground truth. */
  | { readonly kind: 'mark'; readonly mark: Mark }

/** A participant's next state, and what is to be done. */
export type Step<State, AnyEffect> = readonly [State, readonly AnyEffect[]]
/** For steps that do nothing: equal to any other empty list, but costs none. */
export const NO_EFFECTS: readonly never[] = []
