/**
 * The work of a check, cut into jobs: each a pure function of its description.
 *
 * A job runs on any worker; results are plain data that merge in the order of the jobs, so a check
 * writes the same bytes on one worker as on many. A worker keeps its prepared Anvil between jobs.
 */
import { artifactNamed, compileCanaries } from '../../contracts/compile.ts'
import { assert, MeterproofError } from '../../models/kit/error.ts'
import type { Trace } from '../../models/kit/trace.ts'
import type { SolidityCoverage } from '../../reports/record.ts'
import { canariesOf } from '../canaries.ts'
import { coverSolidity } from '../coverage/solidityCoverage.ts'
import { playerOf } from '../players.ts'
import { type CanaryResult, runCanary } from './canary.ts'
import { type ChunkOptions, type ChunkResult, chunkDraws, runChunk } from './conformance.ts'
import {
  type DeploymentsResult,
  deploymentsOf,
  lookAtDeployment,
  runDeployments,
} from './deployments.ts'
import { type Execution, executePlan } from './execute.ts'
import { type MetamorphicResult, runMetamorphicChunk } from './metamorphic.ts'
import { type PathsResult, pathPlanOf, runPaths } from './pathsRun.ts'
import { planDraw } from './plan.ts'
import type { Player } from './player.ts'
import type { ScenarioOptions, ScenarioResult } from './scenario.ts'
import { playScenario, runScenarioChunk, scenarioDraw } from './scenario.ts'
import { runScenarioCanary, type ScenarioCanaryResult } from './scenarioCanary.ts'
import type { PlayedScenario } from './scenarioPlayer.ts'
import {
  type ShrinkScenarioOptions,
  type ShrunkScenario,
  shrinkScenario,
} from './scenarioShrink.ts'
import { confirmOnMined, type Shrunk, shrinkPlan, shrinkRun } from './shrink.ts'
import { openTestbed, type Subject, type Testbed } from './testbed.ts'

/** What all jobs of one protocol share. */
export interface JobSetting {
  readonly protocol: string
  /** One contract for each policy that is checked. */
  readonly subjects: readonly Subject[]
  readonly lane: 'batch' | 'mined'
}

/** Where a finding first showed. */
export type FindingPlace =
  | { readonly campaign: 'paths'; readonly setupIndex: number; readonly runIndex: number }
  | { readonly campaign: 'deployments'; readonly runIndex: number }
  | ({ readonly campaign: 'conformance' | 'metamorphic'; readonly runIndex: number } & ChunkOptions)
  | ({ readonly campaign: 'scenario'; readonly runIndex: number } & ScenarioOptions)

export type Job = { readonly policy: Subject['policy'] } & (
  | { readonly kind: 'paths'; readonly setupIndex: number; readonly only: readonly string[] }
  | { readonly kind: 'deployments' }
  | ({ readonly kind: 'conformance' } & ChunkOptions)
  | ({ readonly kind: 'metamorphic' } & ChunkOptions)
  | ({ readonly kind: 'scenario' } & ScenarioOptions)
  | {
      readonly kind: 'shrinkScenario'
      readonly options: ShrinkScenarioOptions
    }
  | { readonly kind: 'playScenario'; readonly options: ScenarioOptions; readonly runIndex: number }
  | { readonly kind: 'shrink'; readonly id: string; readonly place: FindingPlace }
  | { readonly kind: 'sample'; readonly options: ChunkOptions }
  | { readonly kind: 'canary'; readonly id: string; readonly seed: number }
  | { readonly kind: 'worldCanary'; readonly id: string; readonly seed: number }
  | {
      readonly kind: 'solidityCoverage'
      readonly name: string
      readonly path: string
      readonly seed: number
    }
)

export interface ShrinkResult extends Shrunk {
  /** Whether Anvil's mined lane shows the same finding. */
  readonly confirmed: boolean
}

