/**
 * Finished points of sweeps on disk, so that an interrupted sweep goes on where it was; another
 * grid over the same designs finds them too.
 */
import { z } from 'zod'
import { openResultStore, type ResultStore } from '../kit/resultStore.ts'

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

export type PointStore = ResultStore<PointResult>

/** @throws MeterproofError `MP_SWEEP_STORE` when the file cannot be read */
export function openPointStore(path: string): PointStore {
  return openResultStore({ path, schema: resultSchema, code: 'MP_SWEEP_STORE', what: 'Points' })
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
