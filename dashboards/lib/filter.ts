/**
 * The filter box: `s:violated -r:congestion p:hardened overpay "never gets more"`.
 *
 * Words with the same key are alternatives, different keys must all match, a minus in front takes
 * away. Bare words look into the id and the statement. An unknown key is told, never ignored.
 */

export interface Filterable {
  /** `held`, `violated`, `undecided`, `vacuous`, `refuted`, … */
  readonly status: string
  readonly regime: string
  readonly policy: string
  readonly protocol: string
  readonly id: string
  readonly text: string
}

const KEYS = {
  s: 'status',
  r: 'regime',
  p: 'policy',
  protocol: 'protocol',
  i: 'id',
} as const satisfies Record<string, keyof Filterable>

interface Term {
  readonly field: keyof Filterable
  readonly word: string
  readonly isExcluded: boolean
}

export interface Filter {
  /** Sentences about what could not be understood. */
  readonly problems: readonly string[]
  matches(item: Filterable): boolean
}

const TOKEN = /(-?)(?:([A-Za-z]+):)?(?:"([^"]*)"?|([^\s"]+))/g

export function parseFilter(source: string): Filter {
  const terms: Term[] = []
  const problems: string[] = []
  for (const [, minus, key, quoted, bare] of source.matchAll(TOKEN)) {
    const word = (quoted ?? bare ?? '').toLowerCase()
    if (word === '') continue
    const field = key === undefined ? 'text' : KEYS[key.toLowerCase() as keyof typeof KEYS]
    if (field === undefined) {
      problems.push(`There is no filter "${key}:"; use ${Object.keys(KEYS).join(':, ')}:.`)
    } else terms.push({ field, word, isExcluded: minus === '-' })
  }
  const isIn = (item: Filterable, { field, word }: Term) => {
    if (field !== 'text') return item[field].toLowerCase().includes(word)
    return `${item.id} ${item.text}`.toLowerCase().includes(word)
  }
  const wanted = terms.filter(({ isExcluded }) => !isExcluded)
  const fields = new Set(wanted.map(({ field }) => field))
  return {
    problems,
    matches(item) {
      if (terms.some((term) => term.isExcluded && isIn(item, term))) return false
      return [...fields].every((field) => {
        const own = wanted.filter((term) => term.field === field)
        // Bare words narrow down, as in any search; keyed words are alternatives.
        return field === 'text'
          ? own.every((term) => isIn(item, term))
          : own.some((term) => isIn(item, term))
      })
    },
  }
}