export type JobResult =
  | { readonly kind: 'paths'; readonly result: PathsResult }
  | { readonly kind: 'deployments'; readonly result: DeploymentsResult }
  | { readonly kind: 'conformance'; readonly result: ChunkResult }
  | { readonly kind: 'metamorphic'; readonly result: MetamorphicResult }
  | { readonly kind: 'scenario'; readonly result: ScenarioResult }
  | { readonly kind: 'shrinkScenario'; readonly result: readonly ShrunkScenario[] }
  | { readonly kind: 'playScenario'; readonly result: PlayedTrace }
  | { readonly kind: 'shrink'; readonly result: ShrinkResult }
  | { readonly kind: 'sample'; readonly result: Trace }
  | { readonly kind: 'canary'; readonly result: CanaryResult }
  | { readonly kind: 'worldCanary'; readonly result: ScenarioCanaryResult }
  | { readonly kind: 'solidityCoverage'; readonly result: SolidityCoverage }

/** One run of the world in full, with its schedule as the contract executed it. */
export interface PlayedTrace {
  readonly played: PlayedScenario
  readonly trace: Trace
}

/** A finished job, with what a user should be told about the machine. */
export type JobReport = JobResult & { readonly notices: readonly string[] }

export interface JobRunner {
  run(job: Job): Promise<JobReport>
  close(): Promise<void>
}

/** A runner with an Anvil of its own, started with the first job that needs it. */
export function createJobRunner(setting: JobSetting): JobRunner {
  const player = playerOf(setting.protocol)
  let testbed: Promise<Testbed> | null = null
  let notices: string[] = []
  const onRestart = ({ restartCount, exitCode, signal }: RestartFacts) => {
    const reason = signal ?? exitCode ?? 'unknown'
    notices.push(`Anvil ended in mid-run (${reason}) and was started again (#${restartCount}).`)
  }
  const opened = () => {
    testbed ??= openTestbed({
      binding: player.binding,
      subjects: setting.subjects,
      cases: [...player.cases, ...(player.scenario?.cases ?? [])],
      guestCases: player.cases,
      onRestart,
    })
    return testbed
  }
  async function executionOf(job: Job): Promise<Execution> {
    const subject = setting.subjects.find(({ policy }) => policy === job.policy)
    assert(subject !== undefined, `a contract for policy ${job.policy} is given`)
    const bed = await opened()
    return { testbed: bed, lane: bed[setting.lane], player, subject }
  }
  return {
    async run(job) {
      const result = await runJob(player, job, { executionOf, opened })
      const told = notices
      notices = []
      return { ...result, notices: told }
    },
    async close() {
      const bed = testbed
      testbed = null
      await (await bed?.catch(() => null))?.close()
    },
  }
}

/** A job with everything that a worker must know to run it. */
export interface Piece {
  readonly setting: JobSetting
  readonly job: Job
}

/** Runners for one setting after the other: the last one's Anvil stays, earlier ones are ended. */
export function createJobRunners() {
  let current: { readonly protocol: string; readonly runner: JobRunner } | null = null
  return {
    async run({ setting, job }: Piece): Promise<JobReport> {
      if (current?.protocol !== setting.protocol) {
        await current?.runner.close()
        current = { protocol: setting.protocol, runner: createJobRunner(setting) }
      }
      return current.runner.run(job)
    },
    async close(): Promise<void> {
      await current?.runner.close()
      current = null
    },
  }
}

interface RestartFacts {
  readonly restartCount: number
  readonly exitCode: number | undefined
  readonly signal: string | undefined
}

/** Where a job finds the contracts. */
interface Workplace {
  executionOf(job: Job): Promise<Execution>
  opened(): Promise<Testbed>
}

