/**
 * What a coverage tells beyond states and edges: which edges followed each other, which were taken
 * under or after which kind of fault, and which errors calls were refused with.
 *
 * All of it is optional, as older records have none. Edges are named by their place in the `edges`
 * of the same coverage.
 */
import { z } from 'zod'

const countSchema = z.int().nonnegative()
const placeSchema = z.int().nonnegative()

/**
 * Every two declared edges that meet in a state: an accepting one, and any one that leaves the
 * state that it leads to. Not all of them can follow each other, as guards say when
 * an edge may be taken.
 */
const pairSchema = z.object({
  /** The accepted edge that the agreement took last. */
  first: placeSchema,
  /** The edge that the same agreement took next; refusals in between are passed over. */
  next: placeSchema,
  hits: countSchema,
})

/** One kind of fault that the simulated world suffered. */
const faultSchema = z.object({
  kind: z.string(),
  /** Runs of the world in whose plan it was. */
  runs: countSchema,
  /** Edges that were taken from its beginning on; those that are missing never were. */
  edges: z.array(
    z.object({
      edge: placeSchema,
      /** Steps in a block between beginning and end of such a fault. */
      during: countSchema,
      /** Steps after the end of such a fault, and not during another one of the kind. */
      after: countSchema,
    }),
  ),
})

const revertSchema = z.object({
  /** The contract's error; for one without a known name, what its data begins with. */
  error: z.string(),
  /** Whether the machine declares a refusal of this name. */
  declared: z.boolean(),
  hits: countSchema,
})

/** Optional fields of a coverage. */
export const coverageParts = {
  pairs: z.array(pairSchema).optional(),
  faults: z.array(faultSchema).optional(),
  reverts: z.array(revertSchema).optional(),
}
