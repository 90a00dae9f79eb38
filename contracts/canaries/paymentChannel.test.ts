/**
 * The list of canaries of payment-channel against its contracts and its claims.
 */
import { describeCanaries } from '../testing/describeCanaries.ts'
import { paymentChannelCanaries } from './payment-channel.ts'

/** The fixed list of claims about payment-channel. */
const INVARIANT_IDS = [
  'INV-CONSERVATION',
  'INV-SOLVENCY',
  'INV-CAP',
  'INV-NEWEST-VOUCHER',
  'INV-PAID-ONCE',
  'INV-DUST',
  'INV-REDEEM-TOTAL',
  'INV-TOP-UP',
  'INV-ISOLATION',
  'INV-SINGLE-USE',
  'INV-BINDING',
  'INV-WATCHER',
  'INV-STRANGER-HARMLESS',
  'INV-NO-TIMER-RESET',
  'INV-CHALLENGE',
  'INV-EXPIRY-GRACE',
  'INV-SETTLE-ONCE',
  'INV-EXIT',
  'INV-RECIPIENT-ISOLATION',
  'INV-REENTRY',
]

describeCanaries({
  protocol: 'payment-channel',
  canaries: paymentChannelCanaries,
  sound: { 'as-described': 'PaymentChannelAsDescribed', hardened: 'PaymentChannelHardened' },
  invariantIds: INVARIANT_IDS,
})
