/**
 * Parameters of withdrawal: what the contract is deployed with, and the terms of one withdrawal.
 *
 * Units are part of the names. Ranges are those in which the protocol makes sense; the command line
 * and the campaigns refuse anything else. Defaults come from the protocol's description where that
 * names a number, and say so where it does not.
 */
import { z } from 'zod'

const whole = (least: number, most: number, fallback: number, about: string) =>
  z.number().int().min(least).max(most).default(fallback).describe(about)

/** What the contract is constructed with, beside admins, bank and platform. */
export const withdrawalParameters = z.strictObject({
  minimumUnits: whole(
    1,
    Number.MAX_SAFE_INTEGER,
    10_000_000,
    'least amount of a withdrawal, in base units',
  ),
  processingTimeoutSeconds: whole(
    1,
    2_592_000,
    259_200,
    'hardened only, ours: time that the bank has from the approval on',
  ),
  commissionBps: whole(
    0,
    10_000,
    3_000,
    'share of the platform in basis points; rounds down, the teacher has the rest',
  ),
})
export type WithdrawalParameters = z.infer<typeof withdrawalParameters>

/** Default terms of a withdrawal: the least that is paid. */
export const withdrawalTermsDefault = { amountUnits: 10_000_000n } as const
