/**
 * Time and payment side by side: how much of the session's time is used, delivered and billed, and
 * where every unit of the deposit is.
 *
 * Both bars run over the same share of the deposit: a unit of time lies under the unit of money
 * that pays for it, so what is paid beyond delivery shows as one bar reaching past the other.
 */
import { scaleLinear } from 'd3'
import { type ChartOptions, chartRoot, type Group, mark, readable } from '../lib/chartBase.ts'

export interface BarPart {
  readonly name: string
  readonly value: number
  /** The value with its unit, exact. */
  readonly text: string
}

export interface ProgressData {
  readonly bars: readonly {
    readonly label: string
    /** End of the bar, in the unit of its parts. */
    readonly whole: number
    readonly wholeText: string
    /** Side by side, from the left. */
    readonly parts: readonly BarPart[]
    /** A tick on the bar, for instance what was delivered in truth. */
    readonly ticks: readonly BarPart[]
  }[]
}

const DEFAULTS = { width: 360, height: 0 } as const
const BAR_HEIGHT = 16
const ROW_HEIGHT = 54

export function progressBars({ bars }: ProgressData, options: ChartOptions): SVGSVGElement {
  const { width } = { ...DEFAULTS, ...options }
  const margin = { top: 4, right: 4, bottom: 2, left: 4 }
  const size = { width, height: margin.top + bars.length * ROW_HEIGHT + margin.bottom, margin }
  const root = chartRoot(size, options.ariaLabel).classed('progress', true)
  bars.forEach((bar, index) => {
    const group = mark(root, 'g', { transform: `translate(0,${margin.top + index * ROW_HEIGHT})` })
    mark(group, 'text', { class: 'progress-label', x: margin.left, y: 12 }, bar.label)
    mark(
      group,
      'text',
      { class: 'progress-whole', x: width - margin.right, y: 12, 'text-anchor': 'end' },
      bar.wholeText,
    )
    const x = scaleLinear(
      [0, Math.max(bar.whole, Number.MIN_VALUE)],
      [margin.left, width - margin.right],
    ).clamp(true)
    drawBar(group, bar, (value) => x(value))
  })
  return root.node() as SVGSVGElement
}

function drawBar(group: Group, bar: ProgressData['bars'][number], x: (value: number) => number) {
  const top = 18
  mark(group, 'rect', {
    class: 'progress-whole-bar',
    x: x(0),
    y: top,
    width: x(bar.whole) - x(0),
    height: BAR_HEIGHT,
    rx: 3,
  })
  let at = 0
  bar.parts.forEach(({ name, value, text }, index) => {
    const part = mark(group, 'rect', {
      class: `part part-${index}`,
      x: x(at),
      y: top,
      width: Math.max(0, x(at + value) - x(at)),
      height: BAR_HEIGHT,
    })
    readable(part, `${bar.label}: ${name} ${text}`)
    at += value
  })
  bar.ticks.forEach(({ name, value, text }) => {
    const tick = mark(group, 'path', {
      class: 'progress-tick',
      d: `M${x(value).toFixed(1)},${top - 4}v${BAR_HEIGHT + 8}`,
    })
    readable(tick, `${bar.label}: ${name} ${text}`)
  })
}
