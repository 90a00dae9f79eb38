/**
 * Percentiles of one stage over true time under one regime, with the faults that were active above.
 *
 * The vertical axis is logarithmic, as latencies are; windows are drawn at their middle. Samples of
 * all runs are merged before a quantile is taken: percentiles are never averaged. Rarer quantiles
 * are drawn over the frequent ones, and a window too small for a quantile has a gap there.
 */
import { line, scaleLinear, scaleLog } from 'd3'
import {
  type ChartOptions,
  chartRoot,
  durationTicks,
  type Root,
  readable,
  spread,
  timeTicks,
  xAxis,
  yAxis,
} from '../lib/chartBase.ts'
import { duration, grouped, moment, quantileName } from '../lib/format.ts'

export interface LatencyWindow {
  readonly fromMs: number
  readonly untilMs: number
  readonly n: number
  readonly failed: number
  readonly undecided: number
  readonly quantiles: readonly { readonly q: number; readonly valueMs: number }[]
}

export interface FaultStrip {
  readonly kind: string
  readonly windows: readonly {
    readonly fromMs: number
    readonly untilMs: number
    readonly activeRuns: number
  }[]
}

export interface LatencyOverTimeData {
  readonly windows: readonly LatencyWindow[]
  readonly strips: readonly FaultStrip[]
  /** Runs of the regime, for the strength of a strip. */
  readonly runs: number
  readonly limitMs: number | null
  /** Scales shared with the other regimes. */
  readonly domainMs: readonly [number, number]
  readonly timeMs: readonly [number, number]
}

const DEFAULTS = { width: 640, height: 300 } as const
const STRIPS_MAX = 12
const STRIP_HEIGHT = 9

export function latencyOverTime(data: LatencyOverTimeData, options: ChartOptions): SVGSVGElement {
  const strips = data.strips.slice(0, STRIPS_MAX)
  const { width, height } = { ...DEFAULTS, ...options }
  const margin = { top: 24 + strips.length * STRIP_HEIGHT, right: 54, bottom: 42, left: 60 }
  const size = { width, height, margin }
  const root = chartRoot(size, options.ariaLabel)
  const x = scaleLinear([...data.timeMs], [margin.left, width - margin.right])
  const y = scaleLog([...data.domainMs], [height - margin.bottom, margin.top + 6])
  yAxis(root, size, {
    scale: y,
    label: 'latency (log)',
    values: durationTicks(data.domainMs),
    format: (ms) => duration(Number(ms)),
  })
  xAxis(root, size, {
    scale: x,
    label: 'true time since the start of the world (min:s)',
    values: timeTicks(data.timeMs),
    format: (ms) => moment(Number(ms)).replace(/\.\d$/, ''),
  })
  drawStrips(root, { strips, x, runs: data.runs, left: margin.left })
  const { limitMs } = data
  if (limitMs !== null && limitMs >= data.domainMs[0] && limitMs <= data.domainMs[1]) {
    const rule = root
      .append('g')
      .attr('class', 'limit')
      .attr('transform', `translate(0,${y(limitMs)})`)
    rule
      .append('line')
      .attr('x1', margin.left)
      .attr('x2', width - margin.right)
    rule
      .append('text')
      .attr('x', margin.left + 6)
      .attr('y', -5)
      .text(`limit ${duration(limitMs)}`)
  }
  drawLines(root, {
    data,
    x: (ms) => x(ms),
    y: (ms) => y(ms),
    right: width - margin.right,
    top: margin.top + 8,
    bottom: height - margin.bottom,
  })
  drawUnfinished(root, { data, x: (ms) => x(ms), y: height - margin.bottom })
  return root.node() as SVGSVGElement
}

