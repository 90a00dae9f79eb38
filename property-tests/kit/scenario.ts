/**
 * The scenario campaign, in chunks: runs of the simulated world, executed on the real contract.
 *
 * The world gives a block schedule and a ground truth. The schedule is executed in the batch lane
 * and must agree with the model at every step; invariants are judged on the trace, claims about
 * delivered service on the run of the world. A chunk is a pure function of (seed, policy, regime,
 * index).
 */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { assert } from '../../models/kit/error.ts'
import type { Trace } from '../../models/kit/trace.ts'
import { faultSchema } from '../../sim/faults/fault.ts'
import { canonicalJson } from '../../sim/world/canonicalJson.ts'
import { countUnderFaults, type FaultCounts } from '../coverage/reached.ts'
import type { ChunkResult } from './conformance.ts'
import { type ChunkFinding, counter, derivedSeed, overlapping, summarise } from './conformance.ts'
import { predictedFinding } from './detect.ts'
import { type Execution, executePlan } from './execute.ts'
import type { Finding } from './judge.ts'
import { judgeTrace } from './judge.ts'
import { findingPlace } from './place.ts'
import { type Plan, planSteps } from './plan.ts'
import type { Player } from './player.ts'
import type { PlayedScenario, ScenarioDraw, ScenarioPlayer } from './scenarioPlayer.ts'

export const SCENARIOS_PER_CHUNK = 10
const OVERLAP = SCENARIOS_PER_CHUNK

/** What is kept of a run of the world while a failure is shrunk. */
type PlayedRun = Pick<PlayedScenario, 'setup' | 'steps' | 'edges' | 'judgements' | 'cause'>

export interface ScenarioOptions {
  readonly regime: string
  readonly seed: number
  readonly chunkIndex: number
  /** At most `SCENARIOS_PER_CHUNK`. */
  readonly runs: number
  readonly only: readonly string[]
}

/** The worst value of a claim against its bound, and the run that showed it. */
export interface Tightness {
  readonly observed: number
  readonly bound: number
  readonly runIndex: number
}

export interface ScenarioResult extends ChunkResult {
  /** By claim about the world. */
  readonly tightness: Readonly<Record<string, Tightness>>
  /** Edges that were taken during or after a fault. */
  readonly faults: FaultCounts
  /** Fingerprint of each run of the world. */
  readonly hashes: readonly string[]
}

export function scenarioOf(player: Player): ScenarioPlayer {
  assert(player.scenario !== undefined, `${player.binding.protocol.id} has a simulated world`)
  return player.scenario
}

/** What run `runIndex` of a chunk is drawn from: a chunk takes one story after the other. */
export function scenarioArbitrary({ player }: Execution, regime: string, runIndex: number) {
  const scenario = scenarioOf(player)
  const { stories = 1 } = scenario
  return stories === 1
    ? scenario.draws(regime)
    : scenario.draws(regime, { story: runIndex % stories })
}

export function scenarioDraw(execution: Execution, options: ScenarioOptions, runIndex: number) {
  const arbitrary = scenarioArbitrary(execution, options.regime, runIndex)
  const seed = scenarioSeed(execution, options)
  const [draw] = fc.sample(arbitrary, { seed, path: String(runIndex), numRuns: 1 })
  assert(draw !== undefined, `run ${runIndex} is part of the chunk`)
  return draw
}

/** Seed of a chunk: both policies face the same worlds, so that they can be compared. */
export function scenarioSeed({ player }: Execution, { seed, regime, chunkIndex }: ScenarioOptions) {
  return derivedSeed(seed, player.binding.protocol.id, 'scenario', regime, chunkIndex)
}

function scenarioDraws(execution: Execution, options: ScenarioOptions): ScenarioDraw[] {
  const runs = Array.from({ length: options.runs }, (_, runIndex) => runIndex)
  return runs.map((runIndex) => scenarioDraw(execution, options, runIndex))
}

/** Plays a draw and plans what the chain saw of it. */
export function playScenario(
  execution: Execution,
  regime: string,
  draw: ScenarioDraw,
  detail: 'summary' | 'full' = 'summary',
): { readonly played: PlayedScenario; readonly plan: Plan } {
  const { player, subject } = execution
  const { policy } = subject
  const played = scenarioOf(player).play({ policy, regime, draw, detail })
  return { played, plan: planPlayed(execution, played) }
}

/** The plan of what the chain saw of a run of the world. */
function planPlayed({ player, subject }: Execution, played: PlayedRun): Plan {
  const scenario = scenarioOf(player)
  const { policy } = subject
  const parameters = scenario.cases[played.setup.caseIndex]
  assert(parameters !== undefined, 'a scenario names one of the deployments')
  const { protocol } = player.binding
  const cast = { protocol, policy, parameters, agreements: played.setup.agreements }
  const plan = planSteps(cast, played.steps)
  for (const [index, { edge }] of plan.predictions.entries()) {
    assert(edge === played.edges[index], `step ${index + 1} is ${edge} in world and plan alike`)
  }
  return plan
}

