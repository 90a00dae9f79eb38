/**
 * Sections of the run record about the simulated world: latency, exposure, leakage, sweeps, and
 * whole scenario runs to look at. Service levels and costs stand in `costSchema.ts`, comparisons in
 * `gigabyteSchema.ts`, design curves in `curveSchema.ts`.
 *
 * All of them are optional, and so is every field that a view can do without. True times are
 * milliseconds since the start of the world (`…Ms`), contract times are Unix seconds (`…Seconds`),
 * amounts are base units. A `WorldRun` of the simulation fits `scenarioSchema` nearly as it is.
 */
import { z } from 'zod'
import { costSchema, placeShape, scopeShape, serviceLevelSchema } from './costSchema.ts'
import { curveSchema } from './curveSchema.ts'
import { gigabyteSchema } from './gigabyteSchema.ts'
import { smallestSchema } from './smallestSchema.ts'
import {
  agreementSchema,
  datumSchema,
  outcomeSchema,
  parametersSchema,
  plannedStepSchema,
  traceSchema,
  transferSchema,
} from './traceSchema.ts'

const countSchema = z.int().nonnegative()
const timeSchema = z.number()
const momentSchema = z.number().nullable()

/** Half-open span of true time. */
const spanSchema = z.object({ fromMs: timeSchema, untilMs: timeSchema })

/** Where an extreme value was seen, so that a view can lead to it. */
const placeSchema = z.object({
  run: countSchema,
  /** Id of an entry of `scenarios`, when the run was kept. */
  scenario: z.string().nullable(),
  atMs: momentSchema.optional(),
})

/** Rank-interval quantile over `n` samples; bounds are null when `n` is too small for them. */
const quantileSchema = z.object({
  q: z.number().min(0).max(1),
  valueMs: z.number(),
  lowMs: z.number().nullable(),
  highMs: z.number().nullable(),
})

/** One stage of one regime. Quantiles that the sample cannot carry are left out. */
export const latencySchema = z.object({
  ...placeShape,
  /** For instance `submit → included`. */
  stage: z.string(),
  /** Samples that ended well; failed and undecided ones are counted apart. */
  n: countSchema,
  failed: countSchema,
  undecided: countSchema,
  quantiles: z.array(quantileSchema),
  /** Half-open buckets, ascending. */
  histogram: z.array(z.object({ fromMs: z.number(), toMs: z.number(), count: countSchema })),
  /** Samples by the true time at which the stage began; of all runs merged, never averaged. */
  windows: z
    .array(
      z.object({
        fromMs: timeSchema,
        untilMs: timeSchema,
        n: countSchema,
        failed: countSchema,
        undecided: countSchema,
        quantiles: z.array(z.object({ q: z.number().min(0).max(1), valueMs: z.number() })),
      }),
    )
    .optional(),
  /** Threshold that is drawn as a rule, for instance the bound that the parameters imply. */
  limitMs: momentSchema.optional(),
  worst: placeSchema.nullable().optional(),
})

/** A regime as it was run: where its numbers come from, and which faults were active when. */
export const regimeSchema = z.object({
  ...placeShape,
  summary: z.string(),
  /** Source of the distribution's numbers. */
  source: z.string(),
  runs: countSchema,
  /** For each kind of fault, in how many of the runs it was active in a window. */
  faults: z.array(
    z.object({
      kind: z.string(),
      windows: z.array(
        z.object({ fromMs: timeSchema, untilMs: timeSchema, activeRuns: countSchema }),
      ),
    }),
  ),
})

export const exposureSchema = z.object({
  ...placeShape,
  /** Role whose value is at risk. */
  party: z.string(),
  /** Bound that the parameters imply, in base units; null when they imply none. */
  boundUnits: z.bigint().nullable(),
  worstUnits: z.bigint(),
  /** Median and the 5 % and 95 % quantiles over runs, from `atMs` to the next point. */
  points: z.array(
    z.object({
      atMs: z.number(),
      medianUnits: z.bigint(),
      lowUnits: z.bigint(),
      highUnits: z.bigint(),
    }),
  ),
  runs: countSchema.optional(),
  /** Runs in which the bound was exceeded. */
  breaches: countSchema.optional(),
  /** Token of the amounts, for reading: 6 decimals make 1000000 base units one token. */
  token: z.object({ name: z.string(), decimals: countSchema }).optional(),
  /** The worst run, drawn over the band. */
  worstRun: placeSchema
    .extend({ points: z.array(z.object({ atMs: timeSchema, units: z.bigint() })) })
    .nullable()
    .optional(),
})

