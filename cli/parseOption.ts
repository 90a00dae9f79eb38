/**
 * From what a user typed to a value, or to one sentence that names the value and what is allowed.
 *
 * Parsers are pure and know nothing of commander. They refuse rather than guess: `1e3`, `0x` and
 * ` 5` are not run counts.
 */
import { MeterproofError } from '../models/kit/error.ts'
import { POLICIES, type Policy } from '../models/kit/trace.ts'
import { nearest } from './nearest.ts'

export const SEED_MAX = 0xffff_ffff
const RUNS_MAX = 100_000_000
const WORKERS_MAX = 64
const PORT_MAX = 65_535
const BUDGET_MS_MAX = 24 * 3_600_000

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** Decimal or `0x…`, from 0 to 2^32 - 1. @throws MeterproofError `MP_OPTION_SEED` */
export function parseSeed(typed: string): number {
  const seed = /^(0x[0-9a-f]{1,8}|\d{1,10})$/i.test(typed) ? Number(typed) : Number.NaN
  if (seed <= SEED_MAX) return seed
  throw refused('MP_OPTION_SEED', '--seed', typed, `a number from 0 to ${SEED_MAX}, or 0x…`)
}

/** @throws MeterproofError `MP_OPTION_RUNS` */
export function parseRuns(typed: string): number {
  return wholeNumber({ code: 'MP_OPTION_RUNS', flag: '--runs', typed, least: 1, most: RUNS_MAX })
}

/** @throws MeterproofError `MP_OPTION_FIRST` */
export function parseFirst(typed: string): number {
  return wholeNumber({ code: 'MP_OPTION_FIRST', flag: '--first', typed, least: 0, most: RUNS_MAX })
}

/** @throws MeterproofError `MP_OPTION_WORKERS` */
export function parseWorkers(typed: string): number {
  const [code, flag] = ['MP_OPTION_WORKERS', '--workers']
  return wholeNumber({ code, flag, typed, least: 1, most: WORKERS_MAX })
}

/** @throws MeterproofError `MP_OPTION_PORT` */
export function parsePort(typed: string): number {
  return wholeNumber({ code: 'MP_OPTION_PORT', flag: '--port', typed, least: 1, most: PORT_MAX })
}

/** `500ms`, `90s`, `2m`, `1.5h`, in milliseconds. @throws MeterproofError `MP_OPTION_BUDGET` */
export function parseBudgetMs(typed: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(typed)
  const ms = match === null ? 0 : Math.round(Number(match[1]) * (UNIT_MS[match[2] ?? ''] ?? 0))
  if (ms > 0 && ms <= BUDGET_MS_MAX) return ms
  const allowed = 'a duration with its unit of at most 24h, for instance 90s, 2m or 500ms'
  throw refused('MP_OPTION_BUDGET', '--budget', typed, allowed)
}

/** One or more of `allowed`, separated by commas. @throws MeterproofError with `code` */
export function parseWords(options: {
  readonly code: string
  readonly flag: string
  readonly typed: string
  readonly allowed: readonly string[]
}): string[] {
  const { code, flag, typed, allowed } = options
  const words = typed.split(',').map((word) => word.trim())
  const unknown = words.find((word) => !allowed.includes(word))
  if (unknown === undefined) return [...new Set(words)]
  throw refused(code, flag, unknown, allowed.join(', '), nearest(unknown, allowed))
}

/** @throws MeterproofError `MP_OPTION_POLICY` */
export function parsePolicies(typed: string): Policy[] {
  const [code, flag] = ['MP_OPTION_POLICY', '--policy']
  return parseWords({ code, flag, typed, allowed: POLICIES }) as Policy[]
}

/** The error for a value that an option or argument does not take. */
export function refused(
  code: string,
  flag: string,
  typed: string,
  allowed: string,
  meant?: string,
): MeterproofError {
  return new MeterproofError(code, `${flag} does not take '${typed}'.`, {
    facts: { given: typed === '' ? '(nothing)' : typed, allowed },
    hint: meant === undefined ? 'Run the command with --help.' : `Did you mean ${meant}?`,
  })
}

function wholeNumber(options: {
  readonly code: string
  readonly flag: string
  readonly typed: string
  readonly least: number
  readonly most: number
}): number {
  const { code, flag, typed, least, most } = options
  const number = /^\d{1,12}$/.test(typed) ? Number(typed) : Number.NaN
  if (number >= least && number <= most) return number
  throw refused(code, flag, typed, `a whole number from ${least} to ${most}`)
}
