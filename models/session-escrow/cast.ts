/**
 * Who takes part in campaigns of session-escrow, with which tokens, and how pings are made.
 */
import type { TokenProfile } from '../kit/token.ts'
import { tokensFor } from '../kit/tokens.ts'

/** student0 is rich beyond uint128, student1 is not; anyone may be a stranger to an agreement. */
export const SESSION_PARTICIPANTS = [
  'student0',
  'student1',
  'tutor0',
  'tutor1',
  'relayer',
  'platform',
  'stranger',
] as const

export const SESSION_TOKENS: readonly TokenProfile[] = tokensFor({
  payers: ['student0', 'student1'],
  providers: ['tutor0', 'tutor1'],
  platform: ['platform'],
})

/** How a presented ping was made; all but `genuine` must be refused. */
export const PING_KINDS = ['genuine', 'forged', 'foreign', 'altered', 'crossed'] as const
export type PingKind = (typeof PING_KINDS)[number]
