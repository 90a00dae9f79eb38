/**
 * What both the drawn commands and the alphabet of progressive-escrow are made of.
 */
import { AMOUNT_UNITS_MAX } from '../../models/kit/money.ts'
import type { Agreement, AgreementView, Parameters } from '../../models/kit/trace.ts'
import { PROGRESSIVE_TOKENS } from '../../models/progressive-escrow/cast.ts'
import { progressiveTermsDefault } from '../../models/progressive-escrow/parameters.ts'
import { progressiveEscrow } from '../../models/progressive-escrow/protocol.ts'
import { HORIZON_SECONDS, type Moment, START_SECONDS } from '../kit/player.ts'

export const TOKEN_KINDS = PROGRESSIVE_TOKENS.map(({ kind }) => kind)
const STUDENT1_UNITS = progressiveEscrow.startingUnits.student1 ?? 0n
/** Default, divisible by everything, tiny, prime, beyond student1, at the limit, nothing. */
const TOTALS = [
  progressiveTermsDefault.totalAmountUnits,
  90_000_000n,
  1n,
  7n,
  1_000_003n,
  (1n << 100n) + 1n,
  AMOUNT_UNITS_MAX,
  0n,
] as const
export const DURATIONS_MINUTES = [progressiveTermsDefault.durationMinutes, 1, 2, 30, 100_000, 0]

/** Positions in what a session is drawn as. */
export interface DrawnSession {
  readonly student: number
  readonly mentor: number
  readonly token: number
  readonly total: number
  readonly duration: number
  /** Zero for a nonce that the sessions of a run share. */
  readonly nonce: number
}

/** A session by small integers; zeros mean student0, mentor0, a plain token, default terms. */
export function agreementOf(index: number, drawn: DrawnSession): Agreement {
  const student = drawn.student === 0 ? 'student0' : 'student1'
  return {
    index,
    roles: {
      student,
      mentor: ['mentor0', 'mentor1', student, 'escrow', 'nobody'][drawn.mentor] as string,
    },
    token: TOKEN_KINDS[drawn.token] as string,
    terms: {
      totalAmountUnits: TOTALS[drawn.total] as bigint,
      durationMinutes: DURATIONS_MINUTES[drawn.duration] as number,
      nonce: drawn.nonce === 0 ? 0n : BigInt(drawn.nonce * 10 + index),
    },
  }
}

/** Sessions of one run. Equal terms altogether would be one session, so a later one is moved. */
export function agreementsOf(drawn: readonly DrawnSession[]): readonly Agreement[] {
  const taken = new Set<string>()
  return drawn.map((session, index) => {
    const text = ({ nonce, ...rest }: DrawnSession) => `${Object.values(rest)} ${nonce === 0}`
    const nonce = session.nonce === 0 && taken.has(text(session)) ? 1 : session.nonce
    taken.add(text(session))
    return agreementOf(index, { ...session, nonce })
  })
}

/** A move that brings the session forward, and who would make it. */
export type Move = readonly [action: string, by: string]

/** Who has a share to claim. */
export function claimants({ roles }: Agreement, view: AgreementView): readonly Move[] {
  const moves: Move[] = []
  if ((view.figures.claimStudent ?? 0n) > 0n) moves.push(['claim', roles.student as string])
  if ((view.figures.claimMentor ?? 0n) > 0n) moves.push(['claim', roles.mentor as string])
  if ((view.figures.claimPlatform ?? 0n) > 0n) moves.push(['claim', 'platform'])
  return moves
}

export type Times = Readonly<
  Record<'silentAfter' | 'provenUntil' | 'releaseFrom' | 'scheduledEnd' | 'autoFrom', number>
>

/**
 * Seconds at which something changes for a session, read from what an outsider sees. They need not
 * lie ahead; those that mean nothing in the present state are 0.
 */
export function timesOf({ cast }: Moment, agreement: Agreement, view: AgreementView): Times {
  const figure = (name: string) => Number(view.figures[name] ?? 0n)
  const seconds = (name: keyof Parameters) => cast.parameters[name] as number
  const isHardened = cast.policy === 'hardened'
  const both = [figure('studentSeenAt'), figure('mentorSeenAt')]
  const seenAt = isHardened ? Math.min(...both) : Math.max(...both)
  const duration = Number(agreement.terms.durationMinutes) * 60
  const scheduledEnd = figure('startedAt') + duration + figure('pausedSeconds')
  const delay = seconds('autoReleaseDelaySeconds')
  const interval = seconds('heartbeatIntervalSeconds')
  return {
    silentAfter: seenAt + interval + seconds('graceSeconds'),
    provenUntil: seenAt + interval,
    releaseFrom: figure('lastReleaseAt') + seconds('releaseIntervalSeconds'),
    scheduledEnd,
    autoFrom: (isHardened ? scheduledEnd : figure('createdAt')) + delay,
  }
}

/** Last second in which the sign of the party that is not `by` still counts; 0 without one. */
export function otherCountsUntil(
  { cast }: Moment,
  { roles }: Agreement,
  view: AgreementView,
  by: string,
): number {
  const other = by === roles.student ? 'mentorSeenAt' : 'studentSeenAt'
  const seenAt = Number(view.figures[other] ?? 0n)
  const { heartbeatIntervalSeconds, graceSeconds } = cast.parameters
  const tolerance = (heartbeatIntervalSeconds as number) + (graceSeconds as number)
  return seenAt === 0 ? 0 : seenAt + tolerance
}

/** Whether a step in this second is part of a run. */
export function isWithinRun(atSeconds: number, nowSeconds: number): boolean {
  return atSeconds >= nowSeconds && atSeconds <= START_SECONDS + HORIZON_SECONDS
}

/** The party whose newest sign is older; the student when they are equal. */
export function quieter({ roles }: Agreement, { figures }: AgreementView): [string, string] {
  const student = roles.student as string
  const mentor = roles.mentor as string
  const studentFirst = (figures.studentSeenAt ?? 0n) <= (figures.mentorSeenAt ?? 0n)
  return studentFirst ? [student, mentor] : [mentor, student]
}

/** Whether no call could ever create this session: to see that refused now and then is enough. */
export function isHopeless({ roles, token, terms }: Agreement): boolean {
  const total = terms.totalAmountUnits as bigint
  const profile = PROGRESSIVE_TOKENS.find(({ kind }) => kind === token)
  const isShort = (profile?.transferFeeBps ?? 0n) > 0n && total >= (profile?.feeFromUnits ?? 0n)
  const isUnsound = total === 0n || terms.durationMinutes === 0
  const isBeyond = roles.student === 'student1' && total > STUDENT1_UNITS
  return isUnsound || isShort || isBeyond || !roles.mentor?.startsWith('mentor')
}
