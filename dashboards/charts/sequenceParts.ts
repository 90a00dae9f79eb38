/**
 * Parts of the sequence diagram: where things stand, and the arrows between lifelines.
 */
import { type ChartOptions, type Group, mark, readable } from '../lib/chartBase.ts'
import { duration, grouped, moment } from '../lib/format.ts'
import type { SequenceData, SequenceEvent } from '../lib/sequence.ts'

export interface SequenceOptions extends ChartOptions {
  readonly selectedStep: number
  readonly brokenStep: number | null
  readonly axis: 'ordinal' | 'true'
  onStep?(step: number): void
}

/** A diagram with every place decided. */
export interface Frame2d {
  readonly data: SequenceData
  readonly options: SequenceOptions
  readonly width: number
  /** How wrong each clock was when it was last told; drawing goes from top to bottom. */
  readonly toldSkew: Map<string, number>
  /** Room for the clocks. */
  readonly left: number
  readonly height: number
  x(lane: string): number
  /** Height at which a moment stands. */
  y(ms: number): number
  /** Height of an event's own row. */
  rowOf(event: SequenceEvent): number
}

type Message = Extract<SequenceEvent, { kind: 'message' }>

/** A clock that is wrong by less is not worth a word. */
export const SKEW_SHOWN_MS = 100

interface DrawnTransfer {
  readonly from: string
  readonly to: string
  readonly amountUnits: bigint
  readonly token: string
  readonly y: number
}

/** Tokens that moved, as a thin arrow under the call that moved them. */
export function drawTransfer(group: Group, plot: Frame2d, transfer: DrawnTransfer): void {
  const { lanes } = plot.data
  const contract = lanes.find(({ isContract }) => isContract)?.id ?? ''
  const laneOf = (holder: string) => {
    const bare = holder.replace(/\d+$/, '')
    const own = lanes.find(({ id }) => id === holder || id === bare)?.id ?? null
    return own === null && holder === 'escrow' ? contract : own
  }
  const [from, to] = [laneOf(transfer.from), laneOf(transfer.to)]
  const text = `${grouped(transfer.amountUnits)} to ${transfer.to}`
  const contractX = plot.x(contract)
  if (from !== null && to !== null) {
    const [fromX, toX] = [plot.x(from), plot.x(to)]
    mark(group, 'path', {
      class: 'transfer',
      d: `M${fromX.toFixed(1)},${transfer.y}H${toX.toFixed(1)}`,
    })
    arrowHead(group, { fromX, fromY: transfer.y, toX, toY: transfer.y })
  }
  mark(
    group,
    'text',
    { class: 'transfer-label', x: contractX - 12, y: transfer.y - 3, 'text-anchor': 'end' },
    text,
  )
}

export function drawMessage(group: Group, plot: Frame2d, event: Message, hasRoom: boolean): void {
  const { from, to, arrivedMs, lost, label, atMs, skewMs } = event
  const [fromX, toX] = [plot.x(from), plot.x(to)]
  const top = plot.rowOf(event)
  const slope = arrivedMs === null ? 5 : Math.max(5, Math.min(60, plot.y(arrivedMs) - plot.y(atMs)))
  const endX = lost === null ? toX : fromX + (toX - fromX) * 0.55
  const endY = top + (lost === null ? slope : slope * 0.55)
  group.classed('lost', lost !== null)
  mark(group, 'path', {
    class: 'arrow',
    d: `M${fromX.toFixed(1)},${top.toFixed(1)}L${endX.toFixed(1)},${endY.toFixed(1)}`,
  })
  if (lost === null) arrowHead(group, { fromX, fromY: top, toX: endX, toY: endY })
  else
    mark(group, 'path', {
      class: 'cross',
      d: `M${(endX - 4).toFixed(1)},${(endY - 4).toFixed(1)}l8,8m-8,0l8,-8`,
    })
  if (hasRoom) {
    // Told in the head and then whenever it has changed.
    const known = plot.toldSkew.get(from) ?? 0
    const isNews = Math.abs(skewMs - known) >= SKEW_SHOWN_MS
    if (isNews) plot.toldSkew.set(from, skewMs)
    const skew = isNews ? ` (clock ${skewMs > 0 ? '+' : ''}${duration(skewMs)})` : ''
    const place = { x: (fromX + toX) / 2, y: top - 3, 'text-anchor': 'middle' }
    mark(group, 'text', { class: 'message-label', ...place }, `${label}${skew}`)
    const why = { x: endX + (toX > fromX ? 8 : -8), y: endY + 4 }
    const anchor = toX > fromX ? 'start' : 'end'
    if (lost !== null) {
      mark(group, 'text', { class: 'message-label', ...why, 'text-anchor': anchor }, lost)
    }
  }
  const fate =
    arrivedMs === null
      ? `lost (${lost ?? 'unknown'})`
      : `arrives after ${duration(arrivedMs - atMs)}`
  const reads =
    skewMs === 0
      ? ''
      : `, its clock ${skewMs > 0 ? 'ahead' : 'behind'} by ${duration(Math.abs(skewMs))}`
  readable(group, `${moment(atMs)}: ${label} from ${from} to ${to}, ${fate}${reads}`)
}

/** The point of an arrow. */
export function arrowHead(
  group: Group,
  at: { fromX: number; fromY: number; toX: number; toY: number },
): void {
  const angle = Math.atan2(at.toY - at.fromY, at.toX - at.fromX)
  const wing = (turn: number) => {
    const [x, y] = [at.toX - 8 * Math.cos(angle + turn), at.toY - 8 * Math.sin(angle + turn)]
    return `${x.toFixed(1)},${y.toFixed(1)}`
  }
  mark(group, 'path', {
    class: 'arrow-head',
    d: `M${at.toX.toFixed(1)},${at.toY.toFixed(1)}L${wing(0.45)}L${wing(-0.45)}Z`,
  })
}
