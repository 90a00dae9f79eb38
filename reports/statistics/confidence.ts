/**
 * The one level of confidence of all intervals of a report, and what an interval is.
 *
 * A reader who meets several intervals on one page should not have to ask which level each has.
 */

/** Probability that an interval misses what it is about. */
export const ALPHA = 0.05

export interface Interval {
  readonly low: number
  readonly high: number
}
