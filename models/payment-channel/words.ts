/**
 * Every named refusal of payment-channel with its meaning, and the actions that its guard
 * covers. The names are the contract's custom errors and functions.
 */
import type { GuardedActions } from '../kit/protocol.ts'

export const paymentChannelErrors = {
  ChannelExists: 'the channel id was used before',
  NotPayer: 'only the payer of the channel may do this',
  InvalidProvider: 'the provider is nobody, the payer or the contract',
  ZeroExpiry: 'the channel would expire at once',
  ZeroAmount: 'nothing is offered',
  DepositFailed: 'the token did not move',
  DepositShort: 'less arrived than was sent',
  NotOpen: 'the channel is not open',
  ChannelExpired: 'the channel has expired; more money would only be locked up',
  AmountTooLarge: 'the deposit would not fit into 128 bits',
  NotRedeemable: 'the channel pays nothing any more',
  NotProvider: 'only the provider (hardened: or its watcher) may do this',
  StaleVoucher: 'the voucher pays nothing beyond what is paid',
  InvalidVoucher: 'the payer has not signed this number for this channel',
  NotClosing: 'nobody has asked for the end of the channel',
  ChallengeRunning: 'the provider may still redeem its newest voucher',
  NotExpired: 'the channel cannot be reclaimed yet',
  NothingToClaim: 'the caller has no unpaid share',
  InvalidRecipient: 'tokens cannot be sent to nobody or back to the contract',
  ClaimFailed: 'the token refused the claimed transfer',
} as const
export type PaymentChannelError = keyof typeof paymentChannelErrors

const GUARDED = [
  'open',
  'topUp',
  'redeem',
  'close',
  'requestClose',
  'finalise',
  'reclaimExpired',
  'claim',
] as const

/** Actions during which nobody else is let in: all that the contract has. */
export const paymentChannelGuarded: GuardedActions = {
  'as-described': GUARDED,
  hardened: GUARDED,
}
