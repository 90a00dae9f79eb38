/**
 * Asks for the smallest safe value of a parameter under each design: plays what the search wants to
 * know on any number of workers, then fresh runs at the answer.
 *
 * All values meet the same people and the same luck, as the runs are the same. Every question of
 * the search is answered in full before the next one, so the result does not depend on the workers;
 * an interruption leaves what was tried until then.
 */
import type { Shard } from '../../sim/simulate.ts'
import { designAt, lossOf, type SmallestQuestion } from '../../sim/smallest.ts'
import type { SweepPoint } from '../../sim/sweep.ts'
import type { SimulationSpec } from '../../sim/world/simulated.ts'
import { createShardPool, type ShardPool } from './shardPool.ts'
import { RUNS_PER_SHARD } from './simulation.ts'
import {
  type Losses,
  ladderOf,
  type SmallestAnswer,
  searchSmallest,
  type Tried,
} from './smallestSearch.ts'

export interface SmallestOptions {
  readonly question: SmallestQuestion
  readonly points: readonly SweepPoint[]
  /** Of the search, and as many fresh ones at the answer. */
  readonly runs: number
  readonly workers: number
  readonly signal: AbortSignal
  onProgress(progress: { readonly done: number; readonly total: number }): void
}

export interface SmallestFinding {
  readonly point: SweepPoint
  readonly tried: Tried
  /** Null when the search was interrupted. */
  readonly answer: SmallestAnswer | null
  /** Runs from `runs` on at the answer; fewer than `runs` after an interruption. */
  readonly fresh: Losses
}

/** Values besides the ladder that a search usually tries with all runs. */
const ROWS_BESIDES = 8

/** Shards of these runs, ascending; those in a row share shards. */
function shardsOfRuns(spec: SimulationSpec, runs: readonly number[]): readonly Shard[] {
  const shards: Shard[] = []
  for (const run of runs) {
    const last = shards.at(-1)
    const isNext = last?.untilRun === run && run - last.fromRun < RUNS_PER_SHARD
    if (isNext) shards[shards.length - 1] = { ...last, untilRun: run + 1 }
    else shards.push({ spec, fromRun: run, untilRun: run + 1, hasCourse: false })
  }
  return shards
}

interface Player {
  /** What these runs lose at that value; some are missing after an interruption. */
  play(point: SweepPoint, value: bigint, runs: readonly number[]): Promise<Losses>
}

function playerOn(
  pool: ShardPool,
  { question, signal }: SmallestOptions,
  onPlayed: (runs: number) => void,
): Player {
  return {
    async play({ spec }, value, runs) {
      const design = designAt(question, spec, value)
      const results = await pool.runAll(shardsOfRuns(design, runs), {
        mayStart: () => !signal.aborted,
        onResult: ({ facts }) => onPlayed(facts.length),
      })
      const facts = results.flatMap((result) => result?.facts ?? [])
      return new Map(facts.map((each) => [each.run, lossOf(question, design, each)]))
    },
  }
}

/**
 * One finding for each point, in their order; those that an interruption kept from beginning are
 * missing.
 *
 * @throws MeterproofError those of the world
 */
export async function findSmallest(options: SmallestOptions): Promise<readonly SmallestFinding[]> {
  const { question, points, runs, workers, signal, onProgress } = options
  const expected = runs * (ladderOf(question.range).length + ROWS_BESIDES)
  const total = points.length * expected
  const pool = createShardPool(workers)
  const findings: SmallestFinding[] = []
  try {
    for (const point of points) {
      if (signal.aborted) break
      let played = 0
      const player = playerOn(pool, options, (more) => {
        played += more
        onProgress({ done: findings.length * expected + Math.min(played, expected - 1), total })
      })
      findings.push(await findAt(player, point, options))
      onProgress({ done: findings.length * expected, total })
    }
    return findings
  } finally {
    await pool.close()
  }
}

async function findAt(
  player: Player,
  point: SweepPoint,
  { question, runs }: SmallestOptions,
): Promise<SmallestFinding> {
  const tried = new Map<bigint, Losses>()
  const search = searchSmallest(question.range, runs, tried)
  let next = search.next()
  while (!next.done) {
    const { value, runs: asked } = next.value
    const losses = await player.play(point, value, asked)
    if (losses.size < asked.length) return { point, tried, answer: null, fresh: new Map() }
    next = search.next(losses)
  }
  const answer = next.value
  if (answer.kind === 'none') return { point, tried, answer, fresh: new Map() }
  const unseen = Array.from({ length: runs }, (_, index) => runs + index)
  return { point, tried, answer, fresh: await player.play(point, answer.value, unseen) }
}
