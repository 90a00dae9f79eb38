/**
 * The ground truth of a lesson, as it is compared with what was recorded: how long those were there
 * who have to be, and when the lesson ended.
 *
 * As described a lesson is attended by the student; hardened the teacher has to be there as well.
 * Pure functions of a run.
 */
import type { Span } from '../links.ts'
import { overlapMs } from '../world/spans.ts'
import { SIDES, type Side } from './actors.ts'
import type { WorldRun } from './worldRun.ts'

const SECOND_MS = 1000

export function seconds({ parameters }: Pick<WorldRun, 'parameters'>, name: string): number {
  return parameters[name] as number
}

export function bookedMs(run: WorldRun): number {
  return seconds(run, 'sessionSeconds') * SECOND_MS
}

export function bookedEndMs(run: WorldRun): number {
  return run.startMs + bookedMs(run)
}

/** True time of a second of the contract. */
export function trueMs({ epochSeconds }: WorldRun, contractSeconds: number): number {
  return (contractSeconds - epochSeconds) * SECOND_MS
}

/** True time from which on a hold that nobody finished can be refunded. */
export function noShowMs(run: WorldRun): number {
  return bookedEndMs(run) + seconds(run, 'noShowSeconds') * SECOND_MS
}

/** Whose presence counts. */
export function countedSides({ policy }: Pick<WorldRun, 'policy'>): readonly Side[] {
  return policy === 'hardened' ? SIDES : ['student']
}

/** When all of them were there. */
export function countedSpans(run: WorldRun): readonly Span[] {
  return run.policy === 'hardened' ? run.served : run.presence.student
}

/** Presence that counts, from the booked start on. Nobody is there when the room is closed. */
export function presentMs(run: WorldRun): number {
  return overlapMs(countedSpans(run), { fromMs: run.startMs, untilMs: Number.MAX_SAFE_INTEGER })
}

/** What the contract has as attended. */
export function recordedMs({ endState }: WorldRun): number {
  return endState.attendedSeconds * SECOND_MS
}

export function isReferred({ agreements }: WorldRun): boolean {
  return agreements[0]?.roles.referrer !== undefined
}
