/**
 * The workers of a simulation: threads that run shards. They need no chain, only the world.
 */
import { type Shard, type ShardResult, simulateShard } from '../../sim/simulate.ts'
import { createThreads, type Threads } from '../kit/threads.ts'

export type ShardPool = Threads<Shard, ShardResult>

/** Gives the event loop a turn between shards, so that Ctrl-C and progress get through. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

export function createShardPool(workers: number): ShardPool {
  return createThreads<Shard, ShardResult>({
    workers,
    inThread: () => ({
      async run(shard) {
        await nextTurn()
        return simulateShard(shard)
      },
      async close() {},
    }),
    module: { url: new URL('./shardWorker', import.meta.url), name: 'runShard' },
  })
}
