/**
 * What a session costs on chain, a bar per regime, stacked by action; signs of life come first, and
 * a tick shows what they protect.
 *
 * Where the tick lies inside the signs of life, they cost more than they protect.
 */
import { max, scaleBand, scaleLinear } from 'd3'
import {
  type ChartOptions,
  chartRoot,
  mark,
  type Root,
  readable,
  xAxis,
  yAxis,
} from '../lib/chartBase.ts'
import { compact } from '../lib/format.ts'

export interface CostRow {
  readonly label: string
  /** Tokens by action for one session, in the order of the stack. */
  readonly parts: readonly { readonly name: string; readonly value: number }[]
  /** Tokens that the signs of life protect in a session; null without any. */
  readonly protected: number | null
}

export interface CostOptions extends ChartOptions {
  readonly token: string
  /** Number of the colour of each part, as the legend has it. */
  readonly colours: ReadonlyMap<string, number>
}

const DEFAULTS = { width: 640, height: 0 } as const
const ROW_HEIGHT = 34

export function costBars(rows: readonly CostRow[], options: CostOptions): SVGSVGElement {
  const { width } = { ...DEFAULTS, ...options }
  const margin = { top: 24, right: 90, bottom: 42, left: 150 }
  const size = { width, height: margin.top + margin.bottom + rows.length * ROW_HEIGHT, margin }
  const root = chartRoot(size, options.ariaLabel)
  const sumOf = ({ parts }: CostRow) => parts.reduce((sum, { value }) => sum + value, 0)
  const most = max(rows.flatMap((row) => [sumOf(row), row.protected ?? 0])) ?? 0
  const x = scaleLinear([0, most * 1.04 || 1], [margin.left, width - margin.right])
  const y = scaleBand(
    rows.map(({ label }) => label),
    [margin.top, size.height - margin.bottom],
  ).padding(0.3)
  yAxis(root, size, { scale: y, label: 'regime', grid: false })
  xAxis(root, size, {
    scale: x,
    label: `cost of a session (${options.token})`,
    ticks: 6,
    format: (value) => compact(Number(value)),
    grid: true,
  })
  for (const row of rows) {
    const place = { x, top: y(row.label) ?? 0, thick: y.bandwidth() }
    drawRow(root, row, place, options)
    const label = { x: x(sumOf(row)) + 5, y: place.top + place.thick / 2 + 4 }
    mark(root, 'text', { class: 'end-label', ...label }, compact(sumOf(row)))
  }
  return root.node() as SVGSVGElement
}

interface Place {
  x(value: number): number
  readonly top: number
  readonly thick: number
}

function drawRow(root: Root, row: CostRow, place: Place, { token, colours }: CostOptions): void {
  const { x, top, thick } = place
  let from = 0
  for (const { name, value } of row.parts) {
    const [left, right] = [x(from), x(from + value)]
    from += value
    if (value === 0) continue
    const bar = mark(root, 'rect', {
      ...{ class: `bar cause-${colours.get(name) ?? 0}`, x: left, y: top, height: thick },
      width: Math.max(0.5, right - left),
    })
    readable(bar, `${row.label}: ${name} ${compact(value)} ${token} a session`)
  }
  if (row.protected === null) return
  const at = x(row.protected)
  const tick = mark(root, 'line', {
    ...{ class: 'worst-tick', x1: at, x2: at, y1: top - 4, y2: top + thick + 4 },
  })
  readable(tick, `${row.label}: signs of life protect ${compact(row.protected)} ${token} a session`)
}
