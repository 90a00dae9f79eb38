/**
 * Goal: a reader finds a whole run or the one before, and what was finished is never lost.
 */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { MeterproofError } from '../models/kit/error.ts'
import { exampleRecord } from './exampleRecord.ts'
import { latestRun, readRun } from './readRun.ts'
import type { RunRecord } from './record.ts'
import { readTraceFile } from './traceFile.ts'
import { runName, writeRun } from './writeRun.ts'

let outDir = ''
beforeEach(() => {
  outDir = mkdtempSync(join(tmpdir(), 'meterproof-'))
})
afterEach(() => rmSync(outDir, { recursive: true, force: true }))

const name = 'check-session-escrow-seed7'

/** A record whose second file has a name that no file system takes. */
function unwritableRecord(): RunRecord {
  const record = exampleRecord()
  const traceFile = `${'x'.repeat(300)}.trace.json`
  return { ...record, failures: record.failures.map((failure) => ({ ...failure, traceFile })) }
}

function writeErrorOf(write: () => unknown): MeterproofError {
  try {
    write()
  } catch (error) {
    if (error instanceof MeterproofError) return error
    throw error
  }
  throw new Error('the run was written')
}

test('a run is named after command, protocol and seed, never after the time', () => {
  expect(runName({ command: 'check', protocols: ['session-escrow'], seed: 7 })).toBe(name)
  expect(runName({ command: 'check', protocols: ['a', 'b'], seed: -7 })).toBe('check-seed-7')
  expect(runName({ command: 'run', protocols: [], seed: 7 })).toBe('run-seed7')
  expect(runName({ command: 'run', protocols: ['../x y'], seed: 7 })).toBe('run-.._x_y-seed7')
})

test('every file is there, readable, and found through latest', () => {
  const record = exampleRecord()
  const { directory, files } = writeRun({ record, outDir, name })
  expect(directory).toBe(join(outDir, name))
  expect(readdirSync(directory).sort()).toEqual([...files].sort())
  expect(readRun(join(outDir, 'latest'))).toEqual(record)
  for (const { traceFile, invariant } of record.failures) {
    expect(readTraceFile(join(directory, traceFile)).finding?.invariant).toBe(invariant)
  }
  expect(readdirSync(outDir).sort()).toEqual([name, 'latest'])
})

test('the same record gives the same bytes', () => {
  const write = () => {
    const { directory, files } = writeRun({ record: exampleRecord(), outDir, name })
    return files.map((file) => readFileSync(join(directory, file), 'utf8'))
  }
  expect(write()).toEqual(write())
})

test('a repeated run replaces the one before, stale files included', () => {
  const { directory } = writeRun({ record: exampleRecord(), outDir, name })
  writeFileSync(join(directory, 'stale.trace.json'), '')
  writeRun({ record: { ...exampleRecord(), failures: [] }, outDir, name })
  expect(readdirSync(directory).sort()).toEqual([
    'coverage.csv',
    'index.html',
    'invariants.csv',
    'junit.xml',
    'run.json',
    'steps.csv',
  ])
})

test('latest moves on to the newest run', () => {
  writeRun({ record: exampleRecord(), outDir, name })
  writeRun({ record: { ...exampleRecord(), seed: 8 }, outDir, name: 'check-seed8' })
  expect(readRun(join(outDir, 'latest')).seed).toBe(8)
})

test('where latest cannot be a link it is a text file', () => {
  mkdirSync(join(outDir, 'latest'))
  writeFileSync(join(outDir, 'latest', 'mine.txt'), 'kept')
  writeRun({ record: exampleRecord(), outDir, name })
  expect(lstatSync(join(outDir, 'latest')).isDirectory()).toBe(true)
  expect(existsSync(join(outDir, 'latest', 'mine.txt'))).toBe(true)
  expect(readFileSync(join(outDir, 'latest.txt'), 'utf8')).toBe(`${name}\n`)
  expect(latestRun(outDir)).toBe(join(outDir, name))
  expect(readRun(join(outDir, 'latest')).seed).toBe(7)
})

test('there is no latest run in an empty directory', () => {
  expect(latestRun(outDir)).toBeNull()
  expect(() => readRun(join(outDir, 'latest'))).toThrow(
    expect.objectContaining({ code: 'MP_RUN_UNREADABLE' }),
  )
})

test('an output directory that is a file is refused, naming the path', () => {
  const file = join(outDir, 'file')
  writeFileSync(file, '')
  const error = writeErrorOf(() => writeRun({ record: exampleRecord(), outDir: file, name }))
  expect(error.code).toBe('MP_REPORT_WRITE')
  expect(error.message).toContain(file)
  expect(error.hint).toContain('--out')
})

test('when a file cannot be written, the old run stays and the finished files are kept', () => {
  const { directory } = writeRun({ record: exampleRecord(), outDir, name })
  const changed = { ...unwritableRecord(), seed: 9 }
  const error = writeErrorOf(() => writeRun({ record: changed, outDir, name }))
  expect(error.code).toBe('MP_REPORT_WRITE')
  expect(error.facts.finished).toBe('run.json')
  expect(readRun(directory).seed).toBe(7)
  expect(readRun(String(error.facts['kept in'])).seed).toBe(9)
})

test('a trace file cannot be written outside of the run directory', () => {
  const record = exampleRecord()
  const failures = record.failures.map((failure) => ({ ...failure, traceFile: '../escape.json' }))
  expect(() => writeRun({ record: { ...record, failures }, outDir, name })).toThrow(
    expect.objectContaining({ code: 'MP_REPORT_FILE_NAME' }),
  )
  expect(existsSync(join(outDir, 'escape.json'))).toBe(false)
})

test('a working directory that is gone ends in an error and not in a loop', () => {
  const before = process.cwd()
  const gone = mkdtempSync(join(tmpdir(), 'meterproof-gone-'))
  process.chdir(gone)
  process.cwd()
  rmSync(gone, { recursive: true })
  try {
    const error = writeErrorOf(() => writeRun({ record: exampleRecord(), outDir: 'out', name }))
    expect(error.code).toBe('MP_REPORT_WRITE')
  } finally {
    process.chdir(before)
    rmSync(gone, { recursive: true, force: true })
  }
})
