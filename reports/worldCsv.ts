/**
 * The tables of the simulated world: `latency.csv`, `exposure.csv` and `sweep.csv`.
 *
 * Times are milliseconds, amounts base units as decimal strings. A cell is empty where the sample
 * was too small for the number.
 */
import { type Row, table } from './csv.ts'
import type { Latency, RunRecord, Sweep } from './record.ts'

const SCOPE_COLUMNS = ['protocol', 'policy', 'regime'] as const

/** `p50`, `p99.9`, and `max` for 1. */
export function quantileName(q: number): string {
  return q === 1 ? 'max' : `p${Math.round(q * 1e6) / 1e4}`
}

function quantileCells(quantiles: Latency['quantiles']): Row {
  return Object.fromEntries(
    quantiles.flatMap(({ q, valueMs, lowMs, highMs }) => {
      const name = quantileName(q)
      return [
        [`${name}Ms`, valueMs],
        [`${name}LowMs`, lowMs],
        [`${name}HighMs`, highMs],
      ]
    }),
  )
}

/** One row for each stage of each regime; quantiles with the ends of their intervals. */
export function latencyCsv({ latency = [] }: RunRecord): string {
  const all = [0.5, 0.9, 0.95, 0.99, 0.999]
  const columns = all.flatMap((q) => {
    const name = quantileName(q)
    return [`${name}Ms`, `${name}LowMs`, `${name}HighMs`]
  })
  return table(
    [...SCOPE_COLUMNS, 'stage', 'n', 'failed', 'undecided', ...columns, 'maxMs', 'worstRun'],
    latency.map(({ quantiles, worst, ...entry }) => ({
      protocol: entry.protocol,
      policy: entry.policy,
      regime: entry.regime,
      stage: entry.stage,
      n: entry.n,
      failed: entry.failed,
      undecided: entry.undecided,
      ...quantileCells(quantiles),
      worstRun: worst?.run ?? null,
    })),
  )
}

/** One row for each point of time of each party in each regime. */
export function exposureCsv({ exposure = [] }: RunRecord): string {
  const columns = ['party', 'atMs', 'medianUnits', 'lowUnits', 'highUnits', 'boundUnits']
  return table(
    [...SCOPE_COLUMNS, ...columns],
    exposure.flatMap(({ protocol, policy, regime, party, boundUnits, points }) =>
      points.map((point) => ({ protocol, policy, regime, party, ...point, boundUnits })),
    ),
  )
}

function namesOf(sweeps: readonly Sweep[], part: 'parameters' | 'outcomes'): readonly string[] {
  const points = sweeps.flatMap((sweep) => sweep.points)
  return [...new Set(points.flatMap((point) => Object.keys(point[part])))]
}

/** One row for each point: parameters, verdict, outcomes with the ends of their intervals. */
export function sweepCsv({ sweep = [] }: RunRecord): string {
  const parameters = namesOf(sweep, 'parameters')
  const outcomes = namesOf(sweep, 'outcomes')
  const columns = outcomes.flatMap((name) => [name, `${name}.low`, `${name}.high`])
  return table(
    [...SCOPE_COLUMNS, ...parameters, 'n', 'feasible', 'pareto', 'violated', ...columns],
    sweep.flatMap(({ protocol, policy, regime, points }) =>
      points.map((point) => {
        const { n = null, feasible, pareto, violated = [] } = point
        const ends = Object.entries(point.intervals ?? {}).flatMap(([name, { low, high }]) => {
          return [[`${name}.low`, low] as const, [`${name}.high`, high] as const]
        })
        return {
          ...{ protocol, policy, regime, ...point.parameters },
          ...{ n, feasible, pareto, violated: violated.join(' ') },
          ...point.outcomes,
          ...Object.fromEntries(ends),
        }
      }),
    ),
  )
}
