/**
 * The trace files of canaries, read back from a run directory: the record only names them, and
 * writing a run again replaces the whole directory.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { RunRecord } from '../reports/record.ts'
import { readTraceFile, type TraceFile } from '../reports/traceFile.ts'

/** By file name; a file that is no longer there is left out. */
export function readCanaryTraces(
  record: RunRecord,
  directory: string,
): ReadonlyMap<string, TraceFile> {
  const names = record.canaries.flatMap(({ traceFile }) => (traceFile === null ? [] : [traceFile]))
  const present = names.filter((name) => existsSync(join(directory, name)))
  return new Map(present.map((name) => [name, readTraceFile(join(directory, name))]))
}
