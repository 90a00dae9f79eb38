/**
 * How often a promise of time is kept: a dot and its interval for each regime and chain.
 *
 * The axis always runs from 0 to 100 %, so that two promises can be compared by eye.
 */
import { scaleBand, scaleLinear } from 'd3'
import { type ChartOptions, chartRoot, mark, readable, xAxis, yAxis } from '../lib/chartBase.ts'
import { compact, grouped, percent } from '../lib/format.ts'

export interface ServiceLevelRow {
  /** Regime and chain. */
  readonly label: string
  readonly met: number
  readonly n: number
  /** Null without any sample. */
  readonly probability: {
    readonly value: number
    readonly low: number
    readonly high: number
  } | null
}

const DEFAULTS = { width: 640, height: 0 } as const
const ROW_HEIGHT = 26
const DOT_RADIUS = 5

export function serviceLevelDots(
  rows: readonly ServiceLevelRow[],
  options: ChartOptions,
): SVGSVGElement {
  const { width } = { ...DEFAULTS, ...options }
  const margin = { top: 24, right: 70, bottom: 42, left: 150 }
  const size = { width, height: margin.top + margin.bottom + rows.length * ROW_HEIGHT, margin }
  const root = chartRoot(size, options.ariaLabel)
  const x = scaleLinear([0, 1], [margin.left, width - margin.right])
  const y = scaleBand(
    rows.map(({ label }) => label),
    [margin.top, size.height - margin.bottom],
  ).padding(0.3)
  yAxis(root, size, { scale: y, label: 'regime', grid: false })
  xAxis(root, size, {
    scale: x,
    label: 'kept within the promised time (%)',
    ticks: 6,
    format: (value) => compact(100 * Number(value)),
    grid: true,
  })
  for (const { label, met, n, probability } of rows) {
    const middle = (y(label) ?? 0) + y.bandwidth() / 2
    const place = { x: width - margin.right + 8, y: middle + 4 }
    if (probability === null) {
      mark(root, 'text', { class: 'end-label', ...place }, 'none')
      continue
    }
    const { value, low, high } = probability
    const ends = { x1: x(low), x2: x(high), y1: middle, y2: middle }
    mark(root, 'line', { class: 'level-interval', ...ends })
    const dot = mark(root, 'circle', {
      class: 'dot level',
      cx: x(value),
      cy: middle,
      r: DOT_RADIUS,
    })
    readable(
      dot,
      `${label}: ${percent(value)}, interval ${percent(low)} to ${percent(high)}, ` +
        `${grouped(met)} of ${grouped(n)}`,
    )
    mark(root, 'text', { class: 'end-label', ...place }, percent(value))
  }
  return root.node() as SVGSVGElement
}
