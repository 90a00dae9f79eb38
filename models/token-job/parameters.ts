/**
 * Parameters of token-job: what the contract is deployed with, and the terms of one job.
 *
 * Units are part of the names. Ranges are those in which the protocol makes sense; the command line
 * and the campaigns refuse anything else. Defaults come from the protocol's description where that
 * names a number, and say so where it does not.
 */
import { z } from 'zod'

const whole = (least: number, most: number, fallback: number, about: string) =>
  z.number().int().min(least).max(most).default(fallback).describe(about)

/** What the contract is constructed with, and what only its clients keep to. */
export const tokenJobParameters = z.strictObject({
  hostBps: whole(
    0,
    10_000,
    9_000,
    'share of the host in basis points; rounds down, the treasury has the rest',
  ),
  proofWindowSeconds: whole(
    0,
    86_400,
    30,
    'hardened only, ours: time in which a proof still counts after the user ended or time is up',
  ),
  proofIntervalTokens: whole(1, 1_000_000, 1_000, 'clients only: tokens between two proofs'),
  approvalUnits: whole(
    1,
    Number.MAX_SAFE_INTEGER,
    1_000_000_000,
    'clients only: what a user allows the contract to take, in base units',
  ),
  confirmations: whole(1, 8, 3, 'clients only: blocks after which a call is taken as done'),
})
export type TokenJobParameters = z.infer<typeof tokenJobParameters>

/** Default terms of a job, in base units of a token with 6 decimals. */
export const jobTermsDefault = {
  pricePerTokenUnits: 2_000n,
  depositUnits: 2_000_000n,
  durationSeconds: 86_400,
} as const
