/**
 * The list of canaries of attendance-hold against its contracts and its claims.
 */
import { describeCanaries } from '../testing/describeCanaries.ts'
import { attendanceHoldCanaries } from './attendance-hold.ts'

/** The fixed list of claims about attendance-hold. */
const INVARIANT_IDS = [
  'INV-CONSERVATION',
  'INV-SOLVENCY',
  'INV-CAP',
  'INV-DUST',
  'INV-FEE',
  'INV-REFERRER',
  'INV-THRESHOLD',
  'INV-UNION',
  'INV-WITHIN-SESSION',
  'INV-LENGTH',
  'INV-EVENT-ONCE',
  'INV-WINDOW',
  'INV-BINDING',
  'INV-NO-SHOW',
  'INV-EXIT',
  'INV-SETTLE-ONCE',
  'INV-SINGLE-USE',
  'INV-ISOLATION',
  'INV-RECIPIENT-ISOLATION',
  'INV-STRANGER-HARMLESS',
  'INV-REENTRY',
]

describeCanaries({
  protocol: 'attendance-hold',
  canaries: attendanceHoldCanaries,
  sound: { 'as-described': 'AttendanceHoldAsDescribed', hardened: 'AttendanceHoldHardened' },
  invariantIds: INVARIANT_IDS,
})
