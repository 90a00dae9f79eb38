/**
 * The lane for confirmation: the schedule as real transactions in really mined blocks.
 *
 * Calls and probes enter Anvil's pool one after the other, Anvil keeps the order in which they
 * came, and a block is mined at the scheduled time. Afterwards the chain goes back to the snapshot
 * that was taken before, so the base state stays as it was; for the same reason schedules
 * never overlap.
 * What a transaction returned, or the data it reverted with, comes from its trace at its own place
 * in its block: asking again with `eth_call` would see another state.
 */
import type { Hex } from 'viem'
import { MeterproofError } from '../../models/kit/error.ts'
import type { AnvilSession } from './anvilSession.ts'
import type {
  CallResult,
  ChainCall,
  ChainLog,
  Lane,
  Probe,
  Schedule,
  ScheduledCall,
} from './lane.ts'
import { bytesContent, plainLogs, probeFailed } from './observation.ts'
import type { RpcClient } from './rpc.ts'
import { CALL_GAS, checkSchedule } from './schedule.ts'

interface Receipt {
  readonly transactionHash: string
  readonly status: string
  readonly gasUsed: string
  readonly logs: readonly ChainLog[]
}

interface CallTrace {
  readonly output?: Hex
}

const GAS = `0x${CALL_GAS.toString(16)}`
const TRACER = { tracer: 'callTracer', tracerConfig: { onlyTopCall: true } }

/**
 * Is shown the transactions of each mined block, in order and probes included, before the chain
 * goes back: for tracing what they did.
 */
export type OnMined = (rpc: RpcClient, transactionHashes: readonly string[]) => Promise<void>

/** A mined lane on a session. Schedules wait for each other. */
export function createMinedLane(session: AnvilSession<unknown>, onMined?: OnMined): Lane {
  return {
    kind: 'mined',
    get baseTimestampSeconds() {
      return session.base.timestampSeconds
    },
    async execute(schedule) {
      if (checkSchedule(schedule, session.base.timestampSeconds) === 0) return []
      return session.exclusive((rpc) => restoring(rpc, () => mineSchedule(rpc, schedule, onMined)))
    },
  }
}

/** Takes back all that the task does to the chain. */
export async function restoring<Result>(
  rpc: RpcClient,
  task: () => Promise<Result>,
): Promise<Result> {
  const snapshotId = await rpc.request<string>('evm_snapshot')
  try {
    return await task()
  } finally {
    await rpc.request('anvil_dropAllTransactions')
    await rpc.request('evm_revert', [snapshotId])
  }
}

async function mineSchedule(
  rpc: RpcClient,
  schedule: Schedule,
  onMined: OnMined | undefined,
): Promise<CallResult[]> {
  const { blocks, probe } = schedule
  const results: CallResult[] = []
  for (const { timestampSeconds, calls } of blocks) {
    const hashes: string[] = []
    for (const call of calls) {
      hashes.push(await submit(rpc, call))
      if (probe !== undefined && !call.unobserved) hashes.push(await submit(rpc, probe.mined))
    }
    await rpc.request('evm_mine', [timestampSeconds])
    if (calls.length === 0) continue
    const receipts = await rpc.request<readonly Receipt[]>('eth_getBlockReceipts', ['latest'])
    checkOrder(hashes, receipts)
    const mined = await resultsOf(rpc, { calls, receipts, probe, firstIndex: results.length })
    results.push(...mined)
    await onMined?.(rpc, hashes)
  }
  return results
}

function submit(rpc: RpcClient, { from, to, data }: ChainCall): Promise<string> {
  return rpc.request('eth_sendTransaction', [{ from, to, data, gas: GAS, gasPrice: '0x0' }])
}

function checkOrder(hashes: readonly string[], receipts: readonly Receipt[]): void {
  const isKept =
    hashes.length === receipts.length &&
    hashes.every((hash, index) => hash === receipts[index]?.transactionHash)
  if (isKept) return
  throw new MeterproofError('MP_LANE_ORDER', 'Anvil mined transactions in another order.', {
    class: 'internal',
    facts: { submitted: hashes.length, mined: receipts.length },
    hint: 'The mined lane needs a node of its own, started with `--order fifo`.',
  })
}

interface MinedBlock {
  readonly calls: readonly ScheduledCall[]
  readonly receipts: readonly Receipt[]
  readonly probe: Probe | undefined
  /** Index of the block's first call in the schedule. */
  readonly firstIndex: number
}

async function resultsOf(rpc: RpcClient, block: MinedBlock): Promise<CallResult[]> {
  const { calls, receipts, probe, firstIndex } = block
  const results: CallResult[] = []
  let position = 0
  for (const { unobserved = false } of calls) {
    const receipt = receipts[position++] as Receipt
    const returnData = await outputOf(rpc, receipt.transactionHash)
    const plain: CallResult = {
      ok: receipt.status === '0x1',
      returnData,
      gasUsed: BigInt(receipt.gasUsed),
      logs: plainLogs(receipt.logs),
    }
    const callIndex = firstIndex + results.length
    if (probe === undefined || unobserved) {
      results.push(plain)
      continue
    }
    const probed = receipts[position++] as Receipt
    results.push({ ...plain, observation: await observationOf(rpc, probed, callIndex) })
  }
  return results
}

/** What a mined transaction returned, or the data it reverted with. */
export async function outputOf(rpc: RpcClient, transactionHash: string): Promise<Hex> {
  const trace = await rpc.request<CallTrace>('debug_traceTransaction', [transactionHash, TRACER])
  return trace.output ?? '0x'
}

async function observationOf(rpc: RpcClient, receipt: Receipt, callIndex: number): Promise<Hex> {
  if (receipt.status !== '0x1') {
    throw probeFailed('reverted', callIndex, await outputOf(rpc, receipt.transactionHash))
  }
  const [log] = receipt.logs
  if (log === undefined || receipt.logs.length !== 1) {
    throw probeFailed(`emitted ${receipt.logs.length} events instead of one`, callIndex, '0x')
  }
  return bytesContent(log.data, callIndex)
}
