/**
 * The `*.trace.json` file: everything that is needed to replay a finding, and nothing else that
 * counts.
 *
 * A replay takes the deployment, the agreements and the planned steps; `finding`, `outcomes` and
 * `origin` are there to be read by people and compared with, never to steer the replay. The file
 * does not depend on the generator that made it, so it outlives changes of the campaigns.
 */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { MeterproofError } from '../models/kit/error.ts'
import { stringifyJson } from './json.ts'
import { parseFile } from './parseFile.ts'
import type { Failure, RunRecord } from './record.ts'
import {
  agreementSchema,
  type DeepReadonly,
  datumSchema,
  outcomeSchema,
  parametersSchema,
  plannedStepSchema,
  storedPolicySchema,
} from './traceSchema.ts'

export const TRACE_SCHEMA = 'meterproof.trace/1'

/** A replay of more steps than this is refused. */
export const TRACE_STEPS_MAX = 10_000

const traceFileShape = z.strictObject({
  schema: z.literal(TRACE_SCHEMA),
  protocol: z.string().min(1),
  policy: storedPolicySchema,
  contract: z.strictObject({
    name: z.string().min(1),
    bytecodeHash: z.string(),
    /** Path of the Solidity file, relative to the project. */
    source: z.string(),
    /** Id of the canary when the contract is one. */
    canary: z.string().nullable(),
  }),
  parameters: parametersSchema,
  agreements: z.array(agreementSchema),
  /** Steps before the first that set the scene and are not judged. */
  prelude: z.array(plannedStepSchema).max(TRACE_STEPS_MAX).optional(),
  steps: z.array(plannedStepSchema).max(TRACE_STEPS_MAX),
  /** What was wrong; null for a trace that is kept because it must hold. */
  finding: z
    .strictObject({
      invariant: z.string().min(1),
      evidence: z.string(),
      /** Index into `steps`; null when the trace as a whole breaks the claim. */
      stepIndex: z.int().nonnegative().nullable(),
    })
    .nullable(),
  /** One entry a step, for reading. */
  outcomes: z
    .array(z.strictObject({ predicted: outcomeSchema, observed: outcomeSchema }))
    .optional(),
  /**
   * The run of the simulated world that the steps come from: its regime and everything that was
   * drawn. A replay plays it again, so that claims about delivered service can be judged anew.
   */
  world: z
    .strictObject({
      regime: z.string(),
      draw: z.strictObject({
        world: z.int(),
        caseIndex: z.int().nonnegative(),
        profile: z.string(),
        behaviour: z.record(z.string(), z.union([datumSchema, z.array(datumSchema)])),
        faults: z.array(z.record(z.string(), datumSchema)),
      }),
    })
    .optional(),
  /**
   * The run of a simulation that the steps come from, and the measure of what it loses. A replay
   * plays it again, so that the loss is found anew.
   */
  simulation: z
    .strictObject({
      regime: z.string(),
      profile: z.string(),
      seed: z.int(),
      run: z.int().nonnegative(),
      terms: z.record(z.string(), z.union([z.number(), z.bigint()])),
      loss: z.string(),
    })
    .optional(),
  /** Where the trace came from, for information. */
  origin: z
    .strictObject({
      command: z.string(),
      campaign: z.string(),
      regime: z.string(),
      seed: z.int(),
      run: z.int().nonnegative(),
      stepsOriginal: z.int().nonnegative(),
      shrinkCount: z.int().nonnegative(),
    })
    .optional(),
})

/** A finding about a constructor has neither agreements nor steps. */
const DEPLOYMENT = 'DEPLOYMENT'
const LISTS = ['agreements', 'steps'] as const

/** Relations between fields that a shape cannot say. */
export const traceFileSchema = traceFileShape.superRefine((file, context) => {
  const issue = (path: (string | number)[], message: string) =>
    context.addIssue({ code: 'custom', path, message })
  for (const name of file.finding?.invariant === DEPLOYMENT ? [] : LISTS) {
    if (file[name].length === 0) issue([name], 'must not be empty')
  }
  file.agreements.forEach(({ index }, place) => {
    if (index !== place) issue(['agreements', place, 'index'], `must be ${place}, its own place`)
  })
  const scenes = { prelude: file.prelude ?? [], steps: file.steps }
  let latestSeconds = 0
  for (const [name, steps] of Object.entries(scenes)) {
    steps.forEach(({ agreement, atSeconds }, place) => {
      if (agreement >= file.agreements.length) {
        issue([name, place, 'agreement'], `there are only ${file.agreements.length} agreements`)
      }
      if (atSeconds < latestSeconds) {
        issue([name, place, 'atSeconds'], `must not be before ${latestSeconds}, the step before`)
      }
      latestSeconds = Math.max(latestSeconds, atSeconds)
    })
  }
  const { stepIndex = null } = file.finding ?? {}
  if (stepIndex !== null && stepIndex >= file.steps.length) {
    issue(['finding', 'stepIndex'], `there are only ${file.steps.length} steps`)
  }
})

