/**
 * How many runs lose at each value that was tried: a mark and its interval for each, top to bottom.
 *
 * A cross where something loses, a ring where nothing does, so that colour is not needed. The value
 * that the search answered with bears its name. The axis ends where the largest interval does.
 */
import { max, scaleBand, scaleLinear, symbol, symbolTimes } from 'd3'
import { type ChartOptions, chartRoot, mark, readable, xAxis, yAxis } from '../lib/chartBase.ts'
import { compact, grouped, percent } from '../lib/format.ts'

export interface LosingShareRow {
  /** The value with its unit. */
  readonly label: string
  readonly losing: number
  readonly n: number
  readonly share: { readonly value: number; readonly low: number; readonly high: number }
  readonly isAnswer: boolean
}

const DEFAULTS = { width: 640, height: 0 } as const
const ROW_HEIGHT = 24
const MARK_AREA = 70
const RING_RADIUS = 4.5

export function losingShares(
  rows: readonly LosingShareRow[],
  options: ChartOptions,
): SVGSVGElement {
  const { width } = { ...DEFAULTS, ...options }
  const margin = { top: 24, right: 150, bottom: 42, left: 96 }
  const size = { width, height: margin.top + margin.bottom + rows.length * ROW_HEIGHT, margin }
  const root = chartRoot(size, options.ariaLabel)
  const most = max(rows, ({ share }) => share.high) ?? 1
  const x = scaleLinear([0, most], [margin.left, width - margin.right])
  const y = scaleBand(
    rows.map(({ label }) => label),
    [margin.top, size.height - margin.bottom],
  ).padding(0.3)
  yAxis(root, size, { scale: y, label: 'value', grid: false })
  xAxis(root, size, {
    scale: x,
    label: 'share of runs that lose (%)',
    ticks: 6,
    format: (value) => compact(100 * Number(value)),
    grid: true,
  })
  for (const { label, losing, n, share, isAnswer } of rows) {
    const middle = (y(label) ?? 0) + y.bandwidth() / 2
    const group = root.append('g').attr('class', losing > 0 ? 'trial losing' : 'trial')
    mark(group, 'line', { x1: x(share.low), x2: x(share.high), y1: middle, y2: middle })
    if (losing === 0) mark(group, 'circle', { cx: x(0), cy: middle, r: RING_RADIUS })
    else {
      const at = `translate(${Math.round(x(share.value) * 100) / 100},${middle})`
      mark(group, 'path', { d: symbol(symbolTimes, MARK_AREA)(), transform: at })
    }
    const count = `${grouped(losing)} of ${grouped(n)}`
    const place = { x: width - margin.right + 8, y: middle + 4 }
    const text = isAnswer ? `${count} ◂ answer` : count
    mark(root, 'text', { class: 'end-label', ...place }, text)
    readable(
      group,
      `${isAnswer ? 'answer, ' : ''}${label}: ${count} lose, ${percent(share.value)}, ` +
        `interval ${percent(share.low)} to ${percent(share.high)}`,
    )
  }
  return root.node() as SVGSVGElement
}
