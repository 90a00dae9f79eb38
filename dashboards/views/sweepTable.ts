/**
 * The selection of a sweep as a sortable table, and two pinned configurations side by side.
 */
import { stringifyJson } from '../../reports/json.ts'
import type { Sweep } from '../../reports/record.ts'
import { button, h } from '../lib/dom.ts'
import { downloadCsv } from '../lib/download.ts'
import { compact, counted, grouped, percent } from '../lib/format.ts'
import type { Configuration, SweepAxis } from './sweepData.ts'

const ROWS_SHOWN_MAX = 200

export interface SelectionOptions {
  readonly axes: readonly SweepAxis[]
  readonly selected: readonly Configuration[]
  readonly all: number
  readonly sortBy: string
  pinOf(key: string): string | null
  onSort(name: string): void
  onPin(key: string): void
  onCopy(key: string): void
}

const verdictOf = ({ feasible, pareto, violated }: Configuration) =>
  feasible
    ? pareto
      ? '★ worth having'
      : '· dominated'
    : `✗ breaks ${violated.join(', ') || 'a claim'}`

export function selectionTable(options: SelectionOptions): HTMLElement {
  const { axes, selected, all, sortBy, onSort } = options
  const sorted = [...selected].sort((a, b) => {
    const isMore = axes.find(({ name }) => name === sortBy)?.better === 'more'
    const order = (a.values[sortBy] ?? 0) - (b.values[sortBy] ?? 0)
    return Number(b.feasible) - Number(a.feasible) || (isMore ? -order : order)
  })
  const shown = sorted.slice(0, ROWS_SHOWN_MAX)
  const head = axes.map(({ name, label }) =>
    h(
      'th',
      { scope: 'col', class: 'number', 'aria-sort': name === sortBy ? 'ascending' : false },
      button(`${label}${name === sortBy ? ' ▾' : ''}`, () => onSort(name), { class: 'sort' }),
    ),
  )
  const table = h(
    'table',
    {},
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        h('th', { scope: 'col' }, 'verdict'),
        ...head,
        h('th', { scope: 'col', class: 'number' }, 'runs'),
        h('th', { scope: 'col' }, 'use'),
      ),
    ),
    h('tbody', {}, ...shown.map((configuration) => row(configuration, options))),
  )
  const rest = sorted.length - shown.length
  const csv = {
    columns: [...axes.map(({ label }) => label), 'verdict'],
    rows: sorted.map((configuration) => [
      ...axes.map(({ name }) => configuration.values[name] ?? null),
      verdictOf(configuration),
    ]),
  }
  return h(
    'section',
    { class: 'card' },
    h('h3', {}, `${counted(selected.length, 'configuration')} of ${all} selected`),
    rest > 0 ? h('p', { class: 'quiet' }, `The first ${ROWS_SHOWN_MAX}; the CSV has all.`) : null,
    h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Selected configurations' },
      table,
    ),
    h(
      'div',
      { class: 'card-tools' },
      button('CSV', () => downloadCsv('sweep.csv', csv), {
        'aria-label': 'Download CSV: selected configurations',
      }),
    ),
  )
}

function row(configuration: Configuration, { axes, pinOf, onPin, onCopy }: SelectionOptions) {
  const { key, values, intervals, n } = configuration
  const pin = pinOf(key)
  const cells = axes.map(({ name }) => {
    const interval = intervals[name]
    const range =
      interval === undefined
        ? null
        : h('span', { class: 'quiet' }, ` [${compact(interval.low)}, ${compact(interval.high)}]`)
    return h('td', { class: 'number' }, compact(values[name] ?? 0, 4), range)
  })
  const pinLabel =
    pin === null ? `Pin configuration ${key}` : `Pinned ${pin}, configuration ${key}: let go`
  return h(
    'tr',
    { class: pin === null ? false : 'is-pinned' },
    h('th', { scope: 'row', class: 'sweep-verdict' }, verdictOf(configuration)),
    ...cells,
    h('td', { class: 'number' }, n === null ? '–' : grouped(n)),
    h(
      'td',
      { class: 'actions' },
      button(pin === null ? 'Pin' : `Pinned ${pin}`, () => onPin(key), { 'aria-label': pinLabel }),
      button('Copy', () => onCopy(key), { 'aria-label': `Copy configuration ${key}` }),
    ),
  )
}

/** Parameters as JSON, as a config file would hold them. */
export function configurationText({ parameters }: Configuration): string {
  return stringifyJson(parameters, 2).trimEnd()
}

/** Pinned configurations side by side, with what changes from the first to the second. */
export function comparison(
  axes: readonly SweepAxis[],
  pinned: readonly Configuration[],
  current: Sweep['current'],
  onCopy: (key: string) => void,
): HTMLElement | Text {
  const [first, second] = pinned
  if (first === undefined) return document.createTextNode('')
  const isCurrent = ({ parameters }: Configuration) =>
    current !== null &&
    current !== undefined &&
    Object.entries(parameters).every(([name, value]) => current[name] === value)
  const name = (configuration: Configuration, letter: string) =>
    `${letter}${isCurrent(configuration) ? ' (in use)' : ''}`
  const head = [
    h('th', { scope: 'col' }, 'what'),
    h('th', { scope: 'col', class: 'number' }, name(first, 'A')),
  ]
  if (second !== undefined)
    head.push(
      h('th', { scope: 'col', class: 'number' }, name(second, 'B')),
      h('th', { scope: 'col', class: 'number' }, 'from A to B'),
    )
  const rows = axes.map((axis) => {
    const a = first.values[axis.name] ?? 0
    const cells = [
      h('th', { scope: 'row' }, axis.label),
      h('td', { class: 'number' }, compact(a, 4)),
    ]
    if (second !== undefined) {
      const b = second.values[axis.name] ?? 0
      cells.push(
        h('td', { class: 'number' }, compact(b, 4)),
        h('td', { class: 'number' }, changeText(a, b, axis)),
      )
    }
    return h('tr', {}, ...cells)
  })
  const title =
    second === undefined
      ? 'Pinned: A. Pin another one to compare.'
      : 'Pinned: A and B, side by side'
  const copies = pinned.map(({ key }, index) =>
    button(`Copy ${index === 0 ? 'A' : 'B'} as JSON`, () => onCopy(key)),
  )
  return h(
    'section',
    { class: 'card comparison' },
    h('h3', {}, title),
    h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Pinned configurations' },
      h('table', {}, h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...rows)),
    ),
    h('div', { class: 'card-tools' }, ...copies),
  )
}

function changeText(a: number, b: number, { better }: SweepAxis): string {
  if (a === b) return 'same'
  const change = b - a
  const share = a === 0 ? '' : ` (${percent(change / Math.abs(a))})`
  const isBetter = better !== null && (better === 'less' ? change < 0 : change > 0)
  const word = better === null ? '' : isBetter ? ' better' : ' worse'
  return `${change > 0 ? '+' : ''}${compact(change, 4)}${share}${word}`
}
