/**
 * How deep the runs of a campaign got: runs by their number of accepted steps.
 */
import { bin, max, range, scaleLinear } from 'd3'
import { type ChartOptions, chartRoot, readable, xAxis, yAxis } from '../lib/chartBase.ts'
import { grouped } from '../lib/format.ts'

export type DepthData = readonly { readonly value: number; readonly count: number }[]

const BINS_MAX = 16
const DEFAULTS = { width: 420, height: 190 } as const

export function depthHistogram(data: DepthData, options: ChartOptions): SVGSVGElement {
  const { width, height } = { ...DEFAULTS, ...options }
  const margin = { top: 24, right: 14, bottom: 42, left: 54 }
  const size = { width, height, margin }
  const root = chartRoot(size, options.ariaLabel)
  const least = data[0]?.value ?? 0
  const most = (data.at(-1)?.value ?? 0) + 1
  const bins = bin<DepthData[number], number>()
    .value(({ value }) => value)
    .domain([least, most])
    .thresholds(range(least, most, Math.max(1, Math.ceil((most - least) / BINS_MAX))))([...data])
  const rows = bins.map((entries) => ({
    ...{ from: entries.x0 ?? 0, until: entries.x1 ?? 0 },
    count: entries.reduce((sum, { count }) => sum + count, 0),
  }))
  const x = scaleLinear([least, most], [margin.left, width - margin.right])
  const y = scaleLinear(
    [0, max(rows, ({ count }) => count) || 1],
    [height - margin.bottom, margin.top],
  )
  yAxis(root, size, { scale: y, label: 'runs', ticks: 4 })
  xAxis(root, size, {
    scale: x,
    label: 'accepted steps of a run',
    values: x.ticks(6).filter(Number.isInteger),
  })
  for (const { from, until, count } of rows) {
    if (count === 0) continue
    const bar = root
      .append('rect')
      .attr('class', 'bar')
      .attr('x', x(from) + 0.5)
      .attr('width', Math.max(1, x(until) - x(from) - 1))
      .attr('y', y(count))
      .attr('height', y(0) - y(count))
    readable(bar, `${from} to ${until - 1} accepted steps: ${grouped(count)} runs`)
  }
  return root.node() as SVGSVGElement
}
