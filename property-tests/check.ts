/**
 * A whole check: campaigns on every chosen protocol and policy, canaries, counterexamples, record.
 *
 * The command line calls `runCheck` and `replayTrace` and knows nothing else of the campaigns.
 */
import type { Policy } from '../models/kit/trace.ts'
import type { Bound, Canary, RunRecord } from '../reports/record.ts'
import type { TraceFile } from '../reports/traceFile.ts'
import { summarise } from '../reports/verdict.ts'
import { scenarioSchema } from '../reports/worldSchema.ts'
import { runName } from '../reports/writeRun.ts'
import type { LaneKind } from '../sim/chain/lane.ts'
import { regimeNamed } from '../sim/faults/regimes.ts'
import {
  boundEntries,
  type Counterexample,
  campaignEntries,
  claimEntries,
  coverageEntries,
  failureEntries,
  type ProtocolOutcome,
  scenarioEntries,
  uncovered,
} from './kit/buildRecord.ts'
import { campaignJobs, withCalm } from './kit/campaignJobs.ts'
import { RUNS_PER_CHUNK } from './kit/conformance.ts'
import type { Job, JobReport } from './kit/jobs.ts'
import { createJobPool, type JobPool } from './kit/pool.ts'
import { tallyOf } from './kit/tally.ts'
import { canaryTraceFile, worldTraceFiles } from './kit/traceFiles.ts'
import { canariesOf, playerOf } from './players.ts'
import { replayArguments } from './replay.ts'
import { measureGas } from './simulation/gas.ts'
import { specsOf } from './simulation/records.ts'
import { type SimulationSections, simulationSections } from './simulation/simulation.ts'
import { type CheckedSubject, checkedSubjects } from './subjects.ts'
import { toolVersions, wallFacts } from './wall.ts'

export interface CheckOptions {
  /** Subcommand, as the record names it. */
  readonly command: string
  readonly protocols: readonly string[]
  readonly policies: readonly Policy[]
  /** Fault regimes of the simulated world; `none` is always among the campaigns. */
  readonly regimes: readonly string[]
  readonly seed: number
  /** Sequences of each campaign; null leaves it to the budget. */
  readonly runs: number | null
  /** Wall time after which no new work is begun, in milliseconds; null is no limit. */
  readonly budgetMs: number | null
  /** Ids of invariants; all when empty. */
  readonly only: readonly string[]
  readonly lane: LaneKind
  readonly workers: number
  readonly canaries: boolean
  /** Path of a user's edited Solidity file or folder; null is the contract that ships. */
  readonly contract: string | null
  /** Folder that runs are written to; replay commands name files in it. */
  readonly outDir: string
  readonly signal: AbortSignal
  onProgress(event: ProgressEvent): void
}

export type ProgressEvent =
  | { readonly kind: 'phase'; readonly label: string }
  | {
      readonly kind: 'pulse'
      readonly label: string
      readonly done: number
      readonly total: number | null
      readonly stepsPerSecond: number
      /** What is counted. @defaultValue 'steps' */
      readonly unit?: string
    }
  | { readonly kind: 'finding'; readonly invariant: string; readonly evidence: string }
  | { readonly kind: 'notice'; readonly text: string }

export interface CheckResult {
  readonly record: RunRecord
  /** Trace files by name that the record does not hold itself: those of canaries and worlds. */
  readonly traceFiles: ReadonlyMap<string, TraceFile>
}

/**
 * Runs everything and gives the record; an interruption gives what was finished until then.
 *
 * @throws MeterproofError `MP_PROTOCOL_UNKNOWN`, `MP_CHECK_NO_CONTRACT`, `MP_COMPILE_…`,
 * `MP_ANVIL_…`
 */
