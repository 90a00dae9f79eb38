/**
 * The jobs of a check, in the order in which their results are added up.
 */
import type { CheckOptions } from '../check.ts'
import type { CheckedSubject } from '../subjects.ts'
import { RUNS_PER_CHUNK } from './conformance.ts'
import type { Job } from './jobs.ts'
import type { Player } from './player.ts'
import { SCENARIOS_PER_CHUNK } from './scenario.ts'

/** Sequences when neither a number nor a budget is given. */
const RUNS_DEFAULT = 500
/** Sequences at most under a budget alone. */
const RUNS_UNDER_BUDGET_MAX = 1_000_000
/** One run of the world in each regime for this many conformance sequences. */
const SCENARIO_SHARE = 5
/** Runs of the world in each regime at most; a hunt for rare ones is `simulate`'s business. */
const SCENARIOS_MAX = 2_000
/** One metamorphic sequence for this many conformance sequences: each is run a dozen times. */
const METAMORPHIC_SHARE = 5

/** Everything outside the simulated world is reported under `none`. */
export function withCalm(regimes: readonly string[]): readonly string[] {
  return regimes.includes('none') ? regimes : ['none', ...regimes]
}

/** What a round of campaigns needs to know of a check. */
export interface RoundOptions extends Pick<CheckOptions, 'seed' | 'only' | 'regimes' | 'budgetMs'> {
  /** Sequences of each campaign; null leaves it to the budget. */
  readonly runs: number | null
  /** Sequences of each campaign that earlier rounds made: whole chunks. */
  readonly fromRun: number
}

/** Runs of the world, all regimes and policies in turn; both policies face the same worlds. */
function scenarioJobs(
  options: RoundOptions,
  player: Player,
  subjects: readonly CheckedSubject[],
): Job[] {
  if (player.scenario === undefined) return []
  const { seed, only, fromRun } = options
  const wanted = Math.ceil((options.runs ?? RUNS_DEFAULT) / SCENARIO_SHARE)
  const scenarios = Math.min(SCENARIOS_MAX, wanted)
  const before = Math.ceil(fromRun / SCENARIO_SHARE / SCENARIOS_PER_CHUNK)
  const jobs: Job[] = []
  for (let done = 0; done < scenarios; done += SCENARIOS_PER_CHUNK) {
    const chunkIndex = before + done / SCENARIOS_PER_CHUNK
    const runs = Math.min(SCENARIOS_PER_CHUNK, scenarios - done)
    for (const regime of options.regimes) {
      for (const { policy } of subjects) {
        jobs.push({ kind: 'scenario', policy, regime, seed, chunkIndex, runs, only })
      }
    }
  }
  return jobs
}

/**
 * In the first round deployments, and paths, as they cover every edge; then chunks of all policies
 * in turn.
 */
export function campaignJobs(
  options: RoundOptions,
  player: Player,
  subjects: readonly CheckedSubject[],
): Job[] {
  const { seed, only } = options
  const jobs: Job[] = []
  for (const { policy } of options.fromRun === 0 ? subjects : []) {
    if (only.length === 0) jobs.push({ kind: 'deployments', policy })
    player.pathSetups.forEach((_, setupIndex) => {
      jobs.push({ kind: 'paths', policy, setupIndex, only })
    })
  }
  jobs.push(...scenarioJobs(options, player, subjects))
  const unlimited = options.budgetMs === null ? RUNS_DEFAULT : RUNS_UNDER_BUDGET_MAX
  const wanted = options.runs ?? unlimited
  for (let done = 0; done < wanted; done += RUNS_PER_CHUNK) {
    const chunkIndex = (options.fromRun + done) / RUNS_PER_CHUNK
    const runs = Math.min(RUNS_PER_CHUNK, wanted - done)
    for (const { policy } of subjects) {
      jobs.push({ kind: 'conformance', policy, seed, chunkIndex, runs, only })
      if (only.length > 0 || chunkIndex % METAMORPHIC_SHARE !== 0) continue
      jobs.push({ kind: 'metamorphic', policy, seed, chunkIndex, runs, only })
    }
  }
  return jobs
}
