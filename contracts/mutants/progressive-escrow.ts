/**
 * Mutants of ProgressiveEscrow that live, and why.
 */
import type { Explanation } from './explanation.ts'
import { idle } from './gaps.ts'

const BASE = 'ProgressiveEscrowBase.sol'
const BOOKS = 'ProgressiveEscrowBooks.sol'
const HARDENED = 'ProgressiveEscrowHardened.sol'
const DESCRIBED = 'ProgressiveEscrowAsDescribed.sol'

/** A deferred share that is taken as if nothing of the same party had been taken before it. */
const onlyShare = (share: string, equivalent: boolean, reason: string): Explanation => ({
  ...{ file: BOOKS, within: '_takeClaims', before: `amount += ${share}`, equivalent, reason },
  after: `amount = ${share}`,
})

const IN_TIME = 'block.timestamp <= other + heartbeatInterval + grace'

/** Who was never seen was seen at zero: whether that is asked apart from when. */
const everSeen = (operator: string, before: string, after: string): Explanation => ({
  ...{ file: HARDENED, within: '_otherIsThere', operator, before, after, equivalent: false },
  reason: 'Zero is in time only with an interval and a grace of fifty years, which no run has.',
})

const idleIn = (within: string, reason: string, befores: readonly string[]) =>
  idle({ file: BASE, within }, befores, reason)

const NO_FEE = 'In this policy no fee is taken of a release: it is zero.'
const ONE_PARTY = 'In this policy the call of one party is enough.'

const AS_DESCRIBED: readonly Explanation[] = [
  {
    ...{ file: DESCRIBED, within: '_feeOfRelease', operator: 'statement', equivalent: true },
    reason: 'Without the statement it is zero, too.',
  },
  ...idleIn('start', ONE_PARTY, [
    'if (!_mayStart(s)) { emit Confirmed(id, msg.sender); return; }',
    'emit Confirmed(id, msg.sender);',
  ]),
  ...idleIn('resume', ONE_PARTY, [
    'if (!_mayResume(s)) { emit Confirmed(id, msg.sender); return; }',
    'emit Confirmed(id, msg.sender);',
  ]),
  ...idleIn('resume', 'In this policy every pause counts.', ['_countsAsPause(s)']),
  ...idleIn('heartbeat', 'In this policy no heartbeat is too late.', [
    '_requireHeartbeatInTime(s);',
  ]),
  ...idleIn('release', 'In this policy nobody must have been seen.', [
    '_requireFreshForRelease(s);',
  ]),
  ...idleIn('release', NO_FEE, [
    'uint256 fee = _feeOfRelease(s, gross);',
    's.feePaid += fee;',
    's.feePaid += fee',
    's.feePaid',
    'gross - fee',
    '_pushPlatform(id, s, fee);',
  ]),
  ...idleIn('emergencyRelease', NO_FEE, [
    'uint256 fee = _feeOfRelease(s, amount);',
    's.feePaid += fee;',
    's.feePaid += fee',
    's.feePaid',
    'amount - fee',
    '_pushPlatform(id, s, fee);',
  ]),
  {
    ...{ file: BASE, policy: 'as-described', within: '_complete', before: 's.feePaid += fee' },
    ...{ after: 's.feePaid = fee', equivalent: true },
    reason: 'In this policy no fee is taken before the completion.',
  },
  ...idleIn('_complete', 'In this policy a completion refunds nothing.', [
    '_pushStudent(id, s, refund);',
  ]),
  {
    ...{ file: BASE, policy: 'as-described', within: '_refundOfCancel', equivalent: false },
    after: 's.totalAmount - s.released',
    reason: 'No run cancels a session that an emergency has given more than it holds.',
  },
  {
    ...{ file: BOOKS, policy: 'as-described', within: '_pushPlatform', operator: 'arithmetic' },
    equivalent: true,
    reason: 'In this policy a fee is taken once, of the completion: nothing waited before.',
  },
]

export const progressiveEscrowExplanations: readonly Explanation[] = [
  {
    ...{ file: BASE, within: '_useNonce', before: 'terms.student', after: 'msg.sender' },
    equivalent: true,
    reason: 'Only the student creates a session of its own.',
  },
  {
    ...{ file: BASE, policy: 'hardened', within: '_refundOfCancel', equivalent: true },
    after: 's.totalAmount - s.released',
    reason: 'In this policy no release, the emergency included, goes beyond the whole amount.',
  },
  {
    ...{ file: BASE, policy: 'hardened', within: '_complete', before: 'gross', after: 'refund' },
    equivalent: true,
    reason: 'In this policy the fee is of all that was released, and the argument is not used.',
  },
  {
    ...{ file: BOOKS, within: 'entitlement', before: 's.startedAt', after: 's.activeSince' },
    equivalent: true,
    reason: 'Both are set by the start, and neither is zero again.',
  },
  {
    ...{ file: BOOKS, within: '_pushStudent', operator: 'arithmetic', equivalent: true },
    reason: 'It is pushed once, in the action that ends the session: nothing waited before.',
  },
  onlyShare('s.claimStudent', true, 'It is the first share that is looked at.'),
  onlyShare('s.claimMentor', true, 'Nobody is student and mentor of one session.'),
  onlyShare('s.claimPlatform', false, 'No run has the platform as a mentor.'),
  {
    ...{ file: HARDENED, within: '_mayResume', after: '_otherIsThere(s)', equivalent: true },
    reason: 'A pause that does not count began in this second, with neither party silent.',
  },
  everSeen('boolean', `other > 0 && ${IN_TIME}`, IN_TIME),
  everSeen('boundary', 'other > 0', '(other >= 0)'),
  {
    ...{ file: HARDENED, within: '_otherIsThere', operator: 'boundary', before: '0', after: '1' },
    equivalent: true,
    reason: 'No block has the time 1.',
  },
  ...AS_DESCRIBED,
]
