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

/** Runs of the world, all regimes and policies in turn; both policies face the same worlds. */
function scenarioJobs(
  options: CheckOptions,
  player: Player,
  subjects: readonly CheckedSubject[],
): Job[] {
  if (player.scenario === undefined) return []
  const { seed, only } = options
  const wanted = Math.ceil((options.runs ?? RUNS_DEFAULT) / SCENARIO_SHARE)
  const scenarios = Math.min(SCENARIOS_MAX, wanted)
  const jobs: Job[] = []
  for (let chunkIndex = 0; chunkIndex * SCENARIOS_PER_CHUNK < scenarios; chunkIndex += 1) {
    const left = scenarios - chunkIndex * SCENARIOS_PER_CHUNK
    const runs = Math.min(SCENARIOS_PER_CHUNK, left)
    for (const regime of options.regimes) {
      for (const { policy } of subjects) {
        jobs.push({ kind: 'scenario', policy, regime, seed, chunkIndex, runs, only })
      }
    }
  }
  return jobs
}

/** Paths first, as they cover every edge; then chunks of all policies in turn. */
export function campaignJobs(
  options: CheckOptions,
  player: Player,
  subjects: readonly CheckedSubject[],
): Job[] {
  const { seed, only } = options
  const jobs: Job[] = []
  for (const { policy } of subjects) {
    player.pathSetups.forEach((_, setupIndex) => {
      jobs.push({ kind: 'paths', policy, setupIndex, only })
    })
  }
  jobs.push(...scenarioJobs(options, player, subjects))
  const unlimited = options.budgetMs === null ? RUNS_DEFAULT : RUNS_UNDER_BUDGET_MAX
  const wanted = options.runs ?? unlimited
  const chunks = Math.ceil(wanted / RUNS_PER_CHUNK)
  for (let chunkIndex = 0; chunkIndex < chunks; chunkIndex += 1) {
    const runs = Math.min(RUNS_PER_CHUNK, wanted - chunkIndex * RUNS_PER_CHUNK)
    for (const { policy } of subjects) {
      jobs.push({ kind: 'conformance', policy, seed, chunkIndex, runs, only })
      if (only.length > 0 || chunkIndex % METAMORPHIC_SHARE !== 0) continue
      jobs.push({ kind: 'metamorphic', policy, seed, chunkIndex, runs, only })
    }
  }
  return jobs
}
