/**
 * What one party would lose if the world ended now, over true time, against its bound.
 *
 * Stepped: a value holds until something happens. The band is the 5 % to 95 % range over runs, the
 * line their median, and the worst run lies over both. Where anything exceeds the bound, the part
 * above it is hatched, so that a breach does not depend on colour.
 */
import { area, curveStepAfter, line, scaleLinear } from 'd3'
import {
  type ChartOptions,
  chartRoot,
  type Root,
  readable,
  timeTicks,
  xAxis,
  yAxis,
} from '../lib/chartBase.ts'
import { compact, grouped, moment, tokens } from '../lib/format.ts'

export interface ExposureData {
  readonly points: readonly {
    readonly atMs: number
    readonly medianUnits: bigint
    readonly lowUnits: bigint
    readonly highUnits: bigint
  }[]
  readonly worst: readonly { readonly atMs: number; readonly units: bigint }[]
  readonly boundUnits: bigint | null
  readonly token: { readonly name: string; readonly decimals: number }
  readonly timeMs: readonly [number, number]
  /** Largest amount on the axis, shared between regimes; null takes the data's own. */
  readonly mostUnits: bigint | null
}

const DEFAULTS = { width: 640, height: 260 } as const
const HATCH_STEP = 4

export function exposureOverTime(data: ExposureData, options: ChartOptions): SVGSVGElement {
  const { width, height } = { ...DEFAULTS, ...options }
  const margin = { top: 26, right: 20, bottom: 42, left: 62 }
  const size = { width, height, margin }
  const { decimals, name } = data.token
  const scale = 10 ** decimals
  const amount = (units: bigint) => Number(units) / scale
  const root = chartRoot(size, options.ariaLabel)
  const all = [
    ...data.points.map(({ highUnits }) => highUnits),
    ...data.worst.map(({ units }) => units),
  ]
  const most = data.mostUnits ?? mostOf([...all, data.boundUnits ?? 0n])
  const x = scaleLinear([...data.timeMs], [margin.left, width - margin.right])
  const y = scaleLinear([0, amount(most) * 1.08 || 1], [height - margin.bottom, margin.top])
  yAxis(root, size, {
    scale: y,
    label: `value at risk (${name})`,
    ticks: 5,
    format: (value) => compact(Number(value)),
  })
  xAxis(root, size, {
    scale: x,
    label: 'true time since the start of the world (min:s)',
    values: timeTicks(data.timeMs),
    format: (ms) => moment(Number(ms)).replace(/\.\d$/, ''),
  })
  drawLines(root, { data, x, y: (units) => y(amount(units)) })
  if (data.boundUnits !== null) {
    const boundY = y(amount(data.boundUnits))
    hatchBreach(root, {
      data,
      x,
      y: (units) => y(amount(units)),
      boundY,
    })
    const rule = root.append('g').attr('class', 'limit').attr('transform', `translate(0,${boundY})`)
    rule
      .append('line')
      .attr('x1', margin.left)
      .attr('x2', width - margin.right)
    rule
      .append('text')
      .attr('x', width - margin.right - 4)
      .attr('y', -5)
      .attr('text-anchor', 'end')
      .text(`bound ${tokens(data.boundUnits, decimals)} ${name}`)
  }
  drawDots(root, { data, x, y: (units) => y(amount(units)) })
  return root.node() as SVGSVGElement
}

function mostOf(values: readonly bigint[]): bigint {
  return values.reduce((most, value) => (value > most ? value : most), 0n)
}

function drawLines(root: Root, { data, x, y }: Pick<Breach, 'data' | 'x' | 'y'>): void {
  const band = area<ExposureData['points'][number]>()
    .x(({ atMs }) => x(atMs))
    .y0(({ lowUnits }) => y(lowUnits))
    .y1(({ highUnits }) => y(highUnits))
    .curve(curveStepAfter)
    .digits(1)
  root
    .append('path')
    .attr('class', 'band')
    .attr('d', band([...data.points]))
  const median = line<ExposureData['points'][number]>()
    .x(({ atMs }) => x(atMs))
    .y(({ medianUnits }) => y(medianUnits))
    .curve(curveStepAfter)
    .digits(1)
  root
    .append('path')
    .attr('class', 'line median')
    .attr('d', median([...data.points]))
  const worst = line<ExposureData['worst'][number]>()
    .x(({ atMs }) => x(atMs))
    .y(({ units }) => y(units))
    .curve(curveStepAfter)
    .digits(1)
  root
    .append('path')
    .attr('class', 'line worst')
    .attr('d', worst([...data.worst]))
}

function drawDots(root: Root, { data, x, y }: Pick<Breach, 'data' | 'x' | 'y'>): void {
  const { decimals, name } = data.token
  const exact = (units: bigint) =>
    `${tokens(units, decimals)} ${name} (${grouped(units)} base units)`
  for (const point of data.points) {
    const dot = root
      .append('circle')
      .attr('class', 'dot quiet-dot')
      .attr('cx', x(point.atMs))
      .attr('cy', y(point.medianUnits))
      .attr('r', 2)
    readable(
      dot,
      [
        `${moment(point.atMs)}: median ${exact(point.medianUnits)}, 5 % to 95 %:`,
        `${tokens(point.lowUnits, decimals)} to ${tokens(point.highUnits, decimals)}`,
      ].join(' '),
    )
  }
  for (const point of data.worst) {
    const dot = root
      .append('circle')
      .attr('class', 'dot worst')
      .attr('cx', x(point.atMs))
      .attr('cy', y(point.units))
      .attr('r', 2.5)
    readable(dot, `worst run at ${moment(point.atMs)}: ${exact(point.units)}`)
  }
}

interface Breach {
  readonly data: ExposureData
  x(ms: number): number
  y(units: bigint): number
  readonly boundY: number
}

/** Lines of a hatch are drawn one by one: a pattern would need an id. */
function hatchBreach(root: Root, { data, x, y, boundY }: Breach): void {
  const hatch = root.append('g').attr('class', 'breach')
  const steps = [data.points.map(({ atMs, highUnits }) => ({ atMs, units: highUnits })), data.worst]
  for (const series of steps) {
    series.forEach(({ atMs, units }, index) => {
      if (data.boundUnits === null || units <= data.boundUnits) return
      const until = series[index + 1]?.atMs
      // How long the last value lasted is not known.
      if (until === undefined) return
      const [from, to] = [x(atMs), x(until)]
      const first = Math.ceil(from / HATCH_STEP) * HATCH_STEP
      for (let at = first; at <= to; at += HATCH_STEP) {
        hatch.append('line').attr('x1', at).attr('x2', at).attr('y1', y(units)).attr('y2', boundY)
      }
    })
  }
}
