/**
 * The one way in which records of worlds become text, for fingerprints and comparisons.
 *
 * Keys keep the order in which they were set, so a record must always be built alike. Written by
 * hand, as `JSON.stringify` asks its replacer about each of the thousands of values of a run.
 */

/** Texts that JSON writes as they are. */
const PLAIN = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/

const textOf = (text: string) => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text))

/** What JSON leaves out of objects, and writes as null in lists. */
const isNothing = (value: unknown) =>
  value === undefined || typeof value === 'function' || typeof value === 'symbol'

/** JSON with bigint, for fingerprints and files: `{"#bigint":"…"}`. */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'bigint':
      return `{"#bigint":"${value}"}`
    case 'string':
      return textOf(value)
    case 'number':
      return Number.isFinite(value) ? String(value) : 'null'
    case 'object':
      return value === null ? 'null' : composite(value)
    default:
      return String(value)
  }
}

function composite(value: object): string {
  if (Array.isArray(value)) {
    let text = '['
    for (let index = 0; index < value.length; index += 1) {
      const item: unknown = value[index]
      text += `${index === 0 ? '' : ','}${isNothing(item) ? 'null' : canonicalJson(item)}`
    }
    return `${text}]`
  }
  let text = ''
  for (const key of Object.keys(value)) {
    const item = (value as Readonly<Record<string, unknown>>)[key]
    if (isNothing(item)) continue
    text += `${text === '' ? '' : ','}${textOf(key)}:${canonicalJson(item)}`
  }
  return `{${text}}`
}
