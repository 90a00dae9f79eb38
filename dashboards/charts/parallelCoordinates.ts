/**
 * Every configuration as a line over its parameters (left) and outcomes (right).
 *
 * Brushing an axis keeps the configurations inside the brush; several brushes must all hold. The
 * order and direction of the axes are the caller's, so that a reader can move and turn them.
 */
import { axisLeft, brushY, extent, line, type ScaleLinear, scaleLinear } from 'd3'

import { type ChartOptions, chartRoot, type Group, mark, readable } from '../lib/chartBase.ts'
import { compact, words } from '../lib/format.ts'

export interface ParallelAxis {
  readonly name: string
  readonly unit: string
  readonly isParameter: boolean
  readonly isInteger: boolean
  readonly isFlipped: boolean
  /** Bounds of the brush in values; null when there is none. */
  readonly brushed: readonly [number, number] | null
}

export interface ParallelLine {
  readonly key: string
  readonly values: Readonly<Record<string, number>>
  readonly feasible: boolean
  readonly pareto: boolean
  readonly isSelected: boolean
  readonly pin: string | null
  readonly text: string
}

export interface ParallelData {
  readonly axes: readonly ParallelAxis[]
  readonly lines: readonly ParallelLine[]
}

export interface ParallelOptions extends ChartOptions {
  onBrush?(axis: string, range: readonly [number, number] | null): void
  onPick?(key: string): void
}

const DEFAULTS = { width: 760, height: 380 } as const
const TICKS_MAX = 6
const NAME_MAX = 15
const margin = { top: 72, right: 48, bottom: 16, left: 56 } as const

/** A camelCase name in words, broken into short lines. */
function nameLines(name: string): readonly string[] {
  const lines: string[] = []
  for (const word of words(name).split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < NAME_MAX) {
      lines[lines.length - 1] = `${last} ${word}`
    } else lines.push(word)
  }
  return lines.slice(0, 3)
}

export function parallelCoordinates(data: ParallelData, options: ParallelOptions): SVGSVGElement {
  const { width, height } = { ...DEFAULTS, ...options }
  const size = { width, height, margin }
  const root = chartRoot(size, options.ariaLabel).classed('parallel', true)
  const gap =
    data.axes.length < 2 ? 0 : (width - margin.left - margin.right) / (data.axes.length - 1)
  const scales = data.axes.map(({ name, isFlipped }) => {
    const [least = 0, most = 1] = extent(data.lines, ({ values }) => values[name])
    const range: [number, number] = [height - margin.bottom, margin.top]
    return scaleLinear(
      least === most ? [least - 1, most + 1] : [least, most],
      isFlipped ? range.reverse() : range,
    )
  })
  const path = line<number>()
    .x((_, index) => margin.left + index * gap)
    .y((value, index) => scales[index]?.(value) ?? 0)
    .digits(1)
  const rank = ({ isSelected, pareto, pin }: ParallelLine) =>
    Number(isSelected) + Number(pareto) + 2 * Number(pin !== null)
  for (const entry of [...data.lines].sort((a, b) => rank(a) - rank(b))) {
    const classes = [
      'strand',
      entry.feasible ? (entry.pareto ? 'pareto' : 'dominated') : 'infeasible',
    ]
    if (!entry.isSelected) classes.push('unselected')
    if (entry.pin !== null) classes.push('pinned')
    const d = path(data.axes.map(({ name }) => entry.values[name] ?? 0))
    const strand = mark(root, 'path', { class: classes.join(' '), d, fill: 'none' })
    if (entry.isSelected) readable(strand, entry.text)
    strand.on('click', () => options.onPick?.(entry.key))
  }
  data.axes.forEach((axis, index) => {
    const group = mark(root, 'g', {
      class: `parallel-axis ${axis.isParameter ? 'parameter' : 'outcome'}`,
      transform: `translate(${(margin.left + index * gap).toFixed(1)},0)`,
    })
    drawAxis(group, axis, scales[index] as ScaleLinear<number, number>, options)
  })
  return root.node() as SVGSVGElement
}

function drawAxis(
  group: Group,
  axis: ParallelAxis,
  scale: ScaleLinear<number, number>,
  options: ParallelOptions,
): void {
  const ticks = scale.ticks(TICKS_MAX).filter((tick) => !axis.isInteger || Number.isInteger(tick))
  group.call(
    axisLeft(scale)
      .tickValues(ticks)
      .tickSizeOuter(0)
      .tickFormat((value) => compact(Number(value))),
  )
  const lines = nameLines(axis.name)
  for (const [index, text] of lines.entries()) {
    const y = margin.top - 28 - (lines.length - 1 - index) * 13
    mark(group, 'text', { class: 'parallel-name', y, 'text-anchor': 'middle' }, text)
  }
  const unit = `${axis.unit === '' ? '' : `(${axis.unit})`}${axis.isFlipped ? ' turned' : ''}`
  mark(group, 'text', { class: 'parallel-unit', y: margin.top - 14, 'text-anchor': 'middle' }, unit)
  const [bottom = 0, top = 0] = scale
    .range()
    .slice()
    .sort((a, b) => b - a)
  const brush = brushY<undefined>()
    .extent([
      [-10, top],
      [10, bottom],
    ])
    .on('end', (event: { selection: [number, number] | null; sourceEvent?: unknown }) => {
      if (event.sourceEvent === undefined || event.sourceEvent === null) return
      const range = event.selection?.map((at) => scale.invert(at)).sort((a, b) => a - b)
      options.onBrush?.(
        axis.name,
        range === undefined ? null : [range[0] as number, range[1] as number],
      )
    })
  const layer = mark(group, 'g', { class: 'brush' })
  layer.call(brush)
  if (axis.brushed === null) return
  const [from, to] = axis.brushed.map((value) => scale(value)).sort((a, b) => a - b)
  layer.call(brush.move, [from as number, to as number])
}
