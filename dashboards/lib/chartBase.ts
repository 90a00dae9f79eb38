/**
 * What all charts share: the SVG root, margins, axes with their unit, and marks that can be read
 * one by one.
 *
 * A chart is `chart(data, options) -> SVGSVGElement`, pure, without ids: colours come from CSS
 * classes, everything else from the arguments. A mark with `data-read` is one stop of the reading
 * cursor that `chartCard.ts` lays over every chart.
 */
import { type AxisDomain, type AxisScale, axisBottom, axisLeft, create, type Selection } from 'd3'

export interface Margin {
  readonly top: number
  readonly right: number
  readonly bottom: number
  readonly left: number
}

export interface ChartSize {
  readonly width: number
  readonly height: number
  readonly margin: Margin
}

export type Root = Selection<SVGSVGElement, undefined, null, undefined>
export type Group = Selection<SVGGElement, undefined, null, undefined>

export interface ChartOptions {
  /** What the chart shows and finds, in one sentence. */
  readonly ariaLabel: string
  readonly width?: number
  readonly height?: number
}

/** The root of a chart; it scales down with its container and never up. */
export function chartRoot({ width, height }: ChartSize, ariaLabel: string): Root {
  return create<SVGSVGElement>('svg:svg')
    .attr('xmlns', 'http://www.w3.org/2000/svg')
    .attr('class', 'chart')
    .attr('role', 'img')
    .attr('aria-label', ariaLabel)
    .attr('viewBox', `0 0 ${width} ${height}`)
    .attr('width', width)
    .attr('height', height)
}

export interface AxisOptions<Domain extends AxisDomain> {
  readonly scale: AxisScale<Domain>
  /** Name and unit, for instance `latency (ms, log)`. */
  readonly label: string
  readonly ticks?: number
  readonly values?: readonly Domain[]
  format?(value: Domain): string
  /** Whether lines run across the plot at every tick. */
  readonly grid?: boolean
}

/** The horizontal axis at the bottom, with its label below. */
export function xAxis<Domain extends AxisDomain>(
  root: Group | Root,
  size: ChartSize,
  axis: AxisOptions<Domain>,
) {
  const { width, height, margin } = size
  const group = root
    .append('g')
    .attr('class', 'axis axis-x')
    .attr('transform', `translate(0,${height - margin.bottom})`)
  const generator = axisBottom<Domain>(axis.scale).tickSizeOuter(0).tickSizeInner(4)
  if (axis.ticks !== undefined) generator.ticks(axis.ticks)
  if (axis.values !== undefined) generator.tickValues([...axis.values])
  if (axis.format !== undefined) generator.tickFormat(axis.format)
  group.call(generator)
  if (axis.grid === true) {
    group
      .selectAll('.tick')
      .append('line')
      .attr('class', 'grid')
      .attr('y2', -(height - margin.top - margin.bottom))
  }
  group
    .append('text')
    .attr('class', 'axis-label')
    .attr('x', (margin.left + width - margin.right) / 2)
    .attr('y', margin.bottom - 6)
    .attr('text-anchor', 'middle')
    .text(axis.label)
  return group
}

/** The vertical axis on the left, with its label above the plot, to be read without turning. */
export function yAxis<Domain extends AxisDomain>(
  root: Group | Root,
  size: ChartSize,
  axis: AxisOptions<Domain>,
) {
  const { width, margin } = size
  const group = root
    .append('g')
    .attr('class', 'axis axis-y')
    .attr('transform', `translate(${margin.left},0)`)
  const generator = axisLeft<Domain>(axis.scale).tickSizeOuter(0).tickSizeInner(4)
  if (axis.ticks !== undefined) generator.ticks(axis.ticks)
  if (axis.values !== undefined) generator.tickValues([...axis.values])
  if (axis.format !== undefined) generator.tickFormat(axis.format)
  group.call(generator)
  if (axis.grid !== false) {
    group
      .selectAll('.tick')
      .append('line')
      .attr('class', 'grid')
      .attr('x2', width - margin.left - margin.right)
  }
  group
    .append('text')
    .attr('class', 'axis-label')
    .attr('x', -margin.left + 2)
    .attr('y', 12)
    .attr('text-anchor', 'start')
    .text(axis.label)
  return group
}

