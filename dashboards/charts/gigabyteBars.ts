/**
 * One measure for each gigabyte: a bar for each protocol and policy, side by side in each regime,
 * from 0 and on one scale, so that twice the length is twice the price.
 *
 * The colour is the protocol's; as described is drawn in outline, hardened is filled.
 */
import { max, scaleBand, scaleLinear } from 'd3'
import {
  type ChartOptions,
  chartRoot,
  mark,
  type Root,
  readable,
  timeTicks,
  xAxis,
  yAxis,
} from '../lib/chartBase.ts'

export interface GigabyteBar {
  /** Protocol and policy, for reading. */
  readonly name: string
  /** Number of the protocol's colour. */
  readonly look: number
  readonly isOutlined: boolean
  /** Null when it was not measured. */
  readonly value: number | null
  readonly low: number | null
  readonly high: number | null
}

export interface GigabyteRow {
  readonly label: string
  readonly bars: readonly GigabyteBar[]
}

export interface GigabyteOptions extends ChartOptions {
  /** Name and unit of the measure. */
  readonly axis: string
  format(value: number): string
  /** Values are milliseconds. */
  readonly isTime: boolean
}

const DEFAULTS = { width: 384, height: 0 } as const
const BAR_HEIGHT = 13
const ROW_GAP = 12
const TICKS = 4

export function gigabyteBars(
  rows: readonly GigabyteRow[],
  options: GigabyteOptions,
): SVGSVGElement {
  const { width } = { ...DEFAULTS, ...options }
  const margin = { top: 24, right: 66, bottom: 42, left: 72 }
  const most = max(rows, ({ bars }) => bars.length) ?? 0
  const rowHeight = most * BAR_HEIGHT + ROW_GAP
  const size = { width, height: margin.top + margin.bottom + rows.length * rowHeight, margin }
  const root = chartRoot(size, options.ariaLabel)
  const ends = rows.flatMap(({ bars }) => bars.flatMap(({ value, high }) => high ?? value ?? 0))
  const x = scaleLinear([0, (max(ends) ?? 0) * 1.02 || 1], [margin.left, width - margin.right])
  const y = scaleBand(
    rows.map(({ label }) => label),
    [margin.top, size.height - margin.bottom],
  )
  yAxis(root, size, { scale: y, label: 'regime', grid: false })
  xAxis(root, size, {
    ...{ scale: x, label: options.axis, grid: true },
    values: options.isTime ? timeTicks([0, x.invert(width - margin.right)], TICKS) : x.ticks(TICKS),
    format: (value) => options.format(Number(value)),
  })
  for (const { label, bars } of rows) {
    bars.forEach((bar, index) => {
      const top = (y(label) ?? 0) + ROW_GAP / 2 + index * BAR_HEIGHT
      drawBar(root, bar, { label, top, x: (value) => x(value), format: options.format })
    })
  }
  return root.node() as SVGSVGElement
}

interface Place {
  readonly label: string
  readonly top: number
  x(value: number): number
  format(value: number): string
}

function drawBar(root: Root, bar: GigabyteBar, { label, top, x, format }: Place): void {
  const { name, look, isOutlined, value, low, high } = bar
  const middle = top + BAR_HEIGHT / 2
  const end = { class: 'end-label', y: middle + 4 }
  if (value === null) {
    mark(root, 'text', { ...end, x: x(0) + 5 }, 'none')
    return
  }
  const isKnown = low !== null && high !== null
  const shape = mark(root, 'rect', {
    class: `bar cause-${look}${isOutlined ? ' outlined' : ''}`,
    ...{ x: x(0), y: top + 1, width: Math.max(1, x(value) - x(0)), height: BAR_HEIGHT - 3 },
  })
  const interval = isKnown ? `, interval ${format(low)} to ${format(high)}` : ', too few runs'
  readable(shape, `${label}, ${name}: ${format(value)}${interval}`)
  if (isKnown) {
    const ends = { x1: x(Math.max(0, low)), x2: x(high), y1: middle, y2: middle }
    mark(root, 'line', { class: 'bar-interval', ...ends })
  }
  mark(root, 'text', { ...end, x: x(high ?? value) + 5 }, format(value))
}
