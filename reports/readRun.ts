/**
 * Reading a run record back, for rendering it again and for comparing runs.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { MeterproofError } from '../models/kit/error.ts'
import { stringifyJson } from './json.ts'
import { parseFile } from './parseFile.ts'
import { RUN_SCHEMA, type RunRecord, runRecordSchema } from './record.ts'

/** Name of the record's file in a run directory. */
export const RUN_FILE = 'run.json'

/** Name of the pointer to the run that was written last: a link, or a text file plus `.txt`. */
export const LATEST = 'latest'

/** The record as JSON. Fields come out in the order of the schema, whoever built the record. */
export function formatRunRecord(record: RunRecord): string {
  return stringifyJson(runRecordSchema.parse(record))
}

/** @throws MeterproofError `MP_RUN_UNREADABLE`, `MP_RUN_VERSION` or `MP_RUN_INVALID` */
export function parseRunRecord(text: string, file: string): RunRecord {
  const schema = runRecordSchema
  return parseFile({ text, file, schema, version: RUN_SCHEMA, codePrefix: 'MP_RUN' })
}

/** Directory of the run that was written last, or null when there is none. */
export function latestRun(outDir: string): string | null {
  const link = join(outDir, LATEST)
  const textFile = `${link}.txt`
  if (existsSync(textFile)) return join(outDir, readFileSync(textFile, 'utf8').trim())
  return existsSync(join(link, RUN_FILE)) ? link : null
}

/** Directories of all runs, the newest first; those of equal age by name. */
export function runDirectories(outDir: string): readonly string[] {
  if (!existsSync(outDir)) return []
  const runs = readdirSync(outDir, { withFileTypes: true }).flatMap((entry) => {
    const file = join(outDir, entry.name, RUN_FILE)
    if (!entry.isDirectory() || !existsSync(file)) return []
    return [{ directory: join(outDir, entry.name), atMs: statSync(file).mtimeMs }]
  })
  runs.sort((a, b) => b.atMs - a.atMs || (a.directory < b.directory ? -1 : 1))
  return runs.map(({ directory }) => directory)
}

/**
 * The record of a run directory; `latest` works where that had to be a text file, too.
 *
 * @throws MeterproofError as `parseRunRecord`
 */
export function readRun(directory: string): RunRecord {
  const target = basename(directory) === LATEST ? latestRun(dirname(directory)) : directory
  const path = join(target ?? directory, RUN_FILE)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new MeterproofError('MP_RUN_UNREADABLE', `There is no run record at ${path}.`, {
      facts: { path, reason },
      hint: 'Give a run directory, for instance `reports/out/latest`.',
      cause,
    })
  }
  return parseRunRecord(text, path)
}
