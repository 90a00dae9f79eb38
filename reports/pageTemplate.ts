/**
 * The built dashboard as a file with places for data, found from the sources and from `dist/`.
 *
 * It is committed as `dashboards/template.html`, so that a report needs no build and no network.
 */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { MeterproofError } from '../models/kit/error.ts'

const NAME = 'dashboards/template.html'

/** Places of the template, each of which stands there exactly once. */
export const PLACES = ['policy', 'title', 'static', 'layouts', 'record'] as const
export type Place = (typeof PLACES)[number]

let pieces: readonly string[] | null = null

/**
 * The page with every place filled. Values are put in as they are: the caller escapes.
 *
 * @throws MeterproofError `MP_REPORT_TEMPLATE` when the template is missing or was changed by hand
 */
export function fillTemplate(values: Readonly<Record<Place, string>>): string {
  pieces ??= readTemplate()
  return pieces.map((piece, index) => (index % 2 === 0 ? piece : values[piece as Place])).join('')
}

/** Text and names of places in turn. */
function readTemplate(): readonly string[] {
  const paths = ['../', '../../'].map((up) => fileURLToPath(new URL(up + NAME, import.meta.url)))
  const path = paths.find((candidate) => existsSync(candidate))
  if (path === undefined) throw templateError('missing', paths[0] ?? NAME)
  const split = readFileSync(path, 'utf8').split(new RegExp(`meterproof:(${PLACES.join('|')})\\b`))
  const found = split.filter((_, index) => index % 2 === 1)
  if (found.join() !== PLACES.join()) throw templateError(`places ${found.join(', ')}`, path)
  return split
}

function templateError(reason: string, path: string): MeterproofError {
  return new MeterproofError('MP_REPORT_TEMPLATE', 'The template of the page cannot be used.', {
    facts: { path, reason },
    hint: 'Run `npm run build:dashboard` in the checkout, or install the package again.',
    class: 'internal',
  })
}
