/**
 * The one way in which records of worlds become text, for fingerprints and comparisons.
 *
 * Keys keep the order in which they were set, so a record must always be built alike.
 */

/** JSON with bigint, for fingerprints and files: `{"#bigint":"…"}`. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, item) =>
    typeof item === 'bigint' ? { '#bigint': item.toString() } : item,
  )
}
