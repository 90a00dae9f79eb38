/**
 * Carries messages between participants over their links, and says why one did not arrive.
 *
 * Each participant with an access link reaches the others through its own uplink and is reached
 * through its own downlink; all others stand in one data centre. A link that is down loses a
 * message both at its sending and at its arrival, so an outage cuts off what is still on its way.
 */
import type { FaultLookup } from '../faults/faultLookup.ts'
import { chanceBps } from '../kernel/distributions.ts'
import type { StreamOf } from '../kernel/random.ts'
import { createLink, type Link, type LinkConditions } from '../links.ts'
import type { AnyMessage } from './actors.ts'
import type { Lines } from './lines.ts'
import type { LossReason } from './records.ts'

export interface Network<Message> {
  /** Sends a message: why it will not arrive, or null; then `delaysMs` has its copies. */
  send(from: string, to: string, message: Message, atMs: number): LossReason | null
  /** Delay of each copy of the message that was sent last. */
  readonly delaysMs: readonly number[]
  /** Why a message cannot be received now; null when it can. */
  refusal(to: string, atMs: number): LossReason | null
}

const DATA_CENTRE: LinkConditions = {
  latency: { shiftMs: 1, medianMs: 2, sigma: 0.3 },
  lossBps: 0,
  duplicationBps: 0,
  clogBps: 0,
  clogMeanMs: 0,
}

interface NetworkOptions<Message> {
  readonly conditions: LinkConditions
  readonly faults: FaultLookup
  readonly streams: StreamOf
  readonly lines: Lines
  /** Number of a heartbeat among its sender's; null for any other message. */
  readonly heartbeatNumber: ((message: Message) => number | null) | null
}

/** The link of one way, and what stands at its two ends. */
interface Way {
  readonly link: Link
  /** The sender's uplink, for instance `student.up`; null in the data centre. */
  readonly uplink: string | null
}

class LinkedNetwork<Message extends AnyMessage> implements Network<Message> {
  readonly #options: NetworkOptions<Message>
  readonly #ways = new Map<string, Map<string, Way>>()
  readonly #downlinks = new Map<string, string | null>()
  delaysMs: readonly number[] = []

  constructor(options: NetworkOptions<Message>) {
    this.#options = options
  }

  send(from: string, to: string, message: Message, atMs: number): LossReason | null {
    const { faults, lines, heartbeatNumber } = this.#options
    const { link, uplink } = this.#ways.get(from)?.get(to) ?? this.#addWay(from, to)
    if (uplink !== null && !lines.isUp(uplink)) return 'link-down'
    if (uplink !== null && heartbeatNumber !== null) {
      const loss = faults.active('heartbeat-loss', from, atMs)
      const number = loss === undefined ? null : heartbeatNumber(message)
      if (loss !== undefined && number !== null) {
        // All copies of a heartbeat, to whomever they go, share its fate.
        const u = this.#options.streams(`heartbeat-loss/${from}`).unitAt(number)
        if (chanceBps(u, loss.magnitude)) return 'heartbeat-loss'
      }
    }
    this.delaysMs = link.pass(faults.disturbance(from, atMs))
    return this.delaysMs.length === 0 ? 'loss' : null
  }

  refusal(to: string, atMs: number): LossReason | null {
    const { faults, lines } = this.#options
    const known = this.#downlinks.get(to)
    const downlink = known === undefined ? this.#addDownlink(to) : known
    if (downlink !== null && !lines.isUp(downlink)) return 'link-down'
    return faults.active('process-crash', to, atMs) === undefined ? null : 'crash'
  }

  #addDownlink(to: string): string | null {
    const downlink = this.#options.lines.hasLink(to) ? `${to}.down` : null
    this.#downlinks.set(to, downlink)
    return downlink
  }

  #addWay(from: string, to: string): Way {
    const { conditions, streams, lines } = this.#options
    const uplink = lines.hasLink(from) ? `${from}.up` : null
    const name = `${uplink ?? from}>${to}`
    const link = createLink(name, uplink === null ? DATA_CENTRE : conditions, streams)
    const ways = this.#ways.get(from) ?? new Map<string, Way>()
    this.#ways.set(from, ways)
    ways.set(to, { link, uplink })
    return { link, uplink }
  }
}

/** The network of one run. */
export function createNetwork<Message extends AnyMessage>(
  options: NetworkOptions<Message>,
): Network<Message> {
  return new LinkedNetwork(options)
}
