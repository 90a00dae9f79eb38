/**
 * Sweeps: axes over parameters, and the grid of designs that they span.
 *
 * Pure: says which designs there are and refuses those that make no sense, before anything runs.
 * All points of a grid are simulated on the same random numbers, so their differences are theirs.
 */
import type { z } from 'zod'
import { MeterproofError } from '../models/kit/error.ts'
import { CHAIN_PROFILES } from './chain/modelProfiles.ts'
import type { SimulatedWorld, SimulationSpec, TermInfo } from './world/simulated.ts'

export type SweepValue = number | bigint | string

export interface SweepAxis {
  readonly name: string
  /** In the order given, none twice. */
  readonly values: readonly SweepValue[]
}

export interface SweepRange {
  readonly least: bigint
  readonly most: bigint
}

export interface SweepParameter {
  readonly name: string
  readonly about: string
  readonly unit: string
  /** What is allowed, in words. */
  readonly allowed: string
  readonly kind: 'integer' | 'amount' | 'word'
  /** Both ends are allowed; null for words. */
  readonly range: SweepRange | null
  /** The setting of a specification. */
  of(spec: SimulationSpec): SweepValue
  with(spec: SimulationSpec, value: SweepValue): SimulationSpec
  allows(value: SweepValue): boolean
}

export interface SweepPoint {
  /** Value of each axis. */
  readonly settings: Readonly<Record<string, SweepValue>>
  readonly spec: SimulationSpec
}

/** More points than anybody wants to wait for or to look at. */
export const SWEEP_POINTS_MAX = 10_000

function unitFor(name: string): string {
  if (name.endsWith('Seconds')) return 's'
  if (name.endsWith('Units')) return 'base units'
  return name.endsWith('Bps') ? 'basis points' : ''
}

type Domain = Pick<SweepParameter, 'kind' | 'allowed' | 'range'>

/** The end of a range; null where there is none. */
function wholeOf(end: unknown): bigint | null {
  if (typeof end === 'bigint') return end
  return typeof end === 'number' && Number.isInteger(end) ? BigInt(end) : null
}

/** What a field of a schema takes; null for what cannot be swept, such as a table. */
function domainOf(schema: z.ZodType): Domain | null {
  const { type, innerType, entries } = schema.def as unknown as {
    readonly type: string
    readonly innerType?: z.ZodType
    readonly entries?: Readonly<Record<string, string>>
  }
  if (type === 'default' || type === 'optional' || type === 'nullable') {
    return innerType === undefined ? null : domainOf(innerType)
  }
  if (type === 'enum') {
    return { kind: 'word', allowed: Object.values(entries ?? {}).join(', '), range: null }
  }
  if (type === 'boolean') return { kind: 'word', allowed: 'true, false', range: null }
  if (type !== 'number' && type !== 'bigint') return null
  const { minValue, maxValue } = schema as unknown as { minValue: unknown; maxValue: unknown }
  const [least, most] = [wholeOf(minValue), wholeOf(maxValue)]
  const range = least === null || most === null ? null : { least, most }
  const kind = type === 'number' ? 'integer' : 'amount'
  return { kind, allowed: `whole numbers from ${minValue} to ${maxValue}`, range }
}

/** Words of a yes or no are typed as text and stored as what they mean. */
function storedValue(value: SweepValue): SweepValue | boolean {
  if (value === 'true' || value === 'false') return value === 'true'
  return value
}

function deploymentParameter(name: string, schema: z.ZodType): readonly SweepParameter[] {
  const domain = domainOf(schema)
  if (domain === null) return []
  return [
    {
      ...{ name, about: schema.description ?? '', unit: unitFor(name), ...domain },
      of({ parameters }) {
        const value = parameters[name] ?? ''
        return typeof value === 'boolean' ? String(value) : value
      },
      with: (spec, value) => ({
        ...spec,
        parameters: { ...spec.parameters, [name]: storedValue(value) },
      }),
      allows: (value) => schema.safeParse(storedValue(value)).success,
    },
  ]
}

