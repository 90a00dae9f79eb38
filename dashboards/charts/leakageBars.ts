/**
 * Time billed beyond the service after a drop, a bar per regime, split by what caused it.
 *
 * A bar is the mean per drop, the tick is the worst run, the rule what the parameters allow.
 * Rounding only ever takes away; it stands to the left of zero.
 */
import { max, min, scaleBand, scaleLinear } from 'd3'
import {
  type ChartOptions,
  chartRoot,
  type Root,
  readable,
  xAxis,
  yAxis,
} from '../lib/chartBase.ts'
import { compact, duration } from '../lib/format.ts'

export interface LeakageRow {
  readonly label: string
  readonly n: number
  /** Mean per drop by cause, in milliseconds, in order of the stages. */
  readonly causes: readonly { readonly cause: string; readonly meanMs: number }[]
  readonly maxMs: number
  readonly allowanceMs: number | null
}

const DEFAULTS = { width: 640, height: 0 } as const
const ROW_HEIGHT = 34

export function leakageBars(rows: readonly LeakageRow[], options: ChartOptions): SVGSVGElement {
  const { width } = { ...DEFAULTS, ...options }
  const margin = { top: 24, right: 24, bottom: 42, left: 150 }
  const size = { width, height: margin.top + margin.bottom + rows.length * ROW_HEIGHT, margin }
  const root = chartRoot(size, options.ariaLabel)
  const sums = rows.flatMap(({ causes, maxMs, allowanceMs }) => [
    ...[causes.reduce((sum, { meanMs }) => sum + Math.max(0, meanMs), 0), maxMs, allowanceMs ?? 0],
  ])
  const least = min(rows.flatMap(({ causes }) => causes.map(({ meanMs }) => meanMs))) ?? 0
  const x = scaleLinear(
    [Math.min(0, least) / 1000, ((max(sums) ?? 0) / 1000) * 1.04 || 1],
    [margin.left, width - margin.right],
  )
  const y = scaleBand(
    rows.map(({ label }) => label),
    [margin.top, size.height - margin.bottom],
  ).padding(0.3)
  yAxis(root, size, { scale: y, label: 'regime', grid: false })
  xAxis(root, size, {
    scale: x,
    label: 'billed after the last service (s per drop)',
    ticks: 7,
    format: (value) => compact(Number(value)),
    grid: true,
  })
  for (const row of rows) {
    drawRow(root, row, { x: (ms) => x(ms / 1000), top: y(row.label) ?? 0, thick: y.bandwidth() })
  }
  return root.node() as SVGSVGElement
}

function drawRow(
  root: Root,
  row: LeakageRow,
  { x, top, thick }: { x: (ms: number) => number; top: number; thick: number },
): void {
  const group = root.append('g').attr('transform', `translate(0,${top})`)
  let atMs = 0
  row.causes.forEach(({ cause, meanMs }, index) => {
    const [from, to] = meanMs < 0 ? [meanMs, 0] : [atMs, atMs + meanMs]
    if (meanMs > 0) atMs += meanMs
    if (to - from === 0) return
    const bar = group
      .append('rect')
      .attr('class', `bar cause-${index}`)
      .attr('x', x(from))
      .attr('width', Math.max(0.5, x(to) - x(from)))
      .attr('height', thick)
    readable(bar, `${row.label}: ${cause} ${duration(meanMs)} on average, n = ${row.n}`)
  })
  const worst = group
    .append('path')
    .attr('class', 'worst-tick')
    .attr('d', `M${x(row.maxMs).toFixed(1)},-3v${(thick + 6).toFixed(1)}`)
  readable(worst, `${row.label}: worst run ${duration(row.maxMs)}`)
  if (row.allowanceMs === null) return
  const rule = group
    .append('path')
    .attr('class', 'limit-tick')
    .attr('d', `M${x(row.allowanceMs).toFixed(1)},-5v${(thick + 10).toFixed(1)}`)
  readable(rule, `${row.label}: the parameters allow ${duration(row.allowanceMs)}`)
}
