/**
 * One Anvil with a prepared base state, which outlives the death of the process behind it.
 *
 * `prepare` deploys what a campaign needs on a fresh node. When Anvil dies in the middle of a run,
 * a new one is started, `prepare` runs again, the new base state is compared with the first one,
 * and the task that failed is run again. That is safe as tasks leave no trace in the base state: a
 * shared task only reads, an exclusive task restores what it changed. Each restart is reported, so
 * that a run can say how often it happened; nothing is healed in silence.
 */
import { MeterproofError } from '../../models/kit/error.ts'
import {
  type AnvilExit,
  type AnvilProcess,
  type AnvilProcessOptions,
  startAnvil,
} from './anvilProcess.ts'
import { createGate } from './gate.ts'
import { isConnectionLost, type RpcClient } from './rpc.ts'
import { createSetupNode, type SetupNode } from './setupNode.ts'

/** Deaths in a row after which a session gives up. */
export const DEATHS_IN_A_ROW_MAX = 3
/** How long a process may take to be seen as dead after its connection broke. */
const DEATH_GRACE_MS = 500

/** Something that a run has to tell its user. */
export interface AnvilRestarted {
  readonly kind: 'anvil-restarted'
  /** How often this session has restarted Anvil, this time included. */
  readonly restartCount: number
  readonly exitCode: number | undefined
  readonly signal: string | undefined
  /** From the end of the old process's task to the end of the new one's `prepare`. */
  readonly elapsedMs: number
}

export interface AnvilSessionOptions<Prepared> extends AnvilProcessOptions {
  /** Builds the base state; must be deterministic, as it runs again after each restart. */
  readonly prepare: (node: SetupNode) => Promise<Prepared>
  readonly onEvent?: (event: AnvilRestarted) => void
}

/** Where the base state stands. */
export interface BaseBlock {
  readonly number: number
  readonly hash: string
  readonly timestampSeconds: number
}

export interface AnvilSession<Prepared> {
  /** What `prepare` returned. */
  readonly prepared: Prepared
  readonly base: BaseBlock
  readonly restartCount: number
  /** The process of the moment, for diagnostics and tests; may change with any task. */
  readonly process: AnvilProcess
  /**
   * Runs a task that only reads the base state; such tasks may overlap.
   *
   * @throws MeterproofError what the task throws, or `MP_ANVIL_DIED`, or `MP_ANVIL_STOPPED`
   */
  shared<Result>(task: (rpc: RpcClient) => Promise<Result>): Promise<Result>
  /**
   * Runs a task that has the node to itself, and restores the base state before it ends.
   *
   * @throws MeterproofError as `shared`
   */
  exclusive<Result>(task: (rpc: RpcClient) => Promise<Result>): Promise<Result>
  /** Ends Anvil. Tasks that still run fail with `MP_ANVIL_STOPPED`. */
  stop(): Promise<void>
}

interface PreparedNode<Prepared> {
  readonly process: AnvilProcess
  readonly prepared: Prepared
  readonly base: BaseBlock
}

/**
 * Starts Anvil and prepares the base state.
 *
 * @throws MeterproofError `MP_ANVIL_…` when Anvil does not start, and what `prepare` throws
 *
 * @example
 * const session = await startAnvilSession({ prepare: (node) => node.deploy({ bytecode }) })
 * const lane = createBatchLane(session)
 */
