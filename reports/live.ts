/**
 * What a server tells the page at `/live.json` while a run goes on.
 *
 * The page polls it once a second. It promises nothing: counts are what was done so far, and a
 * claim that is not listed under `findings` has not been judged, let alone held. When `state` is no
 * longer `running`, the page loads itself again and finds the finished report.
 */
import { z } from 'zod'
import { runRecordSchema } from './record.ts'
import type { DeepReadonly } from './traceSchema.ts'

export const LIVE_SCHEMA = 'meterproof.live/1'
/** Path that the page asks for, relative to itself. */
export const LIVE_PATH = 'live.json'

export const liveSchema = z.object({
  schema: z.literal(LIVE_SCHEMA),
  state: z.enum(['running', 'finished', 'failed']),
  command: z.string(),
  seed: z.int(),
  protocols: z.array(z.string()),
  policies: z.array(z.string()),
  elapsedMs: z.number().nonnegative(),
  /** Every phase that was begun, the running one last. */
  phases: z.array(
    z.object({
      label: z.string(),
      done: z.int().nonnegative(),
      /** Null when nobody knows. */
      total: z.int().nonnegative().nullable(),
      stepsPerSecond: z.number().nonnegative(),
    }),
  ),
  findings: z.array(z.object({ invariant: z.string(), evidence: z.string() })),
  /** Findings that are not listed, as the list is bounded. */
  findingsMore: z.int().nonnegative(),
  notices: z.array(z.string()),
  /** What is already known, when the run offers it; its summary is provisional. */
  record: runRecordSchema.nullable(),
})

export type LiveDocument = DeepReadonly<z.infer<typeof liveSchema>>