/** Values of a logarithmic axis: 1, 2 and 5 of every decade, or the decades alone when many. */
export function logTicks([least, most]: readonly [number, number]): readonly number[] {
  const [from, until] = [Math.floor(Math.log10(least)), Math.ceil(Math.log10(most))]
  const steps = until - from > 4 ? [1] : until - from > 2 ? [1, 3] : [1, 2, 5]
  const ticks: number[] = []
  for (let decade = from; decade <= until; decade += 1) {
    for (const step of steps) {
      const tick = Number(`${step}e${decade}`)
      if (tick >= least && tick <= most) ticks.push(tick)
    }
  }
  return ticks
}

type Parent = Selection<SVGGElement, undefined, null, undefined> | Root
type Shape = 'g' | 'line' | 'rect' | 'circle' | 'path' | 'text'

/** Appends a mark; numbers are rounded to hundredths of a pixel. */
export function mark<Name extends Shape>(
  parent: Parent,
  name: Name,
  attributes: Readonly<Record<string, string | number | null>>,
  text?: string,
): Selection<SVGElementTagNameMap[Name], undefined, null, undefined> {
  const element = (parent as Group).append<SVGElementTagNameMap[Name]>(name as string)
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null) continue
    element.attr(key, typeof value === 'number' ? Math.round(value * 100) / 100 : value)
  }
  if (text !== undefined) element.text(text)
  return element
}

/** A mark that the reading cursor stops at. */
export function readable<Mark extends SVGElement>(
  selection: Selection<Mark, undefined, null, undefined>,
  text: string,
): void {
  selection.attr('data-read', text).append('title').text(text)
}

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DURATIONS_MS = [
  ...[1, 3, 10, 30, 100, 300, SECOND_MS, 3 * SECOND_MS, 10 * SECOND_MS, 30 * SECOND_MS],
  ...[MINUTE_MS, 3 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS, 3 * HOUR_MS],
  ...[10 * HOUR_MS, 24 * HOUR_MS, 72 * HOUR_MS],
]

/** Durations that people name, for a logarithmic axis in milliseconds: at most `most` of them. */
export function durationTicks(domain: readonly [number, number], most = 7): readonly number[] {
  const inside = DURATIONS_MS.filter((ms) => ms >= domain[0] && ms <= domain[1])
  if (inside.length < 2) return logTicks(domain)
  const every = Math.ceil(inside.length / most)
  return inside.filter((_, index) => index % every === 0)
}

const STEPS_S = [
  0.1, 0.5, 1, 5, 10, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200,
]

/** Whole seconds, minutes or hours for an axis of time in milliseconds. */
export function timeTicks([from, until]: readonly [number, number], most = 7): readonly number[] {
  const fits = (seconds: number) => (until - from) / (seconds * SECOND_MS) <= most
  const stepMs = (STEPS_S.find(fits) ?? 86_400) * SECOND_MS
  const ticks: number[] = []
  for (let at = Math.ceil(from / stepMs) * stepMs; at <= until; at += stepMs) ticks.push(at)
  return ticks
}

/** Labels at the ends of lines, moved apart so that none overlaps another. */
export function spread(
  wanted: readonly number[],
  { gap, least, most }: { readonly gap: number; readonly least: number; readonly most: number },
): readonly number[] {
  const order = wanted.map((y, index) => ({ y, index })).sort((a, b) => a.y - b.y)
  let above = least - gap
  for (const entry of order) {
    entry.y = Math.max(entry.y, above + gap)
    above = entry.y
  }
  let below = most + gap
  for (const entry of [...order].reverse()) {
    entry.y = Math.min(entry.y, below - gap)
    below = entry.y
  }
  const placed = [...wanted]
  for (const { y, index } of order) placed[index] = y
  return placed
}
