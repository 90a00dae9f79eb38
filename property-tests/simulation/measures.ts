/**
 * What can be measured of a simulation, each as numbers of each session or as a share of them.
 *
 * `simulate` prints these, `sweep` optimises them. Samples are exact integers; quantiles that the
 * sample cannot carry are left out, and means of unbounded quantities have Student's interval.
 */
import { boundedMeanInterval } from '../../reports/statistics/dkw.ts'
import { meanOf } from '../../reports/statistics/means.ts'
import { proportion } from '../../reports/statistics/proportion.ts'
import { ascending, quantileOf } from '../../reports/statistics/quantiles.ts'
import type { RunFacts } from '../../sim/world/facts.ts'
import type { MeasureInfo, SimulatedWorld, Statistic } from '../../sim/world/simulated.ts'
import { actionOf, type GasByCall, gasOf } from './gasTable.ts'
import { tokenNamed } from './part.ts'

interface SampleMeasure extends Omit<MeasureInfo, 'from'> {
  /** The run's samples; none when it says nothing about the measure. */
  samples(facts: RunFacts, gas: GasByCall): readonly (number | bigint)[]
}

interface ShareMeasure extends Omit<MeasureInfo, 'from'> {
  /** Whether the run counts; null when it is not among the tries. */
  share(facts: RunFacts): boolean | null
}

export type Measure = SampleMeasure | ShareMeasure

/** Tokens that one ether is taken to be worth, for costs beside prices [A]. */
export const TOKENS_PER_ETHER = 3_000n
const WEI_PER_ETHER = 10n ** 18n
const WEI_PER_GWEI = 10n ** 9n
const BPS_PER_WHOLE = 10_000n

/** What an amount of wei is worth in base units of a token, rounded down. */
export function unitsFor(wei: bigint, token: string): bigint {
  const unitsPerToken = 10n ** BigInt(tokenNamed(token).decimals)
  return (wei * TOKENS_PER_ETHER * unitsPerToken) / WEI_PER_ETHER
}

/** Gas of all transactions of the parties. */
export function gasUsed({ transactions }: RunFacts, gas: GasByCall): number {
  return Object.entries(transactions).reduce((sum, [key, n]) => sum + n * gasOf(gas, key), 0)
}

/** What that gas cost at the base fees and tips of its blocks. */
export function feesWei({ pricesWei }: RunFacts, gas: GasByCall): bigint {
  return Object.entries(pricesWei).reduce(
    (sum, [key, wei]) => sum + BigInt(gasOf(gas, key)) * wei,
    0n,
  )
}

function overheadBps(facts: RunFacts, gas: GasByCall): readonly bigint[] {
  if (!facts.isSettled || facts.grossUnits === 0n) return []
  return [(unitsFor(feesWei(facts, gas), facts.token) * BPS_PER_WHOLE) / facts.grossUnits]
}

/** Part of the gas that goes to signs of life, rounded down to basis points. */
function livenessBps(world: SimulatedWorld) {
  return (facts: RunFacts, gas: GasByCall): readonly number[] => {
    const all = gasUsed(facts, gas)
    const calls = Object.entries(facts.transactions)
    const alive = calls.filter(([call]) => world.livenessActions.includes(actionOf(call)))
    const used = alive.reduce((sum, [call, n]) => sum + n * gasOf(gas, call), 0)
    return all === 0 ? [] : [Math.floor((used * 10_000) / all)]
  }
}

function durationsOf(stage: string) {
  return ({ stages }: RunFacts) =>
    stages.flatMap((each) => (each.stage === stage ? (each.durationMs ?? []) : []))
}

/** A measure of a protocol's own, as a function of the facts. */
function ownMeasure({ from, ...info }: MeasureInfo): Measure {
  const { name } = info
  if (from === 'shares') return { ...info, share: ({ shares }) => shares[name] ?? null }
  if (from === 'samples') return { ...info, samples: ({ samples }) => samples[name] ?? [] }
  return { ...info, samples: durationsOf(from.stage) }
}

const units = { unit: 'base units', better: 'less', usual: 'p95' } as const
const bps = { unit: 'basis points', usual: 'mean' } as const

function leakageMeasure({ leakage }: SimulatedWorld): readonly Measure[] {
  if (leakage === null) return []
  const { unit, about } = leakage
  return [
    {
      ...{ name: 'leakage', about, unit, better: 'less', usual: 'p95' },
      samples: ({ leakage: found }) => (found === null ? [] : [found.postDrop]),
    },
  ]
}

const EXPOSURES: readonly Measure[] = [
  {
    ...{ ...units, name: 'payerExposure', about: 'worst of what could be billed, undelivered' },
    samples: ({ payer, isStarted }) => (isStarted ? [payer.worstUnits] : []),
  },
  {
    ...{ ...units, name: 'providerExposure', about: 'worst of what was delivered, not billable' },
    samples: ({ provider, isStarted }) => (isStarted ? [provider.worstUnits] : []),
  },
  {
    ...{ name: 'inclusion', about: 'from submission to block', unit: 'ms' },
    ...{ better: 'less', usual: 'p95' },
    samples: durationsOf('submit → included'),
  },
]

