/**
 * All participants with their states: hands an input to one and keeps its next state.
 */
import type { Moment } from '../world/actors.ts'
import { type Actor, type Effects, type Input, STUDENTS, TUTORS } from './actors.ts'
import { INITIAL_STRANGER, initialDesk, reduceDesk, reduceStranger } from './bystanders.ts'
import { initialMatchmaker, reduceMatchmaker } from './matchmaker.ts'
import type { WorldSetup } from './options.ts'
import { initialStudent, reduceStudent, studentConfig } from './student.ts'
import { initialTutor, reduceTutor, tutorConfig } from './tutor.ts'

export interface Roster {
  give(actor: Actor, input: Input, now: Moment): Effects
}

type Give = (input: Input, now: Moment) => Effects

/** A participant that keeps its state from one input to the next. */
function keeping<State>(
  initial: State,
  reduce: (state: State, input: Input, now: Moment) => readonly [State, Effects],
): Give {
  let state = initial
  return (input, now) => {
    const step = reduce(state, input, now)
    state = step[0]
    return step[1]
  }
}

/** Participants at the beginning of a run. */
export function createRoster(setup: WorldSetup): Roster {
  const attempts = [...setup.behaviour.stranger].sort((a, b) => a.atMs - b.atMs)
  const all = new Map<Actor, Give>([
    [
      'matchmaker',
      keeping(initialMatchmaker(setup), (...step) => reduceMatchmaker(setup, ...step)),
    ],
    ['sessionEscrow', keeping(initialDesk(setup), (...step) => reduceDesk(setup, ...step))],
    [
      'stranger',
      keeping(INITIAL_STRANGER, (state, input) => reduceStranger(setup, attempts, state, input)),
    ],
  ])
  for (const [at, student] of STUDENTS.entries()) {
    const config = studentConfig(setup, at)
    const begin = initialStudent(config)
    all.set(
      student,
      keeping(begin, (...step) => reduceStudent(config, ...step)),
    )
  }
  for (const [at, tutor] of TUTORS.entries()) {
    const config = tutorConfig(setup, at)
    all.set(
      tutor,
      keeping(initialTutor(), (...step) => reduceTutor(config, ...step)),
    )
  }
  return { give: (actor, input, now) => (all.get(actor) as Give)(input, now) }
}
