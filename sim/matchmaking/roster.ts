/**
 * All participants with their states: hands an input to one and keeps its next state.
 */
import type { Moment } from '../world/actors.ts'
import { type Give, keeping } from '../world/keeping.ts'
import { type Actor, type Effects, type Input, STUDENTS, TUTORS } from './actors.ts'
import { INITIAL_STRANGER, initialDesk, reduceDesk, reduceStranger } from './bystanders.ts'
import { initialMatchmaker, reduceMatchmaker } from './matchmaker.ts'
import type { WorldSetup } from './options.ts'
import { initialStudent, reduceStudent, studentConfig } from './student.ts'
import { initialTutor, reduceTutor, tutorConfig } from './tutor.ts'

export interface Roster {
  give(actor: Actor, input: Input, now: Moment): Effects
}

/** Participants at the beginning of a run. */
export function createRoster(setup: WorldSetup): Roster {
  const attempts = [...setup.behaviour.stranger].sort((a, b) => a.atMs - b.atMs)
  const all = new Map<Actor, Give<Input, Effects>>([
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
  return { give: (actor, input, now) => (all.get(actor) as Give<Input, Effects>)(input, now) }
}
