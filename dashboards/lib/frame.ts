/**
 * What stands around every view: the verdict, the way to the views, and where the numbers are from.
 */
import type { RunRecord } from '../../reports/record.ts'
import { VERDICT_LOOKS } from '../../reports/verdict.ts'
import type { ViewInfo } from './context.ts'
import { h } from './dom.ts'
import { counted, duration, grouped } from './format.ts'
import { badge } from './pieces.ts'

export function pageHeader(record: RunRecord, views: readonly ViewInfo[]) {
  const { summary } = record
  const counts = [
    `${grouped(summary.held)} held`,
    `${grouped(summary.violated)} violated`,
    `${grouped(summary.undecided)} undecided`,
    `${grouped(summary.refutedAsExpected)} refuted as expected`,
  ].join(', ')
  const links = views.map(({ id, label }) =>
    h('a', { href: `#/${id}`, 'data-view': id }, label, countOf(record, id)),
  )
  const element = h(
    'header',
    { class: `page-header ${VERDICT_LOOKS[summary.verdict].tone}` },
    h(
      'div',
      { class: 'headline' },
      h('span', { class: 'brand' }, 'meterproof'),
      badge(VERDICT_LOOKS[summary.verdict]),
      h('span', { class: 'headline-counts' }, counts),
      h('span', { class: 'headline-help' }, h('kbd', {}, '?'), ' keys'),
    ),
    h('nav', { class: 'tabs', 'aria-label': 'Views' }, ...links),
  )
  return {
    element,
    mark(id: string) {
      for (const link of links) {
        if (link.dataset.view === id) link.setAttribute('aria-current', 'page')
        else link.removeAttribute('aria-current')
      }
    },
  }
}

function countOf(record: RunRecord, id: string): HTMLElement | null {
  const counts: Readonly<Record<string, number>> = {
    counterexample: record.failures.length,
    sweep: record.sweep?.[0]?.points.length ?? 0,
  }
  const count = counts[id] ?? 0
  return count === 0 ? null : h('span', { class: 'tab-count' }, grouped(count))
}

/** Where every number comes from, on every page. */
export function pageFooter(record: RunRecord): HTMLElement {
  const { wall, contracts, tools } = record
  const facts: [string, string, string?][] = [
    ['command', `meterproof ${record.command}`],
    ['seed', String(record.seed)],
    ...contracts.map(({ name, policy, bytecodeHash }): [string, string, string] => {
      return [
        `${name} (${policy})`,
        `${bytecodeHash.slice(0, 10)}…${bytecodeHash.slice(-6)}`,
        bytecodeHash,
      ]
    }),
    ...Object.entries(tools),
    ['started', wall.startedAtIso.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')],
    ['took', `${duration(wall.durationMs)}, ${counted(wall.workers, 'worker')}`],
    ['speed', `${grouped(Math.round(wall.stepsPerSecond))} steps/s`],
    ...Object.entries(wall.host).map(([name, value]): [string, string] => [name, String(value)]),
  ]
  const optionText = (value: RunRecord['arguments'][string]) => {
    if (Array.isArray(value)) return value.length === 0 ? 'all' : value.join(',')
    if (value === null) return 'none'
    return typeof value === 'object' ? '…' : String(value)
  }
  const options = Object.entries(record.arguments).map(
    ([name, value]) => `${name} ${optionText(value)}`,
  )
  const notes = [...record.notes, ...wall.notes]
  return h(
    'footer',
    { class: 'provenance' },
    h('h2', {}, 'Provenance'),
    h(
      'dl',
      { class: 'facts' },
      ...facts.map(([name, value, whole]) =>
        h('div', {}, h('dt', {}, name), h('dd', { title: whole }, value)),
      ),
    ),
    h('p', { class: 'quiet' }, `Options: ${options.join(', ')}`),
    notes.length === 0
      ? null
      : h('ul', { class: 'quiet' }, ...notes.map((note) => h('li', {}, note))),
  )
}
