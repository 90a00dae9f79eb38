/**
 * Parameters of payment-channel: what the contract is deployed with, and the terms of one channel.
 *
 * Units are part of the names. The guide that describes the protocol names no number for the
 * challenge and none for the expiry; these are ours, and the README says why they are what they
 * are.
 */
import { z } from 'zod'

const seconds = (least: number, most: number, fallback: number, about: string) =>
  z.number().int().min(least).max(most).default(fallback).describe(about)

/** What the contract is constructed with, and the margin that its clients keep. */
export const paymentChannelParameters = z.strictObject({
  challengeSeconds: seconds(
    60,
    86_400,
    900,
    'time after the payer asks for the end in which the provider can redeem',
  ),
  redeemMarginSeconds: seconds(
    0,
    86_400,
    120,
    'clients only: how long before a deadline the provider redeems its newest voucher',
  ),
})
export type PaymentChannelParameters = z.infer<typeof paymentChannelParameters>

/** Default terms of a channel, in base units of a token with 6 decimals. */
export const channelTermsDefault = {
  depositUnits: 10_000_000n,
  /** Price of a chunk, by which each voucher exceeds the one before; clients only. */
  voucherStepUnits: 100_000n,
  expirySeconds: 86_400,
} as const

/** Longest expiry that terms can hold (uint32), in seconds. */
export const EXPIRY_SECONDS_MAX = 2 ** 32 - 1
