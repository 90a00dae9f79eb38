/**
 * The arithmetic of matchmaking: until when a request binds its tutor, and when a search ends.
 *
 * The machine calls these from its guards and actions. The oracle must not: it judges from the
 * outside, with formulas of its own. There is no division.
 */
import type { MatchContext } from './machineTypes.ts'

/** A match binds its tutor until it is over: the largest second that the contract can write. */
export const BOUND_IN_A_MATCH = (1n << 64n) - 1n

/** First second in which a proposal cannot be accepted any more. */
export function proposalEndsAtSeconds(context: MatchContext): number {
  return context.proposedAtSeconds + context.proposalTtlSeconds
}

/** First second in which the student cannot deposit any more, the quote's own expiry apart. */
export function windowEndsAtSeconds(context: MatchContext): number {
  return context.acceptedAtSeconds + context.depositWindowSeconds
}

/** Until when an acceptance of this second binds: the window, or the quote if it is shorter. */
export function acceptanceEndsAtSeconds(
  { depositWindowSeconds }: MatchContext,
  acceptedAtSeconds: number,
  quoteExpirySeconds: number | null,
): bigint {
  const windowEndsAt = acceptedAtSeconds + depositWindowSeconds
  return BigInt(Math.min(windowEndsAt, quoteExpirySeconds ?? windowEndsAt))
}

/** Whether a binding lasts in this second. */
export function isBinding(boundUntil: bigint, atSeconds: number): boolean {
  return BigInt(atSeconds) < boundUntil
}

/** Whether no further proposal belongs to this search. */
export function searchIsOver({ attempts, maxAttempts }: MatchContext): boolean {
  return attempts >= maxAttempts
}

/** Whether a score is one. */
export function scoreIsValid(score: number): boolean {
  return score >= 1 && score <= 5
}
