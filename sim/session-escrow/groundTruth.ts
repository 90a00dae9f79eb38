/**
 * The service itself: the exact milliseconds in which both sides were connected and serving.
 *
 * Neither the contract nor its model can see this; it is what claims about delivery are judged by.
 * A millisecond counts when the student is in the call, the tutor serves, both processes live, and
 * media passes in both directions.
 */
import type { FaultLookup } from '../faults/faultLookup.ts'
import type { Span } from '../links.ts'
import type { Side } from './actors.ts'

export interface GroundTruth {
  setPresence(side: Side, isPresent: boolean, atMs: number): void
  /** To be called whenever a fault of a link or a process begins or ends. */
  refresh(atMs: number): void
  /** Whether media of the other side reaches this side. */
  hearsPeer(side: Side): boolean
  /** Whether a direction (for instance `student.up`) is up. */
  isUp(direction: string): boolean
  isAlive(side: Side): boolean
  /** The served spans, the running one closed at `atMs`. */
  spans(atMs: number): readonly Span[]
}

const DIRECTIONS = ['student.up', 'student.down', 'tutor.up', 'tutor.down'] as const

/** Ground truth of one run: nobody present, links as the faults at time 0 have them. */
export function createGroundTruth(faults: FaultLookup): GroundTruth {
  const present: Record<Side, boolean> = { student: false, tutor: false }
  const alive: Record<Side, boolean> = { student: true, tutor: true }
  const up: Record<string, boolean> = {}
  const hears: Record<Side, boolean> = { student: false, tutor: false }
  const spans: Span[] = []
  let servedFromMs: number | null = null
  const settle = (atMs: number): void => {
    const isHeard = (side: Side, by: Side) =>
      present[side] && alive[side] && up[`${side}.up`] === true && up[`${by}.down`] === true
    hears.student = isHeard('tutor', 'student')
    hears.tutor = isHeard('student', 'tutor')
    const isServed =
      present.student &&
      present.tutor &&
      alive.student &&
      alive.tutor &&
      DIRECTIONS.every((direction) => up[direction])
    if (isServed && servedFromMs === null) servedFromMs = atMs
    if (!isServed && servedFromMs !== null) {
      if (atMs > servedFromMs) spans.push({ fromMs: servedFromMs, untilMs: atMs })
      servedFromMs = null
    }
  }
  const refresh = (atMs: number): void => {
    for (const side of ['student', 'tutor'] as const) {
      alive[side] = faults.active('process-crash', side, atMs) === undefined
      const isDown = faults.active('link-down', side, atMs) !== undefined
      for (const way of ['up', 'down']) {
        const direction = `${side}.${way}`
        up[direction] = !isDown && faults.active('link-down', direction, atMs) === undefined
      }
    }
    settle(atMs)
  }
  refresh(0)
  return {
    refresh,
    setPresence(side, isPresent, atMs) {
      present[side] = isPresent
      settle(atMs)
    },
    hearsPeer: (side) => hears[side],
    isUp: (direction) => up[direction] !== false,
    isAlive: (side) => alive[side],
    spans(atMs) {
      if (servedFromMs === null || atMs <= servedFromMs) return spans
      return [...spans, { fromMs: servedFromMs, untilMs: atMs }]
    },
  }
}
