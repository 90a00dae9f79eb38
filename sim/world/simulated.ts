/**
 * What a protocol's world gives to simulations and sweeps: words, numbers and one way to play it.
 *
 * Everything that simulates (shards, statistics, gas, records, the command line) knows protocols
 * only through this interface. A world is plain data and pure functions, so that it can be used on
 * any thread; it draws nothing but from (seed, run), and knows nothing of gas.
 */
import type { z } from 'zod'
import type { Agreement, Parameters, PlannedStep, Policy } from '../../models/kit/trace.ts'
import type { FaultPlan } from '../faults/fault.ts'
import type { RegimeName } from '../faults/regimes.ts'
import type { DownloadInfo } from './downloadInfo.ts'
import type { RunFacts } from './facts.ts'

/** Terms of the agreement that is simulated, by name. */
export type Terms = Readonly<Record<string, number | bigint>>

/** One design under one regime. Plain data: it travels to workers and into names of results. */
export interface SimulationSpec {
  readonly protocol: string
  readonly policy: Policy
  readonly regime: RegimeName
  readonly seed: number
  /** Name of a chain profile. */
  readonly profile: string
  readonly parameters: Parameters
  readonly terms: Terms
}

/** A claim about the ground truth; what it found stands in `RunFacts.judgements`. */
export interface SimulatedClaim {
  /** `INV-W-…` */
  readonly id: string
  readonly statement: string
  readonly formula: string
  /** What counts as a witness. */
  readonly witness: string
  /** Unit of the observed value and its bound; absent for claims without a number. */
  readonly unit?: string
  /** Policies that the claim speaks of; all when absent. */
  readonly policies?: readonly Policy[]
  /** Whether it speaks of a design; absent where it speaks of all. */
  concerns?(spec: SimulationSpec): boolean
}

export interface StageInfo {
  /** As reports name it, for instance `submit → included`. */
  readonly name: string
  /** The time that the parameters imply, if they do. */
  limitMs?(spec: SimulationSpec): number | null
  /** Compared, run by run, with the world without faults; at most one sample in a run. */
  readonly isCompared?: boolean
}

/** `rate` is the statistic of a share, the others are those of samples. */
export type Statistic = 'mean' | 'p50' | 'p95' | 'p99' | 'max' | 'rate'

/** Something that is measured of every run, beyond what is measured of every protocol. */
export interface MeasureInfo {
  readonly name: string
  readonly about: string
  readonly unit: string
  /** Which way is better for somebody who pays; null when it depends on whom one asks. */
  readonly better: 'less' | 'more' | null
  /** The statistic that the bare name stands for. */
  readonly usual: Statistic
  /** Where it stands in the facts: `samples[name]`, `shares[name]`, or durations of a stage. */
  readonly from: 'samples' | 'shares' | { readonly stage: string }
  /** Bounds of a bounded quantity: they make the interval of its mean sound. */
  readonly range?: { readonly least: number; readonly most: number }
}

/** A parameter whose smallest safe value can be asked for. Absent: it cannot. */
export interface SmallestInfo {
  /** Of the deployment or a term; a whole number. The step is 1. */
  readonly parameter: string
  /** Name of the measure, one of `samples`, that is to be 0: a run loses the sum of its samples. */
  readonly loss: string
  /** Most that a run can lose, in the measure's unit: it makes the bound on the mean sound. */
  most(spec: SimulationSpec): bigint
}

/** An outcome that tables and dashboards show. */
export interface ShownMetric {
  /** `measure.statistic` */
  readonly outcome: string
  readonly metric: string
  readonly unit: string
  /** Factor from the measure's unit. */
  readonly times: number
}

/** A promise of the description about time: how often is it kept? */
export interface ServiceLevel {
  readonly name: string
  readonly stage: string
  readonly withinMs: number
  readonly about: string
}

export interface TermInfo {
  readonly name: string
  readonly about: string
  readonly unit: string
  readonly kind: 'integer' | 'amount'
  /** A bigint for an `amount`. */
  readonly default: number | bigint
  readonly least: number | bigint
  readonly most: number | bigint
}

