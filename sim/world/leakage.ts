/**
 * Leakage: what is billed beyond the service, and which stage of the way to the stop caused it.
 *
 * The bill runs from the start to B without a gap; the service ends at T. What is billed after T is
 * the post-drop leakage, split at the moments when the silence was detected (D), the stop was
 * submitted (S) and included (I), each clipped to B; the causes sum to the whole exactly. Pure
 * functions of times.
 */
import type { Span } from '../links.ts'
import { overlapMs, totalMs } from './spans.ts'

export interface Leakage {
  /** Billed time, start to B. */
  readonly billedMs: number
  readonly deliveredMs: number
  /** max(0, B − T): the sum of the four causes below it. */
  readonly postDropMs: number
  readonly detectionMs: number
  readonly relayMs: number
  readonly inclusionMs: number
  /** What rounding to whole seconds takes away; never positive. */
  readonly roundingMs: number
  /** Billed before the service began. */
  readonly startMs: number
  /** Billed while the service was interrupted. */
  readonly interruptionMs: number
  /** Delivered but not billed, before the start or after B. */
  readonly unbilledMs: number
  /** Lengths of the gaps of the service inside the bill, the one at the start included. */
  readonly gapsMs: readonly number[]
}

export interface LeakageInput {
  readonly startedMs: number
  readonly billedSeconds: number
  readonly served: readonly Span[]
  readonly detectedMs: number | null
  readonly submittedMs: number | null
  readonly includedMs: number | null
}

const NOTHING: Leakage = {
  billedMs: 0,
  deliveredMs: 0,
  postDropMs: 0,
  detectionMs: 0,
  relayMs: 0,
  inclusionMs: 0,
  roundingMs: 0,
  startMs: 0,
  interruptionMs: 0,
  unbilledMs: 0,
  gapsMs: [],
}

function splitCauses(dropMs: number, billEndMs: number, input: LeakageInput) {
  const includedMs = input.includedMs ?? billEndMs
  // Billed by the block: the second that the block rounds away belongs to inclusion and rounding.
  const isByBlock = billEndMs <= includedMs && includedMs - billEndMs < 1000
  const endMs = isByBlock ? includedMs : billEndMs
  const clip = (atMs: number | null, least: number) =>
    Math.max(least, Math.min(atMs ?? endMs, endMs))
  const detected = clip(input.detectedMs, Math.min(dropMs, endMs))
  const submitted = clip(input.submittedMs, detected)
  return {
    detectionMs: detected - dropMs,
    relayMs: submitted - detected,
    inclusionMs: endMs - submitted,
    roundingMs: billEndMs - endMs,
  }
}

/** Leakage of a session that was started; all zero for one that was not. */
export function leakageOf(input: LeakageInput): Leakage {
  const { startedMs, billedSeconds, served } = input
  const billedMs = billedSeconds * 1000
  const billEndMs = startedMs + billedMs
  const deliveredMs = totalMs(served)
  const bill = { fromMs: startedMs, untilMs: billEndMs }
  const dropMs = Math.max(startedMs, served[served.length - 1]?.untilMs ?? startedMs)
  const postDropMs = Math.max(0, billEndMs - dropMs)
  const causes =
    postDropMs > 0
      ? splitCauses(dropMs, billEndMs, input)
      : { detectionMs: 0, relayMs: 0, inclusionMs: 0, roundingMs: 0 }
  const gapsMs: number[] = []
  let coveredMs = startedMs
  let startMs = 0
  for (const { fromMs, untilMs } of served) {
    const gapMs = Math.max(0, Math.min(fromMs, billEndMs) - coveredMs)
    if (gapMs > 0) gapsMs.push(gapMs)
    if (coveredMs === startedMs) startMs = gapMs
    coveredMs = Math.max(coveredMs, untilMs)
  }
  const interruptionMs = gapsMs.reduce((sum, gap) => sum + gap, 0) - startMs
  const unbilledMs = deliveredMs - overlapMs(served, bill)
  return {
    ...{ billedMs, deliveredMs, postDropMs, ...causes },
    ...{ startMs, interruptionMs, unbilledMs, gapsMs },
  }
}

/** A session that never ran. */
export const NO_LEAKAGE: Leakage = NOTHING
