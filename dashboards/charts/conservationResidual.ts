/**
 * What came in less what went out and what is still there. It sits at 0, or value was made or lost.
 */
import { curveStepAfter, line, max, scaleLinear } from 'd3'
import {
  type ChartOptions,
  chartRoot,
  readable,
  timeTicks,
  xAxis,
  yAxis,
} from '../lib/chartBase.ts'
import { compact, grouped, moment } from '../lib/format.ts'

export interface ResidualData {
  readonly points: readonly { readonly atMs: number; readonly residualUnits: bigint }[]
  readonly timeMs: readonly [number, number]
}

const DEFAULTS = { width: 640, height: 130 } as const

export function conservationResidual(data: ResidualData, options: ChartOptions): SVGSVGElement {
  const { width, height } = { ...DEFAULTS, ...options }
  const margin = { top: 24, right: 20, bottom: 42, left: 62 }
  const size = { width, height, margin }
  const root = chartRoot(size, options.ariaLabel)
  const values = data.points.map(({ residualUnits }) => Math.abs(Number(residualUnits)))
  const reach = max(values) || 1
  const x = scaleLinear([...data.timeMs], [margin.left, width - margin.right])
  const y = scaleLinear([-reach, reach], [height - margin.bottom, margin.top])
  yAxis(root, size, {
    scale: y,
    label: 'residual (base units)',
    values: [-reach, 0, reach],
    format: (value) => compact(Number(value)),
  })
  xAxis(root, size, {
    scale: x,
    label: 'true time since the start of the world (min:s)',
    values: timeTicks(data.timeMs),
    format: (ms) => moment(Number(ms)).replace(/\.\d$/, ''),
  })
  const path = line<ResidualData['points'][number]>()
    .x(({ atMs }) => x(atMs))
    .y(({ residualUnits }) => y(Number(residualUnits)))
    .curve(curveStepAfter)
    .digits(1)
  root
    .append('path')
    .attr('class', 'line median')
    .attr('d', path([...data.points]))
  for (const { atMs, residualUnits } of data.points) {
    const isBroken = residualUnits !== 0n
    const dot = root
      .append('circle')
      .attr('class', isBroken ? 'dot broken' : 'dot')
      .attr('cx', x(atMs))
      .attr('cy', y(Number(residualUnits)))
      .attr('r', isBroken ? 4 : 2.5)
    readable(dot, `${moment(atMs)}: residual ${grouped(residualUnits)} base units`)
  }
  return root.node() as SVGSVGElement
}
