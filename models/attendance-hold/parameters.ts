/**
 * Parameters of attendance-hold: what the contract is deployed with, and the terms of one hold.
 *
 * Units are part of the names. Defaults come from the summary that describes the protocol where it
 * names a number; the windows are ours, and the README says why they are what they are.
 */
import { z } from 'zod'

const whole = (least: number, most: number, fallback: number, about: string) =>
  z.number().int().min(least).max(most).default(fallback).describe(about)

const DAY_SECONDS = 86_400
const BPS_MAX = 10_000

/** What the contract is constructed with, and how often the keeper's job runs. */
export const attendanceHoldParameters = z.strictObject({
  sessionSeconds: whole(1, DAY_SECONDS, 3_600, 'booked length of a session'),
  attendanceThresholdBps: whole(
    0,
    BPS_MAX,
    2_000,
    'part of the session that has to be attended for a release, in basis points',
  ),
  commissionBps: whole(
    0,
    BPS_MAX,
    3_000,
    'part of the price for whoever referred the teacher, in basis points; rounds down',
  ),
  attestationWindowSeconds: whole(
    0,
    DAY_SECONDS,
    900,
    'hardened only, ours: time after the finish in which late records count',
  ),
  keeperWindowSeconds: whole(
    0,
    DAY_SECONDS,
    600,
    'hardened only, ours: time after that in which only the keeper processes',
  ),
  noShowSeconds: whole(
    0,
    7 * DAY_SECONDS,
    3_600,
    'hardened only, ours: time after the booked end before anyone can refund an unfinished hold',
  ),
  lateAfterSeconds: whole(
    0,
    DAY_SECONDS,
    300,
    'ours: who joins later than this after the start is late',
  ),
  keeperIntervalSeconds: whole(
    1,
    DAY_SECONDS,
    300,
    'clients only: how often the keeper’s job runs',
  ),
})
export type AttendanceHoldParameters = z.infer<typeof attendanceHoldParameters>

/** Default terms of a hold, in base units of a token with 6 decimals. */
export const holdTermsDefault = {
  priceUnits: 100_000_000n,
} as const
