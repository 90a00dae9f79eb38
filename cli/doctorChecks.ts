/**
 * Whether this machine has what a run needs, one finding a check, each with what to do about it.
 *
 * Checks do the real thing (start Anvil, load the compiler, write a file) and clean up after
 * themselves; none of them throws.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'
import { MeterproofError } from '../models/kit/error.ts'

export interface Finding {
  readonly check: string
  readonly ok: boolean
  /** What was found, in a few words. */
  readonly detail: string
  /** What to do; empty when all is well. */
  readonly hint: string
}

interface Check {
  readonly name: string
  readonly hint: string
  /** What was found. @throws when it will not do */
  run(): Promise<string>
}

const NODE_LEAST = { major: 20, minor: 19 } as const
const MEMORY_BYTES_LEAST = 1024 ** 3
const BYTES_PER_GIB = 1024 ** 3

/** Runs all checks, one after the other. @param outDirectory where runs are written */
export async function examineMachine(outDirectory: string): Promise<readonly Finding[]> {
  const checks: readonly Check[] = [
    { name: 'node', hint: 'Install Node 20.19 or later.', run: nodeVersion },
    {
      name: 'anvil',
      hint: 'Run `npm ci` without --omit=optional, or set METERPROOF_ANVIL.',
      run: anvilVersion,
    },
    { name: 'solc', hint: 'Run `npm ci` again.', run: solcVersion },
    {
      name: 'output',
      hint: 'Choose another folder with --out, or make this one writable.',
      run: () => writableFolder(outDirectory),
    },
    { name: 'port', hint: 'Allow connections to 127.0.0.1.', run: freePort },
    { name: 'memory', hint: 'At least 1 GiB is needed.', run: memory },
    { name: 'cores', hint: 'Two or more cores make runs faster.', run: cores },
  ]
  const findings: Finding[] = []
  for (const check of checks) findings.push(await find(check))
  return findings
}

async function find({ name, hint, run }: Check): Promise<Finding> {
  try {
    return { check: name, ok: true, detail: await run(), hint: '' }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    const own = error instanceof MeterproofError ? error.hint : undefined
    return { check: name, ok: false, detail, hint: own ?? hint }
  }
}

async function nodeVersion(): Promise<string> {
  const { node } = process.versions
  const [major = 0, minor = 0] = node.split('.').map(Number)
  const enough =
    major > NODE_LEAST.major || (major === NODE_LEAST.major && minor >= NODE_LEAST.minor)
  if (!enough) throw new Error(`${node} is too old`)
  return node
}

async function anvilVersion(): Promise<string> {
  const { startAnvil } = await import('../sim/chain/anvilProcess.ts')
  const anvil = await startAnvil()
  try {
    return `${await anvil.rpc.request<string>('web3_clientVersion')}, started and answered`
  } finally {
    await anvil.stop()
  }
}

async function solcVersion(): Promise<string> {
  const { default: solc } = await import('solc')
  return (solc as { version(): string }).version()
}

async function writableFolder(folder: string): Promise<string> {
  const probe = join(folder, `.doctor-${process.pid}`)
  const created = await mkdir(folder, { recursive: true })
  try {
    await writeFile(probe, '')
  } finally {
    await rm(created ?? probe, { recursive: true, force: true })
  }
  return `${folder} can be written`
}

function freePort(): Promise<string> {
  return new Promise((done, failed) => {
    const server = createServer()
    server.on('error', failed)
    server.listen(0, '127.0.0.1', () => server.close(() => done('127.0.0.1 has a free port')))
  })
}

async function memory(): Promise<string> {
  const text = `${(totalmem() / BYTES_PER_GIB).toFixed(1)} GiB`
  if (totalmem() < MEMORY_BYTES_LEAST) throw new Error(`${text} is too little`)
  return text
}

async function cores(): Promise<string> {
  return String(availableParallelism())
}
