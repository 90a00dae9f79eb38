/**
 * Checks one protocol: its campaigns in rounds, counterexamples made small, samples, canaries.
 *
 * The first round is the protocol's even share; further ones follow while something is undecided
 * and sequences are left (`kit/shares.ts`). What a round found is never lost: results are added up
 * in the order of the jobs, and an interruption keeps what was finished.
 */
import type { Canary, SolidityCoverage } from '../reports/record.ts'
import type { TraceFile } from '../reports/traceFile.ts'
import { runName } from '../reports/writeRun.ts'
import { canariesOf } from './canaries.ts'
import type { CheckOptions } from './check.ts'
import { solidityFileOf } from './coverage/solidityFile.ts'
import type { Counterexample, ProtocolOutcome } from './kit/buildRecord.ts'
import { campaignJobs, withCalm } from './kit/campaignJobs.ts'
import { RUNS_PER_CHUNK } from './kit/conformance.ts'
import type { Job, JobReport } from './kit/jobs.ts'
import type { JobPool, JobPools } from './kit/pool.ts'
import type { ShrunkScenario } from './kit/scenarioShrink.ts'
import { ROUND_RUNS, undecidedOf } from './kit/shares.ts'
import { type FirstFinding, tallyOf } from './kit/tally.ts'
import { canaryTraceFile } from './kit/traceFiles.ts'
import { playerOf } from './players.ts'
import { replayArguments } from './replay.ts'
import { type CheckedSubject, checkedSubjects } from './subjects.ts'

/** What a run collects on its way. */
export interface Run {
  readonly pools: JobPools
  readonly options: CheckOptions
  /** When the protocol that is being checked begins nothing new any more. */
  deadlineMs: number
  /** Sequences left for further rounds, of all protocols together. */
  furtherRuns: number
  readonly notices: string[]
  steps: number
  readonly traceFiles: Map<string, TraceFile>
}

/** How a user replays a trace file of this check. */
export function replayCommand({ outDir, command, protocols, seed, contract }: CheckOptions) {
  const directory = `${outDir}/${runName({ command, protocols: [...protocols], seed })}`
  return (traceFile: string) => replayArguments(`${directory}/${traceFile}`, contract)
}

/**
 * Everything about one protocol, as the record needs it.
 *
 * @param firstRuns sequences of each campaign in the first round; null leaves it to the budget
 */
export async function checkProtocol(run: Run, protocol: string, firstRuns: number | null) {
  const { options } = run
  const player = playerOf(protocol)
  run.options.onProgress({ kind: 'phase', label: `${protocol}: compiling` })
  const { policies, contract: path } = options
  const subjects = await checkedSubjects({ player, policies, path })
  const pool = run.pools.of({ protocol, subjects, lane: options.lane })
  const outcome =
    options.canariesOnly === true
      ? nothingOf(player)
      : await campaignsOf(run, pool, { player, subjects, firstRuns })
  const samples = await samplesOf(run, pool, protocol, outcome.subjects)
  const canaries = [
    ...(await canaryEntries(run, pool, protocol)),
    ...(await worldCanaryEntries(run, pool, protocol)),
  ]
  const solidityCoverage = await solidityCoverageOf(run, pool, protocol, outcome.subjects)
  return { outcome, canaries, samples, solidityCoverage }
}

/** What is known of a protocol of which only canaries are asked. */
function nothingOf(player: ProtocolOutcome['player']): ProtocolOutcome {
  const tally = { campaigns: [], findings: [] }
  return { player, subjects: [], tally, counterexamples: [], only: [], regimes: [] }
}

