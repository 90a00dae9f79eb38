/**
 * A worker thread's end of the pool of a simulation.
 */
import { type Shard, simulateShard } from '../../sim/simulate.ts'
import { answerOf } from '../kit/threads.ts'

/** Runs one shard. */
export function runShard(shard: Shard) {
  return answerOf(() => simulateShard(shard))
}
