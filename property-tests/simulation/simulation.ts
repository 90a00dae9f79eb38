/**
 * Runs a Monte-Carlo simulation on any number of workers and turns it into sections of a record.
 *
 * Shards merge in any order, so the sections have the same bytes on one worker as on many. An
 * interruption gives what was finished until then, with the number of runs that it rests on.
 */
import { createHash } from 'node:crypto'
import type { Campaign, Claim, RunRecord, Scenario } from '../../reports/record.ts'
import { scenarioSchema } from '../../reports/worldSchema.ts'
import { regimeNamed } from '../../sim/faults/regimes.ts'
import {
  FAULT_WINDOW_MS,
  mergeShards,
  type Shard,
  type ShardResult,
  shardsOf,
} from '../../sim/simulate.ts'
import { canonicalJson } from '../../sim/world/canonicalJson.ts'
import type { SimulationSpec } from '../../sim/world/simulated.ts'
import { costSections } from './costs.ts'
import { conservationSection, exposureSections, leakageSection } from './exposure.ts'
import { type GasTable, gasFor } from './gasTable.ts'
import { boundSections, simulatedClaims } from './judged.ts'
import { latencySections } from './latency.ts'
import { metricSections } from './metrics.ts'
import {
  placeOfPart,
  type SimulatedPart,
  scenarioId,
  scopeOfPart,
  worldOfPart,
  worstRunOf,
} from './part.ts'
import { gigabyteSections } from './perGigabyte.ts'
import { serviceLevelSections } from './serviceLevels.ts'
import { createShardPool } from './shardPool.ts'

/** Small enough for progress and Ctrl-C, large enough to be worth a message between threads. */
export const RUNS_PER_SHARD = 20
/** Messages of a scenario that are kept: the last ones, in which the session ends. */
export const MESSAGES_MAX = 500

export interface SimulationOptions {
  readonly specs: readonly SimulationSpec[]
  /** Of each specification. */
  readonly runs: number
  readonly workers: number
  readonly gas: GasTable
  /** Wall time in milliseconds after which no new shard is begun; null is no limit. */
  readonly budgetMs?: number | null
  readonly signal: AbortSignal
  onProgress(progress: { readonly done: number; readonly total: number }): void
}

/** Sections of the run record that a simulation fills. */
export type SimulationSections = {
  readonly [Name in
    | 'regimes'
    | 'latency'
    | 'exposure'
    | 'conservation'
    | 'leakage'
    | 'bounds'
    | 'metrics'
    | 'serviceLevels'
    | 'costs'
    | 'perGigabyte'
    | 'scenarios']: NonNullable<RunRecord[Name]>
}

export interface Simulation {
  readonly parts: readonly SimulatedPart[]
  /** Runs that were asked for and not done, over all specifications. */
  readonly missing: number
}

/**
 * Simulates every specification. Runs are taken in turn from all of them, so that an interruption
 * or the end of the budget leaves all of them with about as many.
 *
 * @throws MeterproofError `MP_WORLD_INVALID`, `MP_CHAIN_PROFILE_UNKNOWN`
 */
export async function simulate(options: SimulationOptions): Promise<Simulation> {
  const { specs, runs, workers, signal, budgetMs } = options
  const deadlineMs = budgetMs == null ? Infinity : performance.now() + budgetMs
  const bySpec = specs.map((spec) =>
    shardsOf(spec, { runs, size: RUNS_PER_SHARD, hasCourse: true }),
  )
  const perSpec = bySpec[0]?.length ?? 0
  const shards: Shard[] = Array.from({ length: perSpec }).flatMap((_, index) =>
    bySpec.map((each) => each[index] as Shard),
  )
  const pool = createShardPool(Math.min(workers, shards.length))
  let done = 0
  try {
    const results = await pool.runAll(shards, {
      mayStart: () => !signal.aborted && performance.now() < deadlineMs,
      onResult(result) {
        done += result.facts.length
        options.onProgress({ done, total: runs * specs.length })
      },
    })
    const parts = specs.map((spec, index): SimulatedPart => {
      const own = shards.flatMap((shard, at): ShardResult[] => {
        const result = results[at]
        return result === undefined || shard.spec !== bySpec[index]?.[0]?.spec ? [] : [result]
      })
      return { spec, result: mergeShards(own), gas: gasFor(options.gas, spec) }
    })
    return { parts, missing: runs * specs.length - done }
  } finally {
    await pool.close()
  }
}

/**
 * Pure: the same parts give the same sections.
 *
 * @param compared parts that are compared with each other by the gigabyte
 */
