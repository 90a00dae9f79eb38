/**
 * What may be recorded of a presence at least and at most, given what the call platform could
 * notice and which of its webhooks came in time. `allowance.ts` derives it.
 */
import { type Fault, faultEndMs } from '../faults/fault.ts'
import { regimeNamed } from '../faults/regimes.ts'
import type { Span } from '../links.ts'
import { overlapMs } from '../world/spans.ts'
import type { Side } from './actors.ts'
import { together } from './recorder.ts'
import { countedSides } from './truth.ts'
import { REPEAT_MOST_MS, REPEAT_RARELY_MS } from './visitor.ts'
import type { NoticedEvent, WorldRun } from './worldRun.ts'

/**
 * Time in which a word of a client reaches the room, but for one case in 10^9: on a calm link that
 * is its latency, on a lossy one up to four losses in a row and a clog.
 */
const WORD_CALM_MS = 1_000
const WORD_LOSSY_MS = 20_000
/** What was noticed at an instant bears the second before it, and lines are noticed 1 ms late. */
const NOTICE_MS = 2

export interface Horizon {
  /** Earliest and latest end of the session that can have been attested. */
  readonly leastEndMs: number
  readonly endMs: number
  /** Webhooks that reach the attestor later than this may not be in what it signs. */
  readonly inTimeMs: number
}

/** How long a word of this side takes to the room. */
function wordMs({ regime, faults }: WorldRun, side: Side): number {
  const isLossy = regime !== 'custom' && regimeNamed(regime).conditions.lossBps > 0
  const slows = ({ kind, target }: Fault) =>
    target === side && (kind === 'message-delay' || kind === 'message-reordering')
  const slowedMs = faults.filter(slows).reduce((sum, { magnitude }) => sum + magnitude, 0)
  return (isLossy ? WORD_LOSSY_MS : WORD_CALM_MS) + slowedMs
}

/** Time in which the call platform itself was gone, and words had to be repeated. */
function roomGoneMs({ faults }: WorldRun): number {
  const crashes = faults.filter(({ kind, target }) => kind === 'process-crash' && target === 'room')
  return crashes.reduce((sum, { durationMs }) => sum + durationMs + REPEAT_RARELY_MS, 0)
}

/** Spans in which a side's line or process was down, overlapping ones made one. */
function downs({ faults }: WorldRun, side: Side): readonly Span[] {
  const cuts = faults
    .filter(({ kind, target }) => {
      const isOwn = target === side || target.startsWith(`${side}.`)
      return isOwn && (kind === 'link-down' || kind === 'process-crash')
    })
    .sort((a, b) => a.atMs - b.atMs)
  const spans: { fromMs: number; untilMs: number }[] = []
  for (const fault of cuts) {
    const last = spans[spans.length - 1]
    const untilMs = faultEndMs(fault)
    if (last !== undefined && fault.atMs <= last.untilMs) {
      last.untilMs = Math.max(last.untilMs, untilMs)
    } else spans.push({ fromMs: fault.atMs, untilMs })
  }
  return spans
}

/** How long after its end a span of presence may still be taken for going on. */
function goneMs(run: WorldRun, side: Side, endMs: number): number {
  const { silenceMs } = run.behaviour
  const ownMs = wordMs(run, side)
  const down = downs(run, side).find(
    ({ fromMs, untilMs }) => fromMs <= endMs + ownMs && untilMs > endMs,
  )
  if (down === undefined) return ownMs + roomGoneMs(run)
  const isNoticed = down.fromMs <= endMs && down.untilMs >= endMs + silenceMs
  const wordsMs = isNoticed ? 0 : ownMs + REPEAT_MOST_MS
  return silenceMs + NOTICE_MS + wordsMs + roomGoneMs(run)
}

const isLate = ({ arrivedMs }: NoticedEvent, { inTimeMs }: Horizon) =>
  arrivedMs === null || arrivedMs > inTimeMs

/** When an event's connection was closed, as far as the room has noticed. */
function closedMs(run: WorldRun, { connection }: NoticedEvent, { endMs }: Horizon): number {
  const left = run.events.find(
    (event) => event.connection === connection && event.kind === 'participant_left',
  )
  return left?.noticedMs ?? Math.max(endMs, run.milestones.closedMs ?? endMs)
}

/** Overlapping spans made one, in ascending order. */
function merged(spans: readonly Span[]): readonly Span[] {
  const all: { fromMs: number; untilMs: number }[] = []
  for (const { fromMs, untilMs } of [...spans].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = all[all.length - 1]
    if (last !== undefined && fromMs <= last.untilMs) {
      last.untilMs = Math.max(last.untilMs, untilMs)
    } else if (fromMs < untilMs) all.push({ fromMs, untilMs })
  }
  return all
}

/** All of it that may be recorded. */
function most(run: WorldRun, side: Side, horizon: Horizon): readonly Span[] {
  const { endMs } = horizon
  const noticed = run.presence[side].map(({ fromMs, untilMs }) => {
    return { fromMs, untilMs: untilMs + goneMs(run, side, untilMs) }
  })
  const own = run.events.filter(({ who }) => who === side)
  // A connection whose leave is not known counts until the room is finished.
  const open = own.flatMap((event) => {
    const leaves = event.kind === 'participant_left'
    return leaves && isLate(event, horizon) ? [{ fromMs: event.noticedMs, untilMs: endMs }] : []
  })
  const unclosed = own.flatMap((event) => {
    const joins = event.kind === 'participant_joined'
    const isOpen = joins && closedMs(run, event, horizon) >= endMs
    return isOpen ? [{ fromMs: event.noticedMs, untilMs: endMs }] : []
  })
  return merged([...noticed, ...open, ...unclosed])
}

/** What is recorded of it whatever happens. */
function least(run: WorldRun, side: Side, horizon: Horizon): readonly Span[] {
  const comesMs = run.behaviour.noticesMs + wordMs(run, side) + NOTICE_MS + roomGoneMs(run)
  const lost = run.events.filter(
    (event) => event.who === side && event.kind === 'participant_joined' && isLate(event, horizon),
  )
  const gaps = lost.map((event) => {
    return { fromMs: event.noticedMs, untilMs: closedMs(run, event, horizon) }
  })
  return run.presence[side].flatMap(({ fromMs, untilMs }) => {
    const known = { fromMs: fromMs + comesMs, untilMs }
    return known.fromMs < known.untilMs ? without(known, gaps) : []
  })
}

/** What is left of a span. */
function without(span: Span, gaps: readonly Span[]): readonly Span[] {
  return gaps
    .reduce<readonly Span[]>(
      (parts, gap) =>
        parts.flatMap((part) => [
          { fromMs: part.fromMs, untilMs: Math.min(part.untilMs, gap.fromMs) },
          { fromMs: Math.max(part.fromMs, gap.untilMs), untilMs: part.untilMs },
        ]),
      [span],
    )
    .filter(({ fromMs, untilMs }) => fromMs < untilMs)
}

/** Least and most time of counted presence that may be recorded; clocks and rounding aside. */
export function recordableMs(
  run: WorldRun,
  horizon: Horizon,
): { readonly leastMs: number; readonly mostMs: number } {
  const until = (endMs: number) => ({ fromMs: run.startMs, untilMs: Math.max(run.startMs, endMs) })
  const measure = (of: (side: Side) => readonly Span[], endMs: number) =>
    overlapMs(countedSides(run).map(of).reduce(together), until(endMs))
  return {
    leastMs: measure((side) => least(run, side, horizon), horizon.leastEndMs),
    mostMs: measure((side) => most(run, side, horizon), horizon.endMs),
  }
}
