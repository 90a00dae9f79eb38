/**
 * The list of canaries of token-job against its contracts and its claims.
 */
import { describeCanaries } from '../testing/describeCanaries.ts'
import { tokenJobCanaries } from './token-job.ts'

/** The fixed list of claims about token-job. */
const INVARIANT_IDS = [
  'INV-CONSERVATION',
  'INV-SOLVENCY',
  'INV-ISOLATION',
  'INV-CAP',
  'INV-SPLIT-EXACT',
  'INV-PROOF-MONOTONE',
  'INV-RECEIPT-BINDING',
  'INV-RECEIPTED',
  'INV-PROOF-WINDOW',
  'INV-SINGLE-USE',
  'INV-CONSENT',
  'INV-SETTLE-ONCE',
  'INV-DUST',
  'INV-TIMEOUT',
  'INV-STRANGER-HARMLESS',
  'INV-EARNINGS',
  'INV-EXIT',
  'INV-END-TOTAL',
  'INV-NO-PROOF-REFUND',
  'INV-RECIPIENT-ISOLATION',
  'INV-REENTRY',
]

describeCanaries({
  protocol: 'token-job',
  canaries: tokenJobCanaries,
  sound: { 'as-described': 'TokenJobAsDescribed', hardened: 'TokenJobHardened' },
  invariantIds: INVARIANT_IDS,
})
