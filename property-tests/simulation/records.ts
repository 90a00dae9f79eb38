/**
 * What the commands `simulate` and `sweep` leave behind: a run record each, like every other
 * command, so that all formats and the dashboard can show it.
 */
import type { Policy } from '../../models/kit/trace.ts'
import type { RunRecord } from '../../reports/record.ts'
import type { Objective } from '../../reports/statistics/pareto.ts'
import { summarise } from '../../reports/verdict.ts'
import type { RegimeName } from '../../sim/faults/regimes.ts'
import { gridOf, requireDesign, type SweepAxis, withSetting } from '../../sim/sweep.ts'
import { designOf, type SimulationSpec } from '../../sim/world/simulated.ts'
import { worldOf } from '../../sim/worlds.ts'
import { curvesOf } from '../curves.ts'
import { toolVersions, wallFacts } from '../wall.ts'
import { comparisonOf } from './comparison.ts'
import { measureGas } from './gas.ts'
import type { GasTable } from './gasTable.ts'
import { unjudgedNotes } from './judged.ts'
import { openPointStore } from './pointStore.ts'
import {
  campaignsOf,
  claimsOf,
  type SimulationSections,
  sectionsOf,
  simulate,
} from './simulation.ts'
import { type SweptGrid, sweepGrid, sweepSection } from './sweep.ts'

export type SimulationEvent =
  | { readonly kind: 'phase'; readonly label: string }
  | {
      readonly kind: 'pulse'
      readonly label: string
      readonly done: number
      readonly total: number
      readonly stepsPerSecond: number
      readonly unit: string
    }
  | { readonly kind: 'notice'; readonly text: string }

export interface CommonOptions {
  readonly policies: readonly Policy[]
  readonly regimes: readonly RegimeName[]
  /** Names of chains; null means the one that each protocol is meant for. */
  readonly profiles: readonly string[] | null
  readonly seed: number
  /** Of each policy and regime, or of each point. */
  readonly runs: number
  readonly workers: number
  readonly signal: AbortSignal
  onProgress(event: SimulationEvent): void
}

export interface SimulateRecordOptions extends CommonOptions {
  readonly protocols: readonly string[]
  /** `name=value`, each of which every one of the protocols must know. */
  readonly settings: readonly string[]
}

export interface SweepRecordOptions extends CommonOptions {
  readonly protocol: string
  readonly axes: readonly SweepAxis[]
  readonly objectives: readonly Objective[]
  /** File that finished points are kept in. */
  readonly storePath: string
}

/**
 * Specifications of a protocol: every policy that it has under every regime on every chain.
 *
 * @throws MeterproofError `MP_WORLD_UNKNOWN`, and `MP_SWEEP_…` for a setting that is refused
 */
export function specsOf(options: {
  readonly protocol: string
  readonly policies: readonly Policy[]
  readonly regimes: readonly RegimeName[]
  readonly profiles: readonly string[] | null
  readonly seed: number
  readonly settings?: readonly string[]
}): readonly SimulationSpec[] {
  const { protocol, regimes, seed, settings = [] } = options
  const world = worldOf(protocol)
  const policies = options.policies.filter((policy) => world.policies.includes(policy))
  const profiles = options.profiles ?? [world.defaultProfile]
  return profiles.flatMap((profile) =>
    policies.flatMap((policy) =>
      regimes.map((regime) => {
        const plain = { protocol, policy, regime, seed, profile, ...designOf(world) }
        const spec = settings.reduce<SimulationSpec>(
          (before, typed) => withSetting(world, before, typed),
          plain,
        )
        requireDesign(world, spec)
        return spec
      }),
    ),
  )
}

async function measured(
  policies: readonly Policy[],
  protocols: readonly string[],
  onPhase: (label: string) => void,
): Promise<GasTable> {
  const table: Record<string, GasTable[string]> = {}
  for (const protocol of protocols) {
    onPhase(`${protocol}: measuring gas on Anvil`)
    const known = policies.filter((policy) => worldOf(protocol).policies.includes(policy))
    Object.assign(table, await measureGas(protocol, known))
  }
  return table
}

