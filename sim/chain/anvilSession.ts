/**
 * One Anvil with a prepared base state, which outlives the death of the process behind it.
 *
 * `prepare` deploys what a campaign needs on a fresh node. When Anvil dies in the middle of a run,
 * a new one is started, `prepare` runs again, the new base state is compared with the first one,
 * and the task that failed is run again. That is safe as tasks leave no trace in the base state: a
 * shared task only reads, an exclusive task restores what it changed. Each restart is reported, so
 * that a run can say how often it happened; nothing is healed in silence.
 *
 * Something may be put on top of the base state and exchanged for something else, which costs far
 * less than another Anvil: the node goes back to the prepared state first.
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
  /** With what was put on top. */
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
  /**
   * Puts something on top of the prepared state, in place of what was there before; it is then part
   * of the base state. Must be deterministic, as it runs again after a restart.
   *
   * @throws MeterproofError as `shared`; nothing is on top then
   */
  putOnTop(build: (node: SetupNode) => Promise<void>): Promise<void>
  /** Ends Anvil. Tasks that still run fail with `MP_ANVIL_STOPPED`. */
  stop(): Promise<void>
}

type Task<Result> = (rpc: RpcClient) => Promise<Result>

interface PreparedNode<Prepared> {
  readonly process: AnvilProcess
  readonly prepared: Prepared
  readonly base: BaseBlock
}

/** What stands on the prepared state. */
interface Top {
  readonly build: (node: SetupNode) => Promise<void>
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
  const first = await startPrepared(options)
  const keeper = createKeeper(options, first)
  let isStopped = false

  async function restored<Result>(rpc: RpcClient, task: Task<Result>): Promise<Result> {
    try {
      return await task(rpc)
    } finally {
      // Rather a new Anvil than a base state that differs: the next task heals and reports it.
      const { hash } = await newestBlock(rpc)
      if (hash !== keeper.base().hash) await keeper.process().stop()
    }
  }

  async function healed<Result>(task: Task<Result>, mustReplace: boolean): Promise<Result> {
    for (let failureCount = 1; ; failureCount += 1) {
      if (isStopped) throw stopped()
      const process = await keeper.living()
      try {
        const result = await task(process.rpc)
        keeper.noteSuccess()
        return result
      } catch (error) {
        if (isStopped) throw stopped(error)
        if (!isConnectionLost(error)) throw error
        // This bound is per task: another task's success does not make this one any safer.
        if (failureCount >= DEATHS_IN_A_ROW_MAX) throw died(process, failureCount, { cause: error })
        await keeper.heal(process, mustReplace)
      }
    }
  }

  return {
    prepared: first.prepared,
    get base() {
      return keeper.base()
    },
    get restartCount() {
      return keeper.restartCount()
    },
    get process() {
      return keeper.process()
    },
    shared: (task) => gate.shared(() => healed(task, false)),
    exclusive: (task) => gate.exclusive(() => healed((rpc) => restored(rpc, task), true)),
    putOnTop: (build) => gate.exclusive(() => healed(() => keeper.putOnTop(build), true)),
    async stop() {
      isStopped = true
      const process = await keeper.living().catch(() => keeper.process())
      await process.stop()
    },
  }
}

/** Holds the process of the moment and replaces it when it has died. */
interface Keeper {
  process(): AnvilProcess
  restartCount(): number
  /** The process of the moment, after the healing that may be under way. */
  living(): Promise<AnvilProcess>
  /**
   * Replaces a process; tasks that saw the same death share one healing.
   *
   * @param mustReplace also when it lives and only a connection broke, as its state may be spoilt
   */
  heal(dead: AnvilProcess, mustReplace: boolean): Promise<void>
  /** The base state of the moment. */
  base(): BaseBlock
  putOnTop(build: Top['build']): Promise<void>
  noteSuccess(): void
}

function createKeeper<Prepared>(
  options: AnvilSessionOptions<Prepared>,
  first: PreparedNode<Prepared>,
): Keeper {
  let node = first
  let healing: Promise<void> | undefined
  let restartCount = 0
  let deathsInARow = 0
  let top: Top | undefined
  /** Snapshot of the prepared state in the process of the moment. */
  let groundId: string | undefined

  /** As the dead one was, with the same on top. */
  async function restarted(): Promise<PreparedNode<Prepared>> {
    const next = await startPrepared(options)
    groundId = undefined
    await requireSame(first.base, next)
    if (top === undefined) return next
    const { build, base } = top
    await clearTop(next.process)
    await build(createSetupNode(next.process.rpc))
    await requireSame(base, { process: next.process, base: await newestBlock(next.process.rpc) })
    return next
  }

  async function replacement(dead: AnvilProcess, exit: AnvilExit): Promise<PreparedNode<Prepared>> {
    for (;;) {
      deathsInARow += 1
      if (deathsInARow >= DEATHS_IN_A_ROW_MAX) throw died(dead, deathsInARow, { exit })
      try {
        return await restarted()
      } catch (error) {
        if (!isConnectionLost(error)) throw error
      }
    }
  }

  /** Back to the prepared state. Going back to a snapshot uses it up. */
  async function clearTop({ rpc }: AnvilProcess): Promise<void> {
    if (groundId !== undefined) await rpc.request('evm_revert', [groundId])
    groundId = await rpc.request<string>('evm_snapshot')
  }

  async function replace(dead: AnvilProcess, mustReplace: boolean): Promise<void> {
    const startMs = performance.now()
    const isAlive = (await exitOf(dead)) === undefined && (await dead.isAnswering())
    // Where only a connection broke, running the task again is all that is needed.
    if (isAlive && !mustReplace) return
    await dead.stop()
    const exit = await dead.exited
    node = await replacement(dead, exit)
    restartCount += 1
    const elapsedMs = Math.round(performance.now() - startMs)
    options.onEvent?.({ kind: 'anvil-restarted', restartCount, ...exit, elapsedMs })
  }

  return {
    process: () => node.process,
    restartCount: () => restartCount,
    async living() {
      await healing
      return node.process
    },
    async heal(dead, mustReplace) {
      if (node.process !== dead) return
      healing ??= replace(dead, mustReplace).finally(() => {
        healing = undefined
      })
      await healing
    },
    base: () => top?.base ?? first.base,
    async putOnTop(build) {
      top = undefined
      await clearTop(node.process)
      try {
        await build(createSetupNode(node.process.rpc))
        top = { build, base: await newestBlock(node.process.rpc) }
      } finally {
        if (top === undefined) await clearTop(node.process)
      }
    },
    noteSuccess() {
      deathsInARow = 0
    },
  }
}

/** @throws MeterproofError `MP_ANVIL_BASE_CHANGED`, after ending the process */
async function requireSame(
  before: BaseBlock,
  { process, base }: Pick<PreparedNode<unknown>, 'process' | 'base'>,
): Promise<void> {
  if (base.hash === before.hash) return
  await process.stop()
  throw notDeterministic(before, base)
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
  deathCount: number,
  { exit, cause }: { readonly exit?: AnvilExit; readonly cause?: unknown },
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