/** Rounds of campaigns until everything is decided or nothing is left, and what they found. */
async function campaignsOf(
  run: Run,
  pool: JobPool,
  checked: Pick<ProtocolOutcome, 'player' | 'subjects'> & { readonly firstRuns: number | null },
): Promise<ProtocolOutcome> {
  const { player, subjects, firstRuns } = checked
  const { only, regimes, signal } = run.options
  const { id } = player.binding.protocol
  const jobs: Job[] = []
  const reports: (JobReport | undefined)[] = []
  let runs = firstRuns
  for (let fromRun = 0; ; ) {
    const round = campaignJobs({ ...run.options, fromRun, runs }, player, subjects)
    const label = fromRun === 0 ? `${id}: campaigns` : `${id}: campaigns, further round`
    jobs.push(...round)
    reports.push(...(await runJobs(run, pool, label, round)))
    const tally = tallyOf(jobs, reports)
    const found = { player, subjects, tally, only, regimes: withCalm(regimes) }
    const isOver = runs === null || signal.aborted || run.furtherRuns < ROUND_RUNS
    if (isOver || undecidedOf({ ...found, counterexamples: [] }).length === 0) {
      const counterexamples = await counterexamplesOf(run, pool, tally)
      return { ...found, counterexamples }
    }
    fromRun += runs ?? 0
    runs = ROUND_RUNS
    run.furtherRuns -= ROUND_RUNS
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
  const { onProgress, signal, budgetMs } = run.options
  onProgress({ kind: 'phase', label })
  const startedAtMs = Date.now()
  let done = 0
  let steps = 0
  const total = budgetMs !== null && bounded ? null : jobs.length
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
  { findings }: ReturnType<typeof tallyOf>,
): Promise<Counterexample[]> {
  if (findings.length === 0) return []
  const groups = shownTogether(findings)
  const jobs = groups.map(([first, ...others]): Job => {
    const { policy, finding, place } = first
    if (place.campaign !== 'scenario') return { kind: 'shrink', policy, id: finding.id, place }
    const ids = [finding.id, ...others.map((each) => each.finding.id)]
    return { kind: 'shrinkScenario', policy, options: { ...place, ids } }
  })
  const reports = await runJobs(run, pool, 'shrinking', jobs, false)
  const made = new Map<FirstFinding, Counterexample>()
  for (const [index, group] of groups.entries()) {
    const report = reports[index]
    if (report?.kind === 'shrink') {
      const { finding, trace, ladder, executions, confirmed } = report.result
      const stepsOriginal = ladder[0]?.actions ?? trace.steps.length
      const [first] = group
      const sizes = { stepsOriginal, executions, ladder }
      made.set(first, { first, finding, trace, ...sizes, confirmed })
    }
    if (report?.kind !== 'shrinkScenario') continue
    for (const [at, first] of group.entries()) {
      const shrunk = report.result[at]
      if (shrunk !== undefined) made.set(first, ofWorld(first, shrunk))
    }
  }
  return findings.flatMap((first) => made.get(first) ?? [])
}

function ofWorld(first: FirstFinding, shrunk: ShrunkScenario): Counterexample {
  const { finding, trace, draw, played, originalSteps, runs, ladder, confirmed } = shrunk
  const sizes = { stepsOriginal: originalSteps, executions: runs, ladder }
  return { first, finding, trace, ...sizes, confirmed, world: { draw, played } }
}

/** Findings one by one; those that the same run of the world shows are shrunk together. */
function shownTogether(findings: readonly FirstFinding[]) {
  const groups = new Map<string, [FirstFinding, ...FirstFinding[]]>()
  for (const [index, first] of findings.entries()) {
    const { policy, place } = first
    const isWorld = place.campaign === 'scenario'
    const key = isWorld ? JSON.stringify({ policy, place }) : String(index)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [first])
    else group.push(first)
  }
  return [...groups.values()]
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

/** What of the sources the paths campaign executes, where that was asked for. */
async function solidityCoverageOf(
  run: Run,
  pool: JobPool,
  protocol: string,
  subjects: readonly CheckedSubject[],
): Promise<SolidityCoverage[]> {
  const { options } = run
  if (options.solidityCoverage !== true) return []
  const jobs = subjects.map(({ name, policy, source }): Job => {
    const path = solidityFileOf(source, options.contract)
    return { kind: 'solidityCoverage', policy, name, path, seed: options.seed }
  })
  const reports = await runJobs(run, pool, `${protocol}: lines of Solidity`, jobs, false)
  return reports.flatMap((report) => (report?.kind === 'solidityCoverage' ? [report.result] : []))
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
      ...(result.ladder.length > 0 ? { ladder: [...result.ladder] } : {}),
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
    const { caughtBy, evidence, actions, ladder, runs, steps } = report.result
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
        ...(ladder.length > 0 ? { ladder: [...ladder] } : {}),
        sequencesTried: runs,
        stepsTried: steps,
        traceFile: null,
        replayCommand: null,
      },
    ]
  })
}
