/**
 * Who takes part in campaigns of payment-channel, with which tokens, and how vouchers are made.
 */
import type { TokenProfile } from '../kit/token.ts'
import { tokensFor } from '../kit/tokens.ts'

export const CHANNEL_PAYERS = ['payer0', 'payer1'] as const
export const CHANNEL_PROVIDERS = ['provider0', 'provider1'] as const

/** Anyone may be a stranger to a channel. */
export const CHANNEL_PARTICIPANTS = [
  ...CHANNEL_PAYERS,
  ...CHANNEL_PROVIDERS,
  'watcher',
  'stranger',
] as const

/** Base units of every token: payer0 is rich beyond uint128, payer1 is not. */
export const CHANNEL_STARTING_UNITS = { payer0: 1n << 129n, payer1: 1_000_000_000_000n } as const

/** Nobody takes a fee, so there is no platform that a token could refuse. */
export const CHANNEL_TOKENS: readonly TokenProfile[] = tokensFor({
  payers: CHANNEL_PAYERS,
  providers: CHANNEL_PROVIDERS,
  platform: [],
}).filter(({ kind }) => kind !== 'refusesPlatform')

/** How a presented voucher was made; all but `genuine` must be refused. */
export const VOUCHER_KINDS = ['genuine', 'forged', 'foreign', 'altered', 'crossed'] as const
export type VoucherKind = (typeof VOUCHER_KINDS)[number]
