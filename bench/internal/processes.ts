/**
 * Starts the processes of a benchmark and waits for them, with their processor time.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { CampaignOrder, CampaignResult } from './campaign.ts'
import { cpuMicrosOf } from './measure.ts'

/** How often processor time is read while a process runs. */
const SAMPLE_MS = 50

export interface Finished {
  readonly stdout: string
  readonly stderr: string
  /** From the start of the process to its end. */
  readonly wallSeconds: number
  /** Processor time of the process itself, its threads included; 0 where it is not told. */
  readonly cpuSeconds: number
}

export interface Running {
  readonly finished: Promise<Finished>
  /** Ends the process at once. */
  end(): void
}

export interface StartOptions {
  readonly file: string
  readonly args: readonly string[]
  readonly folder?: string
  readonly environment?: Readonly<Record<string, string>>
  /** Runs it, and what it starts, on this core only, where the system can (`taskset`). */
  readonly core?: number | null
}

/** Whether this system can hold a process on one core. */
export const canPin = existsSync('/usr/bin/taskset')

function pinned({ file, args, core = null }: StartOptions): [string, readonly string[]] {
  if (core === null || !canPin) return [file, args]
  return ['taskset', ['-c', String(core), file, ...args]]
}

export function startProcess(options: StartOptions): Running {
  const { folder, environment } = options
  const startMs = performance.now()
  const child = spawn(...pinned(options), {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...environment },
    ...(folder === undefined ? {} : { cwd: folder }),
  })
  let cpuMicros = 0
  const sampler = setInterval(() => {
    if (child.pid !== undefined) cpuMicros = Math.max(cpuMicros, cpuMicrosOf(child.pid))
  }, SAMPLE_MS)
  let stdout = ''
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', () => {
      clearInterval(sampler)
      const wallSeconds = (performance.now() - startMs) / 1_000
      resolve({ stdout, stderr, wallSeconds, cpuSeconds: cpuMicros / 1e6 })
    })
  })
  return { finished, end: () => child.kill('SIGTERM') }
}

const CAMPAIGN = fileURLToPath(new URL('campaign.ts', import.meta.url))

/** A process that runs a program of the benchmark with an order in JSON. */
export function startProgram(program: string, order: object, core: number | null): Running {
  const tsx = import.meta.resolve('tsx')
  const args = ['--import', tsx, program, JSON.stringify(order)]
  return startProcess({ file: process.execPath, args, core })
}

/** One process of our campaign. */
export function startCampaign(order: CampaignOrder, core: number | null = null): Running {
  return startProgram(CAMPAIGN, order, core)
}

/** @throws Error with what the process said when it gave no result */
export function campaignResult({ stdout, stderr }: Finished): CampaignResult {
  const line = stdout.trim().split('\n').at(-1) ?? ''
  if (!line.startsWith('{')) throw new Error(`a campaign ended without a result: ${stderr}`)
  return JSON.parse(line) as CampaignResult
}

/** The order of a campaign on all cores, cut into one for each process. */
export function split(
  order: Omit<CampaignOrder, 'offset' | 'stride'>,
  processes: number,
): CampaignOrder[] {
  return Array.from({ length: processes }, (_, offset) => ({ ...order, offset, stride: processes }))
}