export type TraceFile = DeepReadonly<z.infer<typeof traceFileShape>>

/**
 * @param file name for messages
 * @throws MeterproofError `MP_TRACE_UNREADABLE`, `MP_TRACE_VERSION` or `MP_TRACE_INVALID`
 */
export function parseTraceFile(text: string, file: string): TraceFile {
  const schema = traceFileSchema
  return parseFile({ text, file, schema, version: TRACE_SCHEMA, codePrefix: 'MP_TRACE' })
}

/** As `parseTraceFile`; a file that cannot be opened is `MP_TRACE_UNREADABLE` too. */
export function readTraceFile(path: string): TraceFile {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new MeterproofError('MP_TRACE_UNREADABLE', `The trace ${path} cannot be read.`, {
      facts: { file: path, reason },
      hint: 'Give the path of a `*.trace.json` file, for instance from a run directory.',
      cause,
    })
  }
  return parseTraceFile(text, path)
}

export function formatTraceFile(file: TraceFile): string {
  return stringifyJson(traceFileSchema.parse(file))
}

/** The trace file of a failure; its contract must be among `record.contracts`. */
export function traceFileOf(record: RunRecord, failure: Failure): TraceFile {
  const { trace } = failure
  const contract = record.contracts.find(
    ({ name, policy, protocol }) =>
      name === failure.contract && policy === failure.policy && protocol === failure.protocol,
  )
  return {
    schema: TRACE_SCHEMA,
    protocol: failure.protocol,
    policy: failure.policy,
    contract: {
      name: failure.contract,
      bytecodeHash: contract?.bytecodeHash ?? '',
      source: contract?.source ?? '',
      canary: null,
    },
    parameters: trace.parameters,
    agreements: trace.agreements,
    steps: trace.steps.map(({ planned }) => planned),
    finding: {
      invariant: failure.invariant,
      evidence: failure.evidence,
      stepIndex: failure.stepIndex,
    },
    outcomes: trace.steps.map(({ predicted, observed }) => ({
      predicted: predicted.outcome,
      observed: observed.outcome,
    })),
    origin: {
      command: record.command,
      campaign: failure.campaign,
      regime: failure.regime,
      seed: record.seed,
      run: failure.run,
      stepsOriginal: failure.stepsOriginal,
      shrinkCount: failure.shrinkCount,
    },
  }
}

/** What a trace is about to be replayed on. */
export interface ReplayTarget {
  readonly protocol: string
  readonly policy: string
  readonly contract: string
  readonly bytecodeHash: string
}

/**
 * Refuses a trace that was recorded for something else. Other bytecode of the same contract is
 * fine, since replaying an old finding on a repaired contract is what trace files are for.
 *
 * @returns whether the bytecode is the one that the trace was recorded on
 * @throws MeterproofError `MP_TRACE_CONTRACT`
 */
export function requireReplayTarget(
  trace: TraceFile,
  file: string,
  target: ReplayTarget,
): { readonly sameBytecode: boolean } {
  const pairs = [
    ['protocol', trace.protocol, target.protocol],
    ['policy', trace.policy, target.policy],
    ['contract', trace.contract.name, target.contract],
  ] as const
  for (const [what, recorded, wanted] of pairs) {
    if (recorded === wanted) continue
    throw new MeterproofError(
      'MP_TRACE_CONTRACT',
      `${file} was recorded for the ${what} ${recorded}, not for ${wanted}.`,
      {
        facts: { file, [`recorded ${what}`]: recorded, [`requested ${what}`]: wanted },
        hint: 'Replay the trace on the contract that it names, or record a new one.',
      },
    )
  }
  return { sameBytecode: trace.contract.bytecodeHash === target.bytecodeHash }
}