function termParameter({ name, about, unit, kind, least, most, ...term }: TermInfo) {
  const parameter: SweepParameter = {
    ...{ name, about, unit, kind, allowed: `whole numbers from ${least} to ${most}` },
    range: { least: BigInt(least), most: BigInt(most) },
    of: ({ terms }) => terms[name] ?? term.default,
    with: (spec, value) =>
      typeof value === 'string' ? spec : { ...spec, terms: { ...spec.terms, [name]: value } },
    allows: (value) =>
      typeof value !== 'string' &&
      typeof value === typeof term.default &&
      value >= least &&
      value <= most,
  }
  return parameter
}

const profile: SweepParameter = {
  ...{ name: 'profile', about: 'chain profile', unit: '', kind: 'word', range: null },
  allowed: Object.keys(CHAIN_PROFILES).join(', '),
  of: (spec) => spec.profile,
  with: (spec, value) => ({ ...spec, profile: String(value) }),
  allows: (value) => Object.hasOwn(CHAIN_PROFILES, String(value)),
}

/** Everything that can be set, and swept, in a world: its deployment, its terms, the chain. */
export function sweepParametersOf({ parameters, terms }: SimulatedWorld) {
  const fields: readonly (readonly [string, z.ZodType])[] = Object.entries(parameters.shape)
  return [
    ...fields.flatMap(([name, schema]) => deploymentParameter(name, schema)),
    ...terms.map(termParameter),
    profile,
  ]
}

/** The error for what a sweep does not take. */
export function refusal(
  code: string,
  sentence: string,
  field: string,
  value: string,
  allowed: string,
): MeterproofError {
  const facts = { field, given: value === '' ? '(nothing)' : value, allowed }
  return new MeterproofError(code, sentence, { facts, hint: 'See `meterproof sweep --help`.' })
}

/** @throws MeterproofError `MP_SWEEP_PARAMETER` */
export function sweepParameter(world: SimulatedWorld, name: string): SweepParameter {
  const parameters = sweepParametersOf(world)
  const known = parameters.find((each) => each.name === name)
  if (known !== undefined) return known
  const names = parameters.map((each) => each.name).join(', ')
  const sentence = `There is no parameter '${name}' in ${world.protocol}.`
  throw refusal('MP_SWEEP_PARAMETER', sentence, 'param', name, names)
}

function parsedValue({ kind }: SweepParameter, text: string): SweepValue | null {
  if (kind === 'word') return text
  if (!/^-?\d{1,31}$/.test(text)) return null
  return kind === 'amount' ? BigInt(text) : Number(text)
}

const FORMS = 'values (5,10,15) and ranges with a step (10..30:5)'

/** Values of `10..30:5`, both ends included when the step hits them. */
function rangeValues(parameter: SweepParameter, text: string): readonly SweepValue[] {
  const { name } = parameter
  const match = /^(-?\d{1,31})\.\.(-?\d{1,31})(?::(-?\d{1,31}))?$/.exec(text)
  const [from, to, step] = match?.slice(1).map((part) => BigInt(part ?? 1)) ?? []
  if (from === undefined || to === undefined || step === undefined || parameter.kind === 'word') {
    const sentence = `'${text}' is no value and no range of ${name}.`
    const allowed = parameter.kind === 'word' ? parameter.allowed : FORMS
    throw refusal('MP_SWEEP_VALUE', sentence, name, text, allowed)
  }
  if (step <= 0n || to < from) {
    const sentence = `The range '${text}' of ${name} is empty.`
    throw refusal('MP_SWEEP_RANGE_EMPTY', sentence, name, text, 'from..to:step, from at most to')
  }
  if ((to - from) / step >= BigInt(SWEEP_POINTS_MAX)) {
    throw tooMany(name, text)
  }
  const values: SweepValue[] = []
  for (let value = from; value <= to; value += step) {
    values.push(parameter.kind === 'amount' ? value : Number(value))
  }
  return values
}

function tooMany(field: string, given: string): MeterproofError {
  const sentence = 'The sweep has more points than can be run.'
  const allowed = `at most ${SWEEP_POINTS_MAX} points`
  return refusal('MP_SWEEP_TOO_LARGE', sentence, field, given, allowed)
}

