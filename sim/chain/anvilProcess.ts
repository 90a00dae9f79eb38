/**
 * Starts and stops one Anvil through `@viem/anvil`, and makes sure that none is left behind.
 *
 * On POSIX systems Anvil is started by a shell that first forks a watchdog: the watchdog reads a
 * pipe whose other end only this process holds, and kills Anvil when the pipe ends. The operating
 * system closes that pipe however this process ends (`exit`, any signal, `kill -9`), so no exit
 * handlers are needed, and none of the caller's handlers are disturbed. Anvil runs in a session of
 * its own, so that Ctrl-C reaches only this process, which can then finish its report.
 *
 * Must not decide what to do about a death: `anvilSession.ts` does.
 */
import { createServer } from 'node:net'
import { type Anvil, createAnvil } from '@viem/anvil'
import { MeterproofError } from '../../models/kit/error.ts'
import { resolveAnvilBinary } from './anvilBinary.ts'
import { createRpcClient, type RpcClient } from './rpc.ts'

/** Chain id of every node that Meterproof starts. */
export const CHAIN_ID = 31_337
/** Block gas limit: so large that a block never runs out before a campaign's calls do. */
export const BLOCK_GAS_LIMIT = 3_000_000_000_000n
/** Time of the genesis block, in seconds; fixed so that the base state is the same in each run. */
export const GENESIS_TIMESTAMP_SECONDS = 1_700_000_000

/** Old states that Anvil keeps; tracing a transaction needs the state of the block before. */
const STATES_IN_MEMORY = 64
const START_TIMEOUT_MS = 15_000
const HEALTH_TIMEOUT_MS = 5_000
const STOP_GRACE_MS = 2_000
const FREE_PORT_ATTEMPTS_MAX = 5

export interface AnvilProcessOptions {
  /** Path of the binary. @defaultValue METERPROOF_ANVIL, else the one that npm installed */
  readonly binary?: string
  /** A port that must be used. @defaultValue any free one */
  readonly port?: number
  /** Further command-line flags of Anvil, for example `['--slots-in-an-epoch', '4']`. */
  readonly flags?: readonly string[]
  /**
   * Base fee of each block, in wei. At 0 (the default) it stays 0, transactions are free and
   * senders need no balance. Latency studies that need a fee market set it.
   */
  readonly baseFeeWei?: bigint
  /** How the pool orders. @defaultValue 'fifo': as transactions came */
  readonly order?: 'fifo' | 'fees'
}

/** How an Anvil ended. */
export interface AnvilExit {
  readonly exitCode: number | undefined
  readonly signal: string | undefined
}

export interface AnvilProcess {
  readonly port: number
  /** Process id of Anvil itself; undefined on Windows. */
  readonly pid: number | undefined
  readonly rpc: RpcClient
  /** Settles when Anvil has ended, for whatever reason; never rejects. */
  readonly exited: Promise<AnvilExit>
  /** Whether Anvil answers within five seconds. */
  isAnswering(): Promise<boolean>
  /** Ends Anvil and waits until it is gone. May be called more than once. */
  stop(): Promise<void>
}

/**
 * Starts an Anvil and waits until it answers.
 *
 * @throws MeterproofError `MP_ANVIL_BINARY_MISSING`, `MP_ANVIL_PORT_IN_USE`,
 * `MP_ANVIL_START_FAILED` or `MP_ANVIL_UNHEALTHY`
 */
export async function startAnvil(options: AnvilProcessOptions = {}): Promise<AnvilProcess> {
  const binary = resolveAnvilBinary(options.binary)
  if (options.port !== undefined) {
    if (!(await isPortFree(options.port))) throw portInUse(options.port)
    return launch(binary, options.port, options)
  }
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort()
    try {
      return await launch(binary, port, options)
    } catch (error) {
      // Somebody else took the port between our looking and Anvil's binding.
      const taken = isStartFailure(error) && !(await isPortFree(port))
      if (!taken || attempt === FREE_PORT_ATTEMPTS_MAX) throw error
    }
  }
}

