/**
 * A strict reader for the markup that the tests look at: every tag closed, every attribute quoted.
 *
 * It knows the little that our writers use and throws at anything else, which is what makes it a
 * check. It is no parser for other people's documents.
 */

export interface MarkupElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  /** Names of the elements inside, in order. */
  readonly children: readonly string[]
  readonly text: string
}

/** Elements of HTML that have no end tag. */
const VOID = new Set(['br', 'meta'])
const TOKEN = /<(?:\?xml [^<>]*\?|(\/?)([a-z][a-z0-9-]*)((?:\s+[a-z-]+(?:="[^"<]*")?)*)\s*(\/?))>/y
const ATTRIBUTE = /([a-z-]+)(?:="([^"<]*)")?/g
const STRAY = /&(?!(?:amp|lt|gt|quot|#39);)/
// biome-ignore lint/suspicious/noControlCharactersInRegex: these may not stand in a document
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u

interface OpenElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: string[]
  text: string
}

function decoded(text: string): string {
  if (STRAY.test(text)) throw new Error(`an ampersand is not escaped: ${text}`)
  const entities = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' }
  return text.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => entities[entity as '&lt;'])
}

function attributesOf(source: string): Record<string, string> {
  const attributes: Record<string, string> = {}
  for (const [, name = '', value = ''] of source.matchAll(ATTRIBUTE)) {
    if (name in attributes) throw new Error(`the attribute ${name} stands there twice`)
    attributes[name] = decoded(value)
  }
  return attributes
}

/** Reads a document (or the body of one) and lists its elements in the order in which they open. */
export function checkMarkup(source: string): { readonly elements: readonly MarkupElement[] } {
  if (FORBIDDEN.test(source)) throw new Error('a forbidden character stands in the document')
  const elements: MarkupElement[] = []
  const open: OpenElement[] = []
  let position = 0
  while (position < source.length) {
    const next = source.indexOf('<', position)
    const text = decoded(source.slice(position, next === -1 ? source.length : next))
    const parent = open.at(-1)
    if (parent !== undefined) parent.text += text
    else if (text.trim() !== '') throw new Error(`text outside of any element: ${text}`)
    if (next === -1) break
    TOKEN.lastIndex = next
    const match = TOKEN.exec(source)
    if (match === null) throw new Error(`no tag: ${source.slice(next, next + 60)}`)
    position = TOKEN.lastIndex
    const [, slash, name, attributes = '', selfClosing] = match
    if (name === undefined) continue
    if (slash === '/') {
      const closed = open.pop()
      if (closed?.name !== name) throw new Error(`${name} closes ${closed?.name ?? 'nothing'}`)
      continue
    }
    parent?.children.push(name)
    const element = { name, attributes: attributesOf(attributes), children: [], text: '' }
    elements.push(element)
    if (selfClosing === '' && !VOID.has(name)) open.push(element)
  }
  if (open.length > 0) throw new Error(`${open.at(-1)?.name} is never closed`)
  return { elements }
}
