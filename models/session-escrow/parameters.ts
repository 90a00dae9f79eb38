/**
 * Parameters of session-escrow: what the contract is deployed with, and the terms of one session.
 *
 * Units are part of the names. Ranges are those in which the protocol makes sense; the command line
 * and the campaigns refuse anything else. Defaults come from the protocol's description where that
 * names a number, and say so where it does not.
 */
import { z } from 'zod'

const seconds = (least: number, most: number, fallback: number, about: string) =>
  z.number().int().min(least).max(most).default(fallback).describe(about)

/** What the contract is constructed with, and the intervals that its clients keep. */
export const sessionEscrowParameters = z.strictObject({
  feeBps: z
    .number()
    .int()
    .min(0)
    .max(2000)
    .default(0)
    .describe('platform fee on what the tutor earns, in basis points; rounds down'),
  heartbeatIntervalSeconds: seconds(1, 60, 5, 'time between two pings of a client'),
  silenceTimeoutSeconds: seconds(1, 600, 10, 'silence after which a side counts as gone'),
  startWindowSeconds: seconds(1, 86_400, 900, 'time after funding in which both must join'),
  evidenceWindowSeconds: seconds(
    0,
    86_400,
    60,
    'hardened only, ours: time after a stop in which newer pings may still raise the bill',
  ),
})
export type SessionEscrowParameters = z.infer<typeof sessionEscrowParameters>

/** Default terms of a session, in base units of a token with 6 decimals. */
export const sessionTermsDefault = {
  ratePerSecondUnits: 10_000n,
  depositUnits: 36_000_000n,
} as const

/** Terms of one session that its machine needs. */
export interface SessionTerms {
  /** Base units for each second of the call. */
  readonly ratePerSecondUnits: bigint
}
