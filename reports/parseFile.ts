/**
 * Reading a versioned JSON file that a person may have cut short or edited.
 *
 * Three things can be wrong, each with its own code, so that the message can say what to do: the
 * text is no JSON, the file is of another version, a field has the wrong shape. The first broken
 * field is named with its path and the value found there; the number of further ones is told.
 */
import type { z } from 'zod'
import { MeterproofError } from '../models/kit/error.ts'
import { parseJson } from './json.ts'

export interface ParseFileOptions<Schema extends z.ZodType> {
  readonly text: string
  /** Name for messages. */
  readonly file: string
  readonly schema: Schema
  /** Expected content of the field `schema`. */
  readonly version: string
  /** Codes are this plus `_UNREADABLE`, `_VERSION` and `_INVALID`. */
  readonly codePrefix: string
}

/**
 * Parses and validates.
 *
 * @throws MeterproofError `<prefix>_UNREADABLE`, `<prefix>_VERSION` or `<prefix>_INVALID`
 */
export function parseFile<Schema extends z.ZodType>(
  options: ParseFileOptions<Schema>,
): z.output<Schema> {
  const { text, file, schema, version, codePrefix } = options
  const data = parseText(text, file, codePrefix)
  const found = versionOf(data)
  if (found !== version) {
    throw new MeterproofError(
      `${codePrefix}_VERSION`,
      `${file} has schema ${shown(found)}, but this version of Meterproof reads "${version}".`,
      { facts: { file, found: shown(found), expected: version } },
    )
  }
  const result = schema.safeParse(data)
  if (result.success) return result.data
  const [issue] = result.error.issues
  if (issue === undefined) throw result.error
  throw invalidField({ file, codePrefix, data, issue, further: result.error.issues.length - 1 })
}

function parseText(text: string, file: string, codePrefix: string): unknown {
  try {
    return parseJson(text)
  } catch (cause) {
    if (cause instanceof MeterproofError) {
      throw new MeterproofError(`${codePrefix}_INVALID`, `${file}: ${cause.message}`, {
        facts: { file, ...cause.facts },
        ...(cause.hint === undefined ? {} : { hint: cause.hint }),
        cause,
      })
    }
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new MeterproofError(
      `${codePrefix}_UNREADABLE`,
      text.trim() === '' ? `${file} is empty.` : `${file} is not valid JSON.`,
      {
        facts: { file, position: positionOf(reason, text), bytes: Buffer.byteLength(text), reason },
        hint: 'The file may have been cut short; write it again or take a whole copy.',
        cause,
      },
    )
  }
}

/** `line:column`, both from 1; the end of the text when that is where more was expected. */
function positionOf(reason: string, text: string): string {
  const offset = namedOffset(reason) ?? (isCutShort(reason) ? text.length : searchOffset(text))
  const before = text.slice(0, offset).split('\n')
  return `${before.length}:${(before.at(-1) ?? '').length + 1}`
}

function namedOffset(reason: string): number | null {
  const named = /at position (\d+)/.exec(reason)?.[1]
  return named === undefined ? null : Number(named)
}

const isCutShort = (reason: string) => /unexpected end/i.test(reason)

/**
 * Some engines say what is wrong but not where. A prefix that ends before the place only lacks its
 * end, one that holds the place is wrong in itself; so the place is found by halving.
 */
function searchOffset(text: string): number {
  let [goodLength, badLength] = [0, text.length]
  while (badLength - goodLength > 1) {
    const middle = Math.floor((goodLength + badLength) / 2)
    if (isWrongBefore(text.slice(0, middle))) badLength = middle
    else goodLength = middle
  }
  return goodLength
}

function isWrongBefore(prefix: string): boolean {
  try {
    JSON.parse(prefix)
    return false
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    return !isCutShort(reason) && (namedOffset(reason) ?? 0) < prefix.length
  }
}

function versionOf(data: unknown): unknown {
  if (typeof data !== 'object' || data === null) return undefined
  return (data as Record<string, unknown>).schema
}

interface InvalidField {
  readonly file: string
  readonly codePrefix: string
  readonly data: unknown
  readonly issue: z.core.$ZodIssue
  readonly further: number
}

function invalidField({ file, codePrefix, data, issue, further }: InvalidField) {
  const deepest = deepestIssue(issue, [])
  const extra = deepest.issue.code === 'unrecognized_keys' ? deepest.issue.keys.slice(0, 1) : []
  const path = [...deepest.path, ...extra]
  const field = fieldName(path)
  const problem = extra.length > 0 ? 'no such field' : deepest.issue.message
  const isAmount = problem.includes('expected bigint')
  return new MeterproofError(`${codePrefix}_INVALID`, `${file}: ${field} is not valid.`, {
    facts: {
      file,
      field,
      value: shown(valueAt(data, path)),
      problem,
      ...(further > 0 ? { 'further problems': further } : {}),
    },
    ...(isAmount ? { hint: 'Write amounts as {"#bigint":"123"}.' } : {}),
  })
}

type Path = readonly PropertyKey[]

/** Follows a union into the branch that got furthest: that is the one that was meant. */
function deepestIssue(
  issue: z.core.$ZodIssue,
  base: Path,
): { readonly issue: z.core.$ZodIssue; readonly path: Path } {
  const path = [...base, ...issue.path]
  if (issue.code !== 'invalid_union') return { issue, path }
  const inner = issue.errors
    .flatMap((branch) => branch.slice(0, 1))
    .map((candidate) => deepestIssue(candidate, path))
    .reduce<{ readonly issue: z.core.$ZodIssue; readonly path: Path } | null>(
      (best, found) => (best === null || found.path.length > best.path.length ? found : best),
      null,
    )
  return inner !== null && inner.path.length > path.length ? inner : { issue, path }
}

/** `steps[3].atSeconds` */
export function fieldName(path: Path): string {
  if (path.length === 0) return 'the file'
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '')
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null
        ? (value as Record<PropertyKey, unknown>)[part]
        : undefined,
    data,
  )
}

/** A value for a message: short, and bigint with its `n`. */
export function shown(value: unknown): string {
  if (value === undefined) return 'missing'
  const text = JSON.stringify(value, (_key, inner) =>
    typeof inner === 'bigint' ? `${inner}n` : inner,
  )
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}
