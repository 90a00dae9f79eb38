/**
 * The arithmetic of attendance-hold: what a record adds, who wins, and by when, as pure functions.
 *
 * The machine calls these from its guards and actions. The oracle must not: it judges from the
 * outside, with formulas of its own. The one division rounds down.
 */
import { BPS_PER_WHOLE, bpsShareFloor } from '../kit/money.ts'
import { ATTENDANCE, type HoldContext, type HoldEvent } from './machineTypes.ts'

type Records = Pick<
  HoldContext,
  'joinedAtSeconds' | 'lastLeftAtSeconds' | 'attendedSeconds' | 'intervals' | 'attendance'
>

function attendanceBy(context: HoldContext, joinedAtSeconds: number): bigint {
  const inTime = joinedAtSeconds <= context.startsAtSeconds + context.lateAfterSeconds
  return inTime ? ATTENDANCE.present : ATTENDANCE.late
}

/** as-described: what one more event of the call platform makes of the records. */
export function afterTold(context: HoldContext, told: NonNullable<HoldEvent['told']>): Records {
  const { joinedAtSeconds, lastLeftAtSeconds, attendedSeconds, attendance } = context
  const intervals = context.intervals + 1
  const at = told.atSeconds
  if (told.kind === 'joined') {
    const anew = attendanceBy(context, at)
    return { joinedAtSeconds: at, lastLeftAtSeconds, attendedSeconds, intervals, attendance: anew }
  }
  // Overwrites: what came before a rejoin is forgotten, and a leave without a join says nothing.
  const counted = joinedAtSeconds > 0 ? Math.max(0, at - joinedAtSeconds) : attendedSeconds
  return { joinedAtSeconds, lastLeftAtSeconds: at, attendedSeconds: counted, intervals, attendance }
}

/** hardened: what one more record adds. Records ascend, so their sum is their union's measure. */
export function afterRecord(
  context: HoldContext,
  { joinedAtSeconds, leftAtSeconds }: NonNullable<HoldEvent['record']>,
): Records {
  const isFirst = context.intervals === 0
  return {
    joinedAtSeconds,
    lastLeftAtSeconds: leftAtSeconds,
    attendedSeconds: context.attendedSeconds + leftAtSeconds - joinedAtSeconds,
    intervals: context.intervals + 1,
    attendance: isFirst ? attendanceBy(context, joinedAtSeconds) : context.attendance,
  }
}

/** hardened: whether a span lies in the session so far, after all that is recorded. */
export function intervalIsValid(
  context: HoldContext,
  { joinedAtSeconds, leftAtSeconds }: NonNullable<HoldEvent['record']>,
  nowSeconds: number,
): boolean {
  const { startsAtSeconds, lastLeftAtSeconds, finishedAtSeconds, lengthSeconds } = context
  if (joinedAtSeconds < Math.max(startsAtSeconds, lastLeftAtSeconds)) return false
  if (leftAtSeconds <= joinedAtSeconds || leftAtSeconds > nowSeconds) return false
  return finishedAtSeconds === 0 || leftAtSeconds <= startsAtSeconds + lengthSeconds
}

/** hardened: whether a session can have ended then. */
export function endIsValid(context: HoldContext, endedAtSeconds: number, nowSeconds: number) {
  const { startsAtSeconds, lastLeftAtSeconds } = context
  const isAfterStart = endedAtSeconds > startsAtSeconds
  return isAfterStart && endedAtSeconds <= nowSeconds && endedAtSeconds >= lastLeftAtSeconds
}

/** First second in which no record counts any more and the keeper can process. */
export function recordsCloseAtSeconds(context: HoldContext): number {
  return context.finishedAtSeconds + context.attestationWindowSeconds
}

/** First second in which anyone can process. */
export function openToAllAtSeconds(context: HoldContext): number {
  return recordsCloseAtSeconds(context) + context.keeperWindowSeconds
}

/** First second in which anyone can refund a hold whose session nobody has finished. */
export function noShowAtSeconds(context: HoldContext): number {
  return context.startsAtSeconds + context.sessionSeconds + context.noShowSeconds
}

/**
 * hardened: whether enough was attended. The session counts as no shorter than it was booked, so
 * that nobody gains by closing the room early.
 */
export function isReleased(context: HoldContext): boolean {
  const { attendedSeconds, lengthSeconds, sessionSeconds, attendanceThresholdBps } = context
  const countedSeconds = Math.max(lengthSeconds, sessionSeconds)
  return BigInt(attendedSeconds) * BPS_PER_WHOLE >= BigInt(countedSeconds) * attendanceThresholdBps
}

/** Both shares of a release, in base units; the odd unit is the teacher's. */
export function releasedUnits(context: HoldContext) {
  const { heldUnits, commissionBps, hasReferrer } = context
  const commissionUnits = hasReferrer ? bpsShareFloor(heldUnits, commissionBps) : 0n
  return { teacherUnits: heldUnits - commissionUnits, commissionUnits }
}
