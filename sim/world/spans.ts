/**
 * Sums over spans of true time. Spans are half open and do not overlap.
 */
import type { Span } from '../links.ts'

/** Milliseconds in all spans together. */
export function totalMs(spans: readonly Span[]): number {
  return spans.reduce((sum, { fromMs, untilMs }) => sum + untilMs - fromMs, 0)
}

/** Time of the spans that lies in [fromMs, untilMs). */
export function overlapMs(spans: readonly Span[], within: Span): number {
  return spans.reduce((sum, span) => {
    const from = Math.max(span.fromMs, within.fromMs)
    const until = Math.min(span.untilMs, within.untilMs)
    return sum + Math.max(0, until - from)
  }, 0)
}
