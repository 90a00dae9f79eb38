/**
 * Wakes on the monotonic clock: one timer at a time, for the earliest of what is due.
 */
import type { Moment, TimerEffect } from '../world/actors.ts'
import { NEVER } from '../world/ownClock.ts'

/** @returns when (monotonic) the participant wakes, and the timer for it unless it is set */
export function wakeAt(
  wakesMs: number,
  duesMs: readonly number[],
  { monotonicMs }: Moment,
): readonly [wakesMs: number, effects: readonly TimerEffect<'wake'>[]] {
  const dueMs = Math.min(NEVER, ...duesMs.filter((each) => each > monotonicMs))
  if (dueMs === NEVER || (wakesMs > monotonicMs && wakesMs <= dueMs)) return [wakesMs, []]
  return [dueMs, [{ kind: 'timer', name: 'wake', afterMs: Math.ceil(dueMs - monotonicMs) }]]
}
