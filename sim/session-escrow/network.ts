/**
 * Carries messages between participants over their links, and says why one did not arrive.
 *
 * Each side reaches the others through its own uplink and is reached through its own downlink;
 * service and relayer stand in one data centre. A link that is down loses a message both at its
 * sending and at its arrival, so an outage cuts off what is still on its way.
 */
import type { FaultLookup } from '../faults/faultLookup.ts'
import { chanceBps } from '../kernel/distributions.ts'
import type { StreamOf } from '../kernel/random.ts'
import { createLink, type Link, type LinkConditions } from '../links.ts'
import type { Actor, Message } from './actors.ts'
import type { GroundTruth } from './groundTruth.ts'
import type { LossReason } from './worldRun.ts'

export interface Network {
  /** Sends a message: why it will not arrive, or null; then `delaysMs` has its copies. */
  send(from: Actor, to: Actor, message: Message, atMs: number): LossReason | null
  /** Delay of each copy of the message that was sent last. */
  readonly delaysMs: readonly number[]
  /** Why a message cannot be received now; null when it can. */
  refusal(to: Actor, atMs: number): LossReason | null
}

const DATA_CENTRE: LinkConditions = {
  latency: { shiftMs: 1, medianMs: 2, sigma: 0.3 },
  lossBps: 0,
  duplicationBps: 0,
  clogBps: 0,
  clogMeanMs: 0,
}

interface NetworkOptions {
  readonly conditions: LinkConditions
  readonly faults: FaultLookup
  readonly streams: StreamOf
  readonly truth: GroundTruth
}

/** The link of one way, and what stands at its two ends. */
interface Way {
  readonly link: Link
  /** The sender's uplink, for instance `student.up`; null in the data centre. */
  readonly uplink: string | null
}

function isSide(actor: Actor): boolean {
  return actor === 'student' || actor === 'tutor'
}

class LinkedNetwork implements Network {
  readonly #options: NetworkOptions
  readonly #ways = new Map<Actor, Map<Actor, Way>>()
  delaysMs: readonly number[] = []

  constructor(options: NetworkOptions) {
    this.#options = options
  }

  send(from: Actor, to: Actor, message: Message, atMs: number): LossReason | null {
    const { faults, truth } = this.#options
    const { link, uplink } = this.#ways.get(from)?.get(to) ?? this.#addWay(from, to)
    if (uplink !== null && !truth.isUp(uplink)) return 'link-down'
    if (uplink !== null && message.kind === 'ping') {
      const loss = faults.active('heartbeat-loss', from, atMs)
      if (loss !== undefined) {
        // Both copies of a ping, to the service and to the peer, share the fate of the ping.
        const u = this.#options.streams(`heartbeat-loss/${from}`).unitAt(message.ping.sequence)
        if (chanceBps(u, loss.magnitude)) return 'heartbeat-loss'
      }
    }
    this.delaysMs = link.pass(faults.disturbance(from, atMs))
    return this.delaysMs.length === 0 ? 'loss' : null
  }

  refusal(to: Actor, atMs: number): LossReason | null {
    const { faults, truth } = this.#options
    if (to === 'student' && !truth.isUp('student.down')) return 'link-down'
    if (to === 'tutor' && !truth.isUp('tutor.down')) return 'link-down'
    return faults.active('process-crash', to, atMs) === undefined ? null : 'crash'
  }

  #addWay(from: Actor, to: Actor): Way {
    const { conditions, streams } = this.#options
    const uplink = isSide(from) ? `${from}.up` : null
    const name = `${uplink ?? from}>${to}`
    const link = createLink(name, uplink === null ? DATA_CENTRE : conditions, streams)
    const ways = this.#ways.get(from) ?? new Map<Actor, Way>()
    this.#ways.set(from, ways)
    ways.set(to, { link, uplink })
    return { link, uplink }
  }
}

/** The network of one run. */
export function createNetwork(options: NetworkOptions): Network {
  return new LinkedNetwork(options)
}
