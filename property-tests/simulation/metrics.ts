/**
 * Single numbers of a regime: stalls, false stops, gas and fees, and what a regime changes from
 * run to run, compared with the world without faults under the same random numbers.
 */
import type { Metric } from '../../reports/record.ts'
import { pairedDifference } from '../../reports/statistics/means.ts'
import type { Stage } from '../../sim/session-escrow/runFacts.ts'
import { type Estimate, outcomesOf } from './measures.ts'
import { type SimulatedPart, scopeOfPart } from './part.ts'

interface Shown {
  readonly outcome: string
  readonly metric: string
  readonly unit: string
  /** Factor from the outcome's unit. */
  readonly times: number
}

const SHOWN: readonly Shown[] = [
  { outcome: 'stall.mean', metric: 'stall share', unit: '%', times: 0.01 },
  { outcome: 'falseStop.rate', metric: 'false stop rate', unit: '%', times: 100 },
  { outcome: 'unfinished.rate', metric: 'unfinished rate', unit: '%', times: 100 },
  { outcome: 'gas.mean', metric: 'gas per session', unit: 'gas', times: 1 },
  { outcome: 'fees.p50', metric: 'fees per session (median)', unit: 'gwei', times: 1 },
  {
    outcome: 'gasOverhead.p50',
    metric: 'gas overhead (median, 3,000 tokens an ether)',
    unit: '%',
    times: 0.01,
  },
  { outcome: 'feeRealised.mean', metric: 'fee realised', unit: '%', times: 0.01 },
  { outcome: 'leakage.p95', metric: 'leakage after a drop (p95)', unit: 'ms', times: 1 },
  { outcome: 'unbilled.p95', metric: 'delivered, not billed (p95)', unit: 'ms', times: 1 },
]

/** Percent of a count in basis points has binary dust: 0.01 · 7 is not 0.07. */
function scaled(value: number | bigint, times: number): number {
  return Math.round(Number(value) * times * 1e9) / 1e9
}

function metricOf(part: SimulatedPart, shown: Shown, estimate: Estimate | undefined): Metric[] {
  if (estimate === undefined) return []
  const { metric, unit, times } = shown
  const { value, low, high, n } = estimate
  const end = (each: number | bigint | null) => (each === null ? null : scaled(each, times))
  const numbers = { n, value: scaled(value, times), low: end(low), high: end(high) }
  return [{ ...scopeOfPart(part), metric, unit, ...numbers }]
}

function durationsByRun({ result }: SimulatedPart, stage: Stage): ReadonlyMap<number, number> {
  return new Map(
    result.facts.flatMap(({ run, stages }) => {
      const durationMs = stages.find((each) => each.stage === stage)?.durationMs ?? null
      return durationMs === null ? [] : [[run, durationMs] as const]
    }),
  )
}

const COMPARED: readonly Stage[] = ['end → settled', 'end → refunded']

/** Run by run, how much longer a stage takes than in the world without faults. */
function differences(part: SimulatedPart, base: SimulatedPart | undefined): readonly Metric[] {
  if (base === undefined || part.spec.regime === 'none') return []
  return COMPARED.flatMap((stage) => {
    const found = pairedDifference(durationsByRun(base, stage), durationsByRun(part, stage))
    if (found === null || found.median === null) return []
    const { value, low, high } = found.median
    const metric = `${stage}, more than without faults (median of pairs)`
    return [{ ...scopeOfPart(part), metric, unit: 'ms', n: found.n, value, low, high }]
  })
}

/** @param base the same design in regime `none`, when it was simulated */
export function metricSections(
  part: SimulatedPart,
  base: SimulatedPart | undefined,
): readonly Metric[] {
  const outcomes = outcomesOf(part.result.facts, part.gas)
  const shown = SHOWN.flatMap((each) => metricOf(part, each, outcomes[each.outcome]))
  return [...shown, ...differences(part, base)]
}
