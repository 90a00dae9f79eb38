/**
 * Single numbers of a regime: the protocol's own, gas and fees, and what a regime changes from run
 * to run, compared with the world without faults under the same random numbers.
 */
import type { Metric } from '../../reports/record.ts'
import { pairedDifference } from '../../reports/statistics/means.ts'
import type { ShownMetric, SimulatedWorld } from '../../sim/world/simulated.ts'
import { type Estimate, outcomesOf } from './measures.ts'
import { placeOfPart, type SimulatedPart, worldOfPart } from './part.ts'

const SHARED: readonly ShownMetric[] = [
  { outcome: 'unfinished.rate', metric: 'unfinished rate', unit: '%', times: 100 },
  { outcome: 'gas.mean', metric: 'gas per session', unit: 'gas', times: 1 },
  { outcome: 'livenessGas.mean', metric: 'gas for signs of life', unit: '%', times: 0.01 },
  { outcome: 'fees.p50', metric: 'fees per session (median)', unit: 'gwei', times: 1 },
  {
    outcome: 'gasOverhead.p50',
    metric: 'gas overhead (median, 3,000 tokens an ether)',
    unit: '%',
    times: 0.01,
  },
  { outcome: 'feeRealised.mean', metric: 'fee realised', unit: '%', times: 0.01 },
]

/** Percent of a count in basis points has binary dust: 0.01 · 7 is not 0.07. */
function scaled(value: number | bigint, times: number): number {
  return Math.round(Number(value) * times * 1e9) / 1e9
}

function metricOf(
  part: SimulatedPart,
  shown: ShownMetric,
  estimate: Estimate | undefined,
): Metric[] {
  if (estimate === undefined) return []
  const { metric, unit, times } = shown
  const { value, low, high, n } = estimate
  const end = (each: number | bigint | null) => (each === null ? null : scaled(each, times))
  const numbers = { n, value: scaled(value, times), low: end(low), high: end(high) }
  return [{ ...placeOfPart(part), metric, unit, ...numbers }]
}

function durationsByRun({ result }: SimulatedPart, stage: string): ReadonlyMap<number, number> {
  return new Map(
    result.facts.flatMap(({ run, stages }) => {
      const durationMs = stages.find((each) => each.stage === stage)?.durationMs ?? null
      return durationMs === null ? [] : [[run, durationMs] as const]
    }),
  )
}

const comparedStages = ({ stages }: SimulatedWorld) =>
  stages.filter(({ isCompared }) => isCompared === true).map(({ name }) => name)

/** Run by run, how much longer a stage takes than in the world without faults. */
function differences(part: SimulatedPart, base: SimulatedPart | undefined): readonly Metric[] {
  if (base === undefined || part.spec.regime === 'none') return []
  return comparedStages(worldOfPart(part)).flatMap((stage) => {
    const found = pairedDifference(durationsByRun(base, stage), durationsByRun(part, stage))
    if (found === null || found.median === null) return []
    const { value, low, high } = found.median
    const metric = `${stage}, more than without faults (median of pairs)`
    return [{ ...placeOfPart(part), metric, unit: 'ms', n: found.n, value, low, high }]
  })
}

/** @param base the same design in regime `none`, when it was simulated */
export function metricSections(
  part: SimulatedPart,
  base: SimulatedPart | undefined,
): readonly Metric[] {
  const world = worldOfPart(part)
  const outcomes = outcomesOf(world, part.result.facts, part.gas)
  const shown = [...world.shownMetrics, ...SHARED].flatMap((each) =>
    metricOf(part, each, outcomes[each.outcome]),
  )
  return [...shown, ...differences(part, base)]
}
