/**
 * Progress on standard error: one line that is redrawn on a terminal, whole lines anywhere else.
 *
 * Results never pass through here. The clock is handed in, so that tests need not wait.
 */
import type { ProgressEvent } from '../property-tests/check.ts'

const REDRAW_MS = 100
const PLAIN_MS = 30_000
const PLAIN_LINES = 10
const CLEAR_LINE = '\r\u001b[2K'

export interface ProgressOptions {
  write(text: string): void
  /** Redraw one line; else print lines. */
  readonly animated: boolean
  /** Print findings and notices only. */
  readonly quiet: boolean
  /** Columns of the terminal; asked each time, as it may be resized. */
  columns(): number
  /** Monotonic time in milliseconds. */
  nowMs(): number
}

export interface Progress {
  show(event: ProgressEvent): void
  /** Removes the line that is being redrawn. */
  end(): void
}

type Pulse = Extract<ProgressEvent, { kind: 'pulse' }>

/** A writer of progress events. Safe to call after `end`, and as often as one likes. */
export function createProgress(options: ProgressOptions): Progress {
  const { write, animated, quiet, columns, nowMs } = options
  let label = ''
  let labelAtMs = nowMs()
  let drawnAtMs = Number.NEGATIVE_INFINITY
  let drawnTenths = 0
  let lineIsOpen = false

  function clear(): void {
    if (lineIsOpen) write(CLEAR_LINE)
    lineIsOpen = false
  }

  function line(text: string): void {
    clear()
    write(`${text}\n`)
  }

  function redraw(text: string): void {
    write(`${CLEAR_LINE}${text.slice(0, Math.max(20, columns() - 1))}`)
    lineIsOpen = true
  }

  function pulse(event: Pulse): void {
    if (event.label !== label) {
      label = event.label
      labelAtMs = nowMs()
      drawnAtMs = animated ? Number.NEGATIVE_INFINITY : nowMs()
      drawnTenths = 0
    }
    // Multiplied first, so that 3 of 10 is not 2.999… tenths.
    const { done, total } = event
    const tenths = total === null || total === 0 ? 0 : Math.floor((done * PLAIN_LINES) / total)
    const sinceMs = nowMs() - drawnAtMs
    const due = animated ? sinceMs >= REDRAW_MS : sinceMs >= PLAIN_MS || tenths > drawnTenths
    if (!due) return
    drawnAtMs = nowMs()
    drawnTenths = tenths
    const text = pulseText(event, nowMs() - labelAtMs)
    if (animated) redraw(text)
    else line(text)
  }

  return {
    show(event) {
      if (event.kind === 'finding') line(`found: ${event.invariant}  ${event.evidence}`)
      else if (event.kind === 'notice') line(`note: ${event.text}`)
      else if (quiet) return
      else if (event.kind === 'pulse') pulse(event)
      else if (animated) redraw(event.label)
      else line(event.label)
    },
    end: clear,
  }
}

function pulseText(pulse: Pulse, elapsedMs: number): string {
  const { label, done, total, stepsPerSecond, unit = 'steps' } = pulse
  const digits = stepsPerSecond < 10 ? 1 : 0
  const perSecond = stepsPerSecond.toLocaleString('en-US', { maximumFractionDigits: digits })
  const rate = `${perSecond} ${unit}/s`
  const count = done.toLocaleString('en-US')
  if (total === null || total === 0) return `${label}  ${count}  ${rate}`
  const percent = `${Math.floor((100 * Math.min(done, total)) / total)} %`
  const leftMs = done > 0 ? (elapsedMs * Math.max(0, total - done)) / done : null
  const left = leftMs === null ? '' : `  ${Math.ceil(leftMs / 1000)} s left`
  return `${label}  ${count}/${total.toLocaleString('en-US')}  ${percent}  ${rate}${left}`
}
