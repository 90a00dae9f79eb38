/**
 * Participants between two inputs: each is a reducer, and somebody has to keep its state.
 */
import type { Moment } from './actors.ts'

/** Hands an input to a participant; answers what it wants done. */
export type Give<Input, Effects> = (input: Input, now: Moment) => Effects

/** A participant that keeps its state from one input to the next. */
export function keeping<State, Input, Effects>(
  initial: State,
  reduce: (state: State, input: Input, now: Moment) => readonly [State, Effects],
): Give<Input, Effects> {
  let state = initial
  return (input, now) => {
    const step = reduce(state, input, now)
    state = step[0]
    return step[1]
  }
}