async function runJob(
  player: Player,
  job: Job,
  { executionOf, opened }: Workplace,
): Promise<JobResult> {
  switch (job.kind) {
    case 'paths':
      return { kind: 'paths', result: await runPaths(await executionOf(job), job) }
    case 'deployments':
      return { kind: 'deployments', result: await runDeployments(await executionOf(job)) }
    case 'conformance':
      return { kind: 'conformance', result: await runChunk(await executionOf(job), job) }
    case 'metamorphic':
      return { kind: 'metamorphic', result: await runMetamorphicChunk(await executionOf(job), job) }
    case 'scenario':
      return { kind: 'scenario', result: await runScenarioChunk(await executionOf(job), job) }
    case 'shrinkScenario': {
      const result = await shrinkScenario(await executionOf(job), job.options)
      return { kind: 'shrinkScenario', result }
    }
    case 'playScenario': {
      const execution = await executionOf(job)
      const draw = scenarioDraw(execution, job.options, job.runIndex)
      const { played, plan } = playScenario(execution, job.options.regime, draw, 'full')
      const trace = await executePlan(execution, plan)
      return { kind: 'playScenario', result: { played, trace } }
    }
    case 'shrink': {
      const execution = await executionOf(job)
      if (job.place.campaign === 'deployments') {
        return { kind: 'shrink', result: await shownDeployment(execution, job.place) }
      }
      const shrunk = await shrinkPlace(execution, job.place, job.id)
      const confirmed = await confirmOnMined(execution, shrunk.trace, job.id)
      return { kind: 'shrink', result: { ...shrunk, confirmed } }
    }
    case 'sample':
      return { kind: 'sample', result: await sample(await executionOf(job), job.options) }
    case 'canary':
      return { kind: 'canary', result: await runCanaryNamed(player, job, await opened()) }
    case 'solidityCoverage': {
      const { name, policy, path, seed } = job
      const result = await coverSolidity({ player, subject: { name, policy }, path, seed })
      return { kind: 'solidityCoverage', result }
    }
    case 'worldCanary': {
      const defect = player.scenario?.defects.find(({ id }) => id === job.id)
      assert(defect !== undefined, `the world has a defect ${job.id}`)
      return { kind: 'worldCanary', result: await runScenarioCanary(player, defect, job.seed) }
    }
  }
}

async function shrinkPlace(execution: Execution, place: FindingPlace, id: string): Promise<Shrunk> {
  assert(place.campaign !== 'scenario', 'a run of the world is shrunk by a job of its own')
  assert(place.campaign !== 'deployments', 'a deployment is as small as it gets')
  if (place.campaign !== 'paths') return shrinkRun(execution, { ...place, id })
  const { player, subject } = execution
  return shrinkPlan(execution, pathPlanOf(player, subject.policy, place), id)
}

/** A deployment that ends as it must not, and whether a mined one does. */
async function shownDeployment(
  execution: Execution,
  { runIndex }: { readonly runIndex: number },
): Promise<ShrinkResult> {
  const { testbed, player } = execution
  const deployment = deploymentsOf(player.binding.protocol)[runIndex]
  assert(deployment !== undefined, `deployment ${runIndex} is one of the protocol's`)
  const { trace, finding } = await lookAtDeployment(execution, deployment.parameters)
  assert(finding !== null, 'what failed fails when it is tried again')
  const mined = await lookAtDeployment({ ...execution, lane: testbed.mined }, trace.parameters)
  return { finding, trace, ladder: [], executions: 1, confirmed: mined.finding !== null }
}

/** The longest run of a chunk's first ten, so that a reader sees what a run looks like. */
async function sample(execution: Execution, options: ChunkOptions): Promise<Trace> {
  const draws = chunkDraws(execution, options).slice(0, 10)
  const plans = draws.map((draw) => planDraw(execution.player, execution.subject.policy, draw))
  const longest = plans.toSorted((a, b) => b.steps.length - a.steps.length)[0]
  assert(longest !== undefined, 'a chunk has runs')
  return executePlan(execution, longest)
}

async function runCanaryNamed(
  player: Player,
  { id, seed }: { readonly id: string; readonly seed: number },
  testbed: Testbed,
): Promise<CanaryResult> {
  const protocol = player.binding.protocol.id
  const canary = canariesOf(protocol).find((each) => each.id === id)
  if (canary === undefined) {
    throw new MeterproofError('MP_CANARY_UNKNOWN', `There is no canary ${id}.`, {
      hint: 'Run `meterproof protocols` for a list.',
    })
  }
  const { bytecode } = artifactNamed(await compileCanaries(protocol), canary.contract)
  return runCanary({ testbed, player, canary, bytecode, seed })
}
