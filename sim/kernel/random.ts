/**
 * Random streams, one for each purpose, derived from (seed, run, purpose).
 *
 * A stream's draws are keyed by their number, so a draw that is added to one stream changes no
 * other, and two designs that are compared see the same luck. A number that was drawn for one
 * purpose must never be used for another: ask for one more stream instead.
 */
import { assert } from '../../models/kit/error.ts'
import { threefry, threefryUnit, type Word2 } from './threefry.ts'

export interface Stream {
  readonly purpose: string
  /** The next draw, in [0, 1). */
  unit(): number
  /** Draw number `counter`, in [0, 1); leaves the position of `unit` alone. */
  unitAt(counter: number): number
}

/** Which world of which experiment: every stream of a run starts from these two. */
export interface RunKey {
  /** Integer from 0 to 2^53 − 1. */
  readonly seed: number
  /** Number of the run under that seed, from 0. */
  readonly run: number
}

function wordsOf(value: number): Word2 {
  assert(Number.isSafeInteger(value), 'seeds, runs and counters are safe integers')
  assert(value >= 0, 'seeds, runs and counters are not negative')
  return { high: Math.floor(value / 0x1_0000_0000), low: value >>> 0 }
}

/** Two independent FNV-1a hashes of a text, as one key. */
function wordsOfText(text: string): Word2 {
  let high = 0x811c9dc5
  let low = 0x1000193
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    high = Math.imul(high ^ code, 0x01000193)
    low = Math.imul(low ^ (code + 0x9e37), 0x85ebca6b)
  }
  return { high: high >>> 0, low: low >>> 0 }
}

/**
 * The stream of one purpose in one run.
 *
 * @example stream({ seed: 7, run: 0 }, 'link/student.up/latency').unit()
 */
export function stream({ seed, run }: RunKey, purpose: string): Stream {
  const key = threefry(threefry(wordsOf(seed), wordsOf(run)), wordsOfText(purpose))
  let counter = 0
  return {
    purpose,
    unit: () => threefryUnit(key, counter++),
    unitAt: (index) => threefryUnit(key, index),
  }
}

/** Remembers the streams of one run, so that each purpose keeps its position. */
export type StreamOf = (purpose: string) => Stream

/** One stream for each purpose that is asked for. */
export function streamsOf(key: RunKey): StreamOf {
  const known = new Map<string, Stream>()
  return (purpose) => {
    const existing = known.get(purpose)
    if (existing !== undefined) return existing
    const created = stream(key, purpose)
    known.set(purpose, created)
    return created
  }
}
