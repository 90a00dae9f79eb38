/**
 * What the commands `simulate` and `sweep` leave behind: a run record each, like every other
 * command, so that all formats and the dashboard can show it.
 */
import type { Policy } from '../../models/kit/trace.ts'
import {
  type SessionEscrowParameters,
  sessionEscrowParameters,
  sessionTermsDefault,
} from '../../models/session-escrow/parameters.ts'
import type { RunRecord } from '../../reports/record.ts'
import type { Objective } from '../../reports/statistics/pareto.ts'
import { summarise } from '../../reports/verdict.ts'
import type { RegimeName } from '../../sim/faults/regimes.ts'
import type { SimulationSpec } from '../../sim/simulate.ts'
import { gridOf, type SweepAxis } from '../../sim/sweep.ts'
import { toolVersions, wallFacts } from '../wall.ts'
import { measureGas } from './gas.ts'
import type { GasTable } from './gasTable.ts'
import { openPointStore } from './pointStore.ts'
import { campaignOf, claimsOf, sectionsOf, simulate } from './simulation.ts'
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

interface CommonOptions {
  readonly policies: readonly Policy[]
  readonly regimes: readonly RegimeName[]
  readonly profile: string
  readonly seed: number
  /** Of each policy and regime, or of each point. */
  readonly runs: number
  readonly workers: number
  readonly signal: AbortSignal
  onProgress(event: SimulationEvent): void
}

export interface SimulateRecordOptions extends CommonOptions {
  readonly parameters?: Partial<SessionEscrowParameters>
}

export interface SweepRecordOptions extends CommonOptions {
  readonly axes: readonly SweepAxis[]
  readonly objectives: readonly Objective[]
  /** File that finished points are kept in. */
  readonly storePath: string
}

/** Specifications of every policy under every regime. */
export function specsOf(options: {
  readonly policies: readonly Policy[]
  readonly regimes: readonly RegimeName[]
  readonly profile: string
  readonly seed: number
  readonly parameters?: Partial<SessionEscrowParameters>
}): readonly SimulationSpec[] {
  const { policies, regimes, profile, seed } = options
  const parameters = sessionEscrowParameters.parse(options.parameters ?? {})
  return policies.flatMap((policy) =>
    regimes.map((regime) => ({
      protocol: 'session-escrow' as const,
      ...{ policy, regime, seed, profile, parameters, ...sessionTermsDefault },
    })),
  )
}

async function measured({ policies, onProgress }: CommonOptions): Promise<GasTable> {
  onProgress({ kind: 'phase', label: 'measuring gas on Anvil' })
  return measureGas(policies)
}

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

const FRAME: Frame = {
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
  const { policies, regimes, profile, seed, runs, workers, signal } = options
  const gas = await measured(options)
  const specs = specsOf(options)
  const onProgress = pulses(options, 'simulating')
  const { parts, missing } = await simulate({ specs, runs, workers, gas, signal, onProgress })
  const claims = claimsOf(parts.filter(({ result }) => result.facts.length > 0))
  const interrupted = signal.aborted && missing > 0
  const campaigns = parts.map(campaignOf)
  const total = runs * specs.length
  const parameters = Object.entries(options.parameters ?? {})
  return {
    ...FRAME,
    command: 'simulate',
    seed,
    arguments: {
      ...{ protocols: ['session-escrow'], policies: [...policies], regimes: [...regimes] },
      ...{ profile, seed, runs, ...Object.fromEntries(parameters) },
    },
    tools: await toolVersions(),
    campaigns,
    claims,
    notes: interrupted ? [`Interrupted after ${total - missing} of ${total} runs.`] : [],
    summary: summarise({ claims, failures: [], canaries: [], interrupted }),
    wall: wallFacts({
      startedAtMs,
      workers,
      steps: campaigns.reduce((sum, { steps }) => sum + steps, 0),
      notes: [],
    }),
    ...sectionsOf(parts),
  }
}

/**
 * Sweeps over the grid, once for each policy and regime.
 *
 * @throws MeterproofError `MP_SWEEP_…`, `MP_WORLD_INVALID`, `MP_ANVIL_…`
 */
export async function sweepRecord(options: SweepRecordOptions): Promise<RunRecord> {
  const startedAtMs = Date.now()
  const { policies, regimes, profile, seed, runs, workers, signal, axes, objectives } = options
  const specs = specsOf(options)
  const grids = specs.map((spec) => gridOf(spec, axes))
  const store = openPointStore(options.storePath)
  const broken = store.brokenLines.map((line) => {
    return `Line ${line} of ${options.storePath} is broken; its point is computed again.`
  })
  for (const text of broken) options.onProgress({ kind: 'notice', text })
  const gas = await measured(options)
  const onProgress = pulses(options, 'sweeping')
  const points = grids.flat()
  const swept = await sweepGrid({ points, runs, workers, gas, store, signal, onProgress })
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
      ...{ protocols: ['session-escrow'], policies: [...policies], regimes: [...regimes] },
      ...{ profile, seed, runs, objectives: objectives.map(objectiveText) },
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
