/**
 * The address holds what is looked at: `#/view?name=value`. Back, forward, reload and a link that
 * is sent to somebody all lead to the same picture. Defaults are left out, to keep links short.
 */

export interface UrlState {
  readonly view: string
  readonly params: Readonly<Record<string, string>>
}

export function parseHash(hash: string, viewDefault: string): UrlState {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s)
  const params: Record<string, string> = Object.create(null)
  for (const [name, value] of new URLSearchParams(query)) params[name] = value
  return { view: path === '' ? viewDefault : decoded(path), params: { ...params } }
}

export function formatHash({ view, params }: UrlState): string {
  const entries = Object.entries(params).filter(([, value]) => value !== '')
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  const query = new URLSearchParams(entries).toString()
  return `#/${encodeURIComponent(view)}${query === '' ? '' : `?${query}`}`
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
