/**
 * Links: what a network does to messages, one direction at a time.
 *
 * Up and down follow a two-state Markov process in time (Gilbert-Elliott: exponential sojourns);
 * messages are lost, delayed (which reorders them) and duplicated. Draws are keyed by the number of
 * the message on its link, so that two designs that send the same messages see the same network.
 */
import { chanceBps, exponentialMs, tabulatedLogNormalMs } from './kernel/distributions.ts'
import type { Stream, StreamOf } from './kernel/random.ts'

/** Mean lengths of the two states of a link, in milliseconds. */
export interface OutageProcess {
  readonly meanUpMs: number
  readonly meanDownMs: number
}

/** A half-open span of true time: from `fromMs`, before `untilMs`. */
export interface Span {
  readonly fromMs: number
  readonly untilMs: number
}

/** Longest list of outages that one link can have in a run. */
const OUTAGES_MAX = 100_000

/**
 * The outages of one direction before `horizonMs`. It starts up with the stationary probability,
 * and as sojourns are memoryless the first one needs no correction.
 */
export function drawOutages(
  process: OutageProcess,
  source: Stream,
  horizonMs: number,
): readonly Span[] {
  const { meanUpMs, meanDownMs } = process
  const outages: Span[] = []
  let isDown = source.unit() * (meanUpMs + meanDownMs) < meanDownMs
  let fromMs = 0
  while (fromMs < horizonMs && outages.length < OUTAGES_MAX) {
    const meanMs = isDown ? meanDownMs : meanUpMs
    const untilMs = fromMs + Math.max(1, exponentialMs(source.unit(), meanMs))
    if (isDown) outages.push({ fromMs, untilMs: Math.min(untilMs, horizonMs) })
    fromMs = untilMs
    isDown = !isDown
  }
  return outages
}

/** Share of time that a process spends down in the long run, in basis points, rounded down. */
export function stationaryDownBps({ meanUpMs, meanDownMs }: OutageProcess): number {
  return Math.floor((meanDownMs * 10_000) / (meanUpMs + meanDownMs))
}

/** How one direction of a link treats messages while it is up. */
export interface LinkConditions {
  readonly latency: { readonly shiftMs: number; readonly medianMs: number; readonly sigma: number }
  readonly lossBps: number
  readonly duplicationBps: number
  /** A clog: this share of messages is delayed by an exponential time more. */
  readonly clogBps: number
  readonly clogMeanMs: number
}

/** What became of one message on one link: delays of its copies; none when it was lost. */
export type Passage = readonly number[]

/** What faults add to a message at the moment of its sending. */
export interface Disturbance {
  readonly extraDelayMs: number
  /** Width of the window of a further random delay. */
  readonly reorderWindowMs: number
  readonly duplicationBps: number
}

export const NO_DISTURBANCE: Disturbance = {
  extraDelayMs: 0,
  reorderWindowMs: 0,
  duplicationBps: 0,
}

export interface Link {
  readonly name: string
  /** Sends the next message; what faults do to it is the caller's to know. */
  pass(disturbance: Disturbance): Passage
}

const NOTHING: Passage = []

type Latency = LinkConditions['latency']
const latencies = new WeakMap<Latency, (u: number) => number>()

/** One table for each distribution: links share the conditions of their regime. */
function latencyOf(latency: Latency): (u: number) => number {
  const known = latencies.get(latency)
  if (known !== undefined) return known
  const made = tabulatedLogNormalMs(latency)
  latencies.set(latency, made)
  return made
}

/** One direction, by name, with streams of its own for latency, loss, duplication and clogging. */
export function createLink(name: string, conditions: LinkConditions, streams: StreamOf): Link {
  const sources = {
    latency: streams(`link/${name}/latency`),
    loss: streams(`link/${name}/loss`),
    copy: streams(`link/${name}/copy`),
    clog: streams(`link/${name}/clog`),
    reorder: streams(`link/${name}/reorder`),
  }
  const { lossBps, clogBps, clogMeanMs } = conditions
  const latencyMs = latencyOf(conditions.latency)
  let count = 0
  const delayMs = (key: number, { extraDelayMs, reorderWindowMs }: Disturbance): number => {
    let sumMs = latencyMs(sources.latency.unitAt(key)) + extraDelayMs
    if (clogBps > 0) {
      // One draw decides both whether and how long: the part below the threshold is rescaled.
      const u = sources.clog.unitAt(key)
      const isClogged = chanceBps(u, clogBps)
      if (isClogged) sumMs += exponentialMs((u * 10_000) / clogBps, clogMeanMs)
    }
    if (reorderWindowMs > 0) sumMs += Math.floor(sources.reorder.unitAt(key) * reorderWindowMs)
    return sumMs
  }
  return {
    name,
    pass(disturbance) {
      const key = count * 2
      count += 1
      if (lossBps > 0 && chanceBps(sources.loss.unitAt(key), lossBps)) return NOTHING
      const first = delayMs(key, disturbance)
      const duplicationBps = Math.max(conditions.duplicationBps, disturbance.duplicationBps)
      const isCopied = duplicationBps > 0 && chanceBps(sources.copy.unitAt(key), duplicationBps)
      return isCopied ? [first, delayMs(key + 1, disturbance)] : [first]
    },
  }
}
