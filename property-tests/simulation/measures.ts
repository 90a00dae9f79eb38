/**
 * What can be measured of a simulation, each as one number for each session or as a share of them.
 *
 * `simulate` prints these, `sweep` optimises them. Samples are exact integers; quantiles that the
 * sample cannot carry are left out, and means of unbounded quantities have Student's interval.
 */
import { boundedMeanInterval } from '../../reports/statistics/dkw.ts'
import { meanOf } from '../../reports/statistics/means.ts'
import { proportion } from '../../reports/statistics/proportion.ts'
import { ascending, quantileOf } from '../../reports/statistics/quantiles.ts'
import type { RunFacts, Stage } from '../../sim/session-escrow/runFacts.ts'
import { type GasByCall, gasOf } from './gasTable.ts'

export type Statistic = 'mean' | 'p50' | 'p95' | 'p99' | 'max' | 'rate'

interface MeasureInfo {
  readonly name: string
  readonly about: string
  readonly unit: string
  readonly better: 'less' | 'more' | null
  /** The statistic that the bare name stands for. */
  readonly usual: Statistic
}

interface SampleMeasure extends MeasureInfo {
  /** The session's samples; none when it says nothing about the measure. */
  samples(facts: RunFacts, gas: GasByCall): readonly (number | bigint)[]
  /** Bounds of a bounded quantity: they make the interval of its mean sound. */
  readonly range?: { readonly least: number; readonly most: number }
}

interface ShareMeasure extends MeasureInfo {
  /** Whether the session counts; null when it is not among the tries. */
  share(facts: RunFacts): boolean | null
}

export type Measure = SampleMeasure | ShareMeasure

/** Tokens of 6 decimals that one ether is taken to be worth, for costs beside prices [A]. */
export const TOKENS_PER_ETHER = 3_000n
const UNITS_PER_TOKEN = 1_000_000n
const WEI_PER_ETHER = 10n ** 18n
const WEI_PER_GWEI = 10n ** 9n

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
  const costUnits = (feesWei(facts, gas) * TOKENS_PER_ETHER * UNITS_PER_TOKEN) / WEI_PER_ETHER
  return [(costUnits * 10_000n) / facts.grossUnits]
}

function ofStage(stage: Stage) {
  return ({ stages }: RunFacts) =>
    stages.flatMap((each) => (each.stage === stage ? (each.durationMs ?? []) : []))
}

const time = { unit: 'ms', better: 'less', usual: 'p95' } as const
const units = { unit: 'base units', better: 'less', usual: 'p95' } as const
const bps = { unit: 'basis points', usual: 'mean' } as const
const share = { unit: 'share of sessions', better: 'less', usual: 'rate' } as const

export const MEASURES: readonly Measure[] = [
  {
    ...{ ...time, name: 'leakage', about: 'billed after the drop, sessions with a drop' },
    samples: ({ leakage }) => (leakage === null ? [] : [leakage.postDropMs]),
  },
  {
    ...{ ...units, name: 'payerExposure', about: 'worst of what could be billed, undelivered' },
    samples: ({ payer, isStarted }) => (isStarted ? [payer.worstUnits] : []),
  },
  {
    ...{ ...units, name: 'providerExposure', about: 'worst of what was delivered, not billable' },
    samples: ({ provider, isStarted }) => (isStarted ? [provider.worstUnits] : []),
  },
  {
    ...{ ...time, name: 'unbilled', about: 'delivered and not billed, settled sessions' },
    samples: ({ unbilledMs, isSettled }) => (isSettled ? [unbilledMs] : []),
  },
  {
    ...{ ...time, name: 'inclusion', about: 'from submission to block' },
    samples: ofStage('submit → included'),
  },
  {
    ...{ ...time, name: 'detection', about: 'from the drop to its detection' },
    samples: ofStage('drop → detected'),
  },
  {
    ...{ ...time, name: 'stop', about: 'from the detection to the stop' },
    samples: ofStage('detected → stopped'),
  },
  {
    ...{ ...time, name: 'settle', about: 'from the end of service to settlement' },
    samples: ofStage('end → settled'),
  },
  {
    ...{ ...time, name: 'refund', about: 'from the end of service to the refund' },
    samples: ofStage('end → refunded'),
  },
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
      grossUnits === 0n ? [] : [(platformUnits * 10_000n) / grossUnits],
  },
  {
    ...{ ...bps, name: 'stall', about: 'part of the bill in which the service was interrupted' },
    better: 'less',
    samples: ({ interruptionMs, billedMs }) =>
      billedMs === 0 ? [] : [Math.min(10_000, Math.floor((interruptionMs * 10_000) / billedMs))],
    range: { least: 0, most: 10_000 },
  },
  {
    ...{ ...share, name: 'falseStop', about: 'stopped though nobody was gone for the timeout' },
    share: ({ isStarted, isFalseStop }) => (isStarted ? isFalseStop : null),
  },
  {
    ...{ ...share, name: 'unfinished', about: 'not over when the run was given up' },
    share: ({ isOver }) => !isOver,
  },
]

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

/** Every outcome that can be named, `measure.statistic`, with what it is. */
export const OUTCOMES: ReadonlyMap<string, MeasureInfo> = new Map(
  MEASURES.flatMap((measure) =>
    statisticsOf(measure).map((each) => [`${measure.name}.${each}`, measure] as const),
  ),
)

/** Outcomes that tables show when nobody asks for others. */
export const USUAL_OUTCOMES: readonly string[] = MEASURES.map(
  ({ name, usual }) => `${name}.${usual}`,
)

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
  facts: readonly RunFacts[],
  gas: GasByCall,
): Readonly<Record<string, Estimate>> {
  const found: Record<string, Estimate> = {}
  for (const measure of MEASURES) {
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
