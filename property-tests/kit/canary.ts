/**
 * Hunts one canary: a contract that is broken on purpose, and the claim that must notice.
 *
 * Sequences of the conformance campaign run until the named claim is violated, then the run is
 * shrunk and replayed on the mined lane. Whatever else was violated on the way is told too.
 */
import type { Hex } from 'viem'
import type { Canary } from '../../contracts/canaries/canary.ts'
import type { Trace } from '../../models/kit/trace.ts'
import type { Rung } from '../../reports/record.ts'
import { type ChunkOptions, chunkPlans, RUNS_PER_CHUNK, runPlans } from './conformance.ts'
import type { Execution } from './execute.ts'
import type { Finding } from './judge.ts'
import type { Plan } from './plan.ts'
import type { Player } from './player.ts'
import { confirmOnMined, shrinkRun } from './shrink.ts'
import type { Testbed } from './testbed.ts'

/** Chunks of sequences after which a canary counts as missed. */
const CANARY_CHUNKS_MAX = 80
/** Sequences between two looks at what was found. */
const RUNS_AT_ONCE = 5

export interface CanaryResult {
  readonly id: string
  /** Everything that was violated until the expected claim was, sorted. */
  readonly caughtBy: readonly string[]
  readonly finding: Finding | null
  readonly trace: Trace | null
  readonly ladder: readonly Rung[]
  readonly executions: number
  readonly confirmed: boolean
  readonly runs: number
  readonly steps: number
}

export async function runCanary(options: {
  /** Has the player's deployments for guests. */
  readonly testbed: Testbed
  readonly player: Player
  readonly canary: Canary
  readonly bytecode: Hex
  readonly seed: number
}): Promise<CanaryResult> {
  const { testbed, player, canary, bytecode, seed } = options
  const subject = { name: canary.contract, policy: canary.policy, bytecode }
  await testbed.admit(subject)
  const execution = { testbed, lane: testbed.batch, player, subject }
  const caughtBy = new Set<string>()
  let runs = 0
  let steps = 0
  for (const { chunk, plans, fromRun } of sequences(execution, seed)) {
    const result = await runPlans(execution, plans, [])
    runs += result.runs
    steps += result.steps
    for (const { id } of result.findings) caughtBy.add(id)
    const found = result.findings.find(({ id }) => id === canary.caughtBy)
    if (found === undefined) continue
    const place = { ...chunk, runIndex: fromRun + found.runIndex, id: canary.caughtBy }
    const { finding, trace, ladder, executions } = await shrinkRun(execution, place)
    const confirmed = await confirmOnMined(execution, trace, canary.caughtBy)
    const all = [...caughtBy].sort()
    const shrunk = { finding, trace, ladder, executions, confirmed }
    return { id: canary.id, caughtBy: all, ...shrunk, runs, steps }
  }
  const missed = { finding: null, trace: null, ladder: [], executions: 0, confirmed: false }
  return { id: canary.id, caughtBy: [...caughtBy].sort(), ...missed, runs, steps }
}

/** The sequences of the conformance campaign, a few at a time: most canaries show in the first. */
function* sequences(execution: Execution, seed: number) {
  for (let chunkIndex = 0; chunkIndex < CANARY_CHUNKS_MAX; chunkIndex += 1) {
    const chunk = { seed, chunkIndex, runs: RUNS_PER_CHUNK, only: [] }
    const plans = keptPlans(execution, chunk)
    for (let fromRun = 0; fromRun < plans.length; fromRun += RUNS_AT_ONCE) {
      yield { chunk, plans: plans.slice(fromRun, fromRun + RUNS_AT_ONCE), fromRun }
    }
  }
}

/** Chunks whose plans are kept; few canaries need more. */
const KEPT_CHUNKS = 4
const kept = new WeakMap<Player, Map<string, readonly Plan[]>>()

/** The plans of a chunk, made once for all canaries of a policy: no plan knows its contract. */
function keptPlans(execution: Execution, chunk: ChunkOptions): readonly Plan[] {
  const { player, subject } = execution
  const ofPlayer = kept.get(player) ?? new Map<string, readonly Plan[]>()
  kept.set(player, ofPlayer)
  const key = `${subject.policy}|${chunk.seed}|${chunk.chunkIndex}`
  const plans = ofPlayer.get(key) ?? chunkPlans(execution, chunk)
  if (chunk.chunkIndex < KEPT_CHUNKS) ofPlayer.set(key, plans)
  return plans
}
