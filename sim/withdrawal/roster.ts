/**
 * All participants with their states: hands an input to one and keeps its next state.
 */
import type { Moment } from '../world/actors.ts'
import { type Give, keeping } from '../world/keeping.ts'
import { type Actor, ADMINS, type Effects, type Input, TEACHERS } from './actors.ts'
import { adminConfig, initialAdmin, reduceAdmin } from './admin.ts'
import { initialBank, reduceBank } from './bank.ts'
import { INITIAL_PLATFORM, INITIAL_STRANGER, reducePlatform, reduceStranger } from './bystanders.ts'
import type { WorldSetup } from './options.ts'
import { initialRail, reduceRail } from './rail.ts'
import { initialTeacher, reduceTeacher, teacherConfig } from './teacher.ts'

export interface Roster {
  give(actor: Actor, input: Input, now: Moment): Effects
}

/** Participants at the beginning of a run. */
export function createRoster(setup: WorldSetup): Roster {
  const attempts = [...setup.behaviour.stranger].sort((a, b) => a.atMs - b.atMs)
  const all = new Map<Actor, Give<Input, Effects>>([
    ['platform', keeping(INITIAL_PLATFORM, (...step) => reducePlatform(setup, ...step))],
    ['bank', keeping(initialBank(setup), (...step) => reduceBank(setup, ...step))],
    ['rail', keeping(initialRail(setup), (...step) => reduceRail(setup, ...step))],
    [
      'stranger',
      keeping(INITIAL_STRANGER, (state, input) => reduceStranger(attempts, state, input)),
    ],
  ])
  for (const [at, teacher] of TEACHERS.entries()) {
    const config = teacherConfig(setup, at)
    const begin = initialTeacher(config)
    all.set(
      teacher,
      keeping(begin, (...step) => reduceTeacher(config, ...step)),
    )
  }
  for (const [at, admin] of ADMINS.entries()) {
    const config = adminConfig(setup, at)
    all.set(
      admin,
      keeping(initialAdmin(setup), (...step) => reduceAdmin(config, ...step)),
    )
  }
  return { give: (actor, input, now) => (all.get(actor) as Give<Input, Effects>)(input, now) }
}