/** Runs of each policy and regime in the main job, among all protocols; `simulate` takes more. */
const RUN_SHARE = { most: 100, least: 40, ofAll: 180 } as const

/**
 * The simulation as a part of the main job: every protocol gets a share of the runs that depends on
 * nothing but how many protocols there are.
 *
 * @throws MeterproofError as `simulateRecord`
 */
export async function simulateInRun(options: {
  readonly protocols: readonly string[]
  readonly policies: readonly Policy[]
  readonly regimes: readonly RegimeName[]
  readonly seed: number
  readonly workers: number
  readonly signal: AbortSignal
  onPhase(label: string): void
  onProgress(progress: { readonly done: number; readonly total: number }): void
}): Promise<SimulationSections> {
  const { protocols, policies, workers, signal, onPhase, onProgress } = options
  const { most, least, ofAll } = RUN_SHARE
  const runs = Math.min(most, Math.max(least, Math.floor(ofAll / protocols.length)))
  const specs = protocols.flatMap((protocol) => specsOf({ ...options, protocol, profiles: null }))
  const gas = await measured(policies, protocols, onPhase)
  onPhase('simulating')
  const comparison = comparisonOf(specs, true)
  const all = [...specs, ...comparison.further]
  const { parts } = await simulate({ specs: all, runs, workers, gas, signal, onProgress })
  return sectionsOf(parts.slice(0, specs.length), comparison.of(parts))
}

const phases =
  ({ onProgress }: CommonOptions) =>
  (label: string) =>
    onProgress({ kind: 'phase', label })

function pulses({ onProgress }: CommonOptions, label: string) {
  const startedAtMs = performance.now()
  let first: number | null = null
  return ({ done, total }: { readonly done: number; readonly total: number }) => {
    // What was done before, by another process, says nothing about the rate.
    first ??= label === 'simulating' ? 0 : done
    const seconds = Math.max(0.001, (performance.now() - startedAtMs) / 1000)
    const stepsPerSecond = (done - first) / seconds
    onProgress({ kind: 'pulse', label, done, total, stepsPerSecond, unit: 'runs' })
  }
}

type Frame = Pick<
  RunRecord,
  'schema' | 'contracts' | 'coverage' | 'failures' | 'canaries' | 'samples'
>

export const FRAME: Frame = {
  schema: 'meterproof.run/1',
  contracts: [],
  coverage: [],
  failures: [],
  canaries: [],
  samples: [],
}

/**
 * Simulates every policy under every regime.
 *
 * @throws MeterproofError `MP_WORLD_INVALID`, `MP_CHAIN_PROFILE_UNKNOWN`, `MP_ANVIL_…`
 */
export async function simulateRecord(options: SimulateRecordOptions): Promise<RunRecord> {
  const startedAtMs = Date.now()
  const { protocols, policies, regimes, profiles, seed, runs, settings } = options
  const { workers, signal } = options
  const specs = protocols.flatMap((protocol) => specsOf({ ...options, protocol }))
  const gas = await measured(policies, protocols, phases(options))
  const onProgress = pulses(options, 'simulating')
  const comparison = comparisonOf(specs, profiles === null)
  const all = [...specs, ...comparison.further]
  const simulated = await simulate({ specs: all, runs, workers, gas, signal, onProgress })
  const { missing } = simulated
  const parts = simulated.parts.slice(0, specs.length)
  const claims = claimsOf(parts.filter(({ result }) => result.facts.length > 0))
  const interrupted = signal.aborted && missing > 0
  const campaigns = [...campaignsOf(parts)]
  const total = runs * all.length
  return {
    ...FRAME,
    command: 'simulate',
    seed,
    arguments: {
      ...{ protocols: [...protocols], policies: [...policies], regimes: [...regimes] },
      ...{ profiles: profilesText(profiles), seed, runs, params: [...settings] },
    },
    tools: await toolVersions(),
    campaigns,
    claims,
    notes: [
      ...(interrupted ? [`Interrupted after ${total - missing} of ${total} runs.`] : []),
      ...unjudgedNotes(parts),
    ],
    summary: summarise({ claims, failures: [], canaries: [], interrupted }),
    wall: wallFacts({
      startedAtMs,
      workers,
      steps: campaigns.reduce((sum, { steps }) => sum + steps, 0),
      notes: [],
    }),
    ...sectionsOf(parts, comparison.of(simulated.parts)),
    curves: [...curvesOf(protocols, policies)],
  }
}

