/**
 * Section of the run record about the smallest safe value of a parameter: what was tried, what
 * loses one below it, and how much can be lost above it.
 *
 * Losses are whole numbers of the unit that `loss` names, mostly base units. The value is found on
 * some runs and judged on others: `fresh` counts runs that the search has never seen, so that its
 * bounds are not biased by the choice.
 */
import { z } from 'zod'
import { placeShape } from './costSchema.ts'
import { parametersSchema } from './traceSchema.ts'

const countSchema = z.int().nonnegative()
const valueSchema = z.union([z.number(), z.bigint()])
const shareSchema = z.object({ value: z.number(), low: z.number(), high: z.number() })

/** A run that loses, one below the answer (or at the upper end of the range, if that loses too). */
const losingSchema = z.object({
  value: valueSchema,
  run: countSchema,
  loss: z.bigint(),
  /** Ids of entries of `scenarios`: this run, and the same one at the answer, if there is one. */
  scenario: z.string(),
  safeScenario: z.string().nullable(),
  traceFile: z.string(),
  replayCommand: z.string(),
  /** Whether the contract on Anvil's mined lane did at every step what the model did. */
  confirmedOnMinedLane: z.boolean(),
})

export const smallestSchema = z.object({
  ...placeShape,
  /** Other parameters that were set, by name. */
  settings: parametersSchema,
  parameter: z.string(),
  unit: z.string(),
  /** Range that was searched. */
  least: valueSchema,
  most: valueSchema,
  loss: z.object({
    name: z.string(),
    about: z.string(),
    unit: z.string(),
    /** Most that a run can lose, at the answer. */
    atStake: z.bigint(),
  }),
  /** Runs that were searched: 0 to `runs` − 1. */
  runs: countSchema,
  /** Runs that were played for the search. */
  plays: countSchema,
  /**
   * `found`: nothing loses from `value` on, something does one below. `lowest`: nothing loses, and
   * `value` is the lower end. `none`: something loses at the upper end. `open`: interrupted.
   */
  outcome: z.enum(['found', 'lowest', 'none', 'open']),
  value: valueSchema.nullable(),
  /** Values at which all runs were tried, ascending. */
  tried: z.array(
    z.object({
      value: valueSchema,
      losing: countSchema,
      /** Of the runs, with its exact 95 % interval. */
      share: shareSchema,
      worstLoss: z.bigint(),
    }),
  ),
  /** Runs that lose nothing at one value and something at a larger one, and the first of them. */
  notMonotone: z
    .object({ runs: countSchema, run: countSchema, safe: valueSchema, losing: valueSchema })
    .nullable(),
  losing: losingSchema.nullable(),
  /** Runs from `fromRun` on at the answer; null when there is none, or no time was left. */
  fresh: z
    .object({
      fromRun: countSchema,
      runs: countSchema,
      losing: countSchema,
      share: shareSchema,
      totalLoss: z.bigint(),
      /** 95 % upper bound of the mean loss, rounded up: `share.high · atStake`. */
      meanLossMost: z.bigint(),
      worst: z.object({ run: countSchema, loss: z.bigint() }).nullable(),
    })
    .nullable(),
})
