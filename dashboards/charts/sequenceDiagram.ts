/**
 * A story as a sequence diagram: lifelines, arrows between them, time running down.
 *
 * Two clocks stand on the left, the true time and the contract's. On the ordinal axis every event
 * has a row of its own; on the axis of true time distances are durations. Faults are bands behind
 * the lifelines that they hit, a lost message ends in a cross, a late one slopes. A step on which
 * model and contract disagree is outlined.
 */
import { scaleLinear } from 'd3'
import { chartRoot, type Group, mark, type Root, readable } from '../lib/chartBase.ts'
import { duration, grouped, moment } from '../lib/format.ts'
import type { SequenceData, SequenceEvent } from '../lib/sequence.ts'
import {
  arrowHead,
  drawMessage,
  drawTransfer,
  type Frame2d,
  type SequenceOptions,
  SKEW_SHOWN_MS,
} from './sequenceParts.ts'

type Call = Extract<SequenceEvent, { kind: 'call' }>

const HEAD = 48
const GUTTER_LEFT = 112
const GUTTER_RIGHT = 112
const LANE_HALF = 36
const ROWS = { call: 46, message: 22, fold: 26, note: 24 } as const
const TRANSFER_HEIGHT = 15
const LABEL_GAP = 13
/** Names of lanes are cut to what fits between two lanes. */
const NAME_LETTERS_MAX = 12
const LETTER_WIDTH = 7.5
/** With more lanes than these a diagram is scrolled to the side: words would become too small. */
const LANES_SHRUNK_MAX = 10
const LEAST_SCALE = 0.8

export function sequenceDiagram(data: SequenceData, options: SequenceOptions): SVGSVGElement {
  const left = data.served === null ? GUTTER_LEFT / 2 : GUTTER_LEFT
  const laneGap = Math.max(80, Math.min(150, 400 / Math.max(1, data.lanes.length - 1)))
  const lanes = laneGap * Math.max(1, data.lanes.length - 1) + 2 * LANE_HALF
  const width = options.width ?? left + lanes + GUTTER_RIGHT
  const plot = placed(data, options, { width, left })
  const size = { width, height: plot.height, margin: { top: 0, right: 0, bottom: 0, left: 0 } }
  const root = chartRoot(size, options.ariaLabel).classed('sequence', true)
  if (data.lanes.length > LANES_SHRUNK_MAX) {
    root.style('min-width', `${Math.round(width * LEAST_SCALE)}px`)
  }
  drawSelection(root, plot)
  drawBands(root, plot)
  drawLanes(root, plot)
  const labelled = eventsWithRoom(plot)
  for (const event of data.events) drawEvent(root, plot, event, labelled.has(event))
  return root.node() as SVGSVGElement
}

function placed(
  data: SequenceData,
  options: SequenceOptions,
  { width, left }: { readonly width: number; readonly left: number },
): Frame2d {
  const rows = new Map<SequenceEvent, number>()
  let at = HEAD + 22
  for (const event of data.events) {
    rows.set(event, at)
    at +=
      ROWS[event.kind] +
      (event.kind === 'call' ? event.frame.transfers.length * TRANSFER_HEIGHT : 0)
  }
  const ordinalHeight = at + 12
  const times = data.events.map(({ atMs }) => atMs)
  const [first = 0, last = 1] = [times[0], times.at(-1)]
  const isTrue = options.axis === 'true' && last > first
  const height = isTrue ? Math.max(ordinalHeight, 560) : ordinalHeight
  const trueScale = scaleLinear([first, last], [HEAD + 26, height - 40]).clamp(true)
  const ordinal = scaleLinear([...times], [...rows.values()]).clamp(true)
  const span = Math.max(1, data.lanes.length - 1)
  const pitch = (width - left - GUTTER_RIGHT - 2 * LANE_HALF) / span
  const laneX = (index: number) => left + LANE_HALF + index * pitch
  const y = (ms: number) => (isTrue ? trueScale(ms) : times.length < 2 ? HEAD + 22 : ordinal(ms))
  return {
    ...{ data, options, width, left, height, y },
    toldSkew: new Map(data.lanes.map(({ id, skewMs }) => [id, skewMs])),
    x: (lane) =>
      laneX(
        Math.max(
          0,
          data.lanes.findIndex(({ id }) => id === lane),
        ),
      ),
    rowOf: (event) => (isTrue ? trueScale(event.atMs) : (rows.get(event) ?? 0)),
  }
}

