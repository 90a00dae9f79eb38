/**
 * What one run of the payment-channel world leaves behind: everything that judges, reports and
 * views may ask about it, as data.
 *
 * True times are milliseconds since the start of the world (`…Ms`); times of the contract are Unix
 * seconds (`…Seconds`), and `epochSeconds` maps one to the other. Amounts are bigint base units;
 * bytes are counted cumulatively from the start of the file, and vouchers by the bytes that they
 * pay for.
 */
import type { Span } from '../links.ts'
import type { ExposureSample } from '../world/exposure.ts'
import type { CommonRun, MessageRecord } from '../world/records.ts'
import type { LeaveReason } from './actors.ts'
import type { Behaviour } from './behaviour.ts'
import type { Price } from './price.ts'

/** Deliberate mistakes in the world, each of which a claim about the world must catch. */
export interface WorldDefects {
  /** The payer's client signs for so many bytes that it has not received yet. */
  readonly payerSignsAheadBytes?: number
  /** It adds up the lengths of all pieces that arrive, copies among them. */
  readonly payerCountsCopies?: boolean
  readonly providerServesWithoutVouchers?: boolean
  readonly providerServesPastDeposit?: boolean
  /** The provider takes whatever voucher came last for its newest. */
  readonly providerTakesStale?: boolean
  /** It does not look at signatures. */
  readonly providerTakesForged?: boolean
  readonly providerNeverRedeems?: boolean
  readonly watcherIdle?: boolean
  /** Nobody asks for the end, finalises, closes or reclaims. */
  readonly nobodyEnds?: boolean
  /** Calls are timed by the sender's clock instead of the block's. */
  readonly timesBySenderClock?: boolean
}

/** A cumulative number of bytes that was reached at some time. */
export interface Count {
  readonly signedMs: number
  readonly bytes: number
}

/** Time in which the transfer stood still for want of money, see `waits`. */
export interface Wait extends Span {
  readonly on: 'open' | 'voucher' | 'deposit'
}

/** How a channel came to its end. */
export type Ending = 'close' | 'finalise' | 'reclaimExpired'

/** When things happened in true time; null for never. */
export interface Milestones {
  readonly askedMs: number | null
  readonly openedMs: number | null
  /** The payer took the opening as final. */
  readonly openConfirmedMs: number | null
  /** The whole file had reached the payer. */
  readonly completeMs: number | null
  readonly payerLeftMs: number | null
  readonly payerReason: LeaveReason | null
  readonly providerLeftMs: number | null
  readonly providerReason: LeaveReason | null
  /** Block of the payer's request for the end. */
  readonly requestedMs: number | null
  /** Block after which everything was paid that the provider held at the request. */
  readonly redeemedMs: number | null
  readonly endedMs: number | null
  readonly ending: Ending | null
  /** When the transaction that ended the channel was first sent. */
  readonly endSentMs: number | null
  /** The last payment out of the contract. */
  readonly overMs: number | null
  /** All faults are over from here on. */
  readonly healedMs: number
}

/** How the channel stands at the end. */
export interface EndState {
  readonly state: string
  readonly depositUnits: bigint
  readonly openedAtSeconds: number
  readonly challengeEndsAtSeconds: number
  /** What the contract says that the provider was paid, and what reached its wallet. */
  readonly paidUnits: bigint
  readonly receivedUnits: bigint
  readonly refundedUnits: bigint
  readonly claimPayerUnits: bigint
  readonly claimProviderUnits: bigint
  readonly escrowUnits: bigint
}

export interface WorldRun extends CommonRun {
  readonly protocol: 'payment-channel'
  readonly behaviour: Behaviour
  readonly price: Price
  readonly fileBytes: number
  readonly priceUnits: bigint
  readonly expirySeconds: number
  readonly graceSeconds: number
  /** Ground truth: what had reached the payer when. */
  readonly received: readonly Count[]
  readonly deliveredBytes: number
  /** Ground truth: when pieces arrived. */
  readonly served: readonly Span[]
  /** Why the transfer stood still, from the wish for the file to the payer's leaving. */
  readonly waits: readonly Wait[]
  /** Genuine vouchers: when the payer signed them, and when they had reached the others. */
  readonly signed: readonly Count[]
  readonly held: readonly Count[]
  readonly entrusted: readonly Count[]
  /** Copies of vouchers, and older ones, that reached the provider after a newer one. */
  readonly staleCount: number
  /** Most by which the provider ever saw more deposited than a reorg left of it. */
  readonly undoneUnits: bigint
  readonly milestones: Milestones
  readonly exposure: readonly ExposureSample[]
  /** Empty unless the run was made with `detail: 'full'`. */
  readonly messages: readonly MessageRecord<ShownMessage>[]
  readonly endState: EndState
}

/** What a message of the sequence diagram shows. */
export interface ShownMessage {
  /** Bytes that it speaks of. */
  readonly sequence: number | null
}
