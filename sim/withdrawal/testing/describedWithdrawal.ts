/**
 * The withdrawal of the protocol's README, for tests: 100.00 are paid in, 70.00 of them are the
 * teacher's, who asks for half of that; one admin is at work, the bank pays within minutes, blocks
 * come every 12 s, and nothing goes wrong.
 */
import type { Policy } from '../../../models/kit/trace.ts'
import type { Fault } from '../../faults/fault.ts'
import type { AdminBehaviour, Behaviour, RequestBehaviour } from '../behaviour.ts'
import type { WorldOptions } from '../options.ts'
import { runWorld } from '../world.ts'
import { withdrawalWorldInvariants } from '../worldInvariants.ts'
import type { WorldRun } from '../worldRun.ts'

export const AT_WORK: AdminBehaviour = { fromMinute: 0, untilMinute: 1_440, thinkMs: 60_000 }
/** At work in the first minute of the day only, when the world begins at 8. */
export const AT_HOME: AdminBehaviour = { fromMinute: 0, untilMinute: 1, thinkMs: 60_000 }

export const REQUEST: RequestBehaviour = {
  teacher: 0,
  atMs: 60_000,
  shareBps: 5_000,
  asksAgain: false,
  verdict: 'approve',
  isClosed: false,
  checkMs: 60_000,
  settleMs: 120_000,
  answers: 'once',
  lateMs: 0,
  returns: 0,
}

const behaviour: Behaviour = {
  earnings: [{ teacher: 0, atMs: 10_000, sessionBps: 20_000 }],
  requests: [REQUEST],
  teacherPatienceMs: 3_600_000,
  admin0: AT_WORK,
  admin1: AT_HOME,
  adminPatienceMs: 600_000,
  adminRetries: 0,
  takesCommission: false,
  stranger: [],
}

export const DESCRIBED_WITHDRAWAL = {
  ...{ seed: 1, run: 0, regime: 'none', profile: 'l1', behaviour },
} as const satisfies Partial<WorldOptions>

/** The described withdrawal, with changes. */
export function withdraw(
  policy: Policy,
  behaviour: Partial<Behaviour> = {},
  options: Partial<WorldOptions> = {},
): WorldRun {
  const whole = { ...DESCRIBED_WITHDRAWAL.behaviour, ...behaviour }
  return runWorld({ ...DESCRIBED_WITHDRAWAL, policy, ...options, behaviour: whole })
}

/** The described request, with changes. */
export function request(changes: Partial<RequestBehaviour>): RequestBehaviour {
  return { ...REQUEST, ...changes }
}

/** Claims that the run breaks, by id. */
export function broken(run: WorldRun): readonly string[] {
  const judged = withdrawalWorldInvariants.map(({ id, judge }) => ({ id, ...judge(run) }))
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