const COSTS: readonly Measure[] = [
  {
    ...{ name: 'gas', about: 'of all transactions of a session', unit: 'gas' },
    ...{ better: 'less', usual: 'mean' },
    samples: (facts, gas) => [gasUsed(facts, gas)],
  },
  {
    ...{ name: 'fees', about: 'cost of that gas in its blocks', unit: 'gwei' },
    ...{ better: 'less', usual: 'p50' },
    samples: (facts, gas) => [feesWei(facts, gas) / WEI_PER_GWEI],
  },
  {
    ...{ ...bps, name: 'gasOverhead', about: 'fees beside what was paid, 3,000 tokens an ether' },
    ...{ better: 'less', usual: 'p50' },
    samples: overheadBps,
  },
  {
    ...{ ...bps, name: 'feeRealised', about: 'the platform’s part of what was paid' },
    better: null,
    samples: ({ grossUnits, platformUnits }) =>
      grossUnits === 0n ? [] : [(platformUnits * BPS_PER_WHOLE) / grossUnits],
  },
]

function livenessMeasure(world: SimulatedWorld): readonly Measure[] {
  if (world.livenessActions.length === 0) return []
  return [
    {
      ...{ ...bps, name: 'livenessGas', about: 'part of the gas that goes to signs of life' },
      ...{ better: 'less', range: { least: 0, most: 10_000 } },
      samples: livenessBps(world),
    },
  ]
}

const unfinished: Measure = {
  ...{ name: 'unfinished', about: 'not over when the run was given up' },
  ...{ unit: 'share of sessions', better: 'less', usual: 'rate' },
  share: ({ isOver }) => !isOver,
}

/** Everything that is measured in a world: what all protocols share, and its own. */
export function measuresOf(world: SimulatedWorld): readonly Measure[] {
  return [
    ...leakageMeasure(world),
    ...EXPOSURES,
    ...world.measures.map(ownMeasure),
    ...COSTS,
    ...livenessMeasure(world),
    unfinished,
  ]
}

/** A measured number with its interval and the number of samples that it rests on. */
export interface Estimate {
  readonly value: number | bigint
  readonly low: number | bigint | null
  readonly high: number | bigint | null
  readonly n: number
}

const QUANTILES = { p50: 0.5, p95: 0.95, p99: 0.99 } as const

function statisticsOf(measure: Measure): readonly Statistic[] {
  return 'share' in measure ? ['rate'] : ['mean', 'p50', 'p95', 'p99', 'max']
}

/** Every outcome of a world that can be named, `measure.statistic`, with what it is. */
export function namedOutcomes(world: SimulatedWorld): ReadonlyMap<string, Measure> {
  return new Map(
    measuresOf(world).flatMap((measure) =>
      statisticsOf(measure).map((each) => [`${measure.name}.${each}`, measure] as const),
    ),
  )
}

/** Outcomes that tables show when nobody asks for others. */
export function usualOutcomes(world: SimulatedWorld): readonly string[] {
  return measuresOf(world).map(({ name, usual }) => `${name}.${usual}`)
}

function estimatesOf(measure: SampleMeasure, facts: readonly RunFacts[], gas: GasByCall) {
  const sorted = facts.flatMap((each) => measure.samples(each, gas)).sort(ascending)
  const n = sorted.length
  const found: Record<string, Estimate> = {}
  if (n === 0) return found
  const numbers = sorted.map(Number)
  const mean = meanOf(numbers)
  const { range } = measure
  const interval = range === undefined ? mean.interval : boundedMeanInterval(numbers, range)
  const { low, high } = interval ?? { low: null, high: null }
  found[`${measure.name}.mean`] = { value: mean.value, low, high, n }
  for (const [name, q] of Object.entries(QUANTILES)) {
    const quantile = quantileOf(sorted, q)
    if (quantile === null) continue
    const { value, low, high } = quantile
    found[`${measure.name}.${name}`] = { value, low, high, n }
  }
  const value = sorted[n - 1] as number | bigint
  found[`${measure.name}.max`] = { value, low: null, high: null, n }
  return found
}

/** Everything that can be said about these runs, by outcome. */
export function outcomesOf(
  world: SimulatedWorld,
  facts: readonly RunFacts[],
  gas: GasByCall,
): Readonly<Record<string, Estimate>> {
  const found: Record<string, Estimate> = {}
  for (const measure of measuresOf(world)) {
    if (!('share' in measure)) {
      Object.assign(found, estimatesOf(measure, facts, gas))
      continue
    }
    const tries = facts.flatMap((each) => measure.share(each) ?? [])
    if (tries.length === 0) continue
    const { value, low, high, n } = proportion(tries.filter(Boolean).length, tries.length)
    found[`${measure.name}.rate`] = { value, low, high, n }
  }
  return found
}
