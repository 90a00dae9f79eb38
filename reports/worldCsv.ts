/**
 * The tables of the simulated world: `latency.csv`, `service-levels.csv`, `exposure.csv`,
 * `costs.csv` and `sweep.csv`.
 *
 * Times are milliseconds, amounts base units as decimal strings. A cell is empty where the sample
 * was too small for the number.
 */
import { unitsPerRun } from './costs.ts'
import { type Row, table } from './csv.ts'
import type { Latency, RunRecord, Scope, Sweep } from './record.ts'

export const PLACE_COLUMNS = ['protocol', 'policy', 'regime', 'profile'] as const

/** Where a row is from; the chain is empty in records that do not say. */
export function placeCells(item: Scope & { readonly profile?: string | undefined }): Row {
  const { protocol, policy, regime, profile = '' } = item
  return { protocol, policy, regime, profile }
}

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
    [...PLACE_COLUMNS, 'stage', 'n', 'failed', 'undecided', ...columns, 'maxMs', 'worstRun'],
    latency.map(({ quantiles, worst, ...entry }) => ({
      ...placeCells(entry),
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
    [...PLACE_COLUMNS, ...columns],
    exposure.flatMap((entry) => {
      const { party, boundUnits, points } = entry
      return points.map((point) => ({ ...placeCells(entry), party, ...point, boundUnits }))
    }),
  )
}

/** One row for each promise of time in each regime on each chain. */
export function serviceLevelsCsv({ serviceLevels = [] }: RunRecord): string {
  const promise = ['blockIntervalMs', 'name', 'stage', 'withinMs'] as const
  const counts = ['n', 'met', 'late', 'failed', 'undecided'] as const
  return table(
    [...PLACE_COLUMNS, ...promise, ...counts, 'probability', 'low', 'high'],
    serviceLevels.map(({ probability, ...level }) => ({
      ...placeCells(level),
      ...Object.fromEntries([...promise, ...counts].map((name) => [name, level[name]])),
      probability: probability?.value ?? null,
      low: probability?.low ?? null,
      high: probability?.high ?? null,
    })),
  )
}

/**
 * One row for each action, with what it costs at each price of gas, and one for all actions of a
 * session (`action` is `all`). Gas and counts are totals over the runs, amounts are for one run and
 * rounded down.
 */
export function costsCsv({ costs = [] }: RunRecord): string {
  const columns = ['runs', 'action', 'isLiveness', 'count', 'gasEach', 'gas'] as const
  const prices = [...new Set(costs.flatMap((cost) => cost.prices.map(({ gwei }) => gwei)))]
  const priced = prices.flatMap((gwei) => [
    `costUnitsAt${gwei}Gwei`,
    `settledBpsAt${gwei}Gwei`,
    `livenessPerProtectedAt${gwei}Gwei`,
  ])
  const protection = ['livenessGas', 'protectedUnits'] as const
  return table(
    [...PLACE_COLUMNS, ...columns, ...protection, ...priced],
    costs.flatMap((cost) => {
      const { runs, actions, gas, livenessGas, protectedUnits } = cost
      const place = placeCells(cost)
      const cells = cost.prices.flatMap(({ gwei, costUnits, ...price }) => [
        [`costUnitsAt${gwei}Gwei`, unitsPerRun(costUnits, cost)] as const,
        [`settledBpsAt${gwei}Gwei`, price.settledBps] as const,
        [`livenessPerProtectedAt${gwei}Gwei`, price.livenessPerProtected] as const,
      ])
      const kept = protectedUnits === null ? null : unitsPerRun(protectedUnits, cost)
      return [
        ...actions.map((each) => ({ ...place, runs, ...each })),
        {
          ...{ ...place, runs, action: 'all', gas, livenessGas, protectedUnits: kept },
          ...Object.fromEntries(cells),
        },
      ]
    }),
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
    // The chain may itself be swept over, and is one column then.
    [
      ...new Set([...PLACE_COLUMNS, ...parameters]),
      'n',
      'feasible',
      'pareto',
      'violated',
      ...columns,
    ],
    sweep.flatMap((each) =>
      each.points.map((point) => {
        const { n = null, feasible, pareto, violated = [] } = point
        const ends = Object.entries(point.intervals ?? {}).flatMap(([name, { low, high }]) => {
          return [[`${name}.low`, low] as const, [`${name}.high`, high] as const]
        })
        return {
          ...{ ...placeCells(each), ...point.parameters },
          ...{ n, feasible, pareto, violated: violated.join(' ') },
          ...point.outcomes,
          ...Object.fromEntries(ends),
        }
      }),
    ),
  )
}
