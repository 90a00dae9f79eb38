/**
 * The list of canaries of withdrawal against its contracts and its claims.
 */
import { describeCanaries } from '../testing/describeCanaries.ts'
import { withdrawalCanaries } from './withdrawal.ts'

/** The fixed list of claims about withdrawal. */
const INVARIANT_IDS = [
  'INV-CONSERVATION',
  'INV-SOLVENCY',
  'INV-EARNED',
  'INV-RESERVED',
  'INV-BOOKS',
  'INV-FEE',
  'INV-MINIMUM',
  'INV-PAID-ONCE',
  'INV-RESTORE',
  'INV-SINGLE-USE',
  'INV-REFERENCE',
  'INV-SETTLE-ONCE',
  'INV-ADMIN',
  'INV-ISOLATION',
  'INV-BANK-WINDOW',
  'INV-EXIT',
  'INV-RECIPIENT-ISOLATION',
  'INV-STRANGER-HARMLESS',
  'INV-REENTRY',
]

describeCanaries({
  protocol: 'withdrawal',
  canaries: withdrawalCanaries,
  sound: { 'as-described': 'WithdrawalAsDescribed', hardened: 'WithdrawalHardened' },
  invariantIds: INVARIANT_IDS,
})
