/**
 * Parameters of progressive-escrow: what the contract is deployed with, and the terms of a session.
 *
 * Units are part of the names. Ranges are those in which the protocol makes sense; the command line
 * and the campaigns refuse anything else. Defaults come from the protocol's description.
 */
import { z } from 'zod'

const whole = (least: number, most: number, fallback: number, about: string) =>
  z.number().int().min(least).max(most).default(fallback).describe(about)

/** What the contract is constructed with. */
export const progressiveEscrowParameters = z.strictObject({
  feeBps: whole(
    0,
    2_000,
    1_000,
    'platform fee on what the mentor earns, in basis points; rounds down',
  ),
  progressiveBps: whole(
    1,
    10_000,
    9_000,
    'share of what time has earned that is released before the completion, in basis points',
  ),
  releaseIntervalSeconds: whole(1, 86_400, 180, 'least time between two releases'),
  heartbeatIntervalSeconds: whole(1, 3_600, 30, 'time that one sign of a party proves'),
  graceSeconds: whole(0, 86_400, 120, 'silence beyond the interval after which a party is gone'),
  autoReleaseDelaySeconds: whole(
    0,
    31_536_000,
    604_800,
    'time after which anyone may complete a session',
  ),
})
export type ProgressiveEscrowParameters = z.infer<typeof progressiveEscrowParameters>

/** Default terms of a session: 100 for one hour, in base units of a token with 6 decimals. */
export const progressiveTermsDefault = {
  totalAmountUnits: 100_000_000n,
  durationMinutes: 60,
} as const
