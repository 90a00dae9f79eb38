/**
 * Numbers as people read them, always with their unit. Amounts stay exact: bigint in, digits out.
 */

const SECOND_MS = 1_000
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

/** At most `digits` significant digits, no trailing zeros, no exponent. */
export function compact(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return 'none'
  if (value === 0) return '0'
  const rounded = Number(value.toPrecision(digits))
  return rounded.toLocaleString('en-US', { maximumSignificantDigits: digits })
}

/** `850 ms`, `4.2 s`, `5 min 47 s`, `3 h 12 min` */
export function duration(ms: number): string {
  const size = Math.abs(ms)
  if (size < SECOND_MS) return `${compact(ms)} ms`
  if (size < 2 * MINUTE_MS) return `${compact(ms / SECOND_MS)} s`
  const sign = ms < 0 ? '-' : ''
  const [unitMs, unit, partMs, part] =
    size < 2 * HOUR_MS ? [MINUTE_MS, 'min', SECOND_MS, 's'] : [HOUR_MS, 'h', MINUTE_MS, 'min']
  const parts = Math.round(size / partMs)
  const perUnit = unitMs / partMs
  const rest = parts % perUnit
  const whole = `${sign}${grouped(Math.floor(parts / perUnit))} ${unit}`
  return rest === 0 ? whole : `${whole} ${rest} ${part}`
}

/** A moment of the world as `5:12.3`, minutes and seconds; hours in front when there are any. */
export function moment(ms: number): string {
  const sign = ms < 0 ? '-' : ''
  const total = Math.round(Math.abs(ms) / 100) / 10
  const hours = Math.floor(total / 3600)
  const minutes = Math.floor((total % 3600) / 60)
  const seconds = (total % 60).toFixed(1).padStart(4, '0')
  const head = hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}` : String(minutes)
  return `${sign}${head}:${seconds}`
}

/** Groups of three digits. */
export function grouped(value: bigint | number): string {
  return value.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}

/** Base units as tokens, exact: 3470000 with 6 decimals is `3.47`. */
export function tokens(units: bigint, decimals: number): string {
  const sign = units < 0n ? '-' : ''
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0')
  const whole = grouped(BigInt(digits.slice(0, digits.length - decimals)))
  const rest = decimals === 0 ? '' : digits.slice(-decimals).replace(/0+$/, '')
  return `${sign}${whole}${rest === '' ? '' : `.${rest}`}`
}

/** A share as percent. */
export function percent(share: number): string {
  return `${compact(100 * share)} %`
}

/** `1 run`, `2 runs` */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${grouped(count)} ${count === 1 ? singular : plural}`
}

/** Name of a quantile: `p95`, and `max` for 1. */
export function quantileName(q: number): string {
  return q === 1 ? 'max' : `p${compact(100 * q, 4)}`
}

/** A record's camelCase name in words. */
export function words(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[-_]/g, ' ')
    .toLowerCase()
}
