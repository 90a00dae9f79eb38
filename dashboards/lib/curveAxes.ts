/**
 * Axes of curves by what their numbers count, and numbers in words.
 *
 * Bytes are shown in binary units only (KiB, MiB, GiB), amounts in tokens, shares in percent. What
 * is read out carries the exact number beside the rounded one.
 */
import { max, min, ticks } from 'd3'
import type { Curve } from '../../reports/record.ts'
import type { CurveAxis } from '../charts/curveLines.ts'
import { logTicks } from './chartBase.ts'
import { compact, counted, grouped, percent, tokens } from './format.ts'

type Axis = Curve['x']
type Exact = Curve['series'][number]['points'][number]['x']

const MILLION = 1_000_000
const KIBIBYTE = 1_024
const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** `1 B`, `31.9 MiB`, `1 GiB` */
export function bytesText(bytes: number): string {
  const power = Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10))
  return `${compact(bytes / KIBIBYTE ** power)} ${BYTE_UNITS[power]}`
}

/** A number of the record as a number to draw: tokens for base units. */
export function drawn(axis: Axis, value: Exact): number {
  return Number(value) / 10 ** (axis.token?.decimals ?? 0)
}

/** A drawn number for an axis. */
export function shortText({ unit }: Axis, value: number): string {
  if (unit === 'bytes') return bytesText(value)
  return unit === 'millionths' ? percent(value / MILLION) : compact(value)
}

/** A number of the record in words, exact. */
export function exactText(axis: Axis, value: Exact): string {
  const { unit, token } = axis
  switch (unit) {
    case 'bytes':
      return `${bytesText(Number(value))} (${counted(Number(value), 'byte')})`
    case 'millionths':
      return `${percent(Number(value) / MILLION)} (${grouped(value)} millionths)`
    case 'payments':
      return counted(Number(value), 'payment')
    case 'seconds':
      return counted(Number(value), 'second')
    case 'base units':
      return `${tokens(BigInt(value), token?.decimals ?? 0)} ${token?.name ?? unit}`
  }
}

/** Name and unit of an axis. */
export function axisLabel({ name, unit, scale, token }: Axis): string {
  const shown = { bytes: 'binary units', millionths: '% of the price', payments: '', seconds: 's' }
  const what = unit === 'base units' ? (token?.name ?? unit) : shown[unit]
  const isLog = scale === 'log' ? 'log' : ''
  const facts = [what, isLog].filter((fact) => fact !== '').join(', ')
  return facts === '' ? name : `${name} (${facts})`
}

function byteTicks(isLog: boolean, [, most]: readonly [number, number]): readonly number[] {
  if (isLog) {
    const powers = Array.from({ length: 13 }, (_, index) => 2 ** (5 * index))
    return powers.filter((bytes) => bytes <= most)
  }
  const unit = KIBIBYTE ** Math.floor(Math.log2(Math.max(1, most)) / 10)
  return ticks(0, most / unit, 5).map((tick) => tick * unit)
}

/** The axis that all these numbers lie on. */
export function curveAxis(axis: Axis, values: readonly Exact[]): CurveAxis {
  const isLog = axis.scale === 'log'
  const numbers = values.map((value) => drawn(axis, value))
  const [least, most] = [min(numbers) ?? 0, max(numbers) ?? 1]
  const isBytes = axis.unit === 'bytes'
  const room = isBytes ? 1 : isLog ? 1.35 : 1.05
  const top = axis.unit === 'millionths' ? MILLION : most * room || 1
  const domain = [isLog ? (least || 1) / room : 0, top] as const
  const plain = isLog ? logTicks(domain) : ticks(0, top, 5)
  return {
    ...{ label: axisLabel(axis), isLog, domain },
    ticks: isBytes ? byteTicks(isLog, domain) : plain,
    format: (value) => shortText(axis, value),
  }
}
