/**
 * The run as one page that opens from a disk: the built dashboard with the record in it.
 *
 * No request leaves the page; its content policy forbids any. Text for readers without a script
 * comes from `staticHtml.ts`. The record stands compressed, as base64, in an inert script element,
 * so that nothing of it can become markup and the page is a tenth of its size; the page unpacks it
 * itself (`dashboards/lib/packed.ts` says which browsers can).
 */
import { deflateSync } from 'node:zlib'
import { stringifyJson } from './json.ts'
import type { LifecycleLayouts } from './lifecycleGraph.ts'
import { fillTemplate } from './pageTemplate.ts'
import type { RunRecord } from './record.ts'
import { staticHtml } from './staticHtml.ts'
import { escapeMarkup } from './text.ts'
import { VERDICT_LOOKS } from './verdict.ts'

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; " +
  "img-src data: blob:; base-uri 'none'; form-action 'none'"

/**
 * A complete HTML document.
 *
 * @param layouts from `lifecycleLayouts`; without them the page draws lifecycles as a plain column
 */
export function runHtml(record: RunRecord, layouts: LifecycleLayouts = {}): string {
  const look = VERDICT_LOOKS[record.summary.verdict]
  return fillTemplate({
    policy: POLICY,
    title: escapeMarkup(`${look.glyph} ${look.text}: meterproof ${record.command}`),
    static: staticHtml(record),
    layouts: inertJson(layouts),
    record: packedJson(record),
  })
}

/** The page while a run goes on: no record yet, and leave to ask the server that it came from. */
export function livePageHtml(): string {
  return fillTemplate({
    policy: `${POLICY}; connect-src 'self'`,
    title: 'running: meterproof',
    static: '<p>The run goes on. Without a script, load the page again for the report.</p>',
    layouts: 'null',
    record: '',
  })
}

/** JSON as zlib data in base64, which holds nothing but letters, digits, `+`, `/` and `=`. */
function packedJson(value: unknown): string {
  return deflateSync(stringifyJson(value, 0), { level: 9 }).toString('base64')
}

/** JSON that cannot end the element that it stands in. */
function inertJson(value: unknown): string {
  return stringifyJson(value, 0).trimEnd().replaceAll('<', '\\u003c')
}
