/**
 * Ground truth of a call: the exact milliseconds in which both sides were connected and serving.
 *
 * Neither a contract nor its model can see this; it is what claims about delivery are judged by. A
 * millisecond counts when both sides are present, both processes live, and media passes in both
 * directions.
 */
import { assert } from '../../models/kit/error.ts'
import type { Span } from '../links.ts'
import type { Lines } from './lines.ts'

export interface CallTruth {
  setPresence(side: string, isPresent: boolean, atMs: number): void
  /** To be called whenever a line or a process changed. */
  settle(atMs: number): void
  /** Whether media of the other side reaches this side. */
  hearsPeer(side: string): boolean
  /** The served spans, the running one closed at `atMs`. */
  spans(atMs: number): readonly Span[]
}

/** Ground truth of one run: nobody is present yet. Both sides must have a link. */
export function createCallTruth(sides: readonly [string, string], lines: Lines): CallTruth {
  const present: Record<string, boolean> = { [sides[0]]: false, [sides[1]]: false }
  const hears: Record<string, boolean> = { [sides[0]]: false, [sides[1]]: false }
  const spans: Span[] = []
  let servedFromMs: number | null = null
  const isHeard = (side: string, by: string): boolean =>
    present[side] === true &&
    lines.isAlive(side) &&
    lines.isUp(`${side}.up`) &&
    lines.isUp(`${by}.down`)
  const settle = (atMs: number): void => {
    const [one, other] = sides
    hears[one] = isHeard(other, one)
    hears[other] = isHeard(one, other)
    // Each of them is present and lives, and all four directions are up.
    const isServed = hears[one] && hears[other]
    if (isServed && servedFromMs === null) servedFromMs = atMs
    if (!isServed && servedFromMs !== null) {
      if (atMs > servedFromMs) spans.push({ fromMs: servedFromMs, untilMs: atMs })
      servedFromMs = null
    }
  }
  return {
    settle,
    setPresence(side, isPresent, atMs) {
      assert(Object.hasOwn(present, side), 'only the two sides are in the call')
      present[side] = isPresent
      settle(atMs)
    },
    hearsPeer: (side) => hears[side] === true,
    spans(atMs) {
      if (servedFromMs === null || atMs <= servedFromMs) return spans
      return [...spans, { fromMs: servedFromMs, untilMs: atMs }]
    },
  }
}