/** The parameter that `name=values` is about. */
export function parameterNameIn(typed: string): string {
  return (/^[^=]*/.exec(typed)?.[0] ?? '').trim()
}

/**
 * The axis that `name=values` means.
 *
 * @throws MeterproofError `MP_SWEEP_PARAMETER`, `MP_SWEEP_VALUE`, `MP_SWEEP_RANGE_EMPTY` or
 * `MP_SWEEP_OUT_OF_RANGE`, naming parameter, value and what is allowed
 * @example parseAxis(world, 'silenceTimeoutSeconds=10..30:5').values // [10, 15, 20, 25, 30]
 */
export function parseAxis(world: SimulatedWorld, typed: string): SweepAxis {
  const parameter = sweepParameter(world, parameterNameIn(typed))
  const list = /^[^=]*=?(.*)$/s.exec(typed)?.[1] ?? ''
  const texts = list.split(',').map((text) => text.trim())
  if (texts.every((text) => text === '')) {
    const sentence = `No values of ${parameter.name} are given.`
    throw refusal('MP_SWEEP_RANGE_EMPTY', sentence, parameter.name, list, FORMS)
  }
  const values = texts.flatMap((text) => {
    const single = text.includes('..') ? null : parsedValue(parameter, text)
    return single === null ? rangeValues(parameter, text) : [single]
  })
  const wrong = values.find((value) => !parameter.allows(value))
  if (wrong !== undefined) {
    const sentence = `${parameter.name} cannot be ${wrong}.`
    const { allowed } = parameter
    throw refusal('MP_SWEEP_OUT_OF_RANGE', sentence, parameter.name, String(wrong), allowed)
  }
  return { name: parameter.name, values: [...new Set(values)] }
}

/**
 * Refuses a design whose values make no sense together.
 *
 * @throws MeterproofError `MP_SWEEP_OUT_OF_RANGE`
 */
export function requireDesign(world: SimulatedWorld, spec: SimulationSpec): void {
  const complaint = world.checkDesign?.(spec) ?? null
  if (complaint === null) return
  const { sentence, field, given, allowed } = complaint
  throw refusal('MP_SWEEP_OUT_OF_RANGE', sentence, field, given, allowed)
}

/**
 * One setting, `name=value`, applied to a specification. What results may still make no sense, see
 * `requireDesign`: two settings may need each other.
 *
 * @throws MeterproofError as `parseAxis`, and `MP_SWEEP_VALUE` for more than one value
 */
export function withSetting(
  world: SimulatedWorld,
  spec: SimulationSpec,
  typed: string,
): SimulationSpec {
  const { name, values } = parseAxis(world, typed)
  const [value, more] = values
  if (value === undefined || more !== undefined) {
    const sentence = `One value of ${name} is needed.`
    throw refusal('MP_SWEEP_VALUE', sentence, name, typed, 'one value; a sweep takes several')
  }
  return sweepParameter(world, name).with(spec, value)
}

/**
 * Every combination of the axes, the last one varying fastest.
 *
 * @throws MeterproofError `MP_SWEEP_PARAMETER` when an axis is given twice, `MP_SWEEP_TOO_LARGE`,
 * `MP_SWEEP_OUT_OF_RANGE` when a design makes no sense, such as a deposit that pays for nothing
 */
export function gridOf(
  world: SimulatedWorld,
  base: SimulationSpec,
  axes: readonly SweepAxis[],
): readonly SweepPoint[] {
  const names = axes.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) {
    const sentence = `The parameter ${twice} is swept over twice.`
    throw refusal('MP_SWEEP_PARAMETER', sentence, 'param', twice, 'each parameter once')
  }
  const size = axes.reduce((product, { values }) => product * values.length, 1)
  if (size > SWEEP_POINTS_MAX) throw tooMany('param', `${size} points`)
  let points: readonly SweepPoint[] = [{ settings: {}, spec: base }]
  for (const { name, values } of axes) {
    const parameter = sweepParameter(world, name)
    points = points.flatMap(({ settings, spec }) =>
      values.map((value) => ({
        settings: { ...settings, [name]: value },
        spec: parameter.with(spec, value),
      })),
    )
  }
  for (const { spec } of points) requireDesign(world, spec)
  return points
}
