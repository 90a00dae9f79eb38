/**
 * Writes a run directory: every format, the trace files, and the pointer `latest`.
 *
 * The directory is named after what was asked and the seed, not after the time, so that a repeated
 * command replaces its own result and a replay command can be printed before anything is written.
 * It is filled under a temporary name and put in place by a rename: a reader sees the old run or
 * the new one, never half of one. When a file cannot be written, the old run stays, the finished
 * files are kept under the temporary name, and the error says where.
 */
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { MeterproofError } from '../models/kit/error.ts'
import { coverageCsv } from './coverageCsv.ts'
import { coverageLcov } from './coverageLcov.ts'
import { invariantsCsv, stepsCsv } from './csv.ts'
import { curvesCsv, gigabytesCsv } from './designCsv.ts'
import { explorationsCsv, leavingCsv } from './explorationText.ts'
import { runHtml } from './html.ts'
import { junitXml } from './junit.ts'
import type { LifecycleLayouts } from './lifecycleGraph.ts'
import { mutantsCsv } from './mutationText.ts'
import { formatRunRecord, LATEST, RUN_FILE } from './readRun.ts'
import type { RunRecord } from './record.ts'
import { smallestCsv, smallestTriedCsv } from './smallestText.ts'
import { formatTraceFile, type TraceFile, traceFileOf } from './traceFile.ts'
import { costsCsv, exposureCsv, latencyCsv, serviceLevelsCsv, sweepCsv } from './worldCsv.ts'

export interface RunIdentity {
  /** Subcommand, for instance `check`. */
  readonly command: string
  readonly protocols: readonly string[]
  readonly seed: number
}

/**
 * Name of a run's directory: `check-session-escrow-seed7`; more than one protocol, or none, is
 * `check-seed7`.
 */
export function runName({ command, protocols, seed }: RunIdentity): string {
  const only = new Set(protocols).size === 1 ? protocols.slice(0, 1) : []
  return [command, ...only, `seed${seed}`].join('-').replace(/[^A-Za-z0-9._-]+/g, '_')
}

export interface WriteRunOptions {
  readonly record: RunRecord
  /** Directory of all runs, usually `reports/out`; made when missing. */
  readonly outDir: string
  /** From `runName`. */
  readonly name: string
  /**
   * Trace files by file name, for canaries, or in place of the one that would be made from a
   * failure of the record.
   */
  readonly traceFiles?: ReadonlyMap<string, TraceFile>
  /** From `lifecycleLayouts`; without them the page draws lifecycles as a plain column. */
  readonly layouts?: LifecycleLayouts
}

export interface WrittenRun {
  readonly directory: string
  readonly htmlPath: string
  /** Names inside `directory`, in the order of writing. */
  readonly files: readonly string[]
}

type FileToWrite = readonly [name: string, content: () => string]

/**
 * The record first: if only one file can be written, it is the one from which all others follow.
 */
function filesOf({ record, traceFiles, layouts }: WriteRunOptions): readonly FileToWrite[] {
  const traces = new Map<string, TraceFile>(
    record.failures.map((failure) => [failure.traceFile, traceFileOf(record, failure)]),
  )
  for (const [name, trace] of traceFiles ?? []) traces.set(name, trace)
  return [
    [RUN_FILE, () => formatRunRecord(record)],
    ...[...traces].map(([name, trace]) => [name, () => formatTraceFile(trace)] as const),
    ['invariants.csv', () => invariantsCsv(record)],
    ['steps.csv', () => stepsCsv(record)],
    ...coverageFiles(record),
    ...worldTables(record),
    ['junit.xml', () => junitXml(record)],
    ['index.html', () => runHtml(record, layouts)],
  ]
}

/** Most protocols have no downloads and no curves, and their runs no empty tables. */
const filled = (section: readonly unknown[] = []) => (section.length > 0 ? section : undefined)

/** What campaigns reached, for runs that had any. */
function coverageFiles(record: RunRecord): readonly FileToWrite[] {
  const { coverage, solidityCoverage = [] } = record
  const csv: FileToWrite = ['coverage.csv', () => coverageCsv(record)]
  const lcov: FileToWrite = ['coverage.lcov', () => coverageLcov(record)]
  return [
    ...(coverage.length + solidityCoverage.length > 0 ? [csv] : []),
    ...(solidityCoverage.length > 0 ? [lcov] : []),
  ]
}

