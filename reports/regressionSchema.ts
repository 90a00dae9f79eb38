/**
 * The record's section of stored failures: what became of each file that was replayed before the
 * search began. Optional; a run without a folder of failures has none.
 */
import { z } from 'zod'
import { traceSchema } from './traceSchema.ts'

/**
 * `notChosen`: the file is of a protocol or policy that this run does not check. Nothing is ever
 * left out: a file that cannot be replayed is `noLongerApplies`, with the reason.
 */
export const regressionVerdictSchema = z.enum([
  'stillFails',
  'noLongerFails',
  'noLongerApplies',
  'notChosen',
])

export const regressionSchema = z.object({
  /** Name in the folder of failures. */
  file: z.string(),
  /** As the file has them; empty when it cannot be read. */
  protocol: z.string(),
  policy: z.string(),
  invariant: z.string(),
  verdict: regressionVerdictSchema,
  /** `refuted` when the policy is known to break the claim. */
  expected: z.enum(['held', 'refuted']),
  /** The broken relation with its numbers, or why the file no longer applies. */
  reason: z.string(),
  replayCommand: z.string(),
  /** What the contract did this time; only where the failure is still there. */
  trace: traceSchema.optional(),
})

export const regressionsSchema = z.array(regressionSchema)
