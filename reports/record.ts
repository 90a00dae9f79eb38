/**
 * The run record: everything that a run found out, and the only contract between what runs and what
 * reports. Every format (JSON, CSV, JUnit, HTML, terminal) is a pure function of it.
 *
 * The record of a command with one seed has the same bytes on every machine and with any number of
 * workers, so nothing that depends on a clock or a host may stand outside `wall`. Counts are exact
 * integers, amounts are bigint base units. New sections are added as optional fields; anything that
 * would make an old reader wrong needs a new `schema`.
 */
import { z } from 'zod'
import {
  type DeepReadonly,
  datumSchema,
  parametersSchema,
  storedPolicySchema,
  traceSchema,
} from './traceSchema.ts'

export const RUN_SCHEMA = 'meterproof.run/1'

const countSchema = z.int().nonnegative()
/** How often each value was seen, ascending by value, no value twice. */
const histogramSchema = z.array(z.object({ value: z.int(), count: countSchema }))

/** What a finding is about. `regime` is `none` where no faults are injected. */
const scope = {
  protocol: z.string(),
  policy: storedPolicySchema,
  regime: z.string(),
} as const

export const verdictSchema = z.enum(['held', 'violated', 'undecided'])
/** `refuted`: the description claims it, the mechanism cannot keep it, a counterexample is due. */
export const expectationSchema = z.enum(['held', 'refuted'])

export const contractSchema = z.object({
  protocol: z.string(),
  policy: storedPolicySchema,
  name: z.string(),
  /** keccak256 of the creation bytecode, hexadecimal. */
  bytecodeHash: z.string(),
  /** Path of the Solidity file, relative to the project, POSIX. */
  source: z.string(),
})

export const campaignSchema = z.object({
  ...scope,
  /** `paths`, `conformance`, `metamorphic`, `scenario`, `canaries`, … */
  campaign: z.string(),
  runs: countSchema,
  steps: countSchema,
  accepted: countSchema,
  rejected: countSchema,
  /** Runs by their number of attempted steps. */
  stepsPerRun: histogramSchema,
  /** Runs by their number of accepted steps: how deep they got. */
  acceptedPerRun: histogramSchema,
  /** Runs by the number of distinct states that they reached. */
  statesPerRun: histogramSchema,
  /** Digest of all traces that does not depend on their order. */
  traceHash: z.string(),
})

export const claimSchema = z.object({
  ...scope,
  /** `INV-…`, or `M1`… for a metamorphic relation. */
  invariant: z.string(),
  statement: z.string(),
  formula: z.string(),
  verdict: verdictSchema,
  expected: expectationSchema,
  /** How often the claim was really put to the test; 0 makes a `held` vacuous. */
  witnesses: countSchema,
  /** Traces judged. */
  checks: countSchema,
  /** Id of an entry of `failures`. */
  counterexample: z.string().nullable(),
  note: z.string(),
})

export const coverageSchema = z.object({
  ...scope,
  /** All states of the machine; never reached ones have 0 hits. */
  states: z.array(z.object({ name: z.string(), hits: countSchema })),
  /** All edges; those with a `rejection` leave the state as it is (`to` equals `from`). */
  edges: z.array(
    z.object({
      from: z.string(),
      action: z.string(),
      to: z.string(),
      rejection: z.string().nullable(),
      hits: countSchema,
    }),
  ),
})

export const failureSchema = z.object({
  ...scope,
  /** Unique in the record and fit for a file name. */
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/),
  campaign: z.string(),
  /** `INV-…`, `M…`, or `DIVERGENCE` when model and contract differ. */
  invariant: z.string(),
  expected: expectationSchema,
  /** The broken relation with its numbers. */
  evidence: z.string(),
  /** Step of `trace` at which it broke, from 0; null when the trace as a whole breaks the claim. */
  stepIndex: z.int().nonnegative().nullable(),
  contract: z.string(),
  /** Number of the run within its campaign, from 0. */
  run: countSchema,
  stepsOriginal: countSchema,
  stepsShrunk: countSchema,
  shrinkCount: countSchema,
  /** Name of the trace file, relative to the run directory. */
  traceFile: z.string(),
  replayCommand: z.string(),
  trace: traceSchema,
})

