/**
 * Sections of the run record about promises of time and about what a session costs on chain.
 *
 * Counts and gas are totals over all runs, so that the parts add up to the whole exactly; means are
 * what `costs.ts` makes of them. Amounts are base units of the token that the runs were paid in.
 */
import { z } from 'zod'
import { storedPolicySchema } from './traceSchema.ts'

const countSchema = z.int().nonnegative()

/** What a finding is about. `regime` is `none` where no faults are injected. */
export const scopeShape = {
  protocol: z.string(),
  policy: storedPolicySchema,
  regime: z.string(),
} as const

/** The scope, and the chain where the record tells several apart. */
export const placeShape = {
  ...scopeShape,
  /** Name of the chain profile. */
  profile: z.string().optional(),
} as const

/** How often a stage keeps within a promised time. `met + late + failed + undecided` is `n`. */
export const serviceLevelSchema = z.object({
  ...placeShape,
  /** Time between two blocks of the profile. */
  blockIntervalMs: z.number(),
  name: z.string(),
  about: z.string(),
  stage: z.string(),
  withinMs: z.number(),
  n: countSchema,
  met: countSchema,
  /** Ended well, but too late. */
  late: countSchema,
  /** Never ended; not met. */
  failed: countSchema,
  /** Not over when the run was given up; counted as not met. */
  undecided: countSchema,
  /** Of `met` among `n`, with its exact 95 % interval; null without any sample. */
  probability: z.object({ value: z.number(), low: z.number(), high: z.number() }).nullable(),
})

/** Gas of all included transactions of the parties, by what they called. */
export const costSchema = z.object({
  ...placeShape,
  runs: countSchema,
  token: z.object({ name: z.string(), decimals: countSchema }),
  /** Tokens that one ether is taken to be worth. */
  tokensPerEther: z.bigint(),
  /** Paid to providers and platform, over all runs. */
  settledUnits: z.bigint(),
  actions: z.array(
    z.object({
      /** Refused ones are `action!error`. */
      action: z.string(),
      /** A sign of life, or a reaction to its absence. */
      isLiveness: z.boolean(),
      count: countSchema,
      /** As measured on the contract. */
      gasEach: countSchema,
      /** `count · gasEach` */
      gas: countSchema,
    }),
  ),
  /** Sum over the actions. */
  gas: countSchema,
  /** Sum over the signs of life. */
  livenessGas: countSchema,
  /** Kept from being paid without service by the signs of life; null when there are none. */
  protectedUnits: z.bigint().nullable(),
  prices: z.array(
    z.object({
      gwei: z.number(),
      /** Of all gas, rounded down. */
      costUnits: z.bigint(),
      /** Of the gas for signs of life, rounded down. */
      livenessUnits: z.bigint(),
      /** Cost beside `settledUnits`, rounded down; null when nothing was settled. */
      settledBps: z.number().nullable(),
      /** `livenessUnits / protectedUnits`; null when there is nothing to divide by. */
      livenessPerProtected: z.number().nullable(),
      /** Whether the signs of life cost more than they protect. */
      exceedsProtection: z.boolean(),
    }),
  ),
})
