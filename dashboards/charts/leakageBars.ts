/**
 * What is billed beyond the service after a drop, a bar per regime, split by what caused it: time,
 * or whatever else is metered.
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
  /** Mean per drop by cause, in order of the stages. */
  readonly causes: readonly { readonly cause: string; readonly mean: number }[]
  readonly max: number
  readonly allowance: number | null
}

export interface LeakageOptions extends ChartOptions {
  /** `ms`, or what is metered. @defaultValue 'ms' */
  readonly unit?: string
}

const DEFAULTS = { width: 640, height: 0 } as const
const ROW_HEIGHT = 34

export function leakageBars(rows: readonly LeakageRow[], options: LeakageOptions): SVGSVGElement {
  const { width, unit = 'ms' } = { ...DEFAULTS, ...options }
  const margin = { top: 24, right: 24, bottom: 42, left: 150 }
  const size = { width, height: margin.top + margin.bottom + rows.length * ROW_HEIGHT, margin }
  const root = chartRoot(size, options.ariaLabel)
  const sums = rows.flatMap(({ causes, max: most, allowance }) => [
    ...[causes.reduce((sum, { mean }) => sum + Math.max(0, mean), 0), most, allowance ?? 0],
  ])
  const least = min(rows.flatMap(({ causes }) => causes.map(({ mean }) => mean))) ?? 0
  // Time is drawn in seconds.
  const scale = unit === 'ms' ? 1000 : 1
  const x = scaleLinear(
    [Math.min(0, least) / scale, ((max(sums) ?? 0) / scale) * 1.04 || 1],
    [margin.left, width - margin.right],
  )
  const y = scaleBand(
    rows.map(({ label }) => label),
    [margin.top, size.height - margin.bottom],
  ).padding(0.3)
  yAxis(root, size, { scale: y, label: 'regime', grid: false })
  xAxis(root, size, {
    scale: x,
    label: `billed after the last service (${unit === 'ms' ? 's' : unit} per drop)`,
    ticks: 7,
    format: (value) => compact(Number(value)),
    grid: true,
  })
  for (const row of rows) {
    const place = { x: (value: number) => x(value / scale), top: y(row.label) ?? 0 }
    drawRow(root, row, { ...place, thick: y.bandwidth(), unit })
  }
  return root.node() as SVGSVGElement
}

/** `47 s` for time, `900 tokens` for what else is metered. */
export function leakageText(value: number, unit: string): string {
  return unit === 'ms' ? duration(value) : `${compact(value)} ${unit}`
}

function drawRow(
  root: Root,
  row: LeakageRow,
  place: { x: (value: number) => number; top: number; thick: number; unit: string },
): void {
  const { x, top, thick, unit } = place
  const text = (value: number) => leakageText(value, unit)
  const group = root.append('g').attr('transform', `translate(0,${top})`)
  let at = 0
  row.causes.forEach(({ cause, mean }, index) => {
    const [from, to] = mean < 0 ? [mean, 0] : [at, at + mean]
    if (mean > 0) at += mean
    if (to - from === 0) return
    const bar = group
      .append('rect')
      .attr('class', `bar cause-${index}`)
      .attr('x', x(from))
      .attr('width', Math.max(0.5, x(to) - x(from)))
      .attr('height', thick)
    readable(bar, `${row.label}: ${cause} ${text(mean)} on average, n = ${row.n}`)
  })
  const worst = group
    .append('path')
    .attr('class', 'worst-tick')
    .attr('d', `M${x(row.max).toFixed(1)},-3v${(thick + 6).toFixed(1)}`)
  readable(worst, `${row.label}: worst run ${text(row.max)}`)
  if (row.allowance === null) return
  const rule = group
    .append('path')
    .attr('class', 'limit-tick')
    .attr('d', `M${x(row.allowance).toFixed(1)},-5v${(thick + 10).toFixed(1)}`)
  readable(rule, `${row.label}: the parameters allow ${text(row.allowance)}`)
}
