/**
 * Latency of every stage, as the record holds it: quantiles with their intervals, a histogram, and
 * windows of true time. Samples of all runs are merged; quantiles are never averaged.
 */
import type { Latency } from '../../reports/record.ts'
import { ascending, quantilesOf } from '../../reports/statistics/quantiles.ts'
import type { StageSample } from '../../sim/world/facts.ts'
import type { StageInfo } from '../../sim/world/simulated.ts'
import { placeOfPart, type SimulatedPart, scenarioIdOf, worldOfPart } from './part.ts'

const QUANTILES = [0.5, 0.9, 0.95, 0.99, 0.999] as const
const WINDOW_QUANTILES = [0.5, 0.95, 0.99] as const
/** Width of a window: the first that leaves few enough to look at, ten minutes for most. */
const WINDOWS_MS = [600_000, 3_600_000, 6 * 3_600_000, 24 * 3_600_000] as const
const WINDOWS_MAX = 72

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
  const widest = WINDOWS_MS[WINDOWS_MS.length - 1] as number
  const windowMs = WINDOWS_MS.find((ms) => last < ms * WINDOWS_MAX) ?? widest
  const count = samples.length === 0 ? 0 : Math.floor(last / windowMs) + 1
  const windows: Placed[][] = Array.from({ length: count }, () => [])
  for (const sample of samples) windows[Math.floor(sample.beginMs / windowMs)]?.push(sample)
  return windows.map((inside, index) => {
    const sorted = durations(inside)
    const carried = quantilesOf(sorted, WINDOW_QUANTILES)
    const most = sorted.at(-1)
    return {
      fromMs: index * windowMs,
      untilMs: (index + 1) * windowMs,
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

function latencyOf(part: SimulatedPart, info: StageInfo): Latency {
  const { name: stage } = info
  const samples = part.result.facts.flatMap(({ run, stages }) =>
    stages.filter((each) => each.stage === stage).map((each): Placed => ({ ...each, run })),
  )
  const sorted = durations(samples)
  const worst = samples.reduce<Placed | null>((most, each) => {
    return (each.durationMs ?? -1) > (most?.durationMs ?? -1) ? each : most
  }, null)
  const most = sorted.at(-1)
  return {
    ...placeOfPart(part),
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
    limitMs: info.limitMs?.(part.spec) ?? null,
    worst:
      worst === null
        ? null
        : { run: worst.run, scenario: scenarioIdOf(part, worst.run), atMs: worst.beginMs },
  }
}

/** One entry for each stage. */
export function latencySections(part: SimulatedPart): readonly Latency[] {
  return worldOfPart(part).stages.map((stage) => latencyOf(part, stage))
}
