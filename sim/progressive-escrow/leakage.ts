/**
 * Leakage: what is billed without service, where in the session, and why the bill did not stop.
 *
 * What is billed after the last service is split by what would have stopped it: the tolerance of
 * the contract (until the session counts as silent), the pause that came late, and what a
 * completion pays beyond the time. Pure functions of the bill and the ground truth.
 */
import type { Span } from '../links.ts'
import { overlapMs, totalMs } from '../world/spans.ts'
import type { Bill } from './bill.ts'

export interface Leakage {
  /** All that is billed, what a completion adds included. */
  readonly billedMs: number
  /** Billed after the last service: the sum of the three causes below it. */
  readonly postDropMs: number
  readonly toleranceMs: number
  readonly pausingMs: number
  readonly completionMs: number
  /** Stretches of the bill without service that end before the last service. */
  readonly gapsMs: readonly number[]
  /** Stretches of running time after or without the last service that are billed. */
  readonly tailCount: number
  /** Delivered and not billed. */
  readonly unbilledMs: number
}

/** A time without service after the first one, while the session ran and nobody had left. */
export interface Outage {
  readonly fromMs: number
  readonly lengthMs: number
  readonly billedMs: number
  /** Whether the session was paused for it. */
  readonly isPaused: boolean
}

/** The parts of `within` that are in none of the spans, which are in order. */
export function partsWithout(spans: readonly Span[], within: Span): readonly Span[] {
  const parts: Span[] = []
  let { fromMs } = within
  for (const span of spans) {
    if (span.untilMs <= fromMs) continue
    if (span.fromMs >= within.untilMs) break
    if (span.fromMs > fromMs) parts.push({ fromMs, untilMs: span.fromMs })
    fromMs = span.untilMs
  }
  if (fromMs < within.untilMs) parts.push({ fromMs, untilMs: within.untilMs })
  return parts
}

/** What is billed without service. */
export function leakageOf(
  { activations, effectiveMs, remainderMs }: Bill,
  served: readonly Span[],
): Leakage {
  const lastMs = served[served.length - 1]?.untilMs ?? activations[0]?.fromMs ?? 0
  const gapsMs: number[] = []
  let toleranceMs = 0
  let pausingMs = 0
  let tailCount = 0
  for (const { fromMs, billedUntilMs, silentFromMs } of activations) {
    const bill = { fromMs, untilMs: Math.max(fromMs, Math.min(billedUntilMs, lastMs)) }
    for (const part of partsWithout(served, bill)) gapsMs.push(part.untilMs - part.fromMs)
    const tailMs = Math.max(fromMs, lastMs)
    if (billedUntilMs > tailMs) {
      tailCount += 1
      const silentMs = Math.max(tailMs, Math.min(billedUntilMs, silentFromMs))
      toleranceMs += silentMs - tailMs
      pausingMs += billedUntilMs - silentMs
    }
  }
  const inBillMs = activations.reduce(
    (sum, { fromMs, billedUntilMs: untilMs }) => sum + overlapMs(served, { fromMs, untilMs }),
    0,
  )
  return {
    billedMs: effectiveMs + remainderMs,
    ...{ postDropMs: toleranceMs + pausingMs + remainderMs, toleranceMs, pausingMs },
    ...{ completionMs: remainderMs, gapsMs, tailCount },
    unbilledMs: Math.max(0, totalMs(served) - inBillMs),
  }
}

/**
 * Every outage of a session, in order.
 *
 * @param callEndMs when the first side left the call for good; null for never
 */
export function outagesOf(
  { activations }: Bill,
  served: readonly Span[],
  callEndMs: number | null,
): readonly Outage[] {
  const outages: Outage[] = []
  for (const { fromMs, untilMs, billedUntilMs, endedBy } of activations) {
    const endMs = Math.min(untilMs, callEndMs ?? untilMs)
    for (const part of partsWithout(served, { fromMs, untilMs: Math.max(fromMs, endMs) })) {
      if (part.fromMs < (served[0]?.fromMs ?? part.untilMs)) continue
      // An outage that the session was paused for goes on until there is service again.
      const isPaused = part.untilMs === untilMs && endedBy === 'pauseOnTimeout'
      const againMs = served.find((span) => span.fromMs >= untilMs)?.fromMs ?? callEndMs
      const overMs = isPaused ? Math.max(untilMs, againMs ?? untilMs) : part.untilMs
      const billed = { fromMs, untilMs: Math.max(fromMs, billedUntilMs) }
      outages.push({
        ...{ fromMs: part.fromMs, lengthMs: overMs - part.fromMs },
        ...{ billedMs: overlapMs([part], billed), isPaused },
      })
    }
  }
  return outages
}
