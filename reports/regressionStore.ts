/**
 * A folder of failures: one trace file each, named after protocol, policy and claim and not after
 * the contract's bytes, so that the same failure keeps its name while the contract is mended.
 *
 * A file is never overwritten: what failed once stays to be replayed, even when the same claim
 * fails in another way later.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MeterproofError } from '../models/kit/error.ts'
import type { RunRecord } from './record.ts'
import { formatTraceFile, parseTraceFile, type TraceFile, traceFileOf } from './traceFile.ts'

const ENDING = '.trace.json'

/** A file of the folder: what it says, or why it says nothing. */
export type StoredFailure = { readonly file: string } & (
  | { readonly trace: TraceFile }
  | { readonly problem: string }
)

/** All trace files of a folder, by name; a folder that is not there has none. */
export function readStoredFailures(folder: string): readonly StoredFailure[] {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).filter((name) => name.endsWith(ENDING))
  return names.sort().map((file): StoredFailure => {
    const path = join(folder, file)
    try {
      return { file, trace: parseTraceFile(readFileSync(path, 'utf8'), file) }
    } catch (thrown) {
      const facts = thrown instanceof MeterproofError ? Object.values(thrown.facts) : []
      const message = thrown instanceof Error ? thrown.message : String(thrown)
      return { file, problem: [message, ...facts.slice(1)].join(' ') }
    }
  })
}

/**
 * Stores the unexpected failures of a run. One whose claim is stored already, and was seen to fail
 * in this run, is not stored again.
 *
 * @returns names of the new files
 * @throws MeterproofError `MP_FAILURES_WRITE`
 */
export function storeFailures(options: {
  readonly record: RunRecord
  readonly traceFiles: ReadonlyMap<string, TraceFile>
  readonly folder: string
}): readonly string[] {
  const { record, traceFiles, folder } = options
  const failing = new Set(
    (record.regressions ?? []).flatMap((each) =>
      each.verdict === 'stillFails' ? `${each.protocol} ${each.policy} ${each.invariant}` : [],
    ),
  )
  const unexpected = record.failures.filter(
    ({ expected, protocol, policy, invariant }) =>
      expected === 'held' && !failing.has(`${protocol} ${policy} ${invariant}`),
  )
  try {
    return unexpected.flatMap((failure) => {
      const file = traceFiles.get(failure.traceFile) ?? traceFileOf(record, failure)
      return storeOne(folder, failure.id, file)
    })
  } catch (cause) {
    throw new MeterproofError('MP_FAILURES_WRITE', `Failures cannot be stored in ${folder}.`, {
      facts: { folder, reason: cause instanceof Error ? cause.message : String(cause) },
      hint: 'Name another folder with --failures.',
      cause,
    })
  }
}

/** Under the first free name; nothing when the same steps are stored already. */
function storeOne(folder: string, id: string, file: TraceFile): readonly string[] {
  mkdirSync(folder, { recursive: true })
  const text = formatTraceFile(file)
  for (let number = 1; ; number += 1) {
    const name = `${id}${number === 1 ? '' : `-${number}`}${ENDING}`
    const path = join(folder, name)
    if (!existsSync(path)) {
      writeFileSync(path, text)
      return [name]
    }
    if (readFileSync(path, 'utf8') === text) return []
  }
}