export async function runCheck(options: CheckOptions): Promise<CheckResult> {
  const startedAtMs = Date.now()
  const deadlineMs = options.budgetMs === null ? Infinity : startedAtMs + options.budgetMs
  const run: Run = { options, deadlineMs, notices: [], steps: 0, traceFiles: new Map() }
  const outcomes: ProtocolOutcome[] = []
  const canaries: Canary[] = []
  const samples: RunRecord['samples'][number][] = []
  for (const protocol of options.protocols) {
    const checked = await checkProtocol(run, protocol)
    outcomes.push(checked.outcome)
    canaries.push(...checked.canaries)
    samples.push(...checked.samples)
  }
  const simulated = options.command === 'run' ? await simulation(options) : undefined
  const claims = outcomes.flatMap(claimEntries)
  const coverage = outcomes.flatMap(coverageEntries)
  const failures = outcomes.flatMap((each) => failureEntries(each, replayCommand(options)))
  for (const each of outcomes) {
    for (const [name, file] of worldTraceFiles(options, each, failures)) {
      run.traceFiles.set(name, file)
    }
  }
  const { signal, seed, command } = options
  const inconclusive = options.only.length > 0 ? [] : uncovered(coverage)
  const interrupted = signal.aborted
  const record: RunRecord = {
    schema: 'meterproof.run/1',
    command,
    seed,
    arguments: recordedArguments(options),
    contracts: outcomes.flatMap(contractEntries),
    tools: await toolVersions(),
    campaigns: outcomes.flatMap(campaignEntries),
    claims,
    coverage,
    failures,
    canaries,
    samples,
    ...simulated,
    bounds: tightestBounds([...(simulated?.bounds ?? []), ...outcomes.flatMap(boundEntries)]),
    scenarios: [
      ...outcomes.flatMap(scenarioEntries).map((each) => scenarioSchema.parse(each)),
      ...(simulated?.scenarios ?? []),
    ],
    notes: [],
    summary: summarise({ claims, failures, canaries, interrupted, inconclusive }),
    wall: wallFacts({
      startedAtMs,
      workers: options.workers,
      steps: run.steps,
      notes: run.notices,
    }),
  }
  return { record, traceFiles: run.traceFiles }
}

/** Simulated sessions of each policy under each regime in the main job; `simulate` takes more. */
const SIMULATED_RUNS = 100

/** Latency, exposure and the like for the main job; nothing for an interrupted one. */
async function simulation(options: CheckOptions): Promise<SimulationSections | undefined> {
  const { policies, regimes, seed, workers, signal, onProgress } = options
  if (signal.aborted || !options.protocols.includes('session-escrow')) return undefined
  const label = 'session-escrow: simulating'
  onProgress({ kind: 'phase', label })
  const startedAtMs = Date.now()
  return simulationSections({
    specs: specsOf({ policies, regimes: regimes.map(regimeNameOf), profile: 'l1', seed }),
    runs: SIMULATED_RUNS,
    workers,
    gas: await measureGas(policies),
    signal,
    onProgress({ done, total }) {
      const seconds = Math.max(0.001, (Date.now() - startedAtMs) / 1000)
      onProgress({ kind: 'pulse', label, done, total, stepsPerSecond: done / seconds })
    },
  })
}

const regimeNameOf = (name: string) => regimeNamed(name).name

/** One entry for each claim and regime: the run that came nearest to its bound. */
function tightestBounds(bounds: readonly Bound[]): Bound[] {
  const nearest = new Map<string, Bound>()
  for (const bound of bounds) {
    const key = [bound.protocol, bound.policy, bound.regime, bound.invariant].join('|')
    const known = nearest.get(key)
    const isNearer =
      known === undefined || bound.observed * known.bound > known.observed * bound.bound
    if (isNearer) nearest.set(key, bound)
  }
  return [...nearest.values()]
}

/** What a run collects on its way. */
interface Run {
  readonly options: CheckOptions
  readonly deadlineMs: number
  readonly notices: string[]
  steps: number
  readonly traceFiles: Map<string, TraceFile>
}

