/**
 * Who takes part in campaigns of matchmaking, with which tokens, and how quotes are made.
 */
import type { TokenProfile } from '../kit/token.ts'
import { tokensFor } from '../kit/tokens.ts'
import { ELSEWHERE } from '../kit/trace.ts'

export const MATCHMAKING_STUDENTS = ['student0', 'student1'] as const
export const MATCHMAKING_TUTORS = ['tutor0', 'tutor1'] as const

/** Anyone but matchmaker and session escrow may be proposed as a tutor, or be a stranger. */
export const MATCHMAKING_PARTICIPANTS = [
  ...MATCHMAKING_STUDENTS,
  ...MATCHMAKING_TUTORS,
  'matchmaker',
  'sessionEscrow',
  'stranger',
] as const

/**
 * Base units of every token. Nothing of it may ever move, and a contract that takes some must be
 * able to; so students have tokens, and have approved the contract.
 */
export const MATCHMAKING_STARTING_UNITS = {
  student0: 1_000_000_000_000n,
  student1: 1_000_000_000_000n,
} as const

/** Tokens stand in terms and quotes and are never called, so that two plain ones are enough. */
export const MATCHMAKING_TOKENS: readonly TokenProfile[] = tokensFor({
  payers: MATCHMAKING_STUDENTS,
  providers: MATCHMAKING_TUTORS,
  platform: [],
}).filter(({ kind }) => kind === 'plain6' || kind === 'plain18')

/** Everybody whom a figure can name, by place from 1 on; 0 is nobody. */
const PLACES: readonly string[] = [...MATCHMAKING_PARTICIPANTS, ELSEWHERE]

/** The figure that stands for a participant; zero for nobody. */
export function placeOf(participant: string | null): bigint {
  return participant === null ? 0n : BigInt(PLACES.indexOf(participant) + 1)
}

/** The participant for whom a figure stands; null for nobody. */
export function participantAt(place: bigint): string | null {
  return PLACES[Number(place) - 1] ?? null
}

/**
 * How a presented quote was made; all but `genuine` must be refused, and that too if it is of
 * somebody who is not proposed. `forged` is a stranger's,
 * `crossed` the student's. All others are the tutor's own: `foreign` for another request, `altered`
 * for one base unit more, `prolonged` for an expiry one second earlier, `renumbered` for the next
 * nonce, `lent` for another student, `misplaced` for another contract.
 */
export const QUOTE_KINDS = [
  'genuine',
  'forged',
  'foreign',
  'altered',
  'crossed',
  'misplaced',
  'lent',
  'prolonged',
  'renumbered',
] as const
export type QuoteKind = (typeof QUOTE_KINDS)[number]
