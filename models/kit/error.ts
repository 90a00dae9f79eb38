/**
 * The one error class of the project: a stable code, a full sentence, the facts, and what to do.
 *
 * Anything a user can cause (a wrong flag, a broken file, a missing binary) becomes one of these;
 * the command line prints it without a stack trace and exits 64 (usage) or 70 (internal).
 * A protocol's outcome is never thrown: verdicts are values.
 */

/** Which exit code an error leads to: `usage` is 64, `internal` is 70. */
export type ErrorClass = 'usage' | 'internal'

export interface MeterproofErrorOptions {
  /**
   * Values that a reader needs to understand the sentence, printed as aligned `key: value` rows.
   */
  readonly facts?: Readonly<Record<string, string | number | bigint>>
  /** What to do about it, one sentence. */
  readonly hint?: string
  readonly cause?: unknown
  /** @defaultValue 'usage' */
  readonly class?: ErrorClass
}

export class MeterproofError extends Error {
  readonly code: string
  readonly facts: Readonly<Record<string, string | number | bigint>>
  readonly hint: string | undefined
  readonly class: ErrorClass

  /** @param code stable, `MP_…`; @param shortMessage a full sentence that names the thing. */
  constructor(code: string, shortMessage: string, options: MeterproofErrorOptions = {}) {
    super(shortMessage, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'MeterproofError'
    this.code = code
    this.facts = options.facts ?? {}
    this.hint = options.hint
    this.class = options.class ?? 'usage'
  }

  /** The message as the command line shows it: sentence, aligned facts, hint. */
  format(): string {
    const keys = Object.keys(this.facts)
    const width = Math.max(0, ...keys.map((key) => key.length)) + 1
    const rows = keys.map((key) => `  ${`${key}:`.padEnd(width)} ${String(this.facts[key])}`)
    const hint = this.hint === undefined ? [] : [`Hint: ${this.hint}`]
    return [`${this.message} [${this.code}]`, ...rows, ...hint].join('\n')
  }
}

/**
 * Throws for a programmer's error: a condition that no input can make false.
 *
 * @throws MeterproofError `MP_INTERNAL_ASSERTION`
 */
export function assert(condition: unknown, fact: string): asserts condition {
  if (condition) return
  throw new MeterproofError('MP_INTERNAL_ASSERTION', `Internal assertion failed: ${fact}.`, {
    class: 'internal',
    hint: 'This is a bug in Meterproof; please report it with the command that you ran.',
  })
}
