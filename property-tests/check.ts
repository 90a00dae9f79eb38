/**
 * A whole check: campaigns on every chosen protocol and policy, canaries, counterexamples, record.
 *
 * The command line calls `runCheck` and `replayTrace` and knows nothing else of the campaigns.
 */
import type { Policy } from '../models/kit/trace.ts'
import type { Bound, Canary, RunRecord, SolidityCoverage } from '../reports/record.ts'
import type { TraceFile } from '../reports/traceFile.ts'
import { summarise } from '../reports/verdict.ts'
import { scenarioSchema } from '../reports/worldSchema.ts'
import type { LaneKind } from '../sim/chain/lane.ts'
import { regimeNamed } from '../sim/faults/regimes.ts'
import { hasWorld } from '../sim/worlds.ts'
import { checkProtocol } from './checkProtocol.ts'
import { type Run, replayCommand } from './checkRun.ts'
import { compileAhead } from './compileAhead.ts'
import { curvesOf } from './curves.ts'
import {
  boundEntries,
  campaignEntries,
  claimEntries,
  coverageEntries,
  failureEntries,
  type ProtocolOutcome,
  scenarioEntries,
  uncovered,
} from './kit/buildRecord.ts'
import { createJobPools } from './kit/pool.ts'
import { deadlineOfShare, sharesOf } from './kit/shares.ts'
import { worldTraceFiles } from './kit/traceFiles.ts'
import { replayStored } from './regression/replayStored.ts'
import { simulateInRun } from './simulation/records.ts'
import type { SimulationSections } from './simulation/simulation.ts'
import { toolVersions, wallFacts } from './wall.ts'

export interface CheckOptions {
  /** Subcommand, as the record names it. */
  readonly command: string
  readonly protocols: readonly string[]
  readonly policies: readonly Policy[]
  /** Fault regimes of the simulated world; `none` is always among the campaigns. */
  readonly regimes: readonly string[]
  readonly seed: number
  /** Sequences of each campaign of each protocol; null leaves it to `runsInAll` or the budget. */
  readonly runs: number | null
  /** Sequences of each campaign that the protocols share, most of them where it is needed. */
  readonly runsInAll: number | null
  /** Wall time after which no new work is begun, in milliseconds; null is no limit. */
  readonly budgetMs: number | null
  /** Ids of invariants; all when empty. */
  readonly only: readonly string[]
  readonly lane: LaneKind
  readonly workers: number
  readonly canaries: boolean
  /** Leaves the campaigns out, so that no claim is judged. @defaultValue false */
  readonly canariesOnly?: boolean
  /** Whether to trace which lines of Solidity are executed. @defaultValue false */
  readonly solidityCoverage?: boolean
  /** Path of a user's edited Solidity file or folder; null is the contract that ships. */
  readonly contract: string | null
  /** Folder of stored failures to replay before the search; none when absent or null. */
  readonly failures?: string | null
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
  const { runsInAll, protocols } = options
  const shares = runsInAll === null ? null : sharesOf(runsInAll, protocols.length)
  const furtherRuns = shares?.further ?? 0
  const pools = createJobPools(options.workers)
  const run: Run = {
    options,
    pools,
    deadlineMs,
    furtherRuns,
    notices: [],
    steps: 0,
    traceFiles: new Map(),
  }
  await compileContractsOf(options)
  const stored = await storedFailures(options)
  const firstRuns = shares?.first ?? options.runs
  const { outcomes, canaries, ...kept } = await checkAll(run, deadlineMs, firstRuns)
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
  const regressions = stored.regressions ?? []
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
    ...kept,
    ...stored,
    ...simulated,
    ...(simulated === undefined ? {} : { curves: [...curvesOf(protocols, options.policies)] }),
    bounds: tightestBounds([...(simulated?.bounds ?? []), ...outcomes.flatMap(boundEntries)]),
    scenarios: [
      ...outcomes.flatMap(scenarioEntries).map((each) => scenarioSchema.parse(each)),
      ...(simulated?.scenarios ?? []),
    ],
    notes: [],
    summary: summarise({
      ...{ claims, failures, canaries, interrupted, inconclusive },
      regressions,
    }),
    wall: wallFacts({
      startedAtMs,
      workers: options.workers,
      steps: run.steps,
      notes: run.notices,
    }),
  }
  return { record, traceFiles: run.traceFiles }
}

