/**
 * The distribution of one stage under one regime, over a grey reference without faults.
 *
 * A curve goes through the upper ends of the record's buckets, where the counts are exact. The
 * share is of all operations that ended; failed and undecided ones are counted apart, so a curve
 * that looks good cannot hide them. Quantiles carry their rank interval as a bar.
 */
import { curveStepAfter, line, scaleLinear, scaleLog } from 'd3'
import {
  type ChartOptions,
  chartRoot,
  durationTicks,
  readable,
  xAxis,
  yAxis,
} from '../lib/chartBase.ts'
import { duration, percent, quantileName } from '../lib/format.ts'

export interface Bucket {
  readonly fromMs: number
  readonly toMs: number
  readonly count: number
}

export interface EcdfData {
  readonly histogram: readonly Bucket[]
  /** The same stage without faults; null when this is the reference itself. */
  readonly reference: readonly Bucket[] | null
  readonly quantiles: readonly {
    readonly q: number
    readonly valueMs: number
    readonly lowMs: number | null
    readonly highMs: number | null
  }[]
  readonly domainMs: readonly [number, number]
  /** Class of the regime's colour, `series-0` and up. */
  readonly series: string
}

const DEFAULTS = { width: 300, height: 210 } as const

/** Cumulative share at the upper end of each bucket. */
export function cumulative(histogram: readonly Bucket[]): readonly (readonly [number, number])[] {
  const total = histogram.reduce((sum, { count }) => sum + count, 0)
  const first = histogram[0]
  if (first === undefined || total === 0) return []
  let seen = 0
  const points = histogram.map(({ toMs, count }) => {
    seen += count
    return [toMs, seen / total] as const
  })
  return [[first.fromMs, 0] as const, ...points]
}

export function latencyEcdf(data: EcdfData, options: ChartOptions): SVGSVGElement {
  const { width, height } = { ...DEFAULTS, ...options }
  const margin = { top: 24, right: 14, bottom: 40, left: 46 }
  const size = { width, height, margin }
  const root = chartRoot(size, options.ariaLabel)
  const x = scaleLog([...data.domainMs], [margin.left, width - margin.right]).clamp(true)
  const y = scaleLinear([0, 1], [height - margin.bottom, margin.top])
  const values = durationTicks(data.domainMs, 4)
  xAxis(root, size, {
    scale: x,
    label: 'latency (log)',
    values,
    format: (ms) => duration(Number(ms)),
  })
  yAxis(root, size, {
    scale: y,
    label: 'share of operations',
    ticks: 4,
    format: (share) => percent(Number(share)),
  })
  const path = line<readonly [number, number]>()
    .x(([ms]) => x(Math.max(ms, data.domainMs[0])))
    .y(([, share]) => y(share))
    .curve(curveStepAfter)
    .digits(1)
  if (data.reference !== null) {
    root
      .append('path')
      .attr('class', 'line reference')
      .attr('d', path([...cumulative(data.reference)]))
  }
  root
    .append('path')
    .attr('class', `line ${data.series}`)
    .attr('d', path([...cumulative(data.histogram)]))
  for (const { q, valueMs, lowMs, highMs } of data.quantiles) {
    const mark = root
      .append('g')
      .attr('class', `interval ${data.series}`)
      .attr('transform', `translate(0,${y(q)})`)
    if (lowMs !== null && highMs !== null)
      mark.append('line').attr('x1', x(lowMs)).attr('x2', x(highMs))
    mark.append('circle').attr('cx', x(valueMs)).attr('r', 3)
    const interval =
      lowMs === null || highMs === null
        ? 'too few samples for an interval'
        : `interval ${duration(lowMs)} to ${duration(highMs)}`
    readable(mark, `${quantileName(q)} ${duration(valueMs)}, ${interval}`)
  }
  return root.node() as SVGSVGElement
}
