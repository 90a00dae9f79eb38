/**
 * Ground truth of a lesson: who was really in the room, and when.
 *
 * Neither the contract nor its model can see this; it is what claims about attendance are judged
 * by. A millisecond counts for a side when its client is in the room, its process lives and its
 * link is up in both directions; for both together when it counts for each. Once the room is closed
 * nobody is in it.
 */
import type { Span } from '../links.ts'
import type { Lines } from '../world/lines.ts'
import { SIDES, type Side } from './actors.ts'

export interface Presence {
  /** A client is in the room from now on, or no longer. */
  set(side: Side, isIn: boolean, atMs: number): void
  close(atMs: number): void
  /** To be called whenever a line or a process changed. */
  settle(atMs: number): void
  /** Whether media of this side reaches the room, if it is there at all. */
  isConnected(side: Side): boolean
  /** Spans of presence so far, the running one closed at `atMs`. */
  spans(atMs: number): Readonly<Record<Side, readonly Span[]>>
}

/** Ground truth of one run: nobody is there yet. */
export function createPresence(lines: Lines): Presence {
  const isIn: Record<Side, boolean> = { student: false, teacher: false }
  const since: Record<Side, number | null> = { student: null, teacher: null }
  const spans: Record<Side, Span[]> = { student: [], teacher: [] }
  let isClosed = false
  const isConnected = (side: Side): boolean =>
    lines.isAlive(side) && lines.isUp(`${side}.up`) && lines.isUp(`${side}.down`)
  const settle = (atMs: number): void => {
    for (const side of SIDES) {
      const isThere = !isClosed && isIn[side] && isConnected(side)
      const fromMs = since[side]
      if (isThere && fromMs === null) since[side] = atMs
      if (isThere || fromMs === null) continue
      if (atMs > fromMs) spans[side].push({ fromMs, untilMs: atMs })
      since[side] = null
    }
  }
  const upTo = (side: Side, atMs: number): readonly Span[] => {
    const fromMs = since[side]
    if (fromMs === null || atMs <= fromMs) return spans[side]
    return [...spans[side], { fromMs, untilMs: atMs }]
  }
  return {
    settle,
    isConnected,
    set(side, isInNow, atMs) {
      isIn[side] = isInNow
      settle(atMs)
    },
    close(atMs) {
      isClosed = true
      settle(atMs)
    },
    spans: (atMs) => ({ student: upTo('student', atMs), teacher: upTo('teacher', atMs) }),
  }
}