export function sectionsOf(
  parts: readonly SimulatedPart[],
  compared: readonly SimulatedPart[] = parts,
): SimulationSections {
  const baseOf = ({ spec }: SimulatedPart) =>
    parts.find(
      (each) =>
        each.spec.regime === 'none' &&
        each.spec.protocol === spec.protocol &&
        each.spec.policy === spec.policy &&
        each.spec.profile === spec.profile,
    )
  return {
    regimes: parts.map(regimeSection),
    latency: parts.flatMap(latencySections),
    exposure: parts.flatMap(exposureSections),
    conservation: parts.map(conservationSection),
    leakage: parts.flatMap(leakageSection),
    bounds: parts.flatMap(boundSections),
    metrics: parts.flatMap((part) => metricSections(part, baseOf(part))),
    serviceLevels: parts.flatMap(serviceLevelSections),
    costs: parts.flatMap(costSections),
    perGigabyte: [...gigabyteSections(compared)],
    scenarios: parts.flatMap(worstScenario),
  }
}

function regimeSection(part: SimulatedPart): SimulationSections['regimes'][number] {
  const { summary, source } = regimeNamed(part.spec.regime)
  const { facts, activeRuns } = part.result
  return {
    ...placeOfPart(part),
    ...{ summary, source, runs: facts.length },
    faults: Object.entries(activeRuns).map(([kind, counts]) => ({
      kind,
      windows: counts.map((activeRunCount, index) => ({
        fromMs: index * FAULT_WINDOW_MS,
        untilMs: (index + 1) * FAULT_WINDOW_MS,
        activeRuns: activeRunCount,
      })),
    })),
  }
}

/** The run with the worst exposure of the payer, run once more with all its messages. */
function worstScenario(part: SimulatedPart): readonly Scenario[] {
  const worst = worstRunOf(part)
  if (worst === null) return []
  const title = `largest payer exposure of ${part.result.facts.length} runs: run ${worst.run}`
  const report = worldOfPart(part).play(part.spec, worst.run, 'full').report()
  const kept = { ...report, ...placeOfPart(part), id: scenarioId(part), kind: 'worst', title }
  const scenario = scenarioSchema.parse(kept)
  return [{ ...scenario, messages: scenario.messages.slice(-MESSAGES_MAX) }]
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

function histogram(values: readonly number[]) {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  const sorted = [...counts].sort(([a], [b]) => a - b)
  return sorted.map(([value, count]) => ({ value, count }))
}

/** What was run, with a fingerprint of every run. Where there are several chains, it says which. */
export function campaignsOf(parts: readonly SimulatedPart[]): readonly Campaign[] {
  const chains = (of: SimulatedPart) =>
    parts.filter(({ spec }) => scopeKey(spec) === scopeKey(of.spec)).length
  return parts.map((part) => {
    return campaignOf(part, chains(part) > 1 ? `simulation on ${part.spec.profile}` : 'simulation')
  })
}

function campaignOf(part: SimulatedPart, campaign: string): Campaign {
  const attempts = part.result.facts.map(({ transactions }) => {
    const entries = Object.entries(transactions)
    const sum = (some: typeof entries) => some.reduce((total, [, count]) => total + count, 0)
    return { all: sum(entries), accepted: sum(entries.filter(([key]) => !key.includes('!'))) }
  })
  const steps = attempts.reduce((sum, { all }) => sum + all, 0)
  const accepted = attempts.reduce((sum, each) => sum + each.accepted, 0)
  return {
    ...scopeOfPart(part),
    campaign,
    ...{ runs: attempts.length, steps, accepted, rejected: steps - accepted },
    stepsPerRun: histogram(attempts.map(({ all }) => all)),
    acceptedPerRun: histogram(attempts.map((each) => each.accepted)),
    statesPerRun: [],
    traceHash: sha256(part.result.facts.map(({ hash }) => hash).join('\n')),
  }
}

const scopeKey = ({ protocol, policy, regime }: Pick<Claim, 'protocol' | 'policy' | 'regime'>) =>
  [protocol, policy, regime].join('|')

/**
 * Claims of all parts, those of one scope on several chains together. One that a regime never puts
 * to the test is left out there, as long as another regime of the same policy does: without a drop,
 * nothing can be said about drops.
 */
export function claimsOf(parts: readonly SimulatedPart[]): readonly Claim[] {
  const scopes = new Map<string, SimulatedPart[]>()
  for (const part of parts) {
    const key = scopeKey(part.spec)
    scopes.set(key, [...(scopes.get(key) ?? []), part])
  }
  const all = [...scopes.values()].flatMap(simulatedClaims)
  return all.filter(({ invariant, protocol, policy, witnesses }) => {
    const isExercised = all.some(
      (each) =>
        each.invariant === invariant &&
        each.protocol === protocol &&
        each.policy === policy &&
        each.witnesses > 0,
    )
    return witnesses > 0 || !isExercised
  })
}

/** Name of a specification and a number of runs: equal for equal work, on every machine. */
export function nameOfWork(spec: SimulationSpec, runs: number, context: unknown): string {
  const ordered = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
    return entries.map(([key, inner]) => [key, ordered(inner)])
  }
  return sha256(canonicalJson(ordered({ spec, runs, context })))
}
