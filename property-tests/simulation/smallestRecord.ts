/**
 * What `sweep --smallest` leaves behind: the answer for each design as a section of a run record,
 * the losing runs as scenarios, and their trace files.
 */
import type { RunRecord, Scenario, Smallest } from '../../reports/record.ts'
import { proportion } from '../../reports/statistics/proportion.ts'
import type { TraceFile } from '../../reports/traceFile.ts'
import { designAt, type SmallestQuestion, settingAt } from '../../sim/smallest.ts'
import { gridOf, requireDesign, type SweepAxis } from '../../sim/sweep.ts'
import { worldOf } from '../../sim/worlds.ts'
import { toolVersions, wallFacts } from '../wall.ts'
import { type CommonOptions, FRAME, profilesText, specsOf } from './records.ts'
import { findSmallest, type SmallestFinding } from './smallest.ts'
import { type Proof, provedOnChain } from './smallestProof.ts'
import { exceptionsIn, type Losses, wholeRows, worstOf } from './smallestSearch.ts'

export interface SmallestRecordOptions extends CommonOptions {
  readonly protocol: string
  readonly axes: readonly SweepAxis[]
  readonly question: SmallestQuestion
  /** The command that replays a trace file of this run. */
  replayCommand(traceFile: string): string
}

export interface SmallestRecord {
  readonly record: RunRecord
  readonly traceFiles: ReadonlyMap<string, TraceFile>
}

/**
 * Asks under every policy and regime, on every chain, at every point of the grid.
 *
 * @throws MeterproofError `MP_SWEEP_…`, `MP_WORLD_INVALID`, `MP_ANVIL_…`
 */
export async function smallestRecord(options: SmallestRecordOptions): Promise<SmallestRecord> {
  const startedAtMs = Date.now()
  const { protocol, policies, regimes, profiles, seed, runs, workers, signal } = options
  const { question, axes, onProgress } = options
  const points = pointsOf(options)
  const findings = await findSmallest({
    ...{ question, points, runs, workers, signal },
    onProgress: pulses(onProgress),
  })
  onProgress({ kind: 'phase', label: `${protocol}: playing what loses on Anvil` })
  const proofs = await provedOnChain(findings, question)
  const smallest = findings.map((finding, index) =>
    sectionOf(finding, proofs[index] ?? null, options),
  )
  const proved = proofs.flatMap((proof) => proof ?? [])
  const interrupted = signal.aborted && !isComplete(smallest, points.length)
  return {
    traceFiles: new Map(proved.map(({ traceFile }) => traceFile)),
    record: {
      ...FRAME,
      command: 'sweep',
      seed,
      arguments: {
        ...{ protocols: [protocol], policies: [...policies], regimes: [...regimes] },
        ...{ profiles: profilesText(profiles), seed, runs },
        smallest: `${question.parameter}=${question.range.least}..${question.range.most}`,
        loss: question.loss,
        ...(axes.length === 0 ? {} : { params: axes.map(axisText) }),
      },
      tools: await toolVersions(),
      ...{ campaigns: [], claims: [] },
      notes: interrupted ? [interruption(smallest, points.length)] : [],
      summary: summaryOf(smallest, proofs, interrupted),
      wall: wallFacts({ startedAtMs, workers, steps: 0, notes: [] }),
      smallest,
      scenarios: proved.flatMap((proof) => scenariosOf(proof, options)),
    },
  }
}

const axisText = ({ name, values }: SweepAxis) => `${name}=${values.join(',')}`

/** Designs to ask for. Both ends of the range must make sense in each of them. */
function pointsOf(options: SmallestRecordOptions) {
  const { protocol, axes, question } = options
  const world = worldOf(protocol)
  const points = specsOf(options).flatMap((spec) => gridOf(world, spec, axes))
  for (const { spec } of points) {
    for (const end of [question.range.least, question.range.most]) {
      requireDesign(world, designAt(question, spec, end))
    }
  }
  return points
}

function pulses(onProgress: SmallestRecordOptions['onProgress']) {
  const startedAtMs = performance.now()
  return ({ done, total }: { readonly done: number; readonly total: number }) => {
    const seconds = Math.max(0.001, (performance.now() - startedAtMs) / 1000)
    const rate = { stepsPerSecond: done / seconds, unit: 'runs' }
    onProgress({ kind: 'pulse', label: 'searching', done, total, ...rate })
  }
}

function scenariosOf(
  { scenarios, traceFile }: Proof,
  { replayCommand }: SmallestRecordOptions,
): readonly Scenario[] {
  return scenarios.map((scenario) => {
    if (scenario.kind !== 'counterexample') return scenario
    return { ...scenario, replayCommand: replayCommand(traceFile[0]) }
  })
}

const countLosing = (losses: Losses) => [...losses.values()].filter((loss) => loss > 0n).length

function shareOf(losses: Losses): Smallest['tried'][number]['share'] {
  const { value, low, high } = proportion(countLosing(losses), losses.size)
  return { value, low, high }
}