function drawLanes(root: Root, { data, height, left, x, y }: Frame2d): void {
  const heads: [number, readonly string[]][] = [[left - 6, ['contract', 'clock']]]
  if (data.served !== null) heads.unshift([52, ['true', 'time']])
  for (const [at, lines] of heads) {
    for (const [index, text] of lines.entries()) {
      const place = { x: at, y: 14 + 14 * index, 'text-anchor': 'end' }
      mark(root, 'text', { class: 'clock-head', ...place }, text)
    }
  }
  const [payer, next] = data.lanes
  const pitch = payer === undefined || next === undefined ? Infinity : x(next.id) - x(payer.id)
  const most = Math.min(NAME_LETTERS_MAX, Math.floor(pitch / LETTER_WIDTH))
  for (const { id, label, skewMs, isContract } of data.lanes) {
    const group = mark(root, 'g', { class: isContract ? 'lane contract' : 'lane' })
    mark(group, 'line', { x1: x(id), x2: x(id), y1: HEAD - 6, y2: height - 6 })
    const short = label.length > most ? `${label.slice(0, most - 1)}…` : label
    mark(group, 'text', { x: x(id), y: 18, 'text-anchor': 'middle' }, short)
    if (Math.abs(skewMs) < SKEW_SHOWN_MS) continue
    const skew = `clock ${skewMs > 0 ? '+' : ''}${duration(skewMs)}`
    mark(group, 'text', { class: 'skew', x: x(id), y: 33, 'text-anchor': 'middle' }, skew)
  }
  if (data.served === null) return
  // Service runs between the outer lanes; it is drawn on the first, where the payer is.
  const first = data.lanes[0]
  if (first === undefined) return
  for (const { fromMs, untilMs } of data.served) {
    const span = mark(root, 'rect', {
      class: 'served',
      x: x(first.id) - 3,
      width: 6,
      y: y(fromMs),
      height: Math.max(2, y(untilMs) - y(fromMs)),
      rx: 3,
    })
    readable(
      span,
      `service in truth: ${moment(fromMs)} to ${moment(untilMs)}, ${duration(untilMs - fromMs)}`,
    )
  }
}

function drawBands(root: Root, { data, x, y }: Frame2d): void {
  const group = mark(root, 'g', { class: 'bands' })
  const labelled = new Map<string, number>()
  const bands = [...data.bands].sort((a, b) => Number(a.isClock) - Number(b.isClock))
  for (const { lanes, fromMs, untilMs, label, isClock } of bands) {
    for (const lane of lanes) {
      const [top, bottom] = [y(fromMs), Math.max(y(untilMs), y(fromMs) + 8)]
      const place = isClock ? { x: x(lane) + 14, width: 8 } : { x: x(lane) - 30, width: 60 }
      const shape = { y: top, height: bottom - top, rx: 4 }
      const className = isClock ? 'band clock-band' : 'band'
      readable(mark(group, 'rect', { class: className, ...place, ...shape }), label)
      // Where two begin together only the first is named; the table names them all.
      if (top - (labelled.get(lane) ?? Number.NEGATIVE_INFINITY) < LABEL_GAP || isClock) continue
      labelled.set(lane, top)
      const at = { x: x(lane) + 27, y: top + 11, 'text-anchor': 'end' }
      mark(group, 'text', { class: 'band-label', ...at }, label.split(',')[0] ?? '')
    }
  }
}

function drawSelection(root: Root, { data, width, rowOf, options }: Frame2d): void {
  for (const event of data.events) {
    if (event.kind !== 'call') continue
    const isSelected = event.step === options.selectedStep
    const isBroken = event.step === options.brokenStep || event.frame.differs
    if (!isSelected && !isBroken) continue
    const classes = ['row', ...(isSelected ? ['selected'] : []), ...(isBroken ? ['broken'] : [])]
    const height = 34 + event.frame.transfers.length * TRANSFER_HEIGHT
    mark(root, 'rect', {
      class: classes.join(' '),
      x: 2,
      width: width - 4,
      y: rowOf(event) - 18,
      height,
      rx: 6,
    })
  }
}

const PRIORITY = ['call', 'note', 'message', 'fold'] as const

/** Events whose words fit: on the axis of true time rows may lie on each other. */
function eventsWithRoom({ data, rowOf }: Frame2d): ReadonlySet<SequenceEvent> {
  const taken: number[] = []
  const labelled = new Set<SequenceEvent>()
  for (const kind of PRIORITY) {
    for (const event of data.events) {
      const top = rowOf(event)
      if (event.kind !== kind || taken.some((at) => Math.abs(at - top) < LABEL_GAP)) continue
      labelled.add(event)
      taken.push(top)
    }
  }
  return labelled
}

