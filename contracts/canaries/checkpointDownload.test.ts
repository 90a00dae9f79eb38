/**
 * The list of canaries of checkpoint-download against its contracts and its claims.
 */
import { describeCanaries } from '../testing/describeCanaries.ts'
import { checkpointDownloadCanaries } from './checkpoint-download.ts'

/** The fixed list of claims about checkpoint-download. */
const INVARIANT_IDS = [
  'INV-CONSERVATION',
  'INV-SOLVENCY',
  'INV-CAP',
  'INV-PAY-FOR-DELIVERED',
  'INV-SHARE-EXACT',
  'INV-WHOLE-PRICE',
  'INV-PAID-ONCE',
  'INV-DUST',
  'INV-ISOLATION',
  'INV-SINGLE-USE',
  'INV-METER',
  'INV-DEBIT',
  'INV-STRANGER-HARMLESS',
  'INV-PAUSE',
  'INV-SCHEDULE',
  'INV-SEGMENT-CAP',
  'INV-UPFRONT',
  'INV-PROGRESS',
  'INV-SETTLE-ONCE',
  'INV-EXIT',
  'INV-RETRY',
  'INV-RECIPIENT-ISOLATION',
  'INV-REENTRY',
]

describeCanaries({
  protocol: 'checkpoint-download',
  canaries: checkpointDownloadCanaries,
  sound: {
    'as-described': 'CheckpointDownloadAsDescribed',
    hardened: 'CheckpointDownloadHardened',
  },
  invariantIds: INVARIANT_IDS,
})