/** What came in less what went out and is still there; 0 at every point, or value was created. */
export const conservationSchema = z.object({
  ...placeShape,
  token: z.string(),
  runs: countSchema,
  /** Residual of largest magnitude over all runs. */
  points: z.array(z.object({ atMs: timeSchema, residualUnits: z.bigint() })),
})

const OLD_LEAKAGE_NAMES: Readonly<Record<string, string>> = {
  ...{ totalMs: 'total', p95Ms: 'p95', maxMs: 'max' },
  ...{ postDropMaxMs: 'postDropMax', allowanceMs: 'allowance' },
}

/** Fields of leakage had their unit in the name while all of it was time. */
function renamed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(renamed)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([name, inner]) => {
    return [OLD_LEAKAGE_NAMES[name] ?? name, name === 'causes' ? renamed(inner) : inner]
  })
  return Object.fromEntries(entries)
}

/** Paid beyond delivered after the drop, split by cause. All causes sum to the whole exactly. */
export const leakageSchema = z.preprocess(
  renamed,
  z.object({
    ...placeShape,
    /** Of every number below: `ms`, or what is metered, for instance `tokens`. */
    unit: z.string().default('ms'),
    /** What is counted, and of which sessions. */
    about: z.string().optional(),
    /** Sessions with a drop. */
    n: countSchema,
    causes: z.array(
      z.object({
        /** For instance `detection`, `relay`, `inclusion`, `rounding`. */
        cause: z.string(),
        total: z.number(),
        p95: z.number().nullable(),
        max: z.number(),
      }),
    ),
    postDropMax: z.number(),
    /** Most that the parameters allow; null when they imply no bound. */
    allowance: z.number().nullable(),
    worst: placeSchema.nullable().optional(),
  }),
)

/** How near the worst run came to the bound of a claim: a bound never approached is not tight. */
export const boundSchema = z.object({
  ...placeShape,
  invariant: z.string(),
  /** `ms` or `base units` */
  unit: z.string(),
  n: countSchema,
  observed: z.number(),
  bound: z.number(),
  worst: placeSchema.nullable().optional(),
})

/** A single number of a regime with its interval: stall rate, false stops, gas overhead. */
export const metricSchema = z.object({
  ...placeShape,
  metric: z.string(),
  unit: z.string(),
  n: countSchema,
  value: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
})

const sweepValueSchema = z.union([z.number(), z.bigint()])

export const sweepSchema = z.object({
  ...placeShape,
  points: z.array(
    z.object({
      parameters: parametersSchema,
      outcomes: z.record(z.string(), sweepValueSchema),
      /** False when any invariant was violated at this point. */
      feasible: z.boolean(),
      pareto: z.boolean(),
      n: countSchema.optional(),
      intervals: z.record(z.string(), z.object({ low: z.number(), high: z.number() })).optional(),
      /** Ids of the invariants that were violated here. */
      violated: z.array(z.string()).optional(),
    }),
  ),
  /** Units and directions; without them a view shows bare names. */
  axes: z
    .array(
      z.object({
        name: z.string(),
        unit: z.string(),
        /** Which way is better; null for parameters and for outcomes that nobody optimises. */
        better: z.enum(['less', 'more']).nullable(),
        integer: z.boolean(),
      }),
    )
    .optional(),
  /** Outcomes that the Pareto set was taken over. */
  objectives: z.array(z.string()).optional(),
  /** The configuration in use, pinned when the view opens. */
  current: parametersSchema.nullable().optional(),
})

const faultSchema = z.object({
  kind: z.string(),
  target: z.string(),
  atMs: timeSchema,
  /** 0 for faults without an end of their own. */
  durationMs: z.number(),
  magnitude: z.number(),
})

