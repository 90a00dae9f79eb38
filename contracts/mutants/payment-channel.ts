/**
 * Mutants of PaymentChannel that live, and why.
 */
import type { Explanation } from './explanation.ts'
import { addsNothing, firstShare, zeroAnyway } from './gaps.ts'

const BASE = 'PaymentChannelBase.sol'

/** Hardened, nothing happens to the challenge when a voucher is redeemed. */
const emptyHook = (before: string, after: string): Explanation => ({
  ...{ file: BASE, policy: 'hardened', within: 'redeem', before, after, equivalent: true },
  reason: 'The hook is empty in this policy: whether it is called makes no difference.',
})
const isClosing = 'c.status == Status.Closing'

export const paymentChannelExplanations: readonly Explanation[] = [
  ...zeroAnyway(BASE, 'expiresAt', 'c'),
  emptyHook(isClosing, 'true'),
  emptyHook(isClosing, 'false'),
  emptyHook(isClosing, 'c.status != Status.Closing'),
  emptyHook('_redeemedWhileClosing(c);', '{}'),
  ...addsNothing(BASE, '_payProvider'),
  ...addsNothing(BASE, '_payPayer'),
  firstShare(BASE, '_payPayer', 'c.claimPayer'),
]
