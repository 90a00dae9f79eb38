/**
 * Reading a run record back, for rendering it again and for comparing runs.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MeterproofError } from '../models/kit/error.ts'
import { stringifyJson } from './json.ts'
import { parseFile } from './parseFile.ts'
import { RUN_SCHEMA, type RunRecord, runRecordSchema } from './record.ts'

/** Name of the record's file in a run directory. */
export const RUN_FILE = 'run.json'

/** The record as JSON. Fields come out in the order of the schema, whoever built the record. */
export function formatRunRecord(record: RunRecord): string {
  return stringifyJson(runRecordSchema.parse(record))
}

/** @throws MeterproofError `MP_RUN_UNREADABLE`, `MP_RUN_VERSION` or `MP_RUN_INVALID` */
export function parseRunRecord(text: string, file: string): RunRecord {
  const schema = runRecordSchema
  return parseFile({ text, file, schema, version: RUN_SCHEMA, codePrefix: 'MP_RUN' })
}

/**
 * The record of a run directory (or of `latest`, also where that had to be a text file).
 *
 * @throws MeterproofError as `parseRunRecord`
 */
export function readRun(directory: string): RunRecord {
  const pointer = `${directory}.txt`
  const target =
    !existsSync(join(directory, RUN_FILE)) && existsSync(pointer)
      ? join(directory, '..', readFileSync(pointer, 'utf8').trim())
      : directory
  const path = join(target, RUN_FILE)
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
