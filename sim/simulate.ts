/**
 * Monte-Carlo simulation in shards: a range of runs under one specification, as exact facts.
 *
 * A shard is a pure function of its name (specification and range). Run number n meets the same
 * people and the same luck in every regime, policy and parameter setting, as all streams are
 * derived from (seed, n): differences between designs are differences of the designs. Results
 * merge in any order to the same value.
 */
import { MeterproofError } from '../models/kit/error.ts'
import { type FaultPlan, faultEndMs } from './faults/fault.ts'
import type { RunFacts } from './world/facts.ts'
import type { SimulationSpec } from './world/simulated.ts'
import { worldOf } from './worlds.ts'

/** Runs from `fromRun` to before `untilRun`. */
export interface Shard {
  readonly spec: SimulationSpec
  readonly fromRun: number
  readonly untilRun: number
  /** Whether exposures are kept over time: needed for charts, not for sweeps. */
  readonly hasCourse: boolean
}

/** Windows in which the activity of faults is counted. */
export const FAULT_WINDOW_MS = 130_000
export const FAULT_WINDOWS = 60

export interface ShardResult {
  /** Ascending by run. */
  readonly facts: readonly RunFacts[]
  /** By kind of fault and window: runs in which such a fault was on. */
  readonly activeRuns: Readonly<Record<string, readonly number[]>>
}

/** Shards of at most `size` runs that together are runs 0 to `runs` − 1. */
export function shardsOf(
  spec: SimulationSpec,
  options: { readonly runs: number; readonly size: number; readonly hasCourse: boolean },
): readonly Shard[] {
  const { runs, size, hasCourse } = options
  return Array.from({ length: Math.ceil(runs / size) }, (_, index) => {
    const fromRun = index * size
    return { spec, fromRun, untilRun: Math.min(runs, fromRun + size), hasCourse }
  })
}

/** The last window takes all that comes later. */
function windowOf(atMs: number): number {
  return Math.min(FAULT_WINDOWS - 1, Math.floor(atMs / FAULT_WINDOW_MS))
}

function countActive(into: Record<string, number[]>, faults: FaultPlan): void {
  const active = new Map<string, Set<number>>()
  for (const fault of faults) {
    const windows = active.get(fault.kind) ?? new Set()
    active.set(fault.kind, windows)
    const last = windowOf(faultEndMs(fault))
    for (let window = windowOf(fault.atMs); window <= last; window += 1) windows.add(window)
  }
  for (const [kind, windows] of active) {
    const counts = into[kind] ?? new Array<number>(FAULT_WINDOWS).fill(0)
    into[kind] = counts
    for (const window of windows) counts[window] = (counts[window] as number) + 1
  }
}

/**
 * Runs a shard.
 *
 * @throws MeterproofError `MP_WORLD_UNKNOWN`, `MP_WORLD_INVALID` or `MP_CHAIN_PROFILE_UNKNOWN`
 */
export function simulateShard({ spec, fromRun, untilRun, hasCourse }: Shard): ShardResult {
  const world = worldOf(spec.protocol)
  const facts: RunFacts[] = []
  const activeRuns: Record<string, number[]> = {}
  for (let run = fromRun; run < untilRun; run += 1) {
    const played = world.play(spec, run, 'summary')
    facts.push(played.facts(hasCourse))
    countActive(activeRuns, played.faults)
  }
  // Through the merge, so that the order of kinds does not tell how a simulation was cut.
  return mergeShards([{ facts, activeRuns }])
}

/**
 * All facts of several shards of one specification, whatever their order.
 *
 * @throws MeterproofError `MP_SHARDS_OVERLAP` when a run is in two of them
 */
export function mergeShards(results: readonly ShardResult[]): ShardResult {
  const facts = results.flatMap((result) => result.facts).sort((a, b) => a.run - b.run)
  const twice = facts.find((each, index) => each.run === facts[index + 1]?.run)
  if (twice !== undefined) {
    throw new MeterproofError('MP_SHARDS_OVERLAP', 'A run is in two shards of a simulation.', {
      class: 'internal',
      facts: { run: twice.run },
    })
  }
  const kinds = new Set(results.flatMap(({ activeRuns }) => Object.keys(activeRuns)))
  const activeRuns: Record<string, number[]> = {}
  for (const kind of [...kinds].sort()) {
    const counts = new Array<number>(FAULT_WINDOWS).fill(0)
    for (const result of results) {
      result.activeRuns[kind]?.forEach((count, window) => {
        counts[window] = (counts[window] as number) + count
      })
    }
    activeRuns[kind] = counts
  }
  return { facts, activeRuns }
}
