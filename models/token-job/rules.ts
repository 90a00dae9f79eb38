/**
 * The arithmetic of token-job: what a deposit buys, deadlines, shares, as pure functions.
 *
 * The machine calls these from its guards and actions. The oracle must not: it judges from the
 * outside, with formulas of its own.
 */
import { divFloor, minBig, splitByBps } from '../kit/money.ts'
import type { JobContext } from './machineTypes.ts'

/** An allowance that no transfer reduces, by the convention of OpenZeppelin's ERC-20. */
export const ENDLESS_ALLOWANCE_UNITS = (1n << 256n) - 1n

/** Whole tokens that the deposit buys, rounded down. */
export function affordableTokens({ depositUnits, pricePerTokenUnits }: JobContext): bigint {
  return divFloor(depositUnits, pricePerTokenUnits)
}

/** What is left of an allowance after the deposit was taken. */
export function allowanceAfter(allowanceUnits: bigint, takenUnits: bigint): bigint {
  return allowanceUnits === ENDLESS_ALLOWANCE_UNITS ? allowanceUnits : allowanceUnits - takenUnits
}

/** Last second in which a running job takes a proof; from the next one on it can be timed out. */
export function closesAtSeconds(context: JobContext): number {
  return context.startedAtSeconds + context.durationSeconds + context.proofWindowSeconds
}

/** The same for users: 0 before the job is created. */
export function closingToldSeconds(context: JobContext): number {
  return context.startedAtSeconds === 0 ? 0 : closesAtSeconds(context)
}

export interface Bill {
  readonly billedTokens: bigint
  readonly hostUnits: bigint
  readonly treasuryUnits: bigint
}

/**
 * The whole bill when `cumulativeTokens` are proven. The host's share rounds down, the treasury
 * takes the rest, both of the whole bill: so the shares do not depend on the number of proofs.
 */
export function bill(context: JobContext, cumulativeTokens: bigint): Bill {
  const billedTokens = minBig(cumulativeTokens, affordableTokens(context))
  const grossUnits = billedTokens * context.pricePerTokenUnits
  const shares = splitByBps(grossUnits, [context.hostBps])
  const [hostUnits, treasuryUnits] = shares as [bigint, bigint]
  return { billedTokens, hostUnits, treasuryUnits }
}

/** What goes back to the user, in base units. */
export function refundUnits(context: JobContext): bigint {
  return context.depositUnits - context.billedTokens * context.pricePerTokenUnits
}
