/**
 * Section of the run record about an exhaustive exploration: what was explored how deep, and what
 * that was found to say.
 *
 * A depth counts attempts that lead on. `explored` is the greatest depth of which every state was
 * tried; what was begun beyond it is not counted here. How long it took stands in `wall`.
 */
import { z } from 'zod'
import { scopeShape } from './costSchema.ts'

const countSchema = z.int().nonnegative()

export const explorationSchema = z.object({
  ...scopeShape,
  /** `one`, `refusing-token` or `two`, and in words what was explored. */
  world: z.string(),
  about: z.string(),
  contract: z.string(),
  /** Whether every attempt was made on the contract too, or on the model alone. */
  onContract: z.boolean(),
  /** Depth that was asked for. */
  asked: countSchema,
  explored: countSchema,
  /**
   * `depth`: as deep as was asked for. `exhausted`: no state was left, so the answer holds for any
   * depth. `counterexample`: nothing deeper was looked at. `budget`, `interrupted`: time ended.
   */
  ending: z.enum(['depth', 'exhausted', 'counterexample', 'budget', 'interrupted']),
  /** One entry for each explored depth, from 1 on. */
  depths: z.array(
    z.object({
      /** States that were first reached with so many attempts. */
      states: countSchema,
      /** Attempts with so many steps, by the model: those accepted, refused, and followed. */
      accepted: countSchema,
      refused: countSchema,
      followed: countSchema,
      /** Sequences and their calls on the contract. */
      runs: countSchema,
      calls: countSchema,
    }),
  ),
  /** Ways out that a party took alone, one from every state in which it is in, and the longest. */
  exits: countSchema,
  longestExitSeconds: countSchema,
  /** Claims that nothing put to the test here. */
  unexercised: z.array(z.string()),
  /** Shortest counterexamples: how many attempts each has. */
  found: z.array(
    z.object({
      invariant: z.string(),
      attempts: countSchema,
      expected: z.enum(['held', 'refuted']),
      /** Id of an entry of `failures`; null when another world has a shorter one. */
      counterexample: z.string().nullable(),
    }),
  ),
})