function recordedArguments(options: CheckOptions): RunRecord['arguments'] {
  const { protocols, policies, seed, runs, budgetMs, only, lane, canaries, contract } = options
  const regimes = [...options.regimes]
  return {
    ...{ protocols: [...protocols], policies: [...policies], regimes, seed, runs, budgetMs },
    ...{ only: [...only], lane, canaries, contract },
  }
}

function replayCommand({ outDir, command, protocols, seed, contract }: CheckOptions) {
  const directory = `${outDir}/${runName({ command, protocols: [...protocols], seed })}`
  return (traceFile: string) => replayArguments(`${directory}/${traceFile}`, contract)
}

function contractEntries({ player, subjects }: ProtocolOutcome) {
  const protocol = player.binding.protocol.id
  return subjects.map(({ policy, name, bytecodeHash, source }) => ({
    protocol,
    policy,
    name,
    bytecodeHash,
    source,
  }))
}

async function checkProtocol(run: Run, protocol: string) {
  const { options } = run
  const player = playerOf(protocol)
  run.options.onProgress({ kind: 'phase', label: `${protocol}: compiling` })
  const { policies, contract: path } = options
  const subjects = await checkedSubjects({ player, policies, path })
  const setting = { protocol, subjects, lane: options.lane }
  const pool = createJobPool(setting, options.workers)
  try {
    const jobs = campaignJobs(options, player, subjects)
    const reports = await runJobs(run, pool, `${protocol}: campaigns`, jobs)
    const tally = tallyOf(jobs, reports)
    const counterexamples = await counterexamplesOf(run, pool, tally)
    const { only, regimes } = options
    const outcome = { player, subjects, tally, counterexamples, only, regimes: withCalm(regimes) }
    const samples = await samplesOf(run, pool, protocol, subjects)
    const canaries = [
      ...(await canaryEntries(run, pool, protocol)),
      ...(await worldCanaryEntries(run, pool, protocol)),
    ]
    return { outcome, canaries, samples }
  } finally {
    await pool.close()
  }
}

/** Runs jobs with progress; nothing new begins after an interruption or the end of the budget. */
async function runJobs(
  run: Run,
  pool: JobPool,
  label: string,
  jobs: readonly Job[],
  bounded = true,
): Promise<readonly (JobReport | undefined)[]> {
  const { onProgress, signal, runs } = run.options
  onProgress({ kind: 'phase', label })
  const startedAtMs = Date.now()
  let done = 0
  let steps = 0
  const total = runs === null && bounded && run.deadlineMs !== Infinity ? null : jobs.length
  return pool.runAll(jobs, {
    mayStart: () => !signal.aborted && (!bounded || Date.now() < run.deadlineMs),
    onReport(report) {
      done += 1
      for (const text of report.notices) {
        run.notices.push(text)
        onProgress({ kind: 'notice', text })
      }
      const { result } = report
      if ('steps' in result && typeof result.steps === 'number') {
        steps += result.steps
        run.steps += result.steps
      }
      if ('findings' in result) {
        for (const { id, evidence } of result.findings) {
          onProgress({ kind: 'finding', invariant: id, evidence })
        }
      }
      const seconds = Math.max(0.001, (Date.now() - startedAtMs) / 1000)
      onProgress({ kind: 'pulse', label, done, total, stepsPerSecond: steps / seconds })
    },
  })
}

async function counterexamplesOf(
  run: Run,
  pool: JobPool,
  tally: ReturnType<typeof tallyOf>,
): Promise<Counterexample[]> {
  const { findings } = tally
  if (findings.length === 0) return []
  const jobs = findings.map(({ policy, finding, place }): Job => {
    const { id } = finding
    if (place.campaign !== 'scenario') return { kind: 'shrink', policy, id, place }
    return { kind: 'shrinkScenario', policy, options: { ...place, id } }
  })
  const reports = await runJobs(run, pool, 'shrinking', jobs, false)
  return findings.flatMap((first, index) => {
    const report = reports[index]
    if (report?.kind === 'shrink') {
      const { finding, trace, ladder, executions, confirmed } = report.result
      const stepsOriginal = ladder[0] ?? trace.steps.length
      return [{ first, finding, trace, stepsOriginal, executions, confirmed }]
    }
    if (report?.kind !== 'shrinkScenario') return []
    const { finding, trace, draw, played, originalSteps, runs, confirmed } = report.result
    const world = { draw, played }
    const sizes = { stepsOriginal: originalSteps, executions: runs }
    return [{ first, finding, trace, ...sizes, confirmed, world }]
  })
}

