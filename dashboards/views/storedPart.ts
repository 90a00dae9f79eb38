/**
 * Stored failures that were replayed before the search, and what became of them; only for a run
 * with a folder of failures.
 */
import type { Regression, RunRecord } from '../../reports/record.ts'
import { isStillFailing, regressionLook, regressionText } from '../../reports/regression.ts'
import { h } from '../lib/dom.ts'
import { counted } from '../lib/format.ts'
import { badge } from '../lib/pieces.ts'

const HEAD = ['file', 'result', 'claim', 'protocol', 'policy', 'why', 'replay']

export function storedSection({ regressions = [] }: RunRecord): readonly HTMLElement[] {
  if (regressions.length === 0) return []
  const failing = regressions.filter(isStillFailing).length
  const title =
    failing === 0
      ? `No stored failure is back: ${regressionText(regressions).head}`
      : `${counted(failing, 'stored failure')} still there`
  const head = h('tr', {}, ...HEAD.map((text) => h('th', { scope: 'col' }, text)))
  return [
    h(
      'section',
      { class: 'card' },
      h('h2', {}, title),
      h('p', { class: 'quiet' }, 'They are replayed first, and never instead of a fresh search.'),
      h(
        'div',
        { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Stored failures' },
        h('table', {}, h('thead', {}, head), h('tbody', {}, ...regressions.map(row))),
      ),
    ),
  ]
}

function row(regression: Regression): HTMLElement {
  const { file, invariant, protocol, policy, reason, verdict, replayCommand } = regression
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, h('code', {}, file)),
    h('td', {}, badge(regressionLook(regression))),
    ...[invariant, protocol, policy, reason].map((text) => h('td', {}, text === '' ? '–' : text)),
    h('td', {}, verdict === 'stillFails' ? h('code', {}, replayCommand) : '–'),
  )
}