export async function startAnvilSession<Prepared>(
  options: AnvilSessionOptions<Prepared>,
): Promise<AnvilSession<Prepared>> {
  const gate = createGate()
  let node = await startPrepared(options)
  const { prepared, base } = node
  let healing: Promise<void> | undefined
  let restartCount = 0
  let deathsInARow = 0
  let isStopped = false

  async function replace(dead: AnvilProcess, exit: AnvilExit): Promise<PreparedNode<Prepared>> {
    for (;;) {
      deathsInARow += 1
      if (deathsInARow >= DEATHS_IN_A_ROW_MAX) throw died(dead, exit, deathsInARow)
      try {
        return await startPrepared(options)
      } catch (error) {
        if (!isConnectionLost(error)) throw error
      }
    }
  }

  async function heal(dead: AnvilProcess): Promise<void> {
    const startMs = performance.now()
    const exit = await exitOf(dead)
    // The connection broke but Anvil lives on: running the task again is all that is needed.
    if (exit === undefined && (await dead.isAnswering())) return
    await dead.stop()
    const { exitCode, signal } = await dead.exited
    node = await replace(dead, { exitCode, signal })
    if (node.base.hash !== base.hash) throw notDeterministic(base, node.base)
    restartCount += 1
    const elapsedMs = Math.round(performance.now() - startMs)
    options.onEvent?.({ kind: 'anvil-restarted', restartCount, exitCode, signal, elapsedMs })
  }

  async function healed<Result>(task: (rpc: RpcClient) => Promise<Result>): Promise<Result> {
    for (let failureCount = 1; ; failureCount += 1) {
      await healing
      if (isStopped) throw stopped()
      const { process } = node
      try {
        const result = await task(process.rpc)
        deathsInARow = 0
        return result
      } catch (error) {
        if (isStopped) throw stopped(error)
        if (!isConnectionLost(error)) throw error
        // This bound is per task: another task's success does not make this one any safer.
        if (failureCount >= DEATHS_IN_A_ROW_MAX) throw died(process, undefined, failureCount, error)
        if (node.process === process) {
          healing ??= heal(process).finally(() => {
            healing = undefined
          })
        }
      }
    }
  }

  return {
    prepared,
    base,
    get restartCount() {
      return restartCount
    },
    get process() {
      return node.process
    },
    shared: (task) => gate.shared(() => healed(task)),
    exclusive: (task) => gate.exclusive(() => healed(task)),
    async stop() {
      isStopped = true
      await healing?.catch(() => undefined)
      await node.process.stop()
    },
  }
}

async function startPrepared<Prepared>(
  options: AnvilSessionOptions<Prepared>,
): Promise<PreparedNode<Prepared>> {
  const process = await startAnvil(options)
  try {
    const prepared = await options.prepare(createSetupNode(process.rpc))
    const base = await newestBlock(process.rpc)
    return { process, prepared, base }
  } catch (error) {
    await process.stop()
    throw error
  }
}

interface RpcBlock {
  readonly number: string
  readonly hash: string
  readonly timestamp: string
}

async function newestBlock(rpc: RpcClient): Promise<BaseBlock> {
  const block = await rpc.request<RpcBlock>('eth_getBlockByNumber', ['latest', false])
  return {
    number: Number(block.number),
    hash: block.hash,
    timestampSeconds: Number(block.timestamp),
  }
}

async function exitOf(process: AnvilProcess): Promise<AnvilExit | undefined> {
  let timer: NodeJS.Timeout | undefined
  const grace = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), DEATH_GRACE_MS)
  })
  const exit = await Promise.race([process.exited, grace])
  clearTimeout(timer)
  return exit
}

function died(
  process: AnvilProcess,
  exit: AnvilExit | undefined,
  deathCount: number,
  cause?: unknown,
): MeterproofError {
  const reason = exit?.signal ?? exit?.exitCode ?? 'connection lost'
  return new MeterproofError('MP_ANVIL_DIED', `Anvil died ${deathCount} times in a row.`, {
    class: 'internal',
    facts: { port: process.port, pid: process.pid ?? 'unknown', reason },
    hint: 'Look for memory pressure on this machine, then run `meterproof doctor`.',
    cause,
  })
}

function stopped(cause?: unknown): MeterproofError {
  return new MeterproofError('MP_ANVIL_STOPPED', 'The Anvil session was stopped in mid-task.', {
    class: 'internal',
    cause,
  })
}

function notDeterministic(first: BaseBlock, second: BaseBlock): MeterproofError {
  return new MeterproofError(
    'MP_ANVIL_BASE_CHANGED',
    'The base state differs after a restart of Anvil.',
    {
      class: 'internal',
      facts: { 'block hash before': first.hash, 'block hash now': second.hash },
      hint: '`prepare` must send the same transactions each time.',
    },
  )
}
