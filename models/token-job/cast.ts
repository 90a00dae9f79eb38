/**
 * Who takes part in campaigns of token-job, with which tokens, and how receipts are made.
 */
import type { TokenProfile } from '../kit/token.ts'
import { tokensFor } from '../kit/tokens.ts'

/** user0 is rich beyond uint128, the others are not; anyone may be a stranger to a job. */
export const JOB_PARTICIPANTS = [
  'user0',
  'user1',
  'user2',
  'host0',
  'host1',
  'treasury',
  'stranger',
] as const

/** Base units of every token that the users start with. */
export const JOB_STARTING_UNITS = {
  user0: 1n << 129n,
  user1: 1_000_000_000_000n,
  user2: 1_000_000_000_000n,
} as const

export const JOB_TOKENS: readonly TokenProfile[] = tokensFor({
  payers: ['user0', 'user1', 'user2'],
  providers: ['host0', 'host1'],
  platform: ['treasury'],
})

/** How a presented receipt was made; all but `genuine` must be refused. */
export const RECEIPT_KINDS = ['genuine', 'forged', 'foreign', 'altered', 'crossed'] as const
export type ReceiptKind = (typeof RECEIPT_KINDS)[number]
