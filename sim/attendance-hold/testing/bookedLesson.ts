/**
 * The lesson of the protocol's README, for tests: 100.00 for 60 minutes, both there from beginning
 * to end, on a chain with blocks every 2 s, keepers every five minutes, and nothing going wrong.
 */
import type { Policy } from '../../../models/kit/trace.ts'
import type { Fault } from '../../faults/fault.ts'
import type { Behaviour } from '../behaviour.ts'
import type { WorldOptions } from '../options.ts'
import { runWorld } from '../world.ts'
import { attendanceHoldWorldInvariants } from '../worldInvariants.ts'
import type { WorldRun } from '../worldRun.ts'

const behaviour: Behaviour = {
  beginsAtMs: 0,
  isReferred: true,
  studentVisits: [{ fromBps: 0, untilBps: 10_000 }],
  teacherVisits: [{ fromBps: 0, untilBps: 10_000 }],
  teacherCloses: true,
  noticesMs: 500,
  silenceMs: 10_000,
  emptyMs: 60_000,
  curfewMs: 300_000,
  webhookMs: 200,
  late: [],
  copies: [],
  lostLeaves: [],
  losesFinish: false,
  forgeries: [],
  keepers: 'both',
  phaseBps: 0,
  secondPhaseBps: 5_000,
  worksMs: 1_000,
  helps: 'both',
  cheats: 'no',
  stranger: [],
}

/** The lesson begins at true time 600 s and ends at 4,200 s. */
export const BOOKED_LESSON = {
  ...{ seed: 1, run: 0, regime: 'none', profile: 'l2', behaviour },
} as const satisfies Partial<WorldOptions>

/** The booked lesson, with changes. */
export function lesson(
  policy: Policy,
  changes: Partial<Behaviour> = {},
  options: Partial<WorldOptions> = {},
): WorldRun {
  const whole = { ...BOOKED_LESSON.behaviour, ...changes }
  return runWorld({ ...BOOKED_LESSON, policy, ...options, behaviour: whole })
}

/** Claims that the run breaks, by id. */
export function broken(run: WorldRun): readonly string[] {
  const judged = attendanceHoldWorldInvariants.map(({ id, judge }) => ({ id, ...judge(run) }))
  return judged.filter(({ violation }) => violation !== null).map(({ id }) => id)
}

export function downFor(target: string, atMs: number, durationMs: number): Fault {
  return { kind: 'link-down', target, atMs, durationMs, magnitude: 1 }
}
