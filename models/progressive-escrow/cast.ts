/**
 * Who takes part in campaigns of progressive-escrow, and with which tokens.
 */
import type { TokenProfile } from '../kit/token.ts'
import { tokensFor } from '../kit/tokens.ts'

/** student0 is rich beyond uint128, student1 is not; anyone may be a stranger to an agreement. */
export const PROGRESSIVE_PARTICIPANTS = [
  'student0',
  'student1',
  'mentor0',
  'mentor1',
  'platform',
  'owner',
  'stranger',
] as const

export const PROGRESSIVE_TOKENS: readonly TokenProfile[] = tokensFor({
  payers: ['student0', 'student1'],
  providers: ['mentor0', 'mentor1'],
  platform: ['platform'],
})
