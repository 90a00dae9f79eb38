/**
 * Section of the run record about mutants: what became of each small change of a contract, and
 * the score. All of it is decided by the sources, the seed and the number of sequences; how long it
 * took stands in `wall`.
 */
import { z } from 'zod'
import { storedPolicySchema } from './traceSchema.ts'

const countSchema = z.int().nonnegative()

/**
 * `stillborn`: does not compile. `equivalent`: has the contract's bytecode. `duplicate`: has the
 * bytecode of an earlier mutant. `untried`: no time was left.
 */
export const mutantStatusSchema = z.enum([
  'killed',
  'survived',
  'equivalent',
  'duplicate',
  'stillborn',
  'untried',
])

/**
 * `notReached`: no plan executes the statement. `noEffect`: it is executed, and every answer is as
 * before. `notJudged`: answers differ, in something that no check compares.
 */
export const survivorClassSchema = z.enum(['notReached', 'noEffect', 'notJudged'])

export const mutantSchema = z.object({
  id: z.string(),
  operator: z.string(),
  /** Relative to the folder of the contracts, POSIX. */
  file: z.string(),
  line: countSchema,
  column: countSchema,
  /** Function around it, `constructor` or `state`. */
  within: z.string(),
  before: z.string(),
  after: z.string(),
  status: mutantStatusSchema,
  /** Invariants, `DIVERGENCE`, `DEPLOYMENT` or `OBSERVATION`, sorted; empty for all but killed. */
  killedBy: z.array(z.string()),
  /** What noticed first said; the compiler's words for a stillborn one; else empty. */
  evidence: z.string(),
  /** The mutant with the same bytecode. */
  duplicateOf: z.string().nullable(),
  survivor: z
    .object({
      class: survivorClassSchema,
      /** Lines before and after, marked with `-` and `+`. */
      diff: z.array(z.string()),
      explanation: z.object({ equivalent: z.boolean(), reason: z.string() }).nullable(),
    })
    .nullable(),
})

export const mutationSchema = z.object({
  protocol: z.string(),
  policy: storedPolicySchema,
  contract: z.string(),
  /** What each mutant had to face. */
  plans: z.object({
    paths: countSchema,
    sequences: countSchema,
    steps: countSchema,
    digest: z.string(),
  }),
  /** Operators that were asked for; all when empty. */
  operators: z.array(z.string()),
  /** By status; they add up to all mutants. */
  counts: z.record(mutantStatusSchema, countSchema),
  /** Survivors that are explained as equivalent. */
  explainedEquivalent: countSchema,
  /** Killed by an invariant, not only by a difference from the model. */
  killedByInvariant: countSchema,
  /** Killed of those that are not equivalent; null when none was tried. */
  score: z.number().min(0).max(1).nullable(),
  threshold: z.number().min(0).max(1),
  /** Explanations whose mutants do not survive, or do not exist. */
  stale: z.array(z.string()),
  mutants: z.array(mutantSchema),
})
