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

/** A message on its way; `lost` is set when it will not arrive. */
export interface Delivery {
  readonly afterMs: number
  readonly lost: LossReason | null
}

export interface Network {
  send(from: Actor, to: Actor, message: Message, atMs: number): readonly Delivery[]
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

const isSide = (actor: Actor) => actor === 'student' || actor === 'tutor'
const lostTo = (lost: LossReason): readonly Delivery[] => [{ afterMs: 0, lost }]

/** The network of one run. */
export function createNetwork({ conditions, faults, streams, truth }: NetworkOptions): Network {
  const links = new Map<string, Link>()
  const linkNamed = (name: string, isAccess: boolean): Link => {
    const existing = links.get(name)
    if (existing !== undefined) return existing
    const created = createLink(name, isAccess ? conditions : DATA_CENTRE, streams)
    links.set(name, created)
    return created
  }
  return {
    send(from, to, message, atMs) {
      if (isSide(from) && !truth.isUp(`${from}.up`)) return lostTo('link-down')
      if (message.kind === 'ping' && isSide(from)) {
        const loss = faults.active('heartbeat-loss', from, atMs)
        const u = streams(`heartbeat-loss/${from}`)
        // Both copies of a ping, to the service and to the peer, share the fate of the ping.
        const key = message.ping.sequence
        if (loss !== undefined && chanceBps(u.unitAt(key), loss.magnitude)) {
          return lostTo('heartbeat-loss')
        }
      }
      const first = linkNamed(isSide(from) ? `${from}.up>${to}` : `${from}>${to}`, isSide(from))
      const disturbance = faults.disturbance(from, atMs)
      const copies = first.pass(disturbance)
      if (copies.length === 0) return lostTo('loss')
      return copies.map((afterMs) => ({ afterMs, lost: null }))
    },
    refusal(to, atMs) {
      if (isSide(to) && !truth.isUp(`${to}.down`)) return 'link-down'
      return faults.active('process-crash', to, atMs) === undefined ? null : 'crash'
    },
  }
}