/** Tables of the simulated world, for runs that simulated it. */
function worldTables(record: RunRecord): readonly FileToWrite[] {
  const { smallest, latency, serviceLevels, exposure, costs, sweep } = record
  const { perGigabyte, curves, mutations } = record
  const tables: readonly (readonly [section: unknown, ...file: FileToWrite])[] = [
    [latency, 'latency.csv', () => latencyCsv(record)],
    [serviceLevels, 'service-levels.csv', () => serviceLevelsCsv(record)],
    [exposure, 'exposure.csv', () => exposureCsv(record)],
    [costs, 'costs.csv', () => costsCsv(record)],
    [filled(perGigabyte), 'per-gigabyte.csv', () => gigabytesCsv(record)],
    [filled(curves), 'curves.csv', () => curvesCsv(record)],
    [sweep, 'sweep.csv', () => sweepCsv(record)],
    [mutations, 'mutants.csv', () => mutantsCsv(record)],
    [record.exploration, 'explorations.csv', () => explorationsCsv(record)],
    [record.exploration, 'leaving.csv', () => leavingCsv(record)],
    [smallest, 'smallest.csv', () => smallestCsv(record)],
    [smallest, 'smallest-tried.csv', () => smallestTriedCsv(record)],
  ]
  return tables.flatMap(([section, ...file]) => (section === undefined ? [] : [file]))
}

/**
 * Writes everything and points `latest` at it.
 *
 * @throws MeterproofError `MP_REPORT_WRITE` naming the path that could not be written
 */
export function writeRun(options: WriteRunOptions): WrittenRun {
  const { outDir, name } = options
  const directory = join(outDir, name)
  const partial = join(outDir, `.${name}.partial-${process.pid}`)
  const finished: string[] = []
  const attempt = (path: string, write: () => void) => {
    try {
      write()
    } catch (cause) {
      throw writeError({ path, cause, kept: finished.length > 0 ? partial : null, finished })
    }
  }
  attempt(partial, () => {
    rmSync(partial, { recursive: true, force: true })
    // With a relative path Node would try for ever once the working directory is gone.
    mkdirSync(resolve(partial), { recursive: true })
  })
  for (const [file, content] of filesOf(options)) {
    const path = join(partial, safeFileName(file))
    const bytes = content()
    attempt(path, () => writeFileSync(path, bytes))
    finished.push(file)
  }
  attempt(directory, () => putInPlace(partial, directory))
  pointLatest(outDir, name)
  return { directory, htmlPath: join(directory, 'index.html'), files: finished }
}

function safeFileName(file: string): string {
  if (file === basename(file) && file !== '' && file !== '.' && file !== '..') return file
  throw new MeterproofError('MP_REPORT_FILE_NAME', `A report file cannot be named "${file}".`, {
    facts: { file },
    hint: 'Names of trace files have no folders in them.',
    class: 'internal',
  })
}

/** A directory cannot be renamed over a filled one, so the old run steps aside first. */
function putInPlace(partial: string, directory: string): void {
  const old = `${partial}.old`
  rmSync(old, { recursive: true, force: true })
  const hadOld = existsSync(directory)
  if (hadOld) renameSync(directory, old)
  try {
    renameSync(partial, directory)
  } catch (cause) {
    if (hadOld) renameSync(old, directory)
    throw cause
  }
  rmSync(old, { recursive: true, force: true })
}

/** A relative link; where there are no links (or something is in its place), `latest.txt`. */
function pointLatest(outDir: string, name: string): void {
  const link = join(outDir, LATEST)
  const textFile = `${link}.txt`
  const temporary = join(outDir, `.${LATEST}-${process.pid}`)
  try {
    rmSync(temporary, { force: true })
    symlinkSync(name, temporary, 'dir')
    renameSync(temporary, link)
    rmSync(textFile, { force: true })
  } catch {
    rmSync(temporary, { force: true })
    try {
      writeFileSync(textFile, `${name}\n`)
    } catch (cause) {
      throw writeError({ path: textFile, cause, kept: join(outDir, name), finished: [] })
    }
  }
}

interface WriteFailure {
  readonly path: string
  readonly cause: unknown
  /** Where finished files remain. */
  readonly kept: string | null
  readonly finished: readonly string[]
}

const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full; free some space or choose another directory with --out.',
  EDQUOT: 'The quota is used up; free some space or choose another directory with --out.',
  EACCES: 'The directory is not writable; choose another one with --out.',
  EPERM: 'The directory is not writable; choose another one with --out.',
  EROFS: 'The file system is read-only; choose another directory with --out.',
  ENOTDIR: 'A part of the path is a file; choose another directory with --out.',
  EEXIST: 'A part of the path is a file; choose another directory with --out.',
}

function writeError({ path, cause, kept, finished }: WriteFailure): MeterproofError {
  const code = (cause as { readonly code?: unknown } | null)?.code
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new MeterproofError('MP_REPORT_WRITE', `The report cannot be written to ${path}.`, {
    facts: {
      path,
      reason,
      ...(kept === null ? {} : { 'kept in': kept }),
      ...(finished.length === 0 ? {} : { finished: finished.join(', ') }),
    },
    hint: HINTS[String(code)] ?? 'Choose another directory with --out.',
    cause,
  })
}
