/**
 * What participants know about the moment in which they act, read from their clocks when asked for.
 *
 * One object for each participant and run, moved along in time: a participant uses a moment while
 * it handles an input and must not keep it.
 */
import type { Clock } from '../clocks.ts'
import type { Actor, Input, Moment, TimerName } from './actors.ts'
import { ACTORS, TIMER_NAMES } from './actors.ts'
import type { GroundTruth } from './groundTruth.ts'
import { WORLD_EPOCH_SECONDS } from './options.ts'

export class ActorMoment implements Moment {
  /** The true time of the moment. */
  trueMs = 0
  readonly clock: Clock
  /** The clock that the participant signs by: its own, but for one defect. */
  readonly #signingClock: Clock
  readonly #actor: Actor
  readonly #truth: GroundTruth

  constructor(actor: Actor, clocks: { own: Clock; signing: Clock }, truth: GroundTruth) {
    this.#actor = actor
    this.clock = clocks.own
    this.#signingClock = clocks.signing
    this.#truth = truth
  }

  get wallMs(): number {
    return WORLD_EPOCH_SECONDS * 1000 + this.#signingClock.wallMs(this.trueMs)
  }

  get monotonicMs(): number {
    return this.clock.monotonicMs(this.trueMs)
  }

  get hearsPeer(): boolean {
    const actor = this.#actor
    return (actor === 'student' || actor === 'tutor') && this.#truth.hearsPeer(actor)
  }
}

/** A timer that goes off at a participant. */
export interface TimerEvent {
  readonly kind: 'input'
  readonly actor: Actor
  readonly input: Input
}

function timersOf(actor: Actor): Readonly<Record<TimerName, TimerEvent>> {
  const entries = TIMER_NAMES.map((name): [TimerName, TimerEvent] => [
    name,
    { kind: 'input', actor, input: { kind: 'timer', name } },
  ])
  return Object.fromEntries(entries) as Record<TimerName, TimerEvent>
}

/** All timer events there are: they differ in nothing but when. */
export const TIMERS = Object.fromEntries(
  ACTORS.map((actor) => [actor, timersOf(actor)]),
) as Readonly<Record<Actor, Readonly<Record<TimerName, TimerEvent>>>>
