/**
 * Journeys of one regime, one after the other on the same contracts, and what they showed together.
 *
 * Journey n is a function of (seed, regime, n) alone, so that it can be played again by itself.
 */
import { createHash } from 'node:crypto'
import { STAGES, type Stage } from '../../sim/end-to-end/journeyRun.ts'
import type { JourneyDefects } from '../../sim/end-to-end/options.ts'
import { faultsIn, isCut, PHASES, type Phase } from '../../sim/end-to-end/phases.ts'
import { runJourney } from '../../sim/end-to-end/world.ts'
import type { RegimeName } from '../../sim/faults/regimes.ts'
import { canonicalJson } from '../../sim/world/canonicalJson.ts'
import { counter } from '../kit/conformance.ts'
import type { Counts } from '../kit/tally.ts'
import type { JourneyContracts } from './contracts.ts'
import { type ExecutedJourney, executeJourney } from './execute.ts'
import { type ClaimInfo, judgeJourney } from './judge.ts'

export interface CampaignOptions {
  readonly contracts: JourneyContracts
  readonly regime: RegimeName
  readonly seed: number
  /** Number of the first journey. */
  readonly first: number
  readonly runs: number
  readonly signal: AbortSignal
  readonly defects?: JourneyDefects
  onJourney(done: number): void
}

/** The first journey that broke a claim. */
export interface Broken {
  readonly runIndex: number
  readonly stepIndex: number | null
  readonly evidence: string
}

export interface ClaimTally extends ClaimInfo {
  readonly witnesses: number
  readonly broken: Broken | null
}

export interface CampaignResult {
  readonly regime: RegimeName
  readonly runs: number
  readonly stages: Readonly<Record<Stage, number>>
  /** Journeys in which a fault of the regime acted on a phase. */
  readonly faultsIn: Readonly<Record<Phase, number>>
  /** Calls that ended with their drop. */
  readonly cut: number
  /** A journey that got as far as any; of these the one with most calls. */
  readonly longest: number | null
  readonly claims: readonly ClaimTally[]
  readonly steps: number
  readonly accepted: number
  readonly stepsPerRun: Counts
  readonly acceptedPerRun: Counts
  readonly statesPerRun: Counts
  readonly hashes: readonly string[]
  /** Of all that the contracts did. */
  readonly digest: string
}

/** One journey, executed. */
export function playJourney(
  contracts: JourneyContracts,
  options: {
    readonly regime: RegimeName
    readonly seed: number
    readonly run: number
    readonly detail?: 'summary' | 'full'
    readonly defects?: JourneyDefects
  },
): Promise<ExecutedJourney> {
  return executeJourney(contracts, runJourney(options))
}

interface Reached {
  readonly run: number
  readonly stage: number
  readonly steps: number
}

function isFurther(reached: Reached, than: Reached | null): boolean {
  if (than === null || reached.stage > than.stage) return true
  return reached.stage === than.stage && reached.steps > than.steps
}

/** Adds up what journeys showed. */
class Collected {
  readonly stages = Object.fromEntries(STAGES.map((stage) => [stage, 0])) as Record<Stage, number>
  readonly faults = Object.fromEntries(PHASES.map((phase) => [phase, 0])) as Record<Phase, number>
  readonly claims = new Map<string, ClaimTally>()
  readonly hashes: string[] = []
  readonly digest = createHash('sha256')
  readonly counts = { steps: counter(), accepted: counter(), states: counter() }
  cut = 0
  longest: Reached | null = null
  steps = 0
  accepted = 0

  add(journey: ExecutedJourney): void {
    const { run, trace } = journey
    this.stages[run.stage] += 1
    for (const phase of PHASES) this.faults[phase] += faultsIn(run, phase) > 0 ? 1 : 0
    if (isCut(run)) this.cut += 1
    const reached = { run: run.run, stage: STAGES.indexOf(run.stage), steps: trace.steps.length }
    if (isFurther(reached, this.longest)) this.longest = reached
    for (const judged of judgeJourney(journey)) {
      const { witnesses, violation, ...info } = judged
      const key = `${info.protocol} ${info.id}`
      const before = this.claims.get(key) ?? { ...info, witnesses: 0, broken: null }
      const broken = violation === null ? null : { runIndex: run.run, ...violation }
      const sum = before.witnesses + witnesses
      this.claims.set(key, { ...before, witnesses: sum, broken: before.broken ?? broken })
    }
    this.#count(trace)
    const observed = trace.steps.map((step) => step.observed)
    this.digest.update(canonicalJson(observed)).update(run.hash)
    this.hashes.push(run.hash)
  }

  #count({ steps }: ExecutedJourney['trace']): void {
    const accepted = steps.filter(({ observed }) => observed.outcome.accepted).length
    const states = steps.flatMap(({ observed }) => {
      return observed.after.agreements.map(({ state }, index) => `${index} ${state}`)
    })
    this.steps += steps.length
    this.accepted += accepted
    this.counts.steps.add(String(steps.length))
    this.counts.accepted.add(String(accepted))
    this.counts.states.add(String(new Set(states).size))
  }
}

/**
 * Plays journeys until all are done or the user has enough.
 *
 * @throws MeterproofError `MP_ANVIL_…`, `MP_RPC_…`
 */
export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const { contracts, regime, seed, first, runs, signal, defects, onJourney } = options
  const collected = new Collected()
  for (let done = 0; done < runs && !signal.aborted; done += 1) {
    const given = { regime, seed, run: first + done }
    const played = defects === undefined ? given : { ...given, defects }
    collected.add(await playJourney(contracts, played))
    onJourney(done + 1)
  }
  const { stages, faults, claims, hashes, digest, counts, cut, steps, accepted } = collected
  return {
    ...{ regime, runs: hashes.length, stages, faultsIn: faults, cut, steps, accepted, hashes },
    longest: collected.longest?.run ?? null,
    claims: [...claims.values()],
    stepsPerRun: counts.steps.all,
    acceptedPerRun: counts.accepted.all,
    statesPerRun: counts.states.all,
    digest: digest.digest('hex'),
  }
}
