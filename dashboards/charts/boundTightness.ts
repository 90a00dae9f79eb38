/**
 * How near the worst run came to the bound of each claim, as a share of the bound.
 *
 * A bound that nothing approaches is true and useless; one that is passed is false. The rule at
 * 100 % is the bound itself.
 */
import { max, scaleBand, scaleLinear } from 'd3'
import { type ChartOptions, chartRoot, mark, readable, xAxis, yAxis } from '../lib/chartBase.ts'
import { compact, grouped, percent } from '../lib/format.ts'

export interface TightnessRow {
  readonly label: string
  readonly observed: number
  readonly bound: number
  readonly unit: string
  readonly n: number
}

const DEFAULTS = { width: 640, height: 0 } as const
const ROW_HEIGHT = 24
/** Beyond this share bars are cut; their numbers are not. */
const SHARE_MAX = 2

export function boundTightness(
  rows: readonly TightnessRow[],
  options: ChartOptions,
): SVGSVGElement {
  const { width } = { ...DEFAULTS, ...options }
  const margin = { top: 24, right: 70, bottom: 42, left: 250 }
  const size = { width, height: margin.top + margin.bottom + rows.length * ROW_HEIGHT, margin }
  const root = chartRoot(size, options.ariaLabel)
  const share = ({ observed, bound }: TightnessRow) =>
    bound === 0 ? (observed > 0 ? 2 : 0) : observed / bound
  const most = Math.min(SHARE_MAX, Math.max(1.1, (max(rows, share) ?? 0) * 1.05))
  const x = scaleLinear([0, most], [margin.left, width - margin.right]).clamp(true)
  const y = scaleBand(
    rows.map(({ label }) => label),
    [margin.top, size.height - margin.bottom],
  ).padding(0.35)
  yAxis(root, size, { scale: y, label: 'claim, regime', grid: false })
  xAxis(root, size, {
    scale: x,
    label: 'worst observed value as a share of its bound (%)',
    ticks: 6,
    format: (value) => compact(100 * Number(value)),
    grid: true,
  })
  for (const row of rows) {
    const top = y(row.label) ?? 0
    const bar = root
      .append('rect')
      .attr('class', share(row) > 1 ? 'bar broken' : 'bar')
      .attr('x', x(0))
      .attr('y', top)
      .attr('height', y.bandwidth())
      .attr('width', Math.max(1, x(share(row)) - x(0)))
    const label = { x: x(share(row)) + 5, y: top + y.bandwidth() / 2 + 4 }
    mark(root, 'text', { class: 'end-label', ...label }, percent(share(row)))
    readable(
      bar,
      [
        `${row.label}: ${grouped(Math.round(row.observed))} of`,
        `${grouped(Math.round(row.bound))} ${row.unit}, ${percent(share(row))},`,
        `n = ${grouped(row.n)}`,
      ].join(' '),
    )
  }
  root
    .append('line')
    .attr('class', 'limit-tick')
    .attr('x1', x(1))
    .attr('x2', x(1))
    .attr('y1', margin.top - 4)
    .attr('y2', size.height - margin.bottom)
  return root.node() as SVGSVGElement
}
