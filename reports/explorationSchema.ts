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
  /** Ways out that a party took alone in time, one from every state that holds it; the longest. */
  exits: countSchema,
  longestExitSeconds: countSchema,
  /** The same for each party that must be able to leave alone, with the deadline that is stated. */
  leaving: z
    .array(
      z.object({
        party: z.string(),
        /** In the names of parameters and terms, from the second t in which the party begins. */
        formula: z.string(),
        /** The most that the formula gave in these states; null when no state held the party. */
        deadlineSeconds: countSchema.nullable(),
        /** States from which a way out in time was shown, and from which there was none. */
        states: countSchema,
        missed: countSchema,
        /** The longest of the ways: seconds, calls, and the state of the agreement it begins in. */
        longest: z
          .object({
            seconds: countSchema,
            calls: countSchema,
            from: z.string(),
            /** Whether real transactions show it; null when another world has as long a one. */
            confirmedOnMinedLane: z.boolean().nullable(),
          })
          .nullable(),
      }),
    )
    .optional(),
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
