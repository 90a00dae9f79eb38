/**
 * Context and events of the payment-channel machine.
 *
 * Everything that the machine cannot know (block time, whether a token moves, whether a voucher is
 * genuine) is a fact inside the event; that is what keeps it pure and lets skew be injected.
 */
import type { TransferInResult } from '../kit/token.ts'

/** Owners of the two shares of a channel. */
export type ShareOwner = 'payer' | 'provider'
export type ChannelRole = ShareOwner | 'watcher' | 'stranger'

export interface ChannelInput {
  /** Kind of the channel's token. */
  readonly token: string
  /** Time from the opening after which the channel has expired. */
  readonly expirySeconds: number
  readonly challengeSeconds: number
  /** Whether the named provider is somebody other than the payer, the contract or nobody. */
  readonly providerIsValid: boolean
}

export interface ChannelContext extends ChannelInput {
  /** Time after the expiry in which the payer cannot reclaim yet; zero in as-described. */
  readonly graceSeconds: number
  readonly depositUnits: bigint
  readonly openedAtSeconds: number
  /** Paid to the provider so far, deferred payments included. */
  readonly paidUnits: bigint
  /** From when on the channel can be finalised; zero before the payer asks for the end. */
  readonly challengeEndsAtSeconds: number
  /** Shares that could not be pushed, in base units. */
  readonly claims: Readonly<Record<ShareOwner, bigint>>
}

export type ChannelAction =
  | 'open'
  | 'topUp'
  | 'redeem'
  | 'close'
  | 'requestClose'
  | 'finalise'
  | 'reclaimExpired'
  | 'claim'

export interface ChannelEvent {
  readonly type: ChannelAction
  readonly by: ChannelRole
  readonly atSeconds: number
  /** open, topUp: base units offered. */
  readonly amountUnits?: bigint
  /** open, topUp: what becomes of the transfer. */
  readonly transferIn?: TransferInResult
  /** redeem, close: what the voucher promises since the opening, in base units. */
  readonly cumulativeUnits?: bigint
  /** redeem, close: signed by the payer, for this channel and this very number. */
  readonly voucherIsAuthentic?: boolean
  /** redeem, close, finalise, reclaimExpired: whom the token pays. */
  readonly pays?: Readonly<Record<ShareOwner, boolean>>
  /** claim: where the claimed share is to go, and whether the token pays that address. */
  readonly claimTo?: { readonly holder: string; readonly valid: boolean; readonly paid: boolean }
}