async function samplesOf(
  run: Run,
  pool: JobPool,
  protocol: string,
  subjects: readonly CheckedSubject[],
) {
  const { seed, only } = run.options
  const jobs = subjects.map(({ policy }): Job => {
    const options = { seed, chunkIndex: 0, runs: RUNS_PER_CHUNK, only }
    return { kind: 'sample', policy, options }
  })
  const reports = await runJobs(run, pool, `${protocol}: samples`, jobs, false)
  return reports.flatMap((report, index) => {
    const policy = subjects[index]?.policy
    if (report?.kind !== 'sample' || policy === undefined) return []
    const trace = report.result
    return [{ protocol, policy, regime: 'none', campaign: 'conformance', run: 0, trace }]
  })
}

async function canaryEntries(run: Run, pool: JobPool, protocol: string): Promise<Canary[]> {
  const { options } = run
  if (!options.canaries || options.contract !== null) return []
  const canaries = canariesOf(protocol).filter(({ policy }) => options.policies.includes(policy))
  const jobs = canaries.map(({ id, policy }): Job => {
    return { kind: 'canary', policy, id, seed: options.seed }
  })
  const reports = await runJobs(run, pool, `${protocol}: canaries`, jobs, false)
  const entries: Canary[] = []
  for (const [index, canary] of canaries.entries()) {
    const report = reports[index]
    if (report?.kind !== 'canary') continue
    const { result } = report
    const traceFile = result.trace === null ? null : `canary-${canary.id}.trace.json`
    const file = await canaryTraceFile(options, protocol, result)
    if (traceFile !== null && file !== null) run.traceFiles.set(traceFile, file)
    entries.push({
      id: canary.id,
      protocol,
      contract: canary.contract,
      policy: canary.policy,
      expectedInvariant: canary.caughtBy,
      caughtBy: [...result.caughtBy],
      caught: result.finding !== null,
      actions: result.trace?.steps.length ?? null,
      confirmedOnMinedLane: result.confirmed,
      sequencesTried: result.runs,
      stepsTried: result.steps,
      traceFile,
      replayCommand: traceFile === null ? null : replayCommand(options)(traceFile),
    })
  }
  return entries
}

/** Parts of the world that fail on purpose; they concern no contract and leave no trace file. */
async function worldCanaryEntries(run: Run, pool: JobPool, protocol: string): Promise<Canary[]> {
  const { options } = run
  const defects = playerOf(protocol).scenario?.defects ?? []
  const wanted = defects.filter(({ policy }) => options.policies.includes(policy))
  if (!options.canaries || options.contract !== null || wanted.length === 0) return []
  const jobs = wanted.map(({ id, policy }): Job => {
    return { kind: 'worldCanary', policy, id, seed: options.seed }
  })
  const reports = await runJobs(run, pool, `${protocol}: canaries of the world`, jobs, false)
  return wanted.flatMap((defect, index) => {
    const report = reports[index]
    if (report?.kind !== 'worldCanary') return []
    const { caughtBy, evidence, actions, runs, steps } = report.result
    return [
      {
        id: defect.id,
        protocol,
        contract: 'the world',
        policy: defect.policy,
        expectedInvariant: defect.caughtBy,
        caughtBy: [...caughtBy],
        caught: evidence !== null,
        actions,
        sequencesTried: runs,
        stepsTried: steps,
        traceFile: null,
        replayCommand: null,
      },
    ]
  })
}
