/**
 * Which lines and branches of the Solidity sources were executed, from traces of real transactions.
 *
 * A line counts when a statement begins on it and the contract has code for that statement; its
 * hits are the transactions that executed it. A branch is one of two ways out of an `if`, a
 * `require`, a ternary, a loop or a `try` of the source; the compiler's own jumps (overflow checks,
 * dispatch, short circuits of `&&` and `||`) are none.
 */
import { z } from 'zod'
import { storedPolicySchema } from './traceSchema.ts'

const countSchema = z.int().nonnegative()
const lineSchema = z.int().positive()

const fileSchema = z.object({
  /** Relative to the project, POSIX. */
  file: z.string(),
  /** Ascending by line. */
  lines: z.array(z.object({ line: lineSchema, hits: countSchema })),
  functions: z.array(z.object({ line: lineSchema, name: z.string(), hits: countSchema })),
  branches: z.array(
    z.object({
      line: lineSchema,
      kind: z.enum(['if', 'require', 'ternary', 'loop', 'try']),
      /** Transactions in which the condition was true, and in which it was false. */
      whenTrue: countSchema,
      whenFalse: countSchema,
    }),
  ),
  /** Text of every line that has no hits, or a branch that was never taken. */
  missed: z.array(z.object({ line: lineSchema, text: z.string() })),
})

export const solidityCoverageSchema = z.object({
  protocol: z.string(),
  policy: storedPolicySchema,
  /** Contract under test; contracts of its project that it creates are part of it. */
  contract: z.string(),
  /** How the traced code was compiled, and why so. */
  compiled: z.string(),
  /** Plans that were played, and plans of which these were chosen. */
  plans: countSchema,
  plansInAll: countSchema,
  /** Calls of these plans, and how many of them ended as the model says. */
  steps: countSchema,
  stepsAsPredicted: countSchema,
  /** Transactions that were traced: calls, preparations, deployments and a look at the end. */
  transactions: countSchema,
  files: z.array(fileSchema),
})
