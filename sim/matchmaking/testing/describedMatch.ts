/**
 * The match of the protocol's README, for tests: student0 asks for a tutor at 10,000 units a second
 * at most, tutor0 suits and is there, accepts after five seconds, and the student deposits; blocks
 * come every 2 s, and nothing goes wrong.
 */
import type { Policy } from '../../../models/kit/trace.ts'
import type { Fault } from '../../faults/fault.ts'
import type { Behaviour, RequestBehaviour, TutorBehaviour } from '../behaviour.ts'
import type { WorldOptions } from '../options.ts'
import { runWorld } from '../world.ts'
import { matchmakingWorldInvariants } from '../worldInvariants.ts'
import type { WorldRun } from '../worldRun.ts'

const REQUEST: RequestBehaviour = {
  student: 0,
  atMs: 10_000,
  maxRateBps: 10_000,
  capSeconds: 3_600,
  language: 0,
  level: 0,
  needsCredential: false,
  purseBps: 10_000,
  leftBps: 10_000,
  failures: 0,
  depositMs: 4_000,
  depositsTwice: false,
  fallback: 'waitlist',
  bookMs: 120_000,
  patienceMs: 900_000,
  callMs: 300_000,
  endsTwice: false,
  studentScore: 0,
  tutorScore: 0,
}

const TUTOR: TutorBehaviour = {
  language: 0,
  level: 2,
  hasCredential: true,
  rateBps: 9_000,
  raiseBps: 0,
  shiftsMs: [0],
  answers: ['accept'],
  thinkMs: 5_000,
  quoteMs: 600_000,
}

/** The described request and tutor, with changes. */
export function request(changes: Partial<RequestBehaviour> = {}): RequestBehaviour {
  return { ...REQUEST, ...changes }
}
export function tutor(changes: Partial<TutorBehaviour> = {}): TutorBehaviour {
  return { ...TUTOR, ...changes }
}
/** A tutor who never comes. */
export const AWAY = tutor({ shiftsMs: [] })

const behaviour: Behaviour = { requests: [REQUEST], tutors: [TUTOR, AWAY], stranger: [] }

export const DESCRIBED_MATCH = {
  ...{ seed: 1, run: 0, regime: 'none', profile: 'l2', behaviour },
} as const satisfies Partial<WorldOptions>

/** The described match, with changes. */
export function match(
  policy: Policy,
  behaviour: Partial<Behaviour> = {},
  options: Partial<WorldOptions> = {},
): WorldRun {
  const whole = { ...DESCRIBED_MATCH.behaviour, ...behaviour }
  return runWorld({ ...DESCRIBED_MATCH, policy, ...options, behaviour: whole })
}

/** Claims that the run breaks, by id. */
export function broken(run: WorldRun): readonly string[] {
  const judged = matchmakingWorldInvariants.map(({ id, judge }) => ({ id, ...judge(run) }))
  return judged.filter(({ violation }) => violation !== null).map(({ id }) => id)
}

export function fault(
  kind: Fault['kind'],
  target: string,
  atMs: number,
  durationMs: number,
  magnitude = 1,
): Fault {
  return { kind, target, atMs, durationMs, magnitude }
}
