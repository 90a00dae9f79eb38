/**
 * Who takes part in campaigns of attendance-hold, with which tokens, and how attestations are made.
 */
import type { TokenProfile } from '../kit/token.ts'
import { tokensFor } from '../kit/tokens.ts'

export const HOLD_STUDENTS = ['student0', 'student1'] as const
export const HOLD_TEACHERS = ['teacher0', 'teacher1'] as const

/** Anyone may be a stranger to a hold. */
export const HOLD_PARTICIPANTS = [
  ...HOLD_STUDENTS,
  ...HOLD_TEACHERS,
  'referrer0',
  'platform',
  'attestor',
  'keeper',
  'stranger',
] as const

/** Base units of every token: student0 is rich beyond uint128, student1 is not. */
export const HOLD_STARTING_UNITS = { student0: 1n << 129n, student1: 1_000_000_000_000n } as const

/** Whoever may have the commission is the platform to a token that refuses it. */
export const HOLD_TOKENS: readonly TokenProfile[] = tokensFor({
  payers: HOLD_STUDENTS,
  providers: HOLD_TEACHERS,
  platform: ['platform', 'referrer0'],
})

/**
 * How a presented attestation was made; all but `genuine` must be refused. `misplaced` is the
 * attestor's own, for the same hold in another contract.
 */
export const ATTESTATION_KINDS = [
  'genuine',
  'forged',
  'foreign',
  'altered',
  'crossed',
  'misplaced',
] as const
export type AttestationKind = (typeof ATTESTATION_KINDS)[number]