function drawEvent(root: Root, plot: Frame2d, event: SequenceEvent, hasRoom: boolean): void {
  const top = plot.rowOf(event)
  const group = mark(root, 'g', { class: `event ${event.kind}` })
  if (hasRoom) drawClocks(group, plot, event, top)
  if (event.kind === 'call') drawCall(group, plot, event, hasRoom)
  else if (event.kind === 'message') drawMessage(group, plot, event, hasRoom)
  else drawNote(group, plot, { event, top, hasRoom })
}

interface NoteOptions {
  readonly event: Extract<SequenceEvent, { kind: 'note' | 'fold' }>
  readonly top: number
  readonly hasRoom: boolean
}

function drawNote(group: Group, plot: Frame2d, { event, top, hasRoom }: NoteOptions): void {
  if (event.kind === 'note') {
    const line = { x1: plot.left, x2: plot.width - 12, y1: top + 8, y2: top + 8 }
    mark(group, 'line', { class: 'note-line', ...line })
  }
  if (!hasRoom) return
  const x = (plot.left + plot.width - GUTTER_RIGHT) / 2
  const text = mark(group, 'text', { x, y: top + 4, 'text-anchor': 'middle' }, event.label)
  readable(text, `${moment(event.atMs)}: ${event.label}`)
}

function drawClocks(
  group: Group,
  { data, left }: Frame2d,
  event: SequenceEvent,
  top: number,
): void {
  if (data.served !== null) {
    mark(
      group,
      'text',
      { class: 'clock', x: 52, y: top + 4, 'text-anchor': 'end' },
      moment(event.atMs),
    )
  }
  if (event.kind !== 'call') return
  const seconds = event.frame.atSeconds - data.epochSeconds
  mark(
    group,
    'text',
    { class: 'clock', x: left - 6, y: top + 4, 'text-anchor': 'end' },
    `${grouped(seconds)} s`,
  )
}

function drawCall(group: Group, plot: Frame2d, event: Call, hasRoom: boolean): void {
  const { frame, step, from, sentMs } = event
  const { x, y, rowOf, options, width } = plot
  const top = rowOf(event)
  const [fromX, toX] = [x(from), x(event.to)]
  const start = Math.min(top, y(sentMs))
  const isRefused = frame.predicted !== 'accepted'
  group.classed('refused', isRefused).classed('differs', frame.differs)
  mark(group, 'path', {
    class: 'arrow',
    d: `M${fromX.toFixed(1)},${start.toFixed(1)}L${toX.toFixed(1)},${top.toFixed(1)}`,
  })
  arrowHead(group, { fromX, fromY: start, toX, toY: top })
  const label = isRefused ? `${frame.action} ⊘ ${frame.predicted}` : frame.action
  if (hasRoom)
    mark(
      group,
      'text',
      { class: 'call-label', x: toX - 12, y: top - 6, 'text-anchor': 'end' },
      label,
    )
  const transfers = hasRoom ? frame.transfers : []
  for (const [index, transfer] of transfers.entries()) {
    drawTransfer(group, plot, { ...transfer, y: top + (index + 1) * TRANSFER_HEIGHT })
  }
  if (hasRoom) chips(group, { frame, x: width - GUTTER_RIGHT + 14, y: top })
  const took =
    frame.submittedMs === null || frame.trueMs === null
      ? ''
      : `, ${duration(frame.trueMs - frame.submittedMs)} after it was sent`
  const told = frame.observed === null ? '' : `, contract: ${frame.observed}`
  const rest = `${told}${took}${step === options.brokenStep ? ', broken here' : ''}`
  readable(group, `step ${step + 1}: ${frame.by} ${frame.action}, model: ${frame.predicted}${rest}`)
  group.on('click', () => options.onStep?.(step))
}

/** State after the step, by the model and by the contract; one chip when they agree. */
function chips(group: Group, at: { frame: Call['frame']; x: number; y: number }): void {
  const { stateModel, stateContract } = at.frame
  const isSame = stateContract === null || stateContract === stateModel
  const states = isSame
    ? [[stateModel, '']]
    : [
        [stateModel, 'model '],
        [stateContract, 'chain '],
      ]
  states.forEach(([state = '', who = ''], index) => {
    const chip = mark(group, 'g', {
      class: isSame ? 'chip' : 'chip differs',
      transform: `translate(${at.x.toFixed(1)},${(at.y - 9 + index * 20).toFixed(1)})`,
    })
    mark(chip, 'rect', { width: 92, height: 18, rx: 9 })
    mark(chip, 'text', { x: 46, y: 13, 'text-anchor': 'middle' }, `${who}${state}`)
  })
}