function drawStrips(
  root: Root,
  options: { strips: readonly FaultStrip[]; x: (ms: number) => number; runs: number; left: number },
): void {
  const { strips, x, runs, left } = options
  const rows = root.append('g').attr('class', 'strips').attr('transform', 'translate(0,20)')
  strips.forEach(({ kind, windows }, index) => {
    const row = rows.append('g').attr('transform', `translate(0,${index * STRIP_HEIGHT})`)
    row
      .append('text')
      .attr('class', 'strip-label')
      .attr('x', left - 4)
      .attr('y', STRIP_HEIGHT - 2)
      .attr('text-anchor', 'end')
      .text(kind.length > 10 ? `${kind.slice(0, 9)}…` : kind)
      .append('title')
      .text(kind)
    for (const { fromMs, untilMs, activeRuns } of windows) {
      if (activeRuns === 0) continue
      const share = runs === 0 ? 0 : activeRuns / runs
      row
        .append('rect')
        .attr('class', 'strip')
        .attr('x', x(fromMs))
        .attr('width', Math.max(1, x(untilMs) - x(fromMs) - 0.5))
        .attr('height', STRIP_HEIGHT - 2)
        .attr('fill-opacity', (0.25 + 0.75 * Math.min(1, share * 4)).toFixed(2))
        .append('title')
        .text(`${kind}: active in ${grouped(activeRuns)} of ${grouped(runs)} runs`)
    }
  })
}

interface Lines {
  readonly data: LatencyOverTimeData
  x(ms: number): number
  y(ms: number): number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

function drawLines(root: Root, { data, x, y, right, top, bottom }: Lines): void {
  const qs = [...new Set(data.windows.flatMap(({ quantiles }) => quantiles.map(({ q }) => q)))]
  qs.sort((a, b) => b - a)
  const middle = ({ fromMs, untilMs }: LatencyWindow) => x((fromMs + untilMs) / 2)
  const valueAt = (window: LatencyWindow, q: number) =>
    window.quantiles.find((quantile) => quantile.q === q)?.valueMs
  const lastOf = (q: number) => data.windows.findLast((window) => valueAt(window, q) !== undefined)
  const ends = qs.map((q) => {
    const last = lastOf(q)
    return last === undefined ? bottom : y(valueAt(last, q) as number)
  })
  const labels = spread(ends, { gap: 12, least: top, most: bottom - 4 })
  qs.forEach((q, index) => {
    const series = root.append('g').attr('class', `quantile quantile-${index}`)
    const path = line<LatencyWindow>()
      .defined((window) => valueAt(window, q) !== undefined)
      .x(middle)
      .y((window) => y(valueAt(window, q) ?? 1))
      .digits(1)
    series
      .append('path')
      .attr('class', 'line')
      .attr('d', path([...data.windows]))
    for (const window of data.windows) {
      const valueMs = valueAt(window, q)
      if (valueMs === undefined) continue
      const dot = series
        .append('circle')
        .attr('class', 'dot')
        .attr('cx', middle(window))
        .attr('cy', y(valueMs))
        .attr('r', 2.5)
      readable(
        dot,
        [
          `${quantileName(q)} ${duration(valueMs)}`,
          `at ${moment(window.fromMs)} to ${moment(window.untilMs)}, n = ${grouped(window.n)}`,
        ].join(' '),
      )
    }
    const last = lastOf(q)
    const labelX = last === undefined ? right : middle(last)
    series
      .append('text')
      .attr('class', 'end-label')
      .attr('x', labelX + 6)
      .attr('y', (labels[index] ?? 0) + 4)
      .text(quantileName(q))
  })
}

/** Operations that failed or were never decided stand on the axis, apart from the latencies. */
function drawUnfinished(
  root: Root,
  { data, x, y }: Pick<Lines, 'data' | 'x'> & { y: number },
): void {
  const marks = root.append('g').attr('class', 'unfinished')
  for (const window of data.windows) {
    const { failed, undecided, fromMs, untilMs } = window
    if (failed + undecided === 0) continue
    const text = `${failed} failed, ${undecided} undecided at ${moment(fromMs)}`
    const mark = marks
      .append('text')
      .attr('x', x((fromMs + untilMs) / 2))
      .attr('y', y - 3)
      .attr('text-anchor', 'middle')
      .text(failed > 0 ? '✗' : '?')
    readable(mark, text)
  }
}
