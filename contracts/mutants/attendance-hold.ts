/**
 * Mutants of AttendanceHold that live, and why.
 */
import type { Explanation } from './explanation.ts'
import { addsNothing, firstShare } from './gaps.ts'

const BASE = 'AttendanceHoldBase.sol'
const HARDENED = 'AttendanceHoldHardened.sol'

/** Hardened, a session that is finished has a length. */
const hasLength = (file: string, within: string): Explanation => ({
  ...{ file, policy: 'hardened', within, before: 'h.finishedAt', after: 'h.lengthSeconds' },
  equivalent: true,
  reason: 'A session ends after its start, so that a finished one has lasted a second at least.',
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

/** Hardened, who the platform is can be asked for, and is used where something is owed to it. */
const platformIsAsked = (before: string, after: string): Explanation => ({
  ...{ file: BASE, policy: 'hardened', within: 'constructor', before, after, equivalent: false },
  reason: `${OWES_PLATFORM_NOTHING} Its address is a reading for users that no campaign asks for.`,
})

export const attendanceHoldExplanations: readonly Explanation[] = [
  platformIsAsked('platform = config.platform;', '{}'),
  platformIsAsked('config.platform', 'config.attestor'),
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
]
