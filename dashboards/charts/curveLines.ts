/**
 * How one number depends on another: lines, steps, or single designs joined in order.
 *
 * Every line bears its name at the right, moved apart where names would overlap, and has a dash of
 * its own, so that it can be told from the others without its colour. Labels of single designs that
 * fall together are joined.
 */
import { type CurveFactory, curveLinear, curveStepAfter, line, scaleLinear, scaleLog } from 'd3'
import {
  type ChartOptions,
  type ChartSize,
  chartRoot,
  mark,
  type Root,
  readable,
  spread,
  xAxis,
  yAxis,
} from '../lib/chartBase.ts'

export interface CurvePoint {
  readonly x: number
  readonly y: number
  /** Name of a single design. */
  readonly label: string
  /** The point in words, exact. */
  readonly text: string
}

export interface CurveSeries {
  readonly name: string
  readonly shape: 'line' | 'step' | 'points'
  /** Number of the colour and of the dash. */
  readonly look: number
  readonly points: readonly CurvePoint[]
}

export interface CurveAxis {
  /** Name and unit. */
  readonly label: string
  readonly isLog: boolean
  readonly domain: readonly [number, number]
  readonly ticks: readonly number[]
  format(value: number): string
}

export interface CurveData {
  readonly x: CurveAxis
  readonly y: CurveAxis
  readonly series: readonly CurveSeries[]
  /** Where the name of a line stands: at its last value, or at its largest. */
  readonly namedAt: 'end' | 'peak'
}

const DEFAULTS = { width: 580, height: 300 } as const
const NAME_GAP = 14
const CHARACTER_WIDTH = 6.4
const NAMES_WIDTH_MAX = 180

interface Place {
  x(value: number): number
  y(value: number): number
  readonly size: ChartSize
}

export function curveLines(data: CurveData, options: ChartOptions): SVGSVGElement {
  const { width, height } = { ...DEFAULTS, ...options }
  const lines = data.series.filter(({ shape }) => shape !== 'points')
  const longest = Math.max(0, ...lines.map(({ name }) => name.length))
  const names = Math.min(NAMES_WIDTH_MAX, longest * CHARACTER_WIDTH + 26)
  const margin = { top: 26, right: Math.max(30, names), bottom: 42, left: 58 }
  const size = { width, height, margin }
  const root = chartRoot(size, options.ariaLabel).classed('curves', true)
  const x = scaleOf(data.x, [margin.left, width - margin.right])
  const y = scaleOf(data.y, [height - margin.bottom, margin.top])
  yAxis(root, size, {
    ...{ scale: y, label: data.y.label, values: data.y.ticks },
    format: (value) => data.y.format(Number(value)),
  })
  xAxis(root, size, {
    ...{ scale: x, label: data.x.label, values: data.x.ticks },
    format: (value) => data.x.format(Number(value)),
  })
  const place: Place = { x: (value) => x(value), y: (value) => y(value), size }
  for (const series of data.series) drawSeries(root, series, place)
  nameLines(root, lines, data.namedAt, place)
  labelDesigns(
    root,
    data.series.filter(({ shape }) => shape === 'points'),
    place,
  )
  return root.node() as SVGSVGElement
}

function scaleOf({ isLog, domain }: CurveAxis, range: readonly [number, number]) {
  return isLog ? scaleLog([...domain], [...range]) : scaleLinear([...domain], [...range])
}

const CURVES: Readonly<Record<CurveSeries['shape'], CurveFactory>> = {
  line: curveLinear,
  step: curveStepAfter,
  points: curveLinear,
}

function drawSeries(root: Root, series: CurveSeries, { x, y }: Place): void {
  const { shape, look, points } = series
  const path = line<CurvePoint>()
    .x((point) => x(point.x))
    .y((point) => y(point.y))
    .curve(CURVES[shape])
    .digits(1)
  const classes = `line series-${look} dash-${look}`
  mark(root, 'path', { class: classes, d: path([...points]) })
  const isSingle = shape === 'points'
  for (const point of points) {
    const dot = mark(root, 'circle', {
      class: isSingle ? `dot design series-${look}` : 'dot quiet-dot',
      ...{ cx: x(point.x), cy: y(point.y), r: isSingle ? 4.5 : 3 },
    })
    readable(dot, point.text)
  }
}

/** Names beside the plot, each behind a piece of its line. */
function nameLines(
  root: Root,
  lines: readonly CurveSeries[],
  namedAt: CurveData['namedAt'],
  { y, size }: Place,
): void {
  const { width, height, margin } = size
  const wanted = lines.map(({ points }) => {
    const heights = points.map((point) => y(point.y))
    return (namedAt === 'end' ? heights.at(-1) : Math.min(...heights)) ?? margin.top
  })
  const bounds = { least: margin.top, most: height - margin.bottom }
  const placed = spread(wanted, { gap: NAME_GAP, ...bounds })
  const left = width - margin.right + 6
  lines.forEach(({ name, look }, index) => {
    const at = placed[index] ?? margin.top
    const piece = { x1: left, x2: left + 14, y1: at, y2: at }
    mark(root, 'line', { class: `line series-${look} dash-${look}`, ...piece })
    mark(root, 'text', { class: 'end-label', x: left + 18, y: at + 4 }, name)
  })
}

interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

const TEXT_HEIGHT = 13
const NEAR = 12

const meets = (a: Box, b: Box) =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom

/** Boxes around a point that its label may take, the best first. */
function boxesAround(cx: number, cy: number, text: string): readonly Box[] {
  const width = text.length * CHARACTER_WIDTH
  const at = (left: number, top: number) => {
    return { left, right: left + width, top, bottom: top + TEXT_HEIGHT }
  }
  return [
    at(cx + 8, cy - TEXT_HEIGHT / 2),
    at(cx - 8 - width, cy - TEXT_HEIGHT / 2),
    at(cx - width / 2, cy - 8 - TEXT_HEIGHT),
    at(cx - width / 2, cy + 8),
    at(cx + 8, cy - 8 - TEXT_HEIGHT),
    at(cx + 8, cy + 8),
  ]
}

/** Labels of single designs, where they hide neither a design nor each other. */
function labelDesigns(root: Root, all: readonly CurveSeries[], { x, y, size }: Place): void {
  const groups: { cx: number; cy: number; labels: string[] }[] = []
  for (const { label, ...point } of all.flatMap(({ points }) => points)) {
    const [cx, cy] = [x(point.x), y(point.y)]
    const near = groups.find((each) => Math.hypot(each.cx - cx, each.cy - cy) < NEAR)
    if (near === undefined) groups.push({ cx, cy, labels: [label] })
    else if (!near.labels.includes(label)) near.labels.push(label)
  }
  const taken: Box[] = groups.map(({ cx, cy }) => {
    return { left: cx - 5, right: cx + 5, top: cy - 5, bottom: cy + 5 }
  })
  const { width, height, margin } = size
  for (const { cx, cy, labels } of groups) {
    const text = labels.join(', ')
    const free = boxesAround(cx, cy, text).find((box) => {
      const isInside = box.left > margin.left && box.right < width && box.bottom < height
      return isInside && !taken.some((other) => meets(box, other))
    })
    if (free === undefined) continue
    taken.push(free)
    mark(root, 'text', { class: 'end-label', x: free.left, y: free.bottom - 3 }, text)
  }
}
