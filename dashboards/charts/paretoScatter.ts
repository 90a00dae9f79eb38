/**
 * Every configuration of a sweep by two outcomes, with the Pareto front as a step line.
 *
 * A configuration under which any claim was violated is no candidate, however good its numbers: it
 * is a hollow cross. Dominated ones are faint. Pinned ones carry a letter.
 */
import { curveStepAfter, curveStepBefore, extent, line, scaleLinear } from 'd3'
import {
  type ChartOptions,
  chartRoot,
  mark,
  type Root,
  readable,
  xAxis,
  yAxis,
} from '../lib/chartBase.ts'
import { compact } from '../lib/format.ts'

export interface ScatterPoint {
  readonly key: string
  readonly x: number
  readonly y: number
  readonly feasible: boolean
  readonly pareto: boolean
  readonly isSelected: boolean
  /** `A` or `B` when pinned. */
  readonly pin: string | null
  readonly text: string
}

export interface ScatterData {
  readonly points: readonly ScatterPoint[]
  readonly xLabel: string
  readonly yLabel: string
  /** Whether more is better on the axis. */
  readonly xMore: boolean
  readonly showDominated: boolean
}

export interface ScatterOptions extends ChartOptions {
  onPick?(key: string): void
}

const DEFAULTS = { width: 520, height: 380 } as const

export function paretoScatter(data: ScatterData, options: ScatterOptions): SVGSVGElement {
  const { width, height } = { ...DEFAULTS, ...options }
  const margin = { top: 28, right: 20, bottom: 44, left: 62 }
  const size = { width, height, margin }
  const root = chartRoot(size, options.ariaLabel).classed('scatter', true)
  const shown = data.points.filter(
    ({ pareto, feasible, pin }) => data.showDominated || pareto || !feasible || pin !== null,
  )
  const padded = (values: readonly number[]): [number, number] => {
    const [least = 0, most = 1] = extent(values)
    const room = (most - least) * 0.06 || Math.abs(most) * 0.1 || 1
    return [least >= 0 ? Math.max(0, least - room) : least - room, most + room]
  }
  const x = scaleLinear(padded(data.points.map((point) => point.x)), [
    margin.left,
    width - margin.right,
  ]).nice()
  const y = scaleLinear(padded(data.points.map((point) => point.y)), [
    height - margin.bottom,
    margin.top,
  ]).nice()
  yAxis(root, size, {
    scale: y,
    label: data.yLabel,
    ticks: 6,
    format: (value) => compact(Number(value)),
  })
  xAxis(root, size, {
    scale: x,
    label: data.xLabel,
    ticks: 6,
    format: (value) => compact(Number(value)),
    grid: true,
  })
  const front = data.points.filter(({ pareto, feasible }) => pareto && feasible)
  const step = line<ScatterPoint>()
    .x((point) => x(point.x))
    .y((point) => y(point.y))
    .curve(data.xMore ? curveStepBefore : curveStepAfter)
    .digits(1)
  mark(root, 'path', { class: 'front', d: step([...front].sort((a, b) => a.x - b.x || b.y - a.y)) })
  const place = { x: (value: number) => x(value), y: (value: number) => y(value) }
  for (const point of shown) drawPoint(root, point, place, options.onPick)
  return root.node() as SVGSVGElement
}

interface Place {
  x(value: number): number
  y(value: number): number
}

function drawPoint(
  root: Root,
  point: ScatterPoint,
  { x, y }: Place,
  onPick: ScatterOptions['onPick'],
): void {
  const classes = ['point', point.feasible ? (point.pareto ? 'pareto' : 'dominated') : 'infeasible']
  if (!point.isSelected) classes.push('unselected')
  if (point.pin !== null) classes.push('pinned')
  const group = mark(root, 'g', {
    class: classes.join(' '),
    transform: `translate(${x(point.x).toFixed(1)},${y(point.y).toFixed(1)})`,
  })
  mark(group, 'circle', { class: 'target', r: 9 })
  if (point.feasible) mark(group, 'circle', { class: 'shape', r: point.pareto ? 5 : 4 })
  else mark(group, 'path', { class: 'shape', d: 'M-4.5,-4.5L4.5,4.5M-4.5,4.5L4.5,-4.5' })
  if (point.pin !== null) mark(group, 'text', { class: 'pin', x: 8, y: -7 }, point.pin)
  readable(group, point.text)
  group.on('click', () => onPick?.(point.key))
}
