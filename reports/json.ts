/**
 * JSON with exact integers: a bigint is stored as `{"#bigint":"123"}`.
 *
 * The encoding is total. An object that happens to look like a tag gets one more `#` on the way out
 * and loses it on the way in, so every value that JSON can hold comes back as it was. Numbers that
 * JSON would silently turn into `null` are refused instead.
 */
import { assert, MeterproofError } from '../models/kit/error.ts'

const TAG = '#bigint'
const TAG_LIKE = /^#+bigint$/
const DECIMAL = /^(0|-?[1-9][0-9]*)$/
/** Far above 256 bits; keeps a hostile file from costing minutes. */
const BIGINT_DIGITS_MAX = 1_000

/** The key of an object that is a tag, or would be read as one. */
function tagOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const keys = Object.keys(value)
  const key = keys[0]
  return keys.length === 1 && key !== undefined && TAG_LIKE.test(key) ? key : null
}

/** For `JSON.stringify`. */
export function bigintReplacer(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return { [TAG]: value.toString() }
  assert(typeof value !== 'number' || Number.isFinite(value), 'numbers in JSON are finite')
  const tag = tagOf(value)
  return tag === null ? value : { [`#${tag}`]: (value as Record<string, unknown>)[tag] }
}

/**
 * For `JSON.parse`.
 *
 * @throws MeterproofError `MP_JSON_BIGINT` when a tag holds no decimal integer
 */
export function bigintReviver(_key: string, value: unknown): unknown {
  const tag = tagOf(value)
  if (tag === null) return value
  const inner = (value as Record<string, unknown>)[tag]
  if (tag !== TAG) return { [tag.slice(1)]: inner }
  if (typeof inner === 'string' && inner.length <= BIGINT_DIGITS_MAX && DECIMAL.test(inner)) {
    return BigInt(inner)
  }
  throw new MeterproofError('MP_JSON_BIGINT', `A ${TAG} must hold a decimal integer.`, {
    facts: { value: JSON.stringify(inner)?.slice(0, 80) ?? String(inner) },
    hint: `Write whole numbers as {"${TAG}":"123"}, without leading zeros.`,
  })
}

/** Text of a value, ending in a newline. @param indent spaces; 0 puts everything on one line */
export function stringifyJson(value: unknown, indent = 1): string {
  return `${JSON.stringify(value, bigintReplacer, indent)}\n`
}

/** @throws SyntaxError when it is no JSON; MeterproofError `MP_JSON_BIGINT` for a broken tag */
export function parseJson(text: string): unknown {
  return JSON.parse(text, bigintReviver)
}
