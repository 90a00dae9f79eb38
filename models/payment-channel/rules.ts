/**
 * The arithmetic of payment-channel: deadlines and what a voucher still pays, as pure functions.
 *
 * The machine calls these from its guards and actions. The oracle must not: it judges from the
 * outside, with formulas of its own. Nothing here divides, so nothing rounds.
 */
import { maxBig, minBig } from '../kit/money.ts'
import type { ChannelContext } from './machineTypes.ts'

/** First second in which the channel has expired. */
export function expiresAtSeconds(context: ChannelContext): number {
  return context.openedAtSeconds + context.expirySeconds
}

/** The same for users: 0 before the opening. */
export function expiryToldSeconds(context: ChannelContext): number {
  return context.openedAtSeconds === 0 ? 0 : expiresAtSeconds(context)
}

/** First second in which the payer can reclaim a channel that nobody has closed. */
export function reclaimableAtSeconds(context: ChannelContext): number {
  return expiresAtSeconds(context) + context.graceSeconds
}

/** What a voucher adds to what is paid: as far as the deposit goes, and never less than nothing. */
export function increaseUnits(context: ChannelContext, cumulativeUnits: bigint): bigint {
  const covered = minBig(cumulativeUnits, context.depositUnits)
  return maxBig(0n, covered - context.paidUnits)
}

/** What belongs to the payer once `paidUnits` are the provider's. */
export function refundUnits(context: ChannelContext, paidUnits: bigint): bigint {
  return context.depositUnits - paidUnits
}
