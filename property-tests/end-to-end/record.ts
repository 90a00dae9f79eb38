/**
 * What the command `journey` leaves behind: a run record as of every other command.
 *
 * Claims over the whole are of the protocol `end-to-end`, claims of a part of that part's. A part's
 * claim that no journey put to the test is left out, and counted in a note: journeys are there to
 * test the whole, and `check` tests the parts. A regime in which no journey went all the way has
 * tested nothing of the whole, whatever held.
 */
import { artifactNamed, compileContracts } from '../../contracts/compile.ts'
import { assert } from '../../models/kit/error.ts'
import type { Claim, Failure, Metric, RunRecord, Scenario } from '../../reports/record.ts'
import { summarise } from '../../reports/verdict.ts'
import { scenarioSchema } from '../../reports/worldSchema.ts'
import { STAGES } from '../../sim/end-to-end/journeyRun.ts'
import { CONTRACTS, OFFSETS, PARTS, type Part } from '../../sim/end-to-end/parts.ts'
import { PHASES } from '../../sim/end-to-end/phases.ts'
import type { RegimeName } from '../../sim/faults/regimes.ts'
import { histogram } from '../kit/tally.ts'
import { FRAME, type SimulationEvent } from '../simulation/records.ts'
import { toolVersions, wallFacts } from '../wall.ts'
import {
  type Broken,
  type CampaignResult,
  type ClaimTally,
  playJourney,
  runCampaign,
} from './campaign.ts'
import { CONTRACT_NAMES, type JourneyContracts, openJourneyContracts } from './contracts.ts'
import type { ExecutedJourney } from './execute.ts'
import { WHOLE } from './judge.ts'

export interface JourneyOptions {
  readonly regimes: readonly RegimeName[]
  readonly seed: number
  /** Number of the first journey of each regime. */
  readonly first: number
  /** Journeys of each regime. */
  readonly runs: number
  readonly signal: AbortSignal
  onProgress(event: SimulationEvent): void
}

const POLICY = 'hardened'
/** Messages of a journey that are kept, of each kind the last ones. */
const PINGS_MAX = 400

const scopeOf = (protocol: string, regime: string) =>
  ({ protocol, policy: POLICY, regime }) as const

/** A failure's name: unique in the record and fit for a file. */
function failureId({ protocol, id }: ClaimTally, regime: string): string {
  return [id, protocol, regime].join('-')
}

function claimEntry(tally: ClaimTally, { regime, runs }: CampaignResult): Claim {
  const { protocol, id, statement, formula, witnesses, broken } = tally
  return {
    ...scopeOf(protocol, regime),
    ...{ invariant: id, statement, formula, witnesses, checks: runs },
    verdict: broken === null ? 'held' : 'violated',
    expected: 'held',
    counterexample: broken === null ? null : failureId(tally, regime),
    note: '',
  }
}

/** The command that plays one journey again. */
function againCommand(regime: string, seed: number, run: number): string {
  return `meterproof journey --regime ${regime} --seed ${seed} --first ${run} --runs 1`
}

function failureEntry(
  tally: ClaimTally & { readonly broken: Broken },
  regime: string,
  { run, trace, parts }: ExecutedJourney,
): Failure {
  const { protocol, id, broken } = tally
  const own = PARTS.find((part) => part === protocol)
  const shown = own === undefined ? trace : parts[own]
  const name = failureId(tally, regime)
  return {
    ...scopeOf(protocol, regime),
    ...{ id: name, campaign: 'journey', invariant: id, expected: 'held' },
    ...{ evidence: broken.evidence, stepIndex: broken.stepIndex, run: broken.runIndex },
    contract: CONTRACT_NAMES[own ?? 'session-escrow'],
    ...{ stepsOriginal: shown.steps.length, stepsShrunk: shown.steps.length, shrinkCount: 0 },
    confirmedOnMinedLane: true,
    traceFile: `${name}.trace.json`,
    replayCommand: againCommand(regime, run.seed, run.run),
    trace: shown,
    scenario: `journey-${regime}-${broken.runIndex}`,
  }
}

/** A journey as the page shows it: all participants and the three contracts on one time line. */
export function scenarioEntry({ run, trace }: ExecutedJourney, title: string): Scenario {
  const { regime, seed, call } = run
  const pings = run.messages.filter(({ kind }) => kind === 'ping')
  const kept = new Set(pings.slice(-PINGS_MAX))
  return scenarioSchema.parse({
    ...run,
    ...scopeOf(WHOLE, regime),
    ...{ id: `journey-${regime}-${run.run}`, kind: 'sample', title, profile: run.profile.name },
    contracts: PARTS.map((part) => ({
      name: CONTRACTS[part],
      agreements: trace.agreements
        .map(({ index }) => index)
        .filter((index) => PARTS.findLast((each) => OFFSETS[each] <= index) === part),
    })),
    steps: run.steps.map((step, index) => {
      return { ...step, observed: trace.steps[index]?.observed.outcome ?? null }
    }),
    messages: run.messages.filter((message) => message.kind !== 'ping' || kept.has(message)),
    deliveredMs: call.deliveredMs,
    ...{ exposure: call.exposure, leakage: call.leakage },
    endState: { stage: run.stage, ...call.endState, askedUnits: run.askedUnits },
    trace,
    replayCommand: againCommand(regime, seed, run.run),
  })
}

