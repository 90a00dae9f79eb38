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
import { scopeShape } from './costSchema.ts'
import { coverageParts } from './coverageSchema.ts'
import { explorationSchema } from './explorationSchema.ts'
import { ladderSchema, type rungSchema } from './ladderSchema.ts'
import { mutationSchema } from './mutationSchema.ts'
import { regressionsSchema } from './regressionSchema.ts'
import { solidityCoverageSchema } from './solidityCoverageSchema.ts'
import { type DeepReadonly, datumSchema, storedPolicySchema, traceSchema } from './traceSchema.ts'
import { worldSections } from './worldSchema.ts'

export const RUN_SCHEMA = 'meterproof.run/1'

const countSchema = z.int().nonnegative()
/** How often each value was seen, ascending by value, no value twice. */
const histogramSchema = z.array(z.object({ value: z.int(), count: countSchema }))

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
  ...scopeShape,
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
  /** Fingerprint of each run of the simulated world, in the order of runs. */
  runHashes: z.array(z.string()).optional(),
})

export const claimSchema = z.object({
  ...scopeShape,
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
  ...scopeShape,
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
  ...coverageParts,
})

export const failureSchema = z.object({
  ...scopeShape,
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
  /** Sizes from the original run to the smallest one. */
  ladder: ladderSchema.optional(),
  /** Whether real transactions on Anvil's mined lane show the same finding. */
  confirmedOnMinedLane: z.boolean().optional(),
  /** Name of the trace file, relative to the run directory. */
  traceFile: z.string(),
  replayCommand: z.string(),
  trace: traceSchema,
  /** The trace before shrinking, when it was kept. */
  originalTrace: traceSchema.optional(),
  /** Id of an entry of `scenarios` that shows the failure in the world. */
  scenario: z.string().optional(),
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
  /** Sizes from the first run that showed it to the smallest one. */
  ladder: ladderSchema.optional(),
  /** Whether real transactions on Anvil's mined lane show the same finding. */
  confirmedOnMinedLane: z.boolean().optional(),
  sequencesTried: countSchema,
  stepsTried: countSchema,
  traceFile: z.string().nullable(),
  replayCommand: z.string().nullable(),
})

/** One whole run that went well, so that a reader sees what a run looks like. */
export const sampleSchema = z.object({
  ...scopeShape,
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
  /** Stored failures that were replayed first. */
  regressions: regressionsSchema.optional(),
  notes: z.array(z.string()),
  summary: summarySchema,
  wall: wallSchema,
  /** How far each lifecycle was explored; only of `explore`. */
  exploration: z.array(explorationSchema).optional(),
  /** What became of mutants; only of `mutate`. */
  mutations: z.array(mutationSchema).optional(),
  /** Lines and branches of the Solidity sources; only when it was asked for. */
  solidityCoverage: z.array(solidityCoverageSchema).optional(),
  ...worldSections,
})

export type RunRecord = DeepReadonly<z.infer<typeof runRecordSchema>>
export type Campaign = RunRecord['campaigns'][number]
export type Claim = RunRecord['claims'][number]
export type Coverage = RunRecord['coverage'][number]
export type SolidityCoverage = NonNullable<RunRecord['solidityCoverage']>[number]
export type Failure = RunRecord['failures'][number]
export type Regression = NonNullable<RunRecord['regressions']>[number]
export type Rung = DeepReadonly<z.infer<typeof rungSchema>>
export type Canary = RunRecord['canaries'][number]
export type Summary = RunRecord['summary']
export type Verdict = z.infer<typeof verdictSchema>
export type Scope = Pick<Claim, 'protocol' | 'policy' | 'regime'>
export type Latency = NonNullable<RunRecord['latency']>[number]
export type RegimeFacts = NonNullable<RunRecord['regimes']>[number]
export type Exposure = NonNullable<RunRecord['exposure']>[number]
export type Conservation = NonNullable<RunRecord['conservation']>[number]
export type Leakage = NonNullable<RunRecord['leakage']>[number]
export type Bound = NonNullable<RunRecord['bounds']>[number]
export type Metric = NonNullable<RunRecord['metrics']>[number]
export type ServiceLevel = NonNullable<RunRecord['serviceLevels']>[number]
export type Cost = NonNullable<RunRecord['costs']>[number]
export type Gigabyte = NonNullable<RunRecord['perGigabyte']>[number]
export type Curve = NonNullable<RunRecord['curves']>[number]
export type Scenario = NonNullable<RunRecord['scenarios']>[number]
export type Sweep = NonNullable<RunRecord['sweep']>[number]
export type Exploration = NonNullable<RunRecord['exploration']>[number]
export type Smallest = NonNullable<RunRecord['smallest']>[number]
export type Mutation = NonNullable<RunRecord['mutations']>[number]