/** So that no worker has to wait for the compiler, or for another worker at the same work. */
async function compileContractsOf(options: CheckOptions): Promise<void> {
  const { workers, signal, protocols, onProgress } = options
  const startedAtMs = Date.now()
  await compileAhead({
    workers,
    canariesOf: options.canaries && options.contract === null ? protocols : [],
    mayStart: () => !signal.aborted,
    onPart(done, total) {
      const label = 'compiling'
      if (done === 0) return onProgress({ kind: 'phase', label })
      const seconds = Math.max(0.001, (Date.now() - startedAtMs) / 1000)
      onProgress({
        kind: 'pulse',
        label,
        done,
        total,
        stepsPerSecond: done / seconds,
        unit: 'parts',
      })
    },
  })
}

/** Every protocol in turn; under a budget each has an even part of the time that is left. */
async function checkAll(run: Run, deadlineMs: number, firstRuns: number | null) {
  const { protocols } = run.options
  const outcomes: ProtocolOutcome[] = []
  const canaries: Canary[] = []
  const samples: RunRecord['samples'][number][] = []
  const solidityCoverage: SolidityCoverage[] = []
  try {
    for (const [index, protocol] of protocols.entries()) {
      const protocolsLeft = protocols.length - index
      run.deadlineMs = deadlineOfShare({ nowMs: Date.now(), deadlineMs, protocolsLeft })
      const checked = await checkProtocol(run, protocol, firstRuns)
      outcomes.push(checked.outcome)
      canaries.push(...checked.canaries)
      samples.push(...checked.samples)
      solidityCoverage.push(...checked.solidityCoverage)
    }
  } finally {
    await run.pools.close()
  }
  const traced = solidityCoverage.length === 0 ? {} : { solidityCoverage }
  return { outcomes, canaries, samples, ...traced }
}

/** Stored failures come first; whatever they show, the search goes on as without them. */
async function storedFailures(options: CheckOptions): Promise<Pick<RunRecord, 'regressions'>> {
  const { failures: folder = null, onProgress } = options
  if (folder === null) return {}
  onProgress({ kind: 'phase', label: 'stored failures' })
  const regressions = await replayStored({ ...options, folder })
  for (const { verdict, expected, invariant, reason } of regressions) {
    if (verdict !== 'stillFails' || expected === 'refuted') continue
    onProgress({ kind: 'finding', invariant, evidence: reason })
  }
  return { regressions }
}

/** Latency, exposure and the like for the main job; nothing for an interrupted one. */
async function simulation(options: CheckOptions): Promise<SimulationSections | undefined> {
  const { signal, onProgress } = options
  const protocols = options.protocols.filter(hasWorld)
  if (signal.aborted || protocols.length === 0) return undefined
  const startedAtMs = Date.now()
  return simulateInRun({
    ...options,
    protocols,
    regimes: options.regimes.map(regimeNameOf),
    onPhase: (label) => onProgress({ kind: 'phase', label }),
    onProgress({ done, total }) {
      const seconds = Math.max(0.001, (Date.now() - startedAtMs) / 1000)
      const [label, stepsPerSecond] = ['simulating', done / seconds]
      onProgress({ kind: 'pulse', label, done, total, stepsPerSecond, unit: 'runs' })
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

function recordedArguments(options: CheckOptions): RunRecord['arguments'] {
  const { protocols, policies, seed, runs, runsInAll, budgetMs, only, ...rest } = options
  const { lane, canaries, contract } = rest
  const regimes = [...options.regimes]
  return {
    ...{ protocols: [...protocols], policies: [...policies], regimes, seed },
    ...{ runs, runsInAll, budgetMs },
    ...{ only: [...only], lane, canaries, contract },
    ...(options.solidityCoverage === true ? { solidityCoverage: true } : {}),
    ...(options.canariesOnly === true ? { canariesOnly: true } : {}),
  }
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
