/**
 * Latency of every stage, as the record holds it: quantiles with their intervals, a histogram, and
 * windows of true time. Samples of all runs are merged; quantiles are never averaged.
 */
import type { Latency } from '../../reports/record.ts'
import { ascending, quantilesOf } from '../../reports/statistics/quantiles.ts'
import { SILENCE_GRACE_MS } from '../../sim/session-escrow/client.ts'
import { STAGES, type Stage, type StageSample } from '../../sim/session-escrow/runFacts.ts'
import { type SimulatedPart, scenarioIdOf, scopeOfPart } from './part.ts'

const QUANTILES = [0.5, 0.9, 0.95, 0.99, 0.999] as const
const WINDOW_QUANTILES = [0.5, 0.95, 0.99] as const
const WINDOW_MS = 600_000

interface Placed extends StageSample {
  readonly run: number
}

const durations = (samples: readonly StageSample[]) =>
  samples.flatMap(({ durationMs }) => durationMs ?? []).sort(ascending)

const countOf = (samples: readonly StageSample[], wanted: StageSample['outcome']) =>
  samples.filter(({ outcome }) => outcome === wanted).length

/** Half-open buckets, each an eighth wider than the one before, from the least to the largest. */
function histogramOf(sorted: readonly number[]): Latency['histogram'] {
  const [least, most] = [sorted[0], sorted.at(-1)]
  if (least === undefined || most === undefined) return []
  const buckets: { fromMs: number; toMs: number; count: number }[] = []
  let index = 0
  for (let fromMs = least; fromMs <= most; ) {
    const nextMs = Math.max(fromMs + 1, Math.floor((fromMs * 9) / 8))
    let count = 0
    while (index < sorted.length && (sorted[index] as number) < nextMs) {
      index += 1
      count += 1
    }
    buckets.push({ fromMs, toMs: nextMs > most ? Math.max(most, fromMs) : nextMs, count })
    fromMs = nextMs
  }
  return buckets
}

function windowsOf(samples: readonly Placed[]): Latency['windows'] {
  const last = samples.reduce((most, { beginMs }) => Math.max(most, beginMs), 0)
  const count = samples.length === 0 ? 0 : Math.floor(last / WINDOW_MS) + 1
  const windows: Placed[][] = Array.from({ length: count }, () => [])
  for (const sample of samples) windows[Math.floor(sample.beginMs / WINDOW_MS)]?.push(sample)
  return windows.map((inside, index) => {
    const sorted = durations(inside)
    const carried = quantilesOf(sorted, WINDOW_QUANTILES)
    const most = sorted.at(-1)
    return {
      fromMs: index * WINDOW_MS,
      untilMs: (index + 1) * WINDOW_MS,
      n: sorted.length,
      failed: countOf(inside, 'failed'),
      undecided: countOf(inside, 'undecided'),
      quantiles: [
        ...carried.map(({ q, value }) => ({ q, valueMs: value })),
        ...(most === undefined ? [] : [{ q: 1, valueMs: most }]),
      ],
    }
  })
}

/** The time that the parameters imply for a stage, if they do. */
function limitMs({ spec }: SimulatedPart, stage: Stage): number | null {
  if (stage !== 'drop → detected') return null
  return spec.parameters.silenceTimeoutSeconds * 1000 + SILENCE_GRACE_MS
}

function latencyOf(part: SimulatedPart, stage: Stage): Latency {
  const samples = part.result.facts.flatMap(({ run, stages }) =>
    stages.filter((each) => each.stage === stage).map((each): Placed => ({ ...each, run })),
  )
  const sorted = durations(samples)
  const worst = samples.reduce<Placed | null>((most, each) => {
    return (each.durationMs ?? -1) > (most?.durationMs ?? -1) ? each : most
  }, null)
  const most = sorted.at(-1)
  return {
    ...scopeOfPart(part),
    stage,
    n: sorted.length,
    failed: countOf(samples, 'failed'),
    undecided: countOf(samples, 'undecided'),
    quantiles: [
      ...quantilesOf(sorted, QUANTILES).map(({ q, value, low, high }) => {
        return { q, valueMs: value, lowMs: low, highMs: high }
      }),
      ...(most === undefined ? [] : [{ q: 1, valueMs: most, lowMs: null, highMs: null }]),
    ],
    histogram: histogramOf(sorted),
    windows: windowsOf(samples),
    limitMs: limitMs(part, stage),
    worst:
      worst === null
        ? null
        : { run: worst.run, scenario: scenarioIdOf(part, worst.run), atMs: worst.beginMs },
  }
}

/** One entry for each stage. */
export function latencySections(part: SimulatedPart): readonly Latency[] {
  return STAGES.map((stage) => latencyOf(part, stage))
}