async function launch(
  binary: string,
  port: number,
  options: AnvilProcessOptions,
): Promise<AnvilProcess> {
  const anvil = createAnvil({
    anvilBinary: binary,
    host: '127.0.0.1',
    port,
    chainId: CHAIN_ID,
    gasLimit: BLOCK_GAS_LIMIT,
    timestamp: GENESIS_TIMESTAMP_SECONDS,
    blockBaseFeePerGas: options.baseFeeWei ?? 0n,
    order: options.order ?? 'fifo',
    noMining: true,
    autoImpersonate: true,
    // Without this Anvil writes old states below ~/.foundry and leaves them there when it ends.
    pruneHistory: STATES_IN_MEMORY,
    startTimeout: START_TIMEOUT_MS,
    execArgs: ([file, args]) =>
      supervised(file, [...args, ...EXTRA_FLAGS, ...(options.flags ?? [])]),
  })
  let pid: number | undefined
  anvil.on('stdout', (text) => {
    pid ??= pidIn(text)
  })
  const exited = new Promise<AnvilExit>((resolve) => {
    anvil.on('exit', (exitCode, signal) => resolve({ exitCode, signal }))
  })
  try {
    await anvil.start()
  } catch (cause) {
    throw startFailed(binary, port, anvil, cause)
  }
  const rpc = createRpcClient({ port })
  const stop = once(async () => {
    rpc.close()
    await end(anvil, pid, exited)
  })
  try {
    await checkHealth(port, pid)
    await rpc.request('anvil_setLoggingEnabled', [false])
  } catch (error) {
    await stop()
    throw error
  }
  const isAnswering = () =>
    checkHealth(port, pid).then(
      () => true,
      () => false,
    )
  return { port, pid, rpc, exited, isAnswering, stop }
}

/** What `@viem/anvil` has no option for: Anvil's 2 MB bound on a request, and its least tip. */
const EXTRA_FLAGS = ['--no-request-size-limit', '--disable-min-priority-fee']

/**
 * `exec` keeps the process id, so the shell's `$$` is Anvil's, signals reach Anvil directly, and
 * the watchdog is the only extra process. Its standard output must not be ours, or our pipe
 * would stay open after Anvil's end.
 */
const WATCHDOG_SCRIPT = [
  'exec 3<&0',
  '{ trap "" INT HUP TERM; read -r _ <&3; kill -9 $$; } >/dev/null 2>&1 &',
  'printf "anvil pid %s\\n" "$$"',
  'exec "$0" "$@" 3<&- </dev/null',
].join('\n')

type ExecArgs = [
  string,
  readonly string[],
  { detached: boolean; buffer: boolean; cleanup: boolean },
]

function supervised(file: string, args: readonly string[]): ExecArgs {
  // `buffer: false` as Anvil's output is read as it comes and must not pile up in a long run.
  if (process.platform === 'win32') {
    return [file, args, { detached: false, buffer: false, cleanup: true }]
  }
  const shellArgs = ['-c', WATCHDOG_SCRIPT, file, ...args]
  return ['/bin/sh', shellArgs, { detached: true, buffer: false, cleanup: false }]
}

function pidIn(text: string): number | undefined {
  const match = /anvil pid (\d+)/.exec(text)
  return match?.[1] === undefined ? undefined : Number(match[1])
}

/**
 * `anvil.stop()` would leave a timer of ten seconds behind, which keeps the caller's process alive,
 * and would wait for a process that is already dead; so it serves only where no pid is known.
 */
async function end(
  anvil: Anvil,
  pid: number | undefined,
  exited: Promise<AnvilExit>,
): Promise<void> {
  if (pid === undefined) {
    await anvil.stop()
    return
  }
  signal(pid, 'SIGTERM')
  const timer = setTimeout(() => signal(pid, 'SIGKILL'), STOP_GRACE_MS)
  await exited
  clearTimeout(timer)
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended already, which is what was wanted.
  }
}

async function checkHealth(port: number, pid: number | undefined): Promise<void> {
  const client = createRpcClient({ port, timeoutMs: HEALTH_TIMEOUT_MS })
  try {
    const chainId = Number(await client.request<string>('eth_chainId'))
    if (chainId !== CHAIN_ID) throw new Error(`chain id ${chainId} instead of ${CHAIN_ID}`)
  } catch (cause) {
    throw new MeterproofError(
      'MP_ANVIL_UNHEALTHY',
      `Anvil did not answer \`eth_chainId\` within ${HEALTH_TIMEOUT_MS / 1000} s.`,
      {
        class: 'internal',
        facts: { port, pid: pid ?? 'unknown' },
        hint: 'Run `meterproof doctor`.',
        cause,
      },
    )
  } finally {
    client.close()
  }
}

function once(action: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  return () => {
    running ??= action()
    return running
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = address !== null && typeof address === 'object' ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}

function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.on('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

function portInUse(port: number): MeterproofError {
  return new MeterproofError('MP_ANVIL_PORT_IN_USE', `Port ${port} is already in use.`, {
    facts: { port },
    hint: 'Choose another port, or none, and Meterproof takes a free one.',
  })
}

function isStartFailure(error: unknown): boolean {
  return error instanceof MeterproofError && error.code === 'MP_ANVIL_START_FAILED'
}

function startFailed(binary: string, port: number, anvil: Anvil, cause: unknown): MeterproofError {
  const lastLine = anvil.logs.join('').trim().split('\n').at(-1) ?? ''
  return new MeterproofError('MP_ANVIL_START_FAILED', 'Anvil did not start.', {
    class: 'internal',
    facts: { binary, port, 'last output': lastLine === '' ? '(none)' : lastLine },
    hint: 'Run the binary with --version to see whether it works on this machine.',
    cause,
  })
}
