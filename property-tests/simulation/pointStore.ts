/**
 * Finished points of sweeps on disk, so that an interrupted sweep goes on where it was.
 *
 * One JSON line for each point, appended in one write, with a key that names the work and a check
 * sum of the line: half a line, or one that somebody changed, is never taken for a result. A point
 * is looked up by its key alone, so another grid over the same designs finds it too.
 */
import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { MeterproofError } from '../../models/kit/error.ts'
import { parseJson, stringifyJson } from '../../reports/json.ts'

const valueSchema = z.union([z.number(), z.bigint()])
const resultSchema = z.strictObject({
  outcomes: z.record(
    z.string(),
    z.strictObject({
      value: valueSchema,
      low: valueSchema.nullable(),
      high: valueSchema.nullable(),
      n: z.int(),
    }),
  ),
  /** Ids of violated claims, sorted. */
  violated: z.array(z.string()),
  runs: z.int(),
})

/** What is known of a point when all its runs are done. */
export type PointResult = z.infer<typeof resultSchema>

const lineSchema = z.strictObject({ key: z.string(), check: z.string(), result: resultSchema })

export interface PointStore {
  get(key: string): PointResult | undefined
  /** @throws MeterproofError `MP_SWEEP_STORE` when the disk does not take it */
  put(key: string, result: PointResult): void
  /** Numbers of the lines that could not be used, from 1. */
  readonly brokenLines: readonly number[]
}

function checkOf(key: string, result: PointResult): string {
  return createHash('sha256').update(stringifyJson({ key, result }, 0)).digest('hex').slice(0, 16)
}

function readLine(text: string): { readonly key: string; readonly result: PointResult } | null {
  try {
    const { key, check, result } = lineSchema.parse(parseJson(text))
    return check === checkOf(key, result) ? { key, result } : null
  } catch {
    return null
  }
}

function onDisk<Value>(path: string, use: () => Value): Value {
  try {
    return use()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new MeterproofError('MP_SWEEP_STORE', `Points cannot be kept in ${path}.`, {
      facts: { path, reason },
      hint: 'Choose another folder with --out.',
      cause,
    })
  }
}

/** @throws MeterproofError `MP_SWEEP_STORE` when the file cannot be read */
export function openPointStore(path: string): PointStore {
  const known = new Map<string, PointResult>()
  const brokenLines: number[] = []
  const text = existsSync(path) ? onDisk(path, () => readFileSync(path, 'utf8')) : ''
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
      onDisk(path, () => {
        mkdirSync(dirname(path), { recursive: true })
        appendFileSync(path, `${start}${line}`)
      })
      start = ''
      known.set(key, result)
    },
  }
}

/** A store that forgets everything with the process. */
export function memoryPointStore(): PointStore {
  const known = new Map<string, PointResult>()
  return {
    brokenLines: [],
    get: (key) => known.get(key),
    put: (key, result) => void known.set(key, result),
  }
}
