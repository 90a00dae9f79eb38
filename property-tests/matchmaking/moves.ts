/**
 * What both the drawn commands and the alphabet of matchmaking are made of.
 */
import { AMOUNT_UNITS_MAX } from '../../models/kit/money.ts'
import type { Agreement, AgreementView, Parameters } from '../../models/kit/trace.ts'
import {
  MATCHMAKING_STUDENTS,
  MATCHMAKING_TOKENS,
  participantAt,
} from '../../models/matchmaking/cast.ts'
import { matchmakingParameters, requestTermsDefault } from '../../models/matchmaking/parameters.ts'
import type { Moment } from '../kit/player.ts'

const TOKEN_KINDS = MATCHMAKING_TOKENS.map(({ kind }) => kind)

/** Deployments to try; in the second a search is one proposal, and any session has a credential. */
export const CASES: readonly Parameters[] = [
  {},
  { proposalTtlSeconds: 5, maxAttempts: 1, depositWindowSeconds: 10, credentialSeconds: 0 },
  { proposalTtlSeconds: 60, maxAttempts: 2, depositWindowSeconds: 20, credentialSeconds: 3_600 },
  { proposalTtlSeconds: 1, maxAttempts: 2, depositWindowSeconds: 1 },
].map((given) => matchmakingParameters.parse(given))
export const ONE_ATTEMPT_CASE = 1
export const TWO_ATTEMPTS_CASE = 2

/** Most that a student pays a second, and the cap, in base units; the last two are refused. */
const TERMS_UNITS: readonly (readonly [maxRate: bigint, cap: bigint])[] = [
  [requestTermsDefault.maxRateUnits, requestTermsDefault.capUnits],
  [333n, 1_000n],
  [1n, 1n],
  [AMOUNT_UNITS_MAX, AMOUNT_UNITS_MAX],
  [0n, 1_000n],
  [1_000n, 999n],
]
export const ZERO_RATE_TERMS = 4
export const LOW_CAP_TERMS = 5

/** Positions in what a request is drawn as. */
export interface DrawnRequest {
  readonly student: number
  readonly token: number
  readonly terms: number
}

/** Requests of one run; zeros mean student0, a plain token and the default terms. */
export function agreementsOf(drawn: readonly DrawnRequest[]): readonly Agreement[] {
  return drawn.map(({ student, token, terms }, index) => {
    const [maxRateUnits, capUnits] = TERMS_UNITS[terms] as readonly [bigint, bigint]
    return {
      index,
      roles: {
        student: MATCHMAKING_STUDENTS[student] as string,
        matchmaker: 'matchmaker',
        sessionEscrow: 'sessionEscrow',
      },
      token: TOKEN_KINDS[token] as string,
      terms: { maxRateUnits, capUnits, salt: BigInt(index) },
    }
  })
}

/** A move that brings a request forward, and who would make it. */
export type Move = readonly [action: string, by: string]

export const maxRateUnits = ({ terms }: Agreement) => terms.maxRateUnits as bigint
export const studentOf = ({ roles }: Agreement) => roles.student as string
/** Another student than that of the request. */
export const otherStudent = (agreement: Agreement) =>
  MATCHMAKING_STUDENTS.find((student) => student !== studentOf(agreement)) as string
/** Whom the request was proposed to last; somebody who is proposed otherwise. */
export const tutorNow = ({ figures }: AgreementView) =>
  participantAt(figures.tutor ?? 0n) ?? 'tutor0'

/** Everything about the time of a request that somebody may wait for, in seconds. */
export function deadlines({ cast, population }: Moment, view: AgreementView): readonly number[] {
  const { proposedAt = 0n, acceptedAt = 0n, quoteExpiry = 0n, bookedFor = 0n } = view.figures
  const seconds = (name: string) => cast.parameters[name] as number
  switch (view.state) {
    case 'Proposed':
      return [Number(proposedAt) + seconds('proposalTtlSeconds')]
    case 'AwaitingDeposit': {
      const windowEndsAt = Number(acceptedAt) + seconds('depositWindowSeconds')
      return quoteExpiry > 0n ? [windowEndsAt, Number(quoteExpiry)] : [windowEndsAt]
    }
    case 'Booked':
      return [Number(bookedFor)]
    case 'Searching':
    case 'Waitlisted':
      // When other tutors are free, or would have been if their requests had not ended.
      return population.view.agreements.flatMap(({ state, figures }) => {
        const isTimed = state === 'Proposed' || state === 'AwaitingDeposit'
        if (isTimed) return [Number(figures.boundUntil ?? 0n)]
        const accepted = Number(figures.acceptedAt ?? 0n)
        return accepted > 0 ? [accepted + seconds('depositWindowSeconds')] : []
      })
    default:
      return []
  }
}

/** Whether the timers have let go of whoever the request was bound to. */
export function isOverdue({ cast, nowSeconds }: Moment, { state, figures }: AgreementView) {
  const isTimed = state === 'Proposed' || state === 'AwaitingDeposit'
  const isHardened = cast.policy === 'hardened'
  return isHardened && isTimed && BigInt(nowSeconds) >= (figures.boundUntil ?? 0n)
}

/** The words of an acceptance: as described a rate, hardened a quote as well. */
export function acceptanceArgs(
  { cast }: Moment,
  said: {
    readonly rateUnits: bigint
    readonly expiry: number
    readonly nonce: bigint
    readonly quote: string | null
    /** Whose quote it is. */
    readonly tutor: string
  },
) {
  return cast.policy === 'hardened' ? said : { rateUnits: said.rateUnits }
}