function metricsOf(result: CampaignResult): readonly Metric[] {
  const { regime, runs, stages, faultsIn, cut } = result
  const entry = (metric: string, value: number): Metric => ({
    ...scopeOf(WHOLE, regime),
    ...{ metric, unit: 'journeys', n: runs, value, low: null, high: null },
  })
  return [
    ...STAGES.map((stage) => entry(`journeys that ended ${stage}`, stages[stage])),
    entry('calls cut by the drop', cut),
    ...PHASES.map((phase) => entry(`journeys with faults in the ${phase}`, faultsIn[phase])),
  ]
}

/** Plays the journeys of a campaign once more that somebody may want to look at. */
async function shown(contracts: JourneyContracts, result: CampaignResult, options: JourneyOptions) {
  const { regime, claims } = result
  const broken = claims.filter((tally): tally is ClaimTally & { broken: Broken } => {
    return tally.broken !== null
  })
  const journeys = new Map<number, ExecutedJourney>()
  const again = async (run: number) => {
    const known = journeys.get(run)
    if (known !== undefined) return known
    const played = await playJourney(contracts, { ...options, regime, run, detail: 'full' })
    journeys.set(run, played)
    return played
  }
  const failures: Failure[] = []
  for (const tally of broken) {
    failures.push(failureEntry(tally, regime, await again(tally.broken.runIndex)))
  }
  if (result.longest !== null) await again(result.longest)
  const scenarios = [...journeys].map(([run, journey]) => {
    const finding = broken.find((tally) => tally.broken.runIndex === run)
    const sample = `a journey that ended ${journey.run.stage}`
    return scenarioEntry(journey, finding === undefined ? sample : finding.broken.evidence)
  })
  return { failures, scenarios }
}

async function contractEntries(): Promise<RunRecord['contracts']> {
  const artifacts = await compileContracts()
  return PARTS.map((part: Part) => {
    const { contractName, bytecodeHash, sourceName } = artifactNamed(
      artifacts,
      CONTRACT_NAMES[part],
    )
    return {
      ...{ protocol: part, policy: POLICY, name: contractName, bytecodeHash },
      source: sourceName,
    }
  })
}

function campaignEntry(result: CampaignResult): RunRecord['campaigns'][number] {
  const { regime, runs, steps, accepted, digest, hashes } = result
  return {
    ...scopeOf(WHOLE, regime),
    ...{ campaign: 'journey', runs, steps, accepted, rejected: steps - accepted },
    stepsPerRun: histogram(result.stepsPerRun),
    acceptedPerRun: histogram(result.acceptedPerRun),
    statesPerRun: histogram(result.statesPerRun),
    ...{ traceHash: digest, runHashes: [...hashes] },
  }
}

/** Claims that are told: of the whole all, of the parts those that were put to the test. */
const isTold = ({ protocol, witnesses, broken }: ClaimTally) =>
  protocol === WHOLE || witnesses > 0 || broken !== null

function unfinishedReasons(results: readonly CampaignResult[]): readonly string[] {
  return results
    .filter(({ stages, runs }) => runs > 0 && stages.paid === 0)
    .map(({ regime }) => `No journey went all the way (regime ${regime}).`)
}

function notesOf(results: readonly CampaignResult[], interrupted: boolean): string[] {
  const untold = results.flatMap(({ claims, regime }) => {
    const count = claims.filter((tally) => !isTold(tally)).length
    if (count === 0) return []
    return [`${count} claims of the parts were put to the test by no journey (regime ${regime}).`]
  })
  return [...(interrupted ? ['Interrupted before all journeys were played.'] : []), ...untold]
}

/**
 * Plays journeys in every regime on real Anvil and judges them.
 *
 * @throws MeterproofError `MP_ANVIL_…`, `MP_COMPILE_…`
 */
export async function journeyRecord(options: JourneyOptions): Promise<RunRecord> {
  const startedAtMs = Date.now()
  const { regimes, seed, first, runs, signal, onProgress } = options
  onProgress({ kind: 'phase', label: 'deploying the three contracts on Anvil' })
  const contracts = await openJourneyContracts()
  const results: CampaignResult[] = []
  const failures: Failure[] = []
  const scenarios: Scenario[] = []
  try {
    for (const regime of regimes) {
      const total = runs * regimes.length
      const before = runs * results.length
      const onJourney = (done: number) => {
        const seconds = Math.max(0.001, (Date.now() - startedAtMs) / 1000)
        const stepsPerSecond = (before + done) / seconds
        const count = { done: before + done, total, stepsPerSecond, unit: 'journeys' }
        onProgress({ kind: 'pulse', label: 'journeys', ...count })
      }
      const result = await runCampaign({ contracts, regime, seed, first, runs, signal, onJourney })
      if (result.runs === 0) break
      results.push(result)
      const { failures: found, scenarios: kept } = await shown(contracts, result, options)
      failures.push(...found)
      scenarios.push(...kept)
    }
  } finally {
    await contracts.stop()
  }
  const claims = results.flatMap((result) =>
    result.claims.filter(isTold).map((tally) => claimEntry(tally, result)),
  )
  const interrupted = signal.aborted
  const campaigns = results.map(campaignEntry)
  const inconclusive = unfinishedReasons(results)
  assert(interrupted || results.length === regimes.length, 'every regime was played')
  return {
    ...FRAME,
    ...{ command: 'journey', seed, arguments: { regimes: [...regimes], seed, first, runs } },
    contracts: await contractEntries(),
    tools: await toolVersions(),
    ...{ campaigns, claims, failures, scenarios },
    notes: notesOf(results, interrupted),
    summary: summarise({ claims, failures, canaries: [], interrupted, inconclusive }),
    wall: wallFacts({
      ...{ startedAtMs, workers: 1, notes: [] },
      steps: campaigns.reduce((sum, { steps }) => sum + steps, 0),
    }),
    metrics: results.flatMap(metricsOf),
  }
}
