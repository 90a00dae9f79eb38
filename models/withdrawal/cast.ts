/**
 * Who takes part in campaigns of withdrawal, and with which tokens.
 */
import type { TokenProfile } from '../kit/token.ts'
import { tokensFor } from '../kit/tokens.ts'

export const WITHDRAWAL_TEACHERS = ['teacher0', 'teacher1'] as const
export const WITHDRAWAL_ADMINS = ['admin0', 'admin1'] as const

/** A teacher is a stranger to the withdrawals of the other. */
export const WITHDRAWAL_PARTICIPANTS = [
  ...WITHDRAWAL_TEACHERS,
  ...WITHDRAWAL_ADMINS,
  'bank',
  'platform',
  'stranger',
] as const

/** Base units of every token: enough for the largest amount once, and not for the next. */
export const WITHDRAWAL_STARTING_UNITS = { platform: 1n << 128n } as const

/** The platform pays in and the bank is paid; teachers are never paid in tokens. */
export const WITHDRAWAL_TOKENS: readonly TokenProfile[] = tokensFor({
  payers: ['platform'],
  providers: ['bank'],
  platform: [],
}).filter(({ kind }) => kind !== 'refusesPlatform')
