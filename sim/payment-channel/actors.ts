/**
 * Who takes part in the world of payment-channel, what they say to each other, what they see of the
 * chain and what they tell the record; the shapes are the kit's.
 */
import type { FaultTargets } from '../faults/targets.ts'
import type {
  Effect as AnyEffect,
  Input as AnyInput,
  Intent as AnyIntent,
  Step as AnyStep,
} from '../world/actors.ts'
import type { ChainView } from '../world/chainSide.ts'

export const ACTORS = ['payer', 'provider', 'watcher', 'stranger'] as const
export type Actor = (typeof ACTORS)[number]

/** Whom faults may hit. The stranger's node may fail, but no regime draws anything for it. */
export const CHANNEL_TARGETS: FaultTargets = {
  access: ['payer', 'provider'],
  clocked: ['payer', 'provider', 'watcher'],
  senders: ['payer', 'provider', 'watcher'],
  // Nobody sends signs of life but pieces and vouchers.
  heartbeats: [],
  keepers: ['watcher'],
  guests: ['stranger'],
}

/**
 * A voucher on its way: for so many bytes of the file, 0 for none. Its number in base units follows
 * from the price (`owedUnits`). Nobody but the payer can sign one, so nothing else has to be said
 * of a genuine one.
 */
export interface Voucher {
  readonly bytes: number
  readonly isGenuine: boolean
}

export type Message =
  /** Asks for the file; sent again, it says from where the transfer is to be resumed. */
  | { readonly kind: 'ask'; readonly receivedBytes: number; readonly voucher: Voucher }
  | { readonly kind: 'voucher'; readonly voucher: Voucher }
  /** The payer wants no more; with its last voucher. */
  | { readonly kind: 'done'; readonly voucher: Voucher }
  /** The transfer is reliable: a piece that arrives brings all that was sent before it. */
  | { readonly kind: 'piece'; readonly fromBytes: number; readonly untilBytes: number }
  /** The provider hands its newest voucher to the watcher. */
  | { readonly kind: 'entrusted'; readonly bytes: number }

/** The channel as every reader of the chain sees it after some block. */
export interface ChannelReading {
  readonly state: string
  readonly depositUnits: bigint
  readonly openedAtSeconds: number
  readonly paidUnits: bigint
  readonly challengeEndsAtSeconds: number
  readonly claimPayerUnits: bigint
  readonly claimProviderUnits: bigint
}
export type ChannelView = ChainView<ChannelReading>

export type TimerName =
  | 'begin'
  | 'stall'
  | 'linger'
  | 'piece'
  | 'patience'
  | 'courtesy'
  | 'wake'
  | 'wallet'

export type Input = AnyInput<Message, ChannelView, TimerName>

export type Action =
  | 'open'
  | 'topUp'
  | 'redeem'
  | 'close'
  | 'requestClose'
  | 'finalise'
  | 'reclaimExpired'
  | 'claim'
export type Intent = AnyIntent<Action>

/** Why somebody took the channel as over. `offline`: the payer has waited for just that. */
export type LeaveReason =
  | 'satisfied'
  | 'done'
  | 'silence'
  | 'offline'
  | 'expired'
  | 'vanished'
  | 'closed'

/** What only a participant knows, for the record and the ground truth. */
export type Mark =
  /** The payer wants the file. */
  | { readonly kind: 'asked' }
  | { readonly kind: 'confirmed' }
  /** The payer signed for so many bytes. */
  | { readonly kind: 'signed'; readonly bytes: number }
  /** The transfer stands still until a voucher or more deposit comes; it goes on. */
  | { readonly kind: 'stands'; readonly on: 'voucher' | 'deposit' }
  | { readonly kind: 'streams' }
  | { readonly kind: 'left'; readonly reason: LeaveReason }

export type Effect = AnyEffect<Message, Mark, Actor, TimerName>
export type Effects = readonly Effect[]
export type Step<State> = AnyStep<State, Effect>
