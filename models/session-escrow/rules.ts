/**
 * The arithmetic of session-escrow: bills, caps, deadlines and shares, as pure functions.
 *
 * The machine calls these from its guards and actions. The oracles in `invariants.ts` must not:
 * they judge from the outside, with formulas of their own.
 */
import { divFloor, maxBig, minBig, splitByBps } from '../kit/money.ts'
import type { SessionContext, SessionEvent } from './machineTypes.ts'

/** Whole seconds that the deposit buys, rounded down. */
export function affordableSeconds(context: SessionContext): bigint {
  return divFloor(context.depositUnits, context.ratePerSecondUnits)
}

/** Block time at which the deposit is used up. */
export function capAtSeconds(context: SessionContext): bigint {
  return BigInt(context.startedAtSeconds) + affordableSeconds(context)
}

/** The same for users: 0 before the start. */
export function capToldSeconds(context: SessionContext): bigint {
  return context.startedAtSeconds === 0 ? 0n : capAtSeconds(context)
}

/** Whether the second in which the deposit is used up has come. */
export function capReached(context: SessionContext, atSeconds: number): boolean {
  return BigInt(atSeconds) >= capAtSeconds(context)
}

export function startWindowIsOver(context: SessionContext, atSeconds: number): boolean {
  return atSeconds > context.fundedAtSeconds + context.startWindowSeconds
}

/** Time up to which the bill could run if evidence did not limit it. */
function billLimitSeconds(context: SessionContext, atSeconds: number): bigint {
  return minBig(BigInt(atSeconds), capAtSeconds(context))
}

/** as-described: seconds from the start to this block, at most the affordable ones. */
export function billedByBlock(context: SessionContext, atSeconds: number): bigint {
  return billLimitSeconds(context, atSeconds) - BigInt(context.startedAtSeconds)
}

/**
 * hardened: older of the two newest pings plus the silence timeout. No ping counts as the start.
 */
export function evidenceAtSeconds(
  context: SessionContext,
  pings: NonNullable<SessionEvent['pings']>,
): bigint {
  const startedAt = BigInt(context.startedAtSeconds)
  const seen = (ping: { readonly atSeconds: bigint } | null) =>
    ping === null ? startedAt : maxBig(startedAt, ping.atSeconds)
  return minBig(seen(pings.student), seen(pings.tutor)) + BigInt(context.silenceTimeoutSeconds)
}

/** hardened: billed seconds when a stop is included at `atSeconds` with this evidence. */
export function billedByEvidence(
  context: SessionContext,
  atSeconds: number,
  pings: NonNullable<SessionEvent['pings']>,
): bigint {
  const until = minBig(billLimitSeconds(context, atSeconds), evidenceAtSeconds(context, pings))
  return until - BigInt(context.startedAtSeconds)
}

/** The most that any evidence could bill for a stop at `atSeconds`. */
export function billedAtMost(context: SessionContext, atSeconds: number): bigint {
  return billedByBlock(context, atSeconds)
}

export interface Settlement {
  readonly tutorUnits: bigint
  readonly platformUnits: bigint
  readonly refundUnits: bigint
}

/** Shares at settlement. The fee rounds down, the tutor takes the rest of what is owed. */
export function settlement(context: SessionContext): Settlement {
  const owedUnits = context.billedSeconds * context.ratePerSecondUnits
  const [platformUnits, tutorUnits] = splitByBps(owedUnits, [context.feeBps]) as [bigint, bigint]
  return { tutorUnits, platformUnits, refundUnits: context.depositUnits - owedUnits }
}

/** Where a settled session stands, by the shares that could not be pushed. */
export function standing(claims: SessionContext['claims']): 'Settled' | 'Refunded' | 'Closed' {
  if (claims.student > 0n) return 'Settled'
  return claims.tutor > 0n || claims.platform > 0n ? 'Refunded' : 'Closed'
}