function sectionOf(
  finding: SmallestFinding,
  proof: Proof | null,
  options: SmallestRecordOptions,
): Smallest {
  const { question, runs } = options
  const { point, tried, answer } = finding
  const { protocol, policy, regime, profile } = point.spec
  const { measure, range, parameter, setting } = question
  const value = answer === null || answer.kind === 'none' ? null : answer.value
  const atStake = question.most(designAt(question, point.spec, value ?? range.most))
  const exceptions = exceptionsIn(tried)
  const [exception] = exceptions
  return {
    ...{ protocol, policy, regime, profile, settings: point.settings },
    ...{ parameter, unit: setting.unit },
    ...{ least: settingAt(question, range.least), most: settingAt(question, range.most) },
    loss: { name: measure.name, about: measure.about, unit: measure.unit, atStake },
    runs,
    plays: [...tried.values()].reduce((sum, { size }) => sum + size, 0),
    outcome: answer?.kind ?? 'open',
    value: value === null ? null : settingAt(question, value),
    tried: wholeRows(tried, runs).map(([each, losses]) => ({
      value: settingAt(question, each),
      ...{ losing: countLosing(losses), share: shareOf(losses) },
      worstLoss: worstOf(losses)?.loss ?? 0n,
    })),
    notMonotone:
      exception === undefined
        ? null
        : {
            ...{ runs: exceptions.length, run: exception.run },
            safe: settingAt(question, exception.safe),
            losing: settingAt(question, exception.losing),
          },
    losing: proof === null ? null : losingSection(proof, options),
    fresh: freshSection(finding, runs, atStake),
  }
}

function losingSection(
  { losing, scenarios, traceFile, divergence }: Proof,
  { question, replayCommand }: SmallestRecordOptions,
): Smallest['losing'] {
  const [scenario, safe] = scenarios
  return {
    ...{ value: settingAt(question, losing.value), run: losing.run, loss: losing.loss },
    ...{ scenario: scenario?.id ?? '', safeScenario: safe?.id ?? null },
    ...{ traceFile: traceFile[0], replayCommand: replayCommand(traceFile[0]) },
    confirmedOnMinedLane: divergence === null,
  }
}

const BILLION = 1_000_000_000n

/** The part of an amount, rounded up; shares are rounded outwards to billionths already. */
export function shareOfAmount(share: number, amount: bigint): bigint {
  const billionths = BigInt(Math.round(share * Number(BILLION)))
  return (billionths * amount + BILLION - 1n) / BILLION
}

/**
 * What fresh runs say. A run loses at most what is at stake, so the mean loss is at most the chance
 * of losing times that: both bounds hold together, in 95 of 100 cases. For a rare loss that is far
 * tighter than what the band of Dvoretzky, Kiefer and Wolfowitz gives, which is as wide as its half
 * width even if nothing is lost.
 */
function freshSection(
  { fresh }: SmallestFinding,
  fromRun: number,
  atStake: bigint,
): Smallest['fresh'] {
  if (fresh.size === 0) return null
  const share = shareOf(fresh)
  return {
    ...{ fromRun, runs: fresh.size, losing: countLosing(fresh), share },
    totalLoss: [...fresh.values()].reduce((sum, loss) => sum + loss, 0n),
    meanLossMost: shareOfAmount(share.high, atStake),
    worst: worstOf(fresh),
  }
}

/** Whether an entry has everything that was asked for. */
function isAnswered({ outcome, fresh, runs }: Smallest): boolean {
  if (outcome === 'none') return true
  return outcome !== 'open' && fresh?.runs === runs
}

function isComplete(smallest: readonly Smallest[], asked: number): boolean {
  return smallest.length === asked && smallest.every(isAnswered)
}

function interruption(smallest: readonly Smallest[], asked: number): string {
  return `Interrupted after ${smallest.filter(isAnswered).length} of ${asked} answers.`
}

const placeText = ({ policy, regime, profile = '' }: Smallest) =>
  `(${policy}, regime ${regime}, chain ${profile})`

/** Why an entry is no safe value, or that model and contract differ. */
function reasonsFor(entry: Smallest): readonly string[] {
  const { parameter, least, most, outcome, losing, fresh, value, runs } = entry
  if (outcome === 'none') {
    const worst = losing === null ? '' : `: run ${losing.run} loses ${losing.loss}`
    const what = `No ${parameter} from ${least} to ${most} is safe`
    return [`${what}${worst} even at ${most} ${placeText(entry)}.`]
  }
  if (fresh === null || fresh.losing === 0) return []
  const found = `${parameter} ${value} is the smallest without a loss in ${runs} runs and not safe`
  const lose = `${fresh.losing} of ${fresh.runs} fresh ones lose`
  return [`${found}: ${lose} ${placeText(entry)}. More --runs find a larger value.`]
}

/**
 * The question is answered where a safe value was found; a difference of model and contract is one.
 */
export function summaryOf(
  smallest: readonly Smallest[],
  proofs: readonly (Pick<Proof, 'divergence'> | null)[],
  interrupted: boolean,
): RunRecord['summary'] {
  const different = proofs.flatMap((proof) => proof?.divergence ?? [])
  const reasons = [
    ...different.map((evidence) => `Model and contract differ: ${evidence}.`),
    ...smallest.flatMap(reasonsFor),
  ]
  const decided = reasons.length > 0 ? 'inconclusive' : 'held'
  const found = different.length > 0 ? 'violated' : decided
  const verdict = interrupted ? 'interrupted' : found
  const exitCode = { held: 0, violated: 1, inconclusive: 2, interrupted: 130 }[verdict]
  const counts = { held: 0, violated: 0, undecided: 0, refutedAsExpected: 0 }
  return { verdict, exitCode, ...counts, canariesCaught: 0, canariesMissed: 0, reasons }
}
