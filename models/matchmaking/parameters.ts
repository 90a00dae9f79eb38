/**
 * Parameters of matchmaking: what the contract is deployed with, and the terms of one request.
 *
 * Units are part of the names. Defaults come from the note that describes the protocol where it
 * names a number, and say so where it does not.
 */
import { z } from 'zod'

const whole = (least: number, most: number, fallback: number, about: string) =>
  z.number().int().min(least).max(most).default(fallback).describe(about)

const DAY_SECONDS = 86_400

/** What the contract is constructed with, beside matchmaker and session escrow. */
export const matchmakingParameters = z.strictObject({
  proposalTtlSeconds: whole(1, DAY_SECONDS, 30, 'time that a proposed tutor has to accept'),
  maxAttempts: whole(1, 255, 3, 'hardened only: most proposals of one search'),
  depositWindowSeconds: whole(1, DAY_SECONDS, 120, 'time to deposit after an acceptance'),
  credentialSeconds: whole(
    0,
    DAY_SECONDS,
    60,
    'hardened only, ours: least billed time that has a credential',
  ),
})
export type MatchmakingParameters = z.infer<typeof matchmakingParameters>

/** Default terms of a request, in base units of a token with 6 decimals. */
export const requestTermsDefault = {
  maxRateUnits: 10_000n,
  capUnits: 36_000_000n,
} as const