const scenarioStepSchema = z.object({
  planned: z.object(plannedStepSchema.shape),
  block: z.int(),
  edge: z.string(),
  /** What the machine says must happen. */
  outcome: outcomeSchema,
  transfers: z.array(transferSchema),
  includedMs: timeSchema,
  /** What the contract did, when the schedule was executed. */
  observed: outcomeSchema.nullable().optional(),
})

const transactionSchema = z.object({
  sender: z.string(),
  action: z.string(),
  submittedMs: timeSchema,
  includedMs: momentSchema,
  confirmedMs: momentSchema,
  block: z.int().nullable(),
  requests: countSchema,
  failures: countSchema,
  reorgs: countSchema,
  accepted: z.boolean().nullable(),
  error: z.string().nullable(),
})

const messageSchema = z.object({
  from: z.string(),
  to: z.string(),
  kind: z.string(),
  side: z.string().nullable().default(null),
  sequence: z.int().nullable().default(null),
  sentMs: timeSchema,
  /** Null when it was lost. */
  arrivedMs: momentSchema,
  lost: z.string().nullable(),
})

const clockSchema = z.object({
  offsetMs: z.number(),
  driftPpm: z.number(),
  driftChanges: z.array(z.object({ fromMs: timeSchema, ppm: z.number() })),
  jumps: z.array(z.object({ atMs: timeSchema, byMs: z.number() })),
})

/** One whole run of the world, to be looked at. */
export const scenarioSchema = z.object({
  ...scopeShape,
  /** Unique among the scenarios. */
  id: z.string(),
  /** Why it was kept. */
  kind: z.enum(['counterexample', 'original', 'worst', 'sample']),
  title: z.string(),
  seed: z.int(),
  run: countSchema,
  profile: z.string(),
  chainKind: z.string(),
  /** Contract time of true time 0. */
  epochSeconds: z.int(),
  parameters: parametersSchema,
  agreements: z.array(agreementSchema),
  /** Contracts by name with their agreements, in a run over several; else there is one. */
  contracts: z.array(z.object({ name: z.string(), agreements: z.array(countSchema) })).optional(),
  faults: z.array(faultSchema),
  clocks: z.record(z.string(), clockSchema),
  steps: z.array(scenarioStepSchema),
  transactions: z.array(transactionSchema),
  /** Ground truth: when service was delivered. */
  served: z.array(spanSchema),
  deliveredMs: z.number().optional(),
  messages: z.array(messageSchema),
  /** All messages, those that were not kept included. */
  messageCount: countSchema,
  /** True times by name, null for never; nested ones by side. */
  milestones: z.record(z.string(), datumSchema),
  exposure: z.array(
    z.object({
      atMs: timeSchema,
      lockedUnits: z.bigint(),
      payerUnits: z.bigint(),
      providerUnits: z.bigint(),
    }),
  ),
  /** What was billed and delivered, and why they differ, by name; in the protocol's own unit. */
  leakage: z.record(z.string(), z.union([z.number(), z.array(z.number())])).optional(),
  endState: z.record(z.string(), z.union([z.string(), z.number(), z.bigint()])),
  hash: z.string(),
  /** The schedule as executed on the contract, predicted beside observed. */
  trace: traceSchema.nullable().optional(),
  /** Scenario before shrinking, when that was kept. */
  original: z.string().nullable().optional(),
  /** The command that plays it again, when a trace file was written. */
  replayCommand: z.string().optional(),
})

/** The optional sections of a record that come from the simulated world. */
export const worldSections = {
  regimes: z.array(regimeSchema).optional(),
  latency: z.array(latencySchema).optional(),
  exposure: z.array(exposureSchema).optional(),
  conservation: z.array(conservationSchema).optional(),
  leakage: z.array(leakageSchema).optional(),
  bounds: z.array(boundSchema).optional(),
  metrics: z.array(metricSchema).optional(),
  serviceLevels: z.array(serviceLevelSchema).optional(),
  costs: z.array(costSchema).optional(),
  perGigabyte: z.array(gigabyteSchema).optional(),
  curves: z.array(curveSchema).optional(),
  scenarios: z.array(scenarioSchema).optional(),
  sweep: z.array(sweepSchema).optional(),
  smallest: z.array(smallestSchema).optional(),
} as const
