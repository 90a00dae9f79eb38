/**
 * What participants know about the moment in which they act, read from their clocks when asked for.
 *
 * One object for each participant and run, moved along in time: a participant uses a moment while
 * it handles an input and must not keep it.
 */
import type { Clock } from '../clocks.ts'
import type { Moment } from './actors.ts'
import type { CallTruth } from './callTruth.ts'
import { WORLD_EPOCH_SECONDS } from './setup.ts'

export class ActorMoment implements Moment {
  /** The true time of the moment. */
  trueMs = 0
  readonly clock: Clock
  /** The clock that the participant signs by: its own, but for a defect. */
  readonly #signingClock: Clock
  readonly #actor: string
  readonly #call: CallTruth | null

  constructor(actor: string, clocks: { own: Clock; signing: Clock }, call: CallTruth | null) {
    this.#actor = actor
    this.clock = clocks.own
    this.#signingClock = clocks.signing
    this.#call = call
  }

  get wallMs(): number {
    return WORLD_EPOCH_SECONDS * 1000 + this.#signingClock.wallMs(this.trueMs)
  }

  get monotonicMs(): number {
    return this.clock.monotonicMs(this.trueMs)
  }

  get hearsPeer(): boolean {
    return this.#call?.hearsPeer(this.#actor) ?? false
  }
}
