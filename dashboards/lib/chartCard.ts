/**
 * The frame around every chart: a title that states the finding, a table instead of the picture,
 * CSV and SVG to take along, and a reading cursor.
 *
 * The chart is one tab stop. Arrow keys move from mark to mark and say each in the line below,
 * which is how a chart is read without a mouse; the pointer does the same.
 */

import type { Table } from './csv.ts'
import { button, type Child, h } from './dom.ts'
import { downloadCsv, downloadSvg } from './download.ts'

export interface ChartCardOptions {
  /** The finding, in a sentence. */
  readonly title: string
  /** What it is, over what, from how many. */
  readonly subtitle: string
  /** Name of the downloads, without ending. */
  readonly fileName: string
  readonly table: Table
  /** Null when there is nothing to draw; `empty` then says why. */
  readonly chart: SVGSVGElement | null
  readonly empty?: string
  readonly legend?: Child
  readonly level?: 2 | 3
}

let cardCount = 0

/** A `figure` with everything that a chart needs around it. */
export function chartCard(options: ChartCardOptions): HTMLElement {
  const {
    title,
    subtitle,
    chart,
    table,
    fileName,
    legend,
    empty = 'There is nothing to draw.',
  } = options
  cardCount += 1
  const titleId = `chart-title-${cardCount}`
  const readout = h('p', { class: 'readout', 'aria-live': 'polite' }, '\u00a0')
  const picture =
    chart === null
      ? h('p', { class: 'empty' }, empty)
      : h(
          'div',
          {
            class: 'chart-scroll',
            tabindex: 0,
            role: 'group',
            'aria-label': `${title} Arrow keys read the values.`,
          },
          chart,
        )
  const tableBox = h('div', { class: 'chart-table', hidden: true })
  const toggle = button('View as table', () => show(tableBox.hasAttribute('hidden')), {
    'aria-pressed': 'false',
  })
  const show = (asTable: boolean): void => {
    if (asTable && tableBox.childElementCount === 0) tableBox.append(tableElement(table, title))
    tableBox.hidden = !asTable
    picture.hidden = asTable
    toggle.setAttribute('aria-pressed', String(asTable))
    toggle.textContent = asTable ? 'View as chart' : 'View as table'
  }
  if (chart !== null) attachReadingCursor(picture, chart, readout)
  return h(
    'figure',
    { class: 'card', 'aria-labelledby': titleId },
    h(
      'figcaption',
      {},
      h(options.level === 3 ? 'h3' : 'h2', { id: titleId }, title),
      h('p', { class: 'quiet' }, subtitle),
    ),
    legend,
    picture,
    tableBox,
    chart === null ? null : readout,
    h(
      'div',
      { class: 'card-tools' },
      toggle,
      button('CSV', () => downloadCsv(`${fileName}.csv`, table), {
        'aria-label': `Download CSV: ${title}`,
      }),
      chart === null
        ? null
        : button('SVG', () => downloadSvg(`${fileName}.svg`, chart), {
            'aria-label': `Download SVG: ${title}`,
          }),
    ),
  )
}

const ROWS_SHOWN_MAX = 1_000

/** A table to read; long ones are cut, and say so. */
export function tableElement({ columns, rows }: Table, caption: string): HTMLElement {
  const shown = rows.slice(0, ROWS_SHOWN_MAX)
  const isNumber = (index: number) => rows.every((row) => typeof row[index] !== 'string')
  const numeric = columns.map((_, index) => rows.length > 0 && isNumber(index))
  const text = (cell: Table['rows'][number][number]) =>
    cell === null
      ? '–'
      : typeof cell === 'string'
        ? cell
        : cell.toLocaleString('en-US', { maximumFractionDigits: 3 })
  const isCut = rows.length > shown.length
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption },
    h(
      'table',
      {},
      h(
        'caption',
        {},
        isCut ? `The first ${shown.length} of ${rows.length} rows; the CSV has all.` : caption,
      ),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          ...columns.map((name, index) =>
            h('th', { scope: 'col', class: numeric[index] === true && 'number' }, name),
          ),
        ),
      ),
      h(
        'tbody',
        {},
        ...shown.map((row) =>
          h(
            'tr',
            {},
            ...row.map((cell, index) =>
              h('td', { class: numeric[index] === true && 'number' }, text(cell)),
            ),
          ),
        ),
      ),
    ),
  )
}

function attachReadingCursor(frame: HTMLElement, chart: SVGSVGElement, readout: HTMLElement): void {
  const marks = () => [...chart.querySelectorAll<SVGElement>('[data-read]')]
  let current: SVGElement | undefined
  const go = (mark: SVGElement | undefined) => {
    current?.classList.remove('is-read')
    current = mark
    mark?.classList.add('is-read')
    readout.textContent = mark?.dataset.read ?? '\u00a0'
  }
  frame.addEventListener('keydown', (event) => {
    const moves: Record<string, number> = {
      ArrowRight: 1,
      ArrowDown: 1,
      ArrowLeft: -1,
      ArrowUp: -1,
    }
    const all = marks()
    const index = current === undefined ? -1 : all.indexOf(current)
    const move = moves[event.key]
    if (event.key === 'Home') go(all[0])
    else if (event.key === 'End') go(all.at(-1))
    else if (event.key === 'Enter' && current !== undefined)
      current.dispatchEvent(new MouseEvent('click', { bubbles: true }))
    else if (move !== undefined) go(all[Math.max(0, Math.min(all.length - 1, index + move))])
    else return
    event.preventDefault()
    event.stopPropagation()
  })
  chart.addEventListener('pointermove', ({ target }) => {
    const mark = target instanceof Element ? target.closest<SVGElement>('[data-read]') : null
    if (mark !== null && mark !== current) go(mark)
  })
}
