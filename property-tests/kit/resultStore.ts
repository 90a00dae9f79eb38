/**
 * Finished results on disk, so that an interrupted command goes on where it was.
 *
 * One JSON line for each result, appended in one write, with a key that names the work and a check
 * sum of the line: half a line, or one that somebody changed, is never taken for a result. A result
 * is looked up by its key alone, so another command over the same work finds it too.
 */
import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { MeterproofError } from '../../models/kit/error.ts'
import { parseJson, stringifyJson } from '../../reports/json.ts'

export interface ResultStore<Result> {
  get(key: string): Result | undefined
  /** @throws MeterproofError with the store's code when the disk does not take it */
  put(key: string, result: Result): void
  /** Numbers of the lines that could not be used, from 1. */
  readonly brokenLines: readonly number[]
}

export interface ResultStoreOptions<Result> {
  readonly path: string
  readonly schema: z.ZodType<Result>
  /** Code of the error when the disk fails, and what cannot be kept then. */
  readonly code: string
  readonly what: string
}

function checkOf(key: string, result: unknown): string {
  return createHash('sha256').update(stringifyJson({ key, result }, 0)).digest('hex').slice(0, 16)
}

/** @throws MeterproofError `code` when the file cannot be read */
export function openResultStore<Result>(options: ResultStoreOptions<Result>): ResultStore<Result> {
  const { path, schema, code, what } = options
  const lineSchema = z.strictObject({ key: z.string(), check: z.string(), result: schema })
  const readLine = (text: string) => {
    try {
      const { key, check, result } = lineSchema.parse(parseJson(text))
      return check === checkOf(key, result) ? { key, result } : null
    } catch {
      return null
    }
  }
  const onDisk = <Value>(use: () => Value): Value => {
    try {
      return use()
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause)
      throw new MeterproofError(code, `${what} cannot be kept in ${path}.`, {
        facts: { path, reason },
        hint: 'Choose another folder with --out.',
        cause,
      })
    }
  }
  const known = new Map<string, Result>()
  const brokenLines: number[] = []
  const text = existsSync(path) ? onDisk(() => readFileSync(path, 'utf8')) : ''
  text.split('\n').forEach((line, index) => {
    if (line === '') return
    const read = readLine(line)
    if (read === null) brokenLines.push(index + 1)
    else known.set(read.key, read.result)
  })
  // After half a line, the next one must not continue it.
  let start = text === '' || text.endsWith('\n') ? '' : '\n'
  return {
    brokenLines,
    get: (key) => known.get(key),
    put(key, result) {
      const line = stringifyJson({ key, check: checkOf(key, result), result }, 0)
      onDisk(() => {
        mkdirSync(dirname(path), { recursive: true })
        appendFileSync(path, `${start}${line}`)
      })
      start = ''
      known.set(key, result)
    },
  }
}