/**
 * Sweeps over the grid, once for each policy and regime.
 *
 * @throws MeterproofError `MP_SWEEP_…`, `MP_WORLD_INVALID`, `MP_ANVIL_…`
 */
export async function sweepRecord(options: SweepRecordOptions): Promise<RunRecord> {
  const startedAtMs = Date.now()
  const { protocol, policies, regimes, profiles, seed, runs, axes, objectives } = options
  const { workers, signal } = options
  const world = worldOf(protocol)
  const specs = specsOf(options)
  const grids = specs.map((spec) => gridOf(world, spec, axes))
  const store = openPointStore(options.storePath)
  const broken = store.brokenLines.map((line) => {
    return `Line ${line} of ${options.storePath} is broken; its point is computed again.`
  })
  for (const text of broken) options.onProgress({ kind: 'notice', text })
  const gas = await measured(policies, [protocol], phases(options))
  const onProgress = pulses(options, 'sweeping')
  const points = grids.flat()
  const swept = await sweepGrid({ world, points, runs, workers, gas, store, signal, onProgress })
  const sweep = specs.map((base, index) => {
    const own = new Set(grids[index])
    const finished = swept.finished.filter(({ point }) => own.has(point))
    return sweepSection(finished, { base, axes, objectives })
  })
  const interrupted = signal.aborted && swept.missing > 0
  return {
    ...FRAME,
    command: 'sweep',
    seed,
    arguments: {
      ...{ protocols: [protocol], policies: [...policies], regimes: [...regimes] },
      ...{
        profiles: profilesText(profiles),
        seed,
        runs,
        objectives: objectives.map(objectiveText),
      },
      params: axes.map(({ name, values }) => `${name}=${values.join(',')}`),
    },
    tools: await toolVersions(),
    campaigns: [],
    claims: [],
    notes: sweepNotes(sweep, swept, points.length),
    summary: sweepSummary(sweep, interrupted),
    wall: wallFacts({ startedAtMs, workers, steps: 0, notes: broken }),
    sweep,
  }
}

export const profilesText = (profiles: readonly string[] | null) => [...(profiles ?? ['default'])]

function objectiveText({ name, better }: Objective): string {
  return `${name}:${better === 'less' ? 'min' : 'max'}`
}

type Sweeps = NonNullable<RunRecord['sweep']>

function sweepNotes(sweep: Sweeps, { missing }: SweptGrid, total: number): string[] {
  const open = missing === 0 ? [] : [`Interrupted after ${total - missing} of ${total} points.`]
  const unmeasured = sweep.flatMap(({ points, objectives = [], policy, regime }) =>
    objectives.flatMap((name) => {
      const count = points.filter(({ outcomes }) => outcomes[name] === undefined).length
      if (count === 0) return []
      return [`${name} needs more runs at ${count} points (${policy}, regime ${regime}).`]
    }),
  )
  return [...open, ...unmeasured]
}

/** A sweep judges designs and not claims: it is inconclusive when no design is left to choose. */
function sweepSummary(sweep: Sweeps, interrupted: boolean): RunRecord['summary'] {
  const hopeless = sweep.filter(({ points }) => !points.some(({ pareto }) => pareto))
  const reasons = hopeless.map(({ policy, regime, points }) => {
    const feasible = points.filter((point) => point.feasible).length
    const broken = feasible === 0 ? 'every point violates a claim' : 'no point could be measured'
    const why = points.length === 0 ? 'none was finished' : broken
    return `No point is in the Pareto set: ${why} (${policy}, regime ${regime}).`
  })
  const decided = reasons.length > 0 ? 'inconclusive' : 'held'
  const verdict = interrupted ? 'interrupted' : decided
  const counts = { held: 0, violated: 0, undecided: 0, refutedAsExpected: 0 }
  const exitCode = { held: 0, inconclusive: 2, interrupted: 130 }[verdict]
  return { verdict, exitCode, ...counts, canariesCaught: 0, canariesMissed: 0, reasons }
}
