/**
 * What participants of a channel ask of the contract, with the arguments of the step.
 */
import type { VoucherKind } from '../../models/payment-channel/cast.ts'
import type { Action, Intent } from './actors.ts'

/** A call without arguments. */
export function plainIntent(action: Action, key: string = action): Intent {
  return { action, key, args: {} }
}

/** `open` and `topUp`; another deposit before it makes it another call. */
export function depositIntent(action: 'open' | 'topUp', key: string, amountUnits: bigint): Intent {
  return { action, key, args: { amountUnits } }
}

/** A higher voucher under the same key is another payload. The number 0 needs no voucher. */
export function voucherIntent(
  action: 'redeem' | 'close',
  key: string,
  cumulativeUnits: bigint,
  kind: VoucherKind = 'genuine',
): Intent {
  const voucher = cumulativeUnits === 0n ? null : kind
  const payloadKey = String(cumulativeUnits)
  return { action, key, args: { cumulativeUnits, voucher }, payloadKey }
}

export function claimIntent(to: string): Intent {
  return { action: 'claim', key: 'claim', args: { to } }
}
