/**
 * The arithmetic of progressive-escrow: time that counts, entitlements, fees, shares, deadlines.
 *
 * Pure functions that the machine calls from its guards and actions. The oracle must not: it judges
 * from the outside, with formulas of its own. Where the policies differ, both stand side by side.
 */
import { BPS_PER_WHOLE, bpsShareFloor, divFloor, maxBig } from '../kit/money.ts'
import type { ProgressiveContext } from './machineTypes.ts'

/** Agreed length of the session. */
export function durationSeconds({ durationMinutes }: ProgressiveContext): number {
  return durationMinutes * 60
}

/** as-described: newest sign of anybody. hardened: the older of both newest signs. */
function seenAtSeconds({
  policy,
  studentSeenAtSeconds: student,
  mentorSeenAtSeconds: mentor,
}: ProgressiveContext): number {
  return policy === 'hardened' ? Math.min(student, mentor) : Math.max(student, mentor)
}

/** Silence that is still tolerated after a sign. */
function toleranceSeconds(context: ProgressiveContext): number {
  return context.heartbeatIntervalSeconds + context.graceSeconds
}

export function isSilent(context: ProgressiveContext, atSeconds: number): boolean {
  return atSeconds > seenAtSeconds(context) + toleranceSeconds(context)
}

/**
 * What is noted of a pause that a party asks for. hardened: nothing when it ends a silence, so that
 * it cannot be undone in the same second: that would be a sign that comes too late.
 */
export function pauseCalledAtSeconds(context: ProgressiveContext, atSeconds: number): number {
  return context.policy === 'hardened' && isSilent(context, atSeconds) ? 0 : atSeconds
}

/** hardened: whether the party that is not `by` has given a sign lately. */
export function otherIsThere(context: ProgressiveContext, by: string, atSeconds: number): boolean {
  const { studentSeenAtSeconds, mentorSeenAtSeconds } = context
  const other = by === 'student' ? mentorSeenAtSeconds : studentSeenAtSeconds
  return other > 0 && atSeconds <= other + toleranceSeconds(context)
}

/** Time up to which a running session counts. */
export function untilSeconds(context: ProgressiveContext, atSeconds: number): number {
  if (context.policy === 'as-described') return atSeconds
  const provenUntil = seenAtSeconds(context) + context.heartbeatIntervalSeconds
  return Math.max(context.activeSinceSeconds, Math.min(atSeconds, provenUntil))
}

/** Seconds that count for money. A session is paused exactly when `pausedAt` is set. */
export function effectiveSeconds(context: ProgressiveContext, atSeconds: number): number {
  const { pausedAtSeconds, startedAtSeconds, pausedSeconds } = context
  const end = pausedAtSeconds > 0 ? pausedAtSeconds : untilSeconds(context, atSeconds)
  return Math.min(durationSeconds(context), end - startedAtSeconds - pausedSeconds)
}

/** What may be released before the completion, rounded down, for the student. */
export function entitlementUnits(context: ProgressiveContext, atSeconds: number): bigint {
  const seconds = BigInt(effectiveSeconds(context, atSeconds))
  const whole = BPS_PER_WHOLE * BigInt(durationSeconds(context))
  return divFloor(context.totalUnits * context.progressiveBps * seconds, whole)
}

/** The same in a pause, for users. */
export function pausedEntitlementUnits(context: ProgressiveContext): bigint {
  return entitlementUnits(context, context.pausedAtSeconds)
}

/** A part of the price that is taken out for the mentor, and the platform's share of it. */
export interface Release {
  /** Both shares together. */
  readonly grossUnits: bigint
  readonly mentorUnits: bigint
  readonly platformUnits: bigint
}

/** hardened: the fee on everything released so far, rounded down once, less what was paid of it. */
function cumulativeFee(context: ProgressiveContext, grossUnits: bigint): bigint {
  const { releasedUnits, feeBps, feePaidUnits } = context
  return bpsShareFloor(releasedUnits + grossUnits, feeBps) - feePaidUnits
}

function shared(grossUnits: bigint, platformUnits: bigint): Release {
  return { grossUnits, mentorUnits: grossUnits - platformUnits, platformUnits }
}

/** Shares of a release before the completion; as described it is free of the fee. */
export function releaseOf(context: ProgressiveContext, grossUnits: bigint): Release {
  const isFree = context.policy === 'as-described'
  return shared(grossUnits, isFree ? 0n : cumulativeFee(context, grossUnits))
}

export interface Completion extends Release {
  readonly refundUnits: bigint
}

/** Shares of a completion. Divisions round down: fees for the mentor, earnings for the student. */
export function completionOf(context: ProgressiveContext, atSeconds: number): Completion {
  const { policy, totalUnits, releasedUnits, feeBps } = context
  if (policy === 'as-described') {
    const grossUnits = unreleasedUnits(context)
    return { ...shared(grossUnits, bpsShareFloor(grossUnits, feeBps)), refundUnits: 0n }
  }
  const seconds = BigInt(effectiveSeconds(context, atSeconds))
  const earnedUnits = divFloor(totalUnits * seconds, BigInt(durationSeconds(context)))
  const grossUnits = maxBig(0n, earnedUnits - releasedUnits)
  const refundUnits = totalUnits - releasedUnits - grossUnits
  return { ...shared(grossUnits, cumulativeFee(context, grossUnits)), refundUnits }
}

/** What was never released; the owner may have released more than all (as described). */
export function unreleasedUnits({ totalUnits, releasedUnits }: ProgressiveContext): bigint {
  return maxBig(0n, totalUnits - releasedUnits)
}

/** From which second on anyone may complete. */
export function autoCompleteFromSeconds(context: ProgressiveContext): number {
  const { policy, createdAtSeconds, startedAtSeconds, pausedSeconds } = context
  const delay = context.autoReleaseDelaySeconds
  if (policy === 'as-described') return createdAtSeconds + delay
  return startedAtSeconds + durationSeconds(context) + pausedSeconds + delay
}