export async function runScenarioChunk(
  execution: Execution,
  options: ScenarioOptions,
): Promise<ScenarioResult> {
  const draws = scenarioDraws(execution, options)
  const runs = draws.map((draw) => playScenario(execution, options.regime, draw))
  const traces: Trace[] = new Array(runs.length)
  await overlapping(runs.length, OVERLAP, async (index) => {
    const run = runs[index]
    if (run !== undefined) traces[index] = await executePlan(execution, run.plan)
  })
  const summary = summarise(execution, options.only, traces)
  const world = judgeWorlds(
    runs.map(({ played }) => played),
    options.only,
  )
  const digest = createHash('sha256').update(summary.digest)
  for (const { played } of runs) digest.update(played.hash)
  return {
    ...summary,
    witnesses: { ...summary.witnesses, ...world.witnesses },
    findings: [...summary.findings, ...world.findings],
    tightness: world.tightness,
    faults: underFaults(draws, traces),
    hashes: runs.map(({ played }) => played.hash),
    digest: digest.digest('hex'),
  }
}

/** What each run's steps were taken under; a draw's faults are those that its world has played. */
function underFaults(draws: readonly ScenarioDraw[], traces: readonly Trace[]): FaultCounts {
  const counts = { runs: counter(), during: counter(), after: counter() }
  const add = { runs: counts.runs.add, during: counts.during.add, after: counts.after.add }
  for (const [index, { faults }] of draws.entries()) {
    countUnderFaults(faultSchema.array().parse(faults), traces[index]?.steps ?? [], add)
  }
  return { runs: counts.runs.all, during: counts.during.all, after: counts.after.all }
}

function judgeWorlds(runs: readonly PlayedScenario[], only: readonly string[]) {
  const witnesses: Record<string, number> = {}
  const findings = new Map<string, ChunkFinding>()
  const tightness: Record<string, Tightness> = {}
  for (const [runIndex, { judgements, steps }] of runs.entries()) {
    for (const { id, witnesses: count, evidence, observed, bound } of judgements) {
      if (only.length > 0 && !only.includes(id)) continue
      witnesses[id] = (witnesses[id] ?? 0) + count
      if (evidence !== null && !findings.has(id)) {
        findings.set(id, { id, evidence, stepIndex: Math.max(0, steps.length - 1), runIndex })
      }
      if (observed === null || bound === null || bound <= 0) continue
      const known = tightness[id]
      if (known === undefined || observed * known.bound > known.observed * bound) {
        tightness[id] = { observed, bound, runIndex }
      }
    }
  }
  return { witnesses, findings: [...findings.values()], tightness }
}

/** What a run of the world says of a claim about the world; undefined for other claims. */
function worldFinding({ judgements, steps }: PlayedRun, id: string): Finding | null | undefined {
  const claim = judgements.find((each) => each.id === id)
  if (claim === undefined) return undefined
  const stepIndex = Math.max(0, steps.length - 1)
  const { evidence } = claim
  return evidence === null || steps.length === 0 ? null : { id, stepIndex, evidence }
}

export interface LookedScenario {
  readonly finding: Finding | null
  /** Why the run ended and, for a claim about the contract, the place at which it is broken. */
  readonly cause: string
}

/** A claim about the world is broken by a run as a whole; one about the contract has its place. */
function placed(cause: string, plan: Plan, finding: Finding | null): LookedScenario {
  if (finding === null) return { finding, cause }
  return { finding, cause: `${cause}, ${findingPlace(plan, finding)}` }
}

/**
 * What a draw shows of the claim `id` if the contract does what the model says. Plays are
 * remembered: claims that the same run breaks shrink along the same draws.
 */
export function createScenarioForecast(execution: Execution, regime: string) {
  const { player, subject } = execution
  const known = new Map<string, PlayedRun>()
  const playOf = (draw: ScenarioDraw): PlayedRun => {
    const key = canonicalJson(draw)
    const before = known.get(key)
    if (before !== undefined) return before
    const { policy } = subject
    const options = { policy, regime, draw, detail: 'summary' } as const
    const { setup, steps, edges, judgements, cause } = scenarioOf(player).play(options)
    const played = { setup, steps, edges, judgements, cause }
    known.set(key, played)
    return played
  }
  return (draw: ScenarioDraw, id: string): LookedScenario => {
    const played = playOf(draw)
    const { cause } = played
    const finding = worldFinding(played, id)
    if (finding !== undefined) return { finding, cause }
    const plan = planPlayed(execution, played)
    return placed(cause, plan, predictedFinding(execution, plan, id))
  }
}

/** What a draw shows of the claim `id`, in the world or on the contract. */
export async function lookAtScenario(
  execution: Execution,
  regime: string,
  draw: ScenarioDraw,
  id: string,
): Promise<LookedScenario> {
  const { played, plan } = playScenario(execution, regime, draw)
  const { cause } = played
  const finding = worldFinding(played, id)
  if (finding !== undefined) return { finding, cause }
  return placed(cause, plan, findingIn(execution, await executePlan(execution, plan), id))
}

/** What an executed run shows of a claim, of the world or of the contract. */
export function findingOf(
  execution: Execution,
  run: { readonly played: PlayedScenario; readonly trace: Trace },
  id: string,
): Finding | null {
  const finding = worldFinding(run.played, id)
  return finding === undefined ? findingIn(execution, run.trace, id) : finding
}

function findingIn({ player }: Execution, trace: Trace, id: string): Finding | null {
  const { invariants } = player.binding.protocol
  const own = invariants.filter((each) => each.id === id)
  return judgeTrace(trace, own).findings.find((each) => each.id === id) ?? null
}
