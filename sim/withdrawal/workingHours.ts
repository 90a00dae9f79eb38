/**
 * Working hours of admins, on their own wall clocks; hours may run over midnight.
 */
import { type AdminBehaviour, MINUTES_OF_A_DAY } from './behaviour.ts'

export const MINUTE_MS = 60_000
const DAY_MS = MINUTES_OF_A_DAY * MINUTE_MS

type Hours = Pick<AdminBehaviour, 'fromMinute' | 'untilMinute'>

/** Length of a day's work. */
export function lengthMs({ fromMinute, untilMinute }: Hours): number {
  const minutes = (untilMinute - fromMinute + MINUTES_OF_A_DAY) % MINUTES_OF_A_DAY
  return (minutes === 0 ? MINUTES_OF_A_DAY : minutes) * MINUTE_MS
}

/** First time from `wallMs` on at which somebody with these hours is at work. */
export function nextAtWorkMs(hours: Hours, wallMs: number): number {
  const sinceMs = (wallMs - hours.fromMinute * MINUTE_MS) % DAY_MS
  const intoMs = (sinceMs + DAY_MS) % DAY_MS
  return intoMs < lengthMs(hours) ? wallMs : wallMs + DAY_MS - intoMs
}
