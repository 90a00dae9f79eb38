/**
 * Runs a sweep: every point of a grid under the same random numbers, with what it costs each side,
 * whether any claim breaks there, and whether another point beats it in everything.
 */
import type { Sweep } from '../../reports/record.ts'
import { type Objective, paretoSet } from '../../reports/statistics/pareto.ts'
import { mergeShards, type Shard, type ShardResult, shardsOf } from '../../sim/simulate.ts'
import { type SweepAxis, type SweepPoint, sweepParameter } from '../../sim/sweep.ts'
import { designOf, type SimulatedWorld, type SimulationSpec } from '../../sim/world/simulated.ts'
import { worldOf } from '../../sim/worlds.ts'
import { type GasTable, gasFor } from './gasTable.ts'
import { violatedIds } from './judged.ts'
import { namedOutcomes, outcomesOf, usualOutcomes } from './measures.ts'
import type { PointResult, PointStore } from './pointStore.ts'
import { createShardPool } from './shardPool.ts'
import { nameOfWork, RUNS_PER_SHARD } from './simulation.ts'

/** Changes when the meaning of stored points does. */
const STORE_VERSION = 2

export interface SweepOptions {
  /** Of one world. */
  readonly world: SimulatedWorld
  readonly points: readonly SweepPoint[]
  readonly runs: number
  readonly workers: number
  readonly gas: GasTable
  readonly store: PointStore
  readonly signal: AbortSignal
  onProgress(progress: { readonly done: number; readonly total: number }): void
}

export interface FinishedPoint {
  readonly point: SweepPoint
  readonly result: PointResult
}

export interface SweptGrid {
  /** In the order of the grid; those that an interruption left open are missing. */
  readonly finished: readonly FinishedPoint[]
  readonly missing: number
  /** Points that were taken from the store. */
  readonly known: number
}

/** Fingerprint of how the world behaves: results of another world must not be taken for ours. */
export function worldFingerprint(world: SimulatedWorld): readonly string[] {
  const { protocol, policies, defaultProfile: profile } = world
  return policies.map((policy) => {
    const spec = {
      protocol,
      policy,
      regime: 'mixed',
      seed: 1,
      profile,
      ...designOf(world),
    } as const
    return world.play(spec, 0, 'summary').facts(false).hash
  })
}

interface Open {
  readonly key: string
  readonly point: SweepPoint
  readonly shards: readonly Shard[]
  readonly results: ShardResult[]
}

/**
 * Runs what the store does not have yet. A point is stored as soon as its last run is done.
 *
 * @throws MeterproofError `MP_SWEEP_STORE` and those of the world
 */
export async function sweepGrid(options: SweepOptions): Promise<SweptGrid> {
  const { points, runs, workers, gas, store, signal } = options
  const world = worldFingerprint(options.world)
  const keys = points.map(({ spec }) => {
    return nameOfWork(spec, runs, { world, gas: gasFor(gas, spec), version: STORE_VERSION })
  })
  const open = points.flatMap((point, index): Open[] => {
    const key = keys[index] as string
    if (store.get(key) !== undefined) return []
    const shards = shardsOf(point.spec, { runs, size: RUNS_PER_SHARD, hasCourse: false })
    return [{ key, point, shards, results: [] }]
  })
  const known = points.length - open.length
  const work = open.flatMap((each) => each.shards.map((shard) => ({ shard, each })))
  const total = points.length * runs
  let done = known * runs
  options.onProgress({ done, total })
  const pool = createShardPool(Math.min(workers, work.length))
  try {
    await pool.runAll(
      work.map(({ shard }) => shard),
      {
        mayStart: () => !signal.aborted,
        onResult(result, _, index) {
          const { each } = work[index] as (typeof work)[number]
          each.results.push(result)
          done += result.facts.length
          if (each.results.length === each.shards.length) {
            store.put(each.key, resultOf(each.point.spec, each.results, gas))
          }
          options.onProgress({ done, total })
        },
      },
    )
  } finally {
    await pool.close()
  }
  const finished = points.flatMap((point, index) => {
    const result = store.get(keys[index] as string)
    return result === undefined ? [] : [{ point, result }]
  })
  return { finished, missing: points.length - finished.length, known }
}

function resultOf(spec: SimulationSpec, results: readonly ShardResult[], gas: GasTable) {
  const merged = mergeShards(results)
  return {
    outcomes: { ...outcomesOf(worldOf(spec.protocol), merged.facts, gasFor(gas, spec)) },
    violated: [...violatedIds({ result: merged })],
    runs: merged.facts.length,
  }
}

export interface SweepView {
  readonly base: SimulationSpec
  readonly axes: readonly SweepAxis[]
  readonly objectives: readonly Objective[]
}

/** Finished points as the record holds them. The Pareto set is taken over feasible points. */
export function sweepSection(finished: readonly FinishedPoint[], view: SweepView): Sweep {
  const { base, axes, objectives } = view
  const { protocol, policy, regime } = base
  const world = worldOf(protocol)
  const names = [...new Set([...objectives.map(({ name }) => name), ...usualOutcomes(world)])]
  const outcomes = finished.map(({ result }) =>
    objectives.map(({ name }) =>
      result.violated.length > 0 ? null : (result.outcomes[name]?.value ?? null),
    ),
  )
  const isBest = paretoSet(
    outcomes,
    objectives.map(({ better }) => better),
  )
  const current = axes.map(({ name }) => [name, sweepParameter(world, name).of(base)] as const)
  return {
    ...{ protocol, policy, regime },
    ...(axes.some(({ name }) => name === 'profile') ? {} : { profile: base.profile }),
    points: finished.map((point, index) => pointEntry(point, names, isBest[index] === true)),
    axes: [
      ...axes.map((axis) => parameterAxis(world, axis)),
      ...names.map((name) => outcomeAxis(world, name, objectives)),
    ],
    objectives: objectives.map(({ name }) => name),
    current: Object.fromEntries(current),
  }
}

function pointEntry(finished: FinishedPoint, names: readonly string[], pareto: boolean) {
  const { outcomes, violated, runs } = finished.result
  const entries = names.flatMap((name) => {
    const estimate = outcomes[name]
    return estimate === undefined ? [] : [{ name, ...estimate }]
  })
  const intervals = entries.flatMap(({ name, low, high }) => {
    if (low === null || high === null) return []
    return [[name, { low: Number(low), high: Number(high) }] as const]
  })
  return {
    parameters: finished.point.settings,
    outcomes: Object.fromEntries(entries.map(({ name, value }) => [name, value])),
    feasible: violated.length === 0,
    ...{ pareto, n: runs, violated },
    intervals: Object.fromEntries(intervals),
  }
}

type Axis = NonNullable<Sweep['axes']>[number]

function parameterAxis(world: SimulatedWorld, { name }: SweepAxis): Axis {
  const { unit, kind } = sweepParameter(world, name)
  return { name, unit, better: null, integer: kind !== 'word' }
}

function outcomeAxis(world: SimulatedWorld, name: string, objectives: readonly Objective[]): Axis {
  const measure = namedOutcomes(world).get(name)
  const objective = objectives.find((each) => each.name === name)
  const better = objective?.better ?? measure?.better ?? null
  const integer = !name.endsWith('.mean') && !name.endsWith('.rate')
  return { name, unit: measure?.unit ?? '', better, integer }
}
