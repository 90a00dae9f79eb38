/**
 * Sweeps: axes over parameters, and the grid of designs that they span.
 *
 * Pure: says which designs there are and refuses those that make no sense, before anything runs.
 * All points of a grid are simulated on the same random numbers, so their differences are theirs.
 */
import { MeterproofError } from '../models/kit/error.ts'
import { sessionEscrowParameters } from '../models/session-escrow/parameters.ts'
import { CHAIN_PROFILES } from './chain/modelProfiles.ts'
import type { SimulationSpec } from './simulate.ts'

export type SweepValue = number | bigint | string

export interface SweepAxis {
  readonly name: string
  /** In the order given, none twice. */
  readonly values: readonly SweepValue[]
}

export interface SweepParameter {
  readonly name: string
  readonly about: string
  readonly unit: string
  /** What is allowed, in words. */
  readonly allowed: string
  readonly kind: 'integer' | 'amount' | 'word'
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
const AMOUNT_MAX = 10n ** 30n

function unitFor(name: string): string {
  if (name.endsWith('Seconds')) return 's'
  return name.endsWith('Bps') ? 'basis points' : ''
}

const deployment: readonly SweepParameter[] = Object.entries(sessionEscrowParameters.shape).map(
  ([key, schema]): SweepParameter => {
    const name = key as keyof SimulationSpec['parameters']
    const { minValue, maxValue } = schema.unwrap()
    return {
      name,
      about: schema.description ?? '',
      unit: unitFor(name),
      allowed: `whole numbers from ${minValue} to ${maxValue}`,
      kind: 'integer',
      of: (spec) => spec.parameters[name],
      with: (spec, value) => ({ ...spec, parameters: { ...spec.parameters, [name]: value } }),
      allows: (value) => schema.safeParse(value).success,
    }
  },
)

function amount(name: 'ratePerSecondUnits' | 'depositUnits', about: string): SweepParameter {
  return {
    ...{ name, about, unit: 'base units', kind: 'amount' },
    allowed: `whole numbers from 1 to ${AMOUNT_MAX}`,
    of: (spec) => spec[name],
    with: (spec, value) => ({ ...spec, [name]: value }),
    allows: (value) => typeof value === 'bigint' && value >= 1n && value <= AMOUNT_MAX,
  }
}

/** Everything that can be swept. */
export const SWEEP_PARAMETERS: readonly SweepParameter[] = [
  ...deployment,
  amount('ratePerSecondUnits', 'price of a second'),
  amount('depositUnits', 'deposit of a session'),
  {
    ...{ name: 'profile', about: 'chain profile', unit: '', kind: 'word' },
    allowed: Object.keys(CHAIN_PROFILES).join(', '),
    of: (spec) => spec.profile,
    with: (spec, value) => ({ ...spec, profile: String(value) }),
    allows: (value) => Object.hasOwn(CHAIN_PROFILES, String(value)),
  },
]

function refusal(code: string, sentence: string, field: string, value: string, allowed: string) {
  const facts = { field, given: value === '' ? '(nothing)' : value, allowed }
  return new MeterproofError(code, sentence, { facts, hint: 'See `meterproof sweep --help`.' })
}

/** @throws MeterproofError `MP_SWEEP_PARAMETER` */
export function sweepParameter(name: string): SweepParameter {
  const known = SWEEP_PARAMETERS.find((each) => each.name === name)
  if (known !== undefined) return known
  const names = SWEEP_PARAMETERS.map((each) => each.name).join(', ')
  const sentence = `There is no parameter '${name}' to sweep over.`
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
    throw refusal('MP_SWEEP_VALUE', sentence, name, text, FORMS)
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

/**
 * The axis that `name=values` means.
 *
 * @throws MeterproofError `MP_SWEEP_PARAMETER`, `MP_SWEEP_VALUE`, `MP_SWEEP_RANGE_EMPTY` or
 * `MP_SWEEP_OUT_OF_RANGE`, naming parameter, value and what is allowed
 * @example parseAxis('silenceTimeoutSeconds=10..30:5').values // [10, 15, 20, 25, 30]
 */
export function parseAxis(typed: string): SweepAxis {
  const [, name = '', list = ''] = /^([^=]*)=?(.*)$/s.exec(typed) ?? []
  const parameter = sweepParameter(name.trim())
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
 * Every combination of the axes, the last one varying fastest.
 *
 * @throws MeterproofError `MP_SWEEP_PARAMETER` when an axis is given twice, `MP_SWEEP_TOO_LARGE`,
 * `MP_SWEEP_OUT_OF_RANGE` when a deposit does not pay for a second
 */
export function gridOf(base: SimulationSpec, axes: readonly SweepAxis[]): readonly SweepPoint[] {
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
    const parameter = sweepParameter(name)
    points = points.flatMap(({ settings, spec }) =>
      values.map((value) => ({
        settings: { ...settings, [name]: value },
        spec: parameter.with(spec, value),
      })),
    )
  }
  for (const { spec } of points) {
    if (spec.depositUnits >= spec.ratePerSecondUnits) continue
    const allowed = `at least ratePerSecondUnits, ${spec.ratePerSecondUnits}`
    const sentence = 'A deposit must pay for one second at least.'
    const given = String(spec.depositUnits)
    throw refusal('MP_SWEEP_OUT_OF_RANGE', sentence, 'depositUnits', given, allowed)
  }
  return points
}
