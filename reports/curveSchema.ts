/**
 * Curves for designers: how one exact number depends on another, by policy and by design.
 *
 * Every point was played through the lifecycle machine of its protocol, so a curve says what the
 * mechanism does and not what a formula hopes for. Numbers are integers or bigint base units;
 * ratios are millionths, and `about` says how they were rounded. Draws of the simulated world have
 * no part in it: the same version gives the same curves under every seed.
 */
import { z } from 'zod'
import { storedPolicySchema } from './traceSchema.ts'

const exactSchema = z.union([z.int(), z.bigint()])

const axisSchema = z.object({
  name: z.string(),
  /** What the numbers count. Millionths are a share, `base units` are of `token`. */
  unit: z.enum(['bytes', 'base units', 'millionths', 'payments', 'seconds']),
  scale: z.enum(['linear', 'log']),
  token: z.object({ name: z.string(), decimals: z.int().nonnegative() }).optional(),
})

export const curveSchema = z.object({
  protocol: z.string(),
  /** Unique within the protocol and fit for a file name. */
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  /** What is asked. */
  title: z.string(),
  /** How it was made, and how its numbers are rounded. */
  about: z.string(),
  x: axisSchema,
  y: axisSchema,
  series: z.array(
    z.object({
      /** Of the design or the behaviour; unique within its policy. */
      name: z.string(),
      policy: storedPolicySchema,
      /** Who does what. */
      how: z.string(),
      /** `step`: a value holds until the next point. `points`: single designs, joined in order. */
      shape: z.enum(['line', 'step', 'points']),
      points: z.array(z.object({ x: exactSchema, y: exactSchema, label: z.string().optional() })),
    }),
  ),
})
