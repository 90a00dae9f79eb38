/**
 * What both the drawn commands and the alphabet of attendance-hold are made of.
 */
import { HOLD_STUDENTS, HOLD_TOKENS } from '../../models/attendance-hold/cast.ts'
import { holdTermsDefault } from '../../models/attendance-hold/parameters.ts'
import { CLAIM_FIGURES } from '../../models/attendance-hold/standing.ts'
import type { Agreement, AgreementView } from '../../models/kit/trace.ts'
import { type Moment, START_SECONDS } from '../kit/player.ts'

export const TOKEN_KINDS = HOLD_TOKENS.map(({ kind }) => kind)
/** Odd ones, one more than student1 has, one that is refused, one with a commission of one unit. */
const PRICES_UNITS = [
  holdTermsDefault.priceUnits,
  100_000_001n,
  1n,
  333n,
  1n << 90n,
  0n,
  4n,
] as const
export const PRICE_BEYOND_STUDENT1 = 4
export const PRICE_OF_NOTHING = 5
export const PRICE_WITH_ONE_UNIT = 6
/** When lessons start after the first second in which anything can happen; the last has begun. */
const STARTS_AFTER_SECONDS = [3_600, 60, 0, 600, 86_400, -1] as const
export const START_AT_ONCE = 2
export const START_PASSED = 5

const DEPLOYED = { platform: 'platform', attestor: 'attestor', keeper: 'keeper' } as const

/**
 * A hold by small integers: zeros mean student0, teacher0, nobody who referred, a plain token, and
 * the default price for a lesson in an hour.
 */
export function agreementOf(index: number, drawn: readonly number[]): Agreement {
  const [studentDrawn = 0, teacherDrawn = 0, referrerDrawn = 0, token = 0] = drawn
  const [price = 0, start = 0] = drawn.slice(4)
  const student = HOLD_STUDENTS[studentDrawn] as string
  const teacher = ['teacher0', 'teacher1', student, 'escrow', 'nobody'][teacherDrawn] as string
  const referrer = [null, 'referrer0', student, teacher, 'escrow'][referrerDrawn]
  const referred = typeof referrer === 'string' ? { referrer } : {}
  return {
    index,
    roles: { student, teacher, ...referred, ...DEPLOYED },
    token: TOKEN_KINDS[token] as string,
    terms: {
      priceUnits: PRICES_UNITS[price] as bigint,
      startsAt: START_SECONDS + (STARTS_AFTER_SECONDS[start] as number),
      salt: BigInt(index),
    },
  }
}

/** Whether no purchase of this hold will ever be accepted: one try is enough. */
export function isHopeless({ roles, token, terms }: Agreement): boolean {
  const { student, teacher, referrer } = roles
  const nobodyToPay = [student, 'escrow', 'nobody'].includes(teacher as string)
  const noReferrer = referrer !== undefined && [student, teacher, 'escrow'].includes(referrer)
  const isFree = terms.priceUnits === 0n
  return nobodyToPay || noReferrer || isFree || token === 'feeOnTransfer'
}

/** A move that brings the hold forward, and who would make it. */
export type Move = readonly [action: string, by: string]

/** Who has a share to claim. */
export function claimants({ roles }: Agreement, view: AgreementView): readonly Move[] {
  return Object.entries(CLAIM_FIGURES).flatMap(([role, name]): Move[] => {
    const owner = roles[role]
    const waits = (view.figures[name] ?? 0n) > 0n
    return waits && owner !== undefined ? [['claim', owner]] : []
  })
}

/** Everything about the time of a hold, in seconds of block time. */
export interface Times {
  readonly startsAt: number
  /** The last second that is not late. */
  readonly lateAfter: number
  /** When the session ends: as finished, or as booked. */
  readonly endsAt: number
  readonly finishedAt: number | null
  /** hardened: from when on no record counts any more. */
  readonly recordsCloseAt: number
  /** hardened: from when on anyone processes. */
  readonly openToAllAt: number
  /** hardened: from when on an unfinished hold is refunded by anyone. */
  readonly noShowAt: number
  /** First second in which the next record can begin. */
  readonly nextFrom: number
  /** Seconds that release. */
  readonly needed: number
  /** Seconds that are missing to them; not above zero when the threshold is reached. */
  readonly missing: number
}

export function timesOf({ cast }: Moment, { terms }: Agreement, { figures }: AgreementView): Times {
  const seconds = (name: string) => cast.parameters[name] as number
  const { finishedAt = 0n, lengthSeconds = 0n, lastLeftAt = 0n, attendedSeconds = 0n } = figures
  const startsAt = terms.startsAt as number
  const isFinished = finishedAt > 0n
  const booked = seconds('sessionSeconds')
  const length = isFinished ? Number(lengthSeconds) : booked
  const recordsCloseAt = Number(finishedAt) + seconds('attestationWindowSeconds')
  // Rounds up: a second less would not be enough.
  const needed = Math.ceil((Math.max(booked, length) * seconds('attendanceThresholdBps')) / 10_000)
  return {
    startsAt,
    lateAfter: startsAt + seconds('lateAfterSeconds'),
    endsAt: startsAt + length,
    finishedAt: isFinished ? Number(finishedAt) : null,
    recordsCloseAt,
    openToAllAt: recordsCloseAt + seconds('keeperWindowSeconds'),
    noShowAt: startsAt + booked + seconds('noShowSeconds'),
    nextFrom: Math.max(startsAt, Number(lastLeftAt)),
    needed,
    missing: needed - Number(attendedSeconds),
  }
}

/** Times at which something changes for this hold, in seconds; not all lie ahead. */
export function deadlines(moment: Moment, agreement: Agreement, view: AgreementView): number[] {
  const times = timesOf(moment, agreement, view)
  if (view.state === 'None') return [times.startsAt]
  if (view.state !== 'Held') return []
  if (times.finishedAt === null) return [times.noShowAt, times.endsAt, times.startsAt]
  return [times.recordsCloseAt, times.openToAllAt]
}
