/**
 * The way of a finding from the original run to the smallest one: what each rung still had.
 */
import { z } from 'zod'

const countSchema = z.int().nonnegative()

export const rungSchema = z.object({
  actions: countSchema,
  /** Agreements that some action is about. */
  agreements: countSchema,
  faults: countSchema,
  /** Decimal digits of all amounts in the actions' arguments. */
  digits: countSchema,
  /** From the first action to the last, in seconds. */
  seconds: countSchema,
  /** Runs that were looked at until then. */
  executions: countSchema,
})

/** The original first; every rung is smaller than the one before in something. */
export const ladderSchema = z.array(rungSchema)