/** Why a design makes no sense although each of its values is allowed. */
export interface DesignComplaint {
  readonly sentence: string
  readonly field: string
  readonly given: string
  readonly allowed: string
}

/** What is charged after the last service, and by which causes. */
export interface LeakageInfo {
  readonly unit: 'ms' | 'tokens' | 'bytes'
  /** What is counted and of which runs, for instance `billed after the drop, …`. */
  readonly about: string
  /** In the order in which they come about. */
  readonly causes: readonly string[]
}

/** A run that was played. Facts and report are made when they are asked for. */
export interface PlayedRun {
  facts(hasCourse: boolean): RunFacts
  readonly faults: FaultPlan
  readonly agreements: readonly Agreement[]
  /** What the chain was asked, as the contract takes it. */
  readonly steps: readonly PlannedStep[]
  /** The run as a scenario of the record; what the record does not know is left out there. */
  report(): Readonly<Record<string, unknown>>
}

export type Detail = 'summary' | 'full'

/** Deployments whose calls use gas of their own, for instance with and without a platform fee. */
export interface GasCases {
  /** Name of the case that these parameters belong to. */
  of(parameters: Parameters): string
  /** Parameters by which each case is measured; the others are the defaults. */
  readonly cases: Readonly<Record<string, Parameters>>
}

export interface SimulatedWorld {
  readonly protocol: string
  readonly policies: readonly Policy[]
  readonly claims: readonly SimulatedClaim[]
  /** Claims that the mechanism as described cannot keep. */
  readonly refutedAsDescribed: readonly string[]
  readonly stages: readonly StageInfo[]
  /** Null when the protocol charges nothing after the service. */
  readonly leakage: LeakageInfo | null
  /** The protocol's own measures. */
  readonly measures: readonly MeasureInfo[]
  /** Of its own measures and of the leakage. */
  readonly shownMetrics: readonly ShownMetric[]
  readonly serviceLevels: readonly ServiceLevel[]
  /** Designers' questions: how small may a parameter be? */
  readonly smallest?: readonly SmallestInfo[]
  /** What a sweep optimises when nobody says otherwise: outcomes by name. */
  readonly objectives: readonly string[]
  /** On-chain signs of life and reactions to their absence; their gas is told apart. */
  readonly livenessActions: readonly string[]
  /** Actions that the measurement of gas must have seen accepted. */
  readonly gasActions: readonly string[]
  /** One case of default parameters when absent. */
  readonly gasCases?: GasCases
  readonly defaultProfile: string
  /** What is downloaded and how that is paid; absent where nothing is. */
  readonly download?: DownloadInfo
  /** What the contract is deployed with; every field has a default and a description. */
  readonly parameters: z.ZodObject
  readonly terms: readonly TermInfo[]
  checkDesign?(spec: SimulationSpec): DesignComplaint | null
  /**
   * A run for the measurement of gas in which rare actions happen; every other session that is
   * measured is such a one. A run without faults when absent.
   */
  playForGas?(spec: SimulationSpec, run: number): PlayedRun
  /** @throws MeterproofError `MP_WORLD_INVALID` or `MP_CHAIN_PROFILE_UNKNOWN` */
  play(spec: SimulationSpec, run: number, detail: Detail): PlayedRun
}

/**
 * The design that is simulated when nothing is said about it.
 *
 * @throws ZodError when a parameter is out of its range
 */
export function designOf(
  world: SimulatedWorld,
  given: { readonly parameters?: Parameters; readonly terms?: Terms } = {},
): Pick<SimulationSpec, 'parameters' | 'terms'> {
  const defaults = world.terms.map((term) => [term.name, term.default] as const)
  return {
    parameters: world.parameters.parse(given.parameters ?? {}) as Parameters,
    terms: { ...Object.fromEntries(defaults), ...given.terms },
  }
}
