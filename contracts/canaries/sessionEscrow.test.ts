/**
 * The list of canaries of session-escrow against its contracts and its claims.
 */
import { describeCanaries } from '../testing/describeCanaries.ts'
import { sessionEscrowCanaries } from './session-escrow.ts'

/** The fixed list of claims about session-escrow. */
const INVARIANT_IDS = [
  'INV-CONSERVATION',
  'INV-SOLVENCY',
  'INV-CAP',
  'INV-NO-OVERPAY',
  'INV-ENTITLEMENT-MONOTONE',
  'INV-SETTLE-ONCE',
  'INV-ISOLATION',
  'INV-FEE-EXACT',
  'INV-DUST',
  'INV-SINGLE-USE',
  'INV-BINDING',
  'INV-CONSENT',
  'INV-STRANGER-HARMLESS',
  'INV-EXIT',
  'INV-SETTLE-TOTAL',
  'INV-NO-SHOW-REFUND',
  'INV-RECIPIENT-ISOLATION',
  'INV-REENTRY',
]

describeCanaries({
  protocol: 'session-escrow',
  canaries: sessionEscrowCanaries,
  sound: { 'as-described': 'SessionEscrowAsDescribed', hardened: 'SessionEscrowHardened' },
  invariantIds: INVARIANT_IDS,
})
