/**
 * A run while it goes on: what was done so far, and what has already gone wrong.
 *
 * Nothing on it is a verdict. A claim that is not listed has not been judged.
 */
import type { LiveDocument } from '../../reports/live.ts'
import { h } from '../lib/dom.ts'
import { counted, duration, grouped, percent } from '../lib/format.ts'

const NO_VERDICT = 'This is no verdict yet; the page shows the report as soon as there is one.'

export function liveView(live: LiveDocument): HTMLElement {
  const { command, seed, protocols, policies, elapsedMs, phases, findings, findingsMore } = live
  const where = `${protocols.join(', ')} (${policies.join(', ')})`
  const what = `meterproof ${command}, seed ${seed}, ${where}`
  const found = findings.length + findingsMore
  const title =
    found === 0
      ? 'Running: nothing has gone wrong so far'
      : `Running: ${counted(found, 'finding')} so far`
  return h(
    'div',
    { class: 'view live' },
    h(
      'section',
      { class: 'card' },
      h('h2', {}, title),
      h('p', { class: 'quiet' }, `${what}, ${duration(elapsedMs)} so far. ${NO_VERDICT}`),
      h('ol', { class: 'phases' }, ...phases.map(phase)),
    ),
    findings.length === 0
      ? null
      : h(
          'section',
          { class: 'card' },
          h('h2', {}, 'Findings'),
          h(
            'ul',
            { class: 'findings' },
            ...findings.map(({ invariant, evidence }) =>
              h('li', {}, h('span', { class: 'badge violated' }, `✗ ${invariant}`), ` ${evidence}`),
            ),
            findingsMore > 0 ? h('li', {}, `and ${grouped(findingsMore)} more`) : null,
          ),
        ),
    live.notices.length === 0
      ? null
      : h(
          'section',
          { class: 'card' },
          h('h2', {}, 'Notes'),
          h('ul', {}, ...live.notices.map((notice) => h('li', {}, notice))),
        ),
  )
}

function phase({
  label,
  done,
  total,
  stepsPerSecond,
}: LiveDocument['phases'][number]): HTMLElement {
  const share = total === null || total === 0 ? null : Math.min(1, done / total)
  const count = total === null ? grouped(done) : `${grouped(done)} of ${grouped(total)}`
  const rate = stepsPerSecond > 0 ? `, ${grouped(Math.round(stepsPerSecond))} steps/s` : ''
  return h(
    'li',
    {},
    h('span', { class: 'phase-label' }, label),
    h('progress', { 'aria-label': label, max: 1, value: share ?? false }),
    h('span', { class: 'quiet' }, `${count}${share === null ? '' : ` (${percent(share)})`}${rate}`),
  )
}
