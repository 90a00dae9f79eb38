/**
 * Mutants of AttendanceHold that live, and why.
 */
import type { Explanation } from './explanation.ts'
import { addsNothing, firstShare } from './gaps.ts'

const BASE = 'AttendanceHoldBase.sol'
const HARDENED = 'AttendanceHoldHardened.sol'
const DESCRIBED = 'AttendanceHoldAsDescribed.sol'

/** A session that is finished has a length. */
const hasLength = (file: string, within: string): Explanation => ({
  ...{ file, within, before: 'h.finishedAt', after: 'h.lengthSeconds' },
  equivalent: true,
  reason: 'A finished session has lasted a second at least: after its start, or as scheduled.',
})

/** `amount += share;` as `amount = share;`. */
const onlyShare = (share: string, equivalent: boolean, reason: string): Explanation => ({
  ...{ file: BASE, within: '_takeClaims', before: `amount += ${share}`, equivalent, reason },
  after: `amount = ${share}`,
})

const OWES_PLATFORM_NOTHING = 'In this policy nothing is ever owed to the platform.'
const notOfPlatform = (before: string, after: string): Explanation => ({
  ...{ file: BASE, policy: 'hardened', within: '_takeClaims', before, after, equivalent: true },
  reason: OWES_PLATFORM_NOTHING,
})
const isPlatform = 'msg.sender == platform'
const PLATFORM_IS_ONLY_THAT =
  'No run has the platform as a teacher or referrer, and the model gives each role its own share.'

/** As described, the commission stays with the platform. */
const notOfReferrer = (before: string, after?: string): Explanation => ({
  ...{ file: BASE, policy: 'as-described', within: '_takeClaims', before, equivalent: true },
  ...(after === undefined ? {} : { after }),
  reason: 'In this policy nothing is ever owed to a referrer, and a claim of nothing is undone.',
})
const isReferrer = 'msg.sender == h.referrer'

const AS_DESCRIBED: readonly Explanation[] = [
  ...addsNothing(DESCRIBED, '_payCommission'),
  firstShare(DESCRIBED, '_payCommission', 'h.claimPlatform'),
  notOfReferrer(isReferrer, 'true'),
  notOfReferrer(isReferrer, 'false'),
  notOfReferrer(isReferrer, 'msg.sender != h.referrer'),
  { ...notOfReferrer('h.referrer'), operator: 'role' },
  notOfReferrer('amount += h.claimReferrer;'),
  notOfReferrer('amount += h.claimReferrer', 'amount -= h.claimReferrer'),
  notOfReferrer('h.claimReferrer = 0;'),
  {
    ...notOfReferrer('h.claimReferrer', 'h.claimPlatform'),
    ...{ equivalent: false, reason: 'No referrer claims while a share of the platform waits.' },
  },
  { ...notOfReferrer('0', '1'), operator: 'boundary' },
  {
    ...{ file: DESCRIBED, within: '_leave', operator: 'boundary', before: '0', after: '1' },
    equivalent: false,
    reason: 'No event is said to have been in the second 1.',
  },
  {
    ...{ file: DESCRIBED, within: '_leave', operator: 'boundary', before: 'at > h.joinedAt' },
    equivalent: true,
    reason: 'Of two equal times the difference is zero, too.',
  },
  {
    ...{ file: BASE, policy: 'as-described', within: '_payTeacher', operator: 'boundary' },
    ...{ before: '0', after: '1', equivalent: false },
    reason: 'No share that is deferred is of a single base unit.',
  },
]

export const attendanceHoldExplanations: readonly Explanation[] = [
  hasLength(BASE, '_requireUnfinished'),
  hasLength(BASE, '_requireFinished'),
  hasLength(HARDENED, '_requireRecordable'),
  hasLength(HARDENED, '_requireSoundInterval'),
  ...addsNothing(BASE, '_refund'),
  ...addsNothing(BASE, '_payTeacher'),
  ...addsNothing(HARDENED, '_payCommission'),
  firstShare(BASE, '_refund', 'h.claimStudent'),
  firstShare(BASE, '_payTeacher', 'h.claimTeacher'),
  firstShare(HARDENED, '_payCommission', 'h.claimReferrer'),
  onlyShare('h.claimStudent', true, 'It is the first share that is looked at.'),
  onlyShare('h.claimTeacher', true, 'Nobody is student and teacher of one session.'),
  onlyShare('h.claimReferrer', true, 'The referrer is neither student nor teacher.'),
  notOfPlatform(isPlatform, 'true'),
  notOfPlatform(isPlatform, 'false'),
  notOfPlatform(isPlatform, 'msg.sender != platform'),
  { ...notOfPlatform('platform', 'attestor'), operator: 'role' },
  notOfPlatform('amount += h.claimPlatform;', '{}'),
  notOfPlatform('amount += h.claimPlatform', 'amount -= h.claimPlatform'),
  notOfPlatform('h.claimPlatform = 0;', '{}'),
  onlyShare('h.claimPlatform', false, PLATFORM_IS_ONLY_THAT),
  {
    ...{ file: BASE, policy: 'hardened', within: '_takeClaims', before: 'h.claimPlatform' },
    ...{ after: 'h.price', equivalent: false, reason: PLATFORM_IS_ONLY_THAT },
  },
  {
    ...{ file: BASE, policy: 'hardened', within: '_takeClaims', operator: 'boundary' },
    ...{ before: '0', after: '1', equivalent: false, reason: PLATFORM_IS_ONLY_THAT },
  },
  ...AS_DESCRIBED,
]
