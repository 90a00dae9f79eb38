/**
 * The command line as a process of its own, for suites that try the product as its users do.
 */
import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { parseRunRecord } from '../../reports/readRun.ts'
import type { RunRecord } from '../../reports/record.ts'
import { packageFile } from '../packageRoot.ts'
import { runCli } from '../program.ts'

const BIN = packageFile(join('cli', 'bin.js'))

export interface Ended {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Started {
  readonly process: ChildProcessByStdio<null, Readable, Readable>
  readonly ended: Promise<Ended>
  /** Settles when standard error has shown the text, fails when the process ends before. */
  shows(text: RegExp): Promise<void>
}

export interface StartOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
}

export function startMeterproof(args: readonly string[], options: StartOptions): Started {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const texts = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => {
    texts.stdout += String(chunk)
  })
  child.stderr.on('data', (chunk) => {
    texts.stderr += String(chunk)
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (exitCode) => resolve({ exitCode, ...texts }))
  })
  const shows = (text: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (text.test(texts.stderr)) resolve()
      }
      child.stderr.on('data', look)
      ended.then(({ stderr }) => reject(new Error(`ended without ${text}:\n${stderr}`)), reject)
      look()
    })
  return { process: child, ended, shows }
}

export function meterproof(args: readonly string[], options: StartOptions): Promise<Ended> {
  return startMeterproof(args, options).ended
}

/**
 * The command line inside this process, which spares loading it anew: for what ends before any work
 * begins. Takes the place of both streams meanwhile, so never two at once.
 */
export async function meterproofHere(args: readonly string[]): Promise<Ended> {
  const { stdout, stderr } = process
  const writes = { stdout: stdout.write, stderr: stderr.write }
  const texts = { stdout: '', stderr: '' }
  const into = (name: keyof typeof texts) =>
    ((chunk: string | Uint8Array) => {
      texts[name] += String(chunk)
      return true
    }) as typeof stdout.write
  stdout.write = into('stdout')
  stderr.write = into('stderr')
  try {
    const exitCode = await runCli(args, new AbortController().signal)
    return { exitCode, ...texts }
  } finally {
    stdout.write = writes.stdout
    stderr.write = writes.stderr
  }
}

/** The arguments of a command that a report prints, without `npx meterproof`. */
export function printedArguments(command: string): string[] {
  const words = command.match(/"[^"]*"|\S+/g) ?? []
  return words.slice(2).map((word) => word.replaceAll('"', ''))
}

/** A folder for one suite, and how to throw it away. */
export function temporaryFolder(name: string): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), `meterproof-${name}-`))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** The record of the newest run in a folder of runs. */
export function latestRecord(outDir: string): RunRecord {
  const file = join(outDir, 'latest', 'run.json')
  return parseRunRecord(readFileSync(file, 'utf8'), file)
}

/** Processes that descend from `pid` now, by id, with their command lines. */
export function descendants(pid: number): ReadonlyMap<number, string> {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
  const rows = table.split('\n').flatMap((line) => {
    const [, own, parent, args] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []
    return args === undefined ? [] : [{ own: Number(own), parent: Number(parent), args }]
  })
  const found = new Map<number, string>()
  const from = [pid]
  for (let next = from.pop(); next !== undefined; next = from.pop()) {
    for (const { own, parent, args } of rows) {
      if (parent !== next || found.has(own)) continue
      found.set(own, args)
      from.push(own)
    }
  }
  return found
}

/** Whether a process of that id runs; one that has ended and waits to be collected does not. */
export function isAlive(pid: number): boolean {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,stat='], { encoding: 'utf8' })
  const stat = new RegExp(`^\\s*${pid}\\s+(\\S+)`, 'm').exec(table)?.[1]
  return stat !== undefined && !stat.startsWith('Z')
}
