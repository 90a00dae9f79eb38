/**
 * The shape of a trace as stored: what was attempted, predicted and observed, step by step.
 *
 * It is the twin of `models/kit/trace.ts`, written out here because reports import nothing of the
 * code that runs; a `Trace` of the models is assignable to a `StoredTrace`. Everything that comes
 * from a file passes through these schemas. Objects are strict: a misspelt field in a hand-written
 * trace is an error and not a silent default.
 */
import { z } from 'zod'

/**
 * All fields of a value, at any depth, as they are read: nobody changes a record after the fact.
 */
export type DeepReadonly<T> = T extends string | number | bigint | boolean | null | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? readonly DeepReadonly<Item>[]
    : { readonly [Key in keyof T]: DeepReadonly<T[Key]> }

export const storedPolicySchema = z.enum(['as-described', 'hardened'])

export const scalarSchema = z.union([z.string(), z.number(), z.bigint(), z.boolean(), z.null()])
type StoredScalar = string | number | bigint | boolean | null

/** A scalar, or a tree of named scalars. */
export type StoredDatum = StoredScalar | { readonly [key: string]: StoredDatum }
export const datumSchema: z.ZodType<StoredDatum> = z.lazy(() =>
  z.union([scalarSchema, z.record(z.string(), datumSchema)]),
)

/** Block time in whole seconds. */
const secondsSchema = z.int().nonnegative()
const indexSchema = z.int().nonnegative()

export const parametersSchema = z.record(z.string(), scalarSchema)

export const agreementSchema = z.strictObject({
  index: indexSchema,
  roles: z.record(z.string(), z.string()),
  token: z.string(),
  terms: z.record(z.string(), datumSchema),
})

export const plannedStepSchema = z.strictObject({
  agreement: indexSchema,
  action: z.string().min(1),
  by: z.string().min(1),
  atSeconds: secondsSchema,
  args: z.record(z.string(), datumSchema),
  /** Marks the steps in which `by` tries, alone, to get out of the agreement. */
  purpose: z.literal('exit').optional(),
})

export const outcomeSchema = z.strictObject({
  accepted: z.boolean(),
  error: z.string().nullable(),
})

export const transferSchema = z.strictObject({
  token: z.string(),
  from: z.string(),
  to: z.string(),
  amountUnits: z.bigint(),
})

export const worldViewSchema = z.strictObject({
  agreements: z.array(
    z.strictObject({ state: z.string(), figures: z.record(z.string(), z.bigint()) }),
  ),
  balances: z.record(z.string(), z.record(z.string(), z.bigint())),
  accounts: z.record(z.string(), z.record(z.string(), z.bigint())).optional(),
})

export const stepAccountSchema = z.strictObject({
  outcome: outcomeSchema,
  transfers: z.array(transferSchema),
  logs: z.array(z.strictObject({ name: z.string(), args: z.record(z.string(), scalarSchema) })),
  after: worldViewSchema,
  /** What a re-entrant token has tried from inside its movement. */
  reentries: z
    .array(z.strictObject({ action: z.string(), error: z.string().nullable() }))
    .optional(),
})

export const traceStepSchema = z.strictObject({
  planned: plannedStepSchema,
  role: z.string(),
  edge: z.string(),
  predicted: stepAccountSchema,
  observed: stepAccountSchema,
  gasUsed: z.bigint(),
})

export const traceSchema = z.strictObject({
  protocol: z.string().min(1),
  policy: storedPolicySchema,
  parameters: parametersSchema,
  agreements: z.array(agreementSchema),
  initial: worldViewSchema,
  steps: z.array(traceStepSchema),
})

export type StoredTrace = DeepReadonly<z.infer<typeof traceSchema>>
export type StoredTraceStep = StoredTrace['steps'][number]
export type StoredAccount = StoredTraceStep['observed']
export type StoredWorldView = StoredTrace['initial']