export const canarySchema = z.object({
  id: z.string(),
  protocol: z.string(),
  contract: z.string(),
  policy: storedPolicySchema,
  expectedInvariant: z.string(),
  /** Every claim that was violated, sorted. */
  caughtBy: z.array(z.string()),
  /** Whether the expected invariant is among them. */
  caught: z.boolean(),
  /** Actions of the smallest counterexample; null when there is none. */
  actions: countSchema.nullable(),
  sequencesTried: countSchema,
  stepsTried: countSchema,
  traceFile: z.string().nullable(),
  replayCommand: z.string().nullable(),
})

/** One whole run that went well, so that a reader sees what a run looks like. */
export const sampleSchema = z.object({
  ...scope,
  campaign: z.string(),
  run: countSchema,
  trace: traceSchema,
})

export const summarySchema = z.object({
  verdict: z.enum(['held', 'violated', 'inconclusive', 'interrupted']),
  exitCode: z.int().min(0).max(255),
  /** Claims by outcome; the four numbers add up to all claims. */
  held: countSchema,
  violated: countSchema,
  undecided: countSchema,
  refutedAsExpected: countSchema,
  canariesCaught: countSchema,
  canariesMissed: countSchema,
  /** Why the verdict is not `held`, one sentence each. */
  reasons: z.array(z.string()),
})

/** The only place for anything that a clock or a host decides. */
export const wallSchema = z.object({
  startedAtIso: z.string(),
  durationMs: z.number().nonnegative(),
  workers: countSchema,
  stepsPerSecond: z.number().nonnegative(),
  /** For instance platform, cpus, memory, node. */
  host: z.record(z.string(), z.union([z.string(), z.number()])),
  /** Events of the machine and not of the run, for instance that Anvil was restarted. */
  notes: z.array(z.string()),
})

/** Rank-interval quantile over `n` samples; bounds are null when `n` is too small for them. */
const quantileSchema = z.object({
  q: z.number().min(0).max(1),
  valueMs: z.number(),
  lowMs: z.number().nullable(),
  highMs: z.number().nullable(),
})

export const latencySchema = z.object({
  ...scope,
  stage: z.string(),
  n: countSchema,
  failed: countSchema,
  undecided: countSchema,
  quantiles: z.array(quantileSchema),
  /** Half-open buckets, ascending. */
  histogram: z.array(z.object({ fromMs: z.number(), toMs: z.number(), count: countSchema })),
})

export const exposureSchema = z.object({
  ...scope,
  /** Role whose value is at risk. */
  party: z.string(),
  /** Bound that the parameters imply, in base units; null when they imply none. */
  boundUnits: z.bigint().nullable(),
  worstUnits: z.bigint(),
  points: z.array(
    z.object({
      atMs: z.number(),
      medianUnits: z.bigint(),
      lowUnits: z.bigint(),
      highUnits: z.bigint(),
    }),
  ),
})

export const sweepSchema = z.object({
  ...scope,
  points: z.array(
    z.object({
      parameters: parametersSchema,
      outcomes: z.record(z.string(), z.union([z.number(), z.bigint()])),
      /** False when any invariant was violated at this point. */
      feasible: z.boolean(),
      pareto: z.boolean(),
    }),
  ),
})

export const runRecordSchema = z.object({
  schema: z.literal(RUN_SCHEMA),
  /** Subcommand, for instance `check`. */
  command: z.string(),
  seed: z.int(),
  /** Resolved options, the seed included, without anything that must not change a result. */
  arguments: z.record(z.string(), z.union([datumSchema, z.array(datumSchema)])),
  contracts: z.array(contractSchema),
  /** Versions by name, for instance `anvil`, `solc`, `meterproof`. */
  tools: z.record(z.string(), z.string()),
  campaigns: z.array(campaignSchema),
  claims: z.array(claimSchema),
  coverage: z.array(coverageSchema),
  failures: z.array(failureSchema),
  canaries: z.array(canarySchema),
  samples: z.array(sampleSchema),
  notes: z.array(z.string()),
  summary: summarySchema,
  wall: wallSchema,
  latency: z.array(latencySchema).optional(),
  exposure: z.array(exposureSchema).optional(),
  sweep: z.array(sweepSchema).optional(),
})

export type RunRecord = DeepReadonly<z.infer<typeof runRecordSchema>>
export type Campaign = RunRecord['campaigns'][number]
export type Claim = RunRecord['claims'][number]
export type Coverage = RunRecord['coverage'][number]
export type Failure = RunRecord['failures'][number]
export type Canary = RunRecord['canaries'][number]
export type Summary = RunRecord['summary']
export type Verdict = z.infer<typeof verdictSchema>
export type Scope = Pick<Claim, 'protocol' | 'policy' | 'regime'>
