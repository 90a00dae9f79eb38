/**
 * What both the drawn commands and the alphabet of session-escrow are made of.
 */
import type { Agreement, AgreementView } from '../../models/kit/trace.ts'
import { PING_KINDS, SESSION_TOKENS } from '../../models/session-escrow/cast.ts'
import { sessionTermsDefault } from '../../models/session-escrow/parameters.ts'
import type { Moment } from '../kit/player.ts'

export const TOKEN_KINDS = SESSION_TOKENS.map(({ kind }) => kind)
const RATES = [sessionTermsDefault.ratePerSecondUnits, 1n, 7n, 333_333n, 1n << 90n, 0n] as const

/** A session by small integers; zeros mean student0, tutor0, a plain token and the default rate. */
export function agreementOf(index: number, drawn: readonly number[]): Agreement {
  const [student = 0, tutor = 0, token = 0, rate = 0] = drawn
  return {
    index,
    roles: {
      student: student === 0 ? 'student0' : 'student1',
      tutor: ['tutor0', 'tutor1', 'student0', 'escrow', 'nobody'][tutor] as string,
    },
    token: TOKEN_KINDS[token] as string,
    terms: { ratePerSecondUnits: RATES[rate] as bigint },
  }
}

/** A move that brings the session forward, and who would make it. */
export type Move = readonly [action: string, by: string]

/** Who has a share to claim. */
export function claimants({ roles }: Agreement, view: AgreementView): readonly Move[] {
  const moves: Move[] = []
  if ((view.figures.claimStudent ?? 0n) > 0n) moves.push(['claim', roles.student as string])
  if ((view.figures.claimTutor ?? 0n) > 0n) moves.push(['claim', roles.tutor as string])
  if ((view.figures.claimPlatform ?? 0n) > 0n) moves.push(['claim', 'platform'])
  return moves
}

/** Times at which something changes for this session, in seconds; not all lie ahead. */
export function deadlines(moment: Moment, agreement: Agreement, view: AgreementView): bigint[] {
  const { parameters } = moment.cast
  const { fundedAt = 0n, startedAt = 0n, evidenceUntil = 0n, deposit = 0n } = view.figures
  const rate = agreement.terms.ratePerSecondUnits as bigint
  switch (view.state) {
    case 'Funded':
      return [fundedAt + BigInt(parameters.startWindowSeconds as number)]
    case 'Active':
      return [startedAt + deposit / (rate === 0n ? 1n : rate)]
    case 'Stopping':
      return [evidenceUntil]
    default:
      return []
  }
}

/** Evidence for one side of a stop, by one decimal digit. */
export function pingOf(digit: number, wait: number, view: AgreementView, atSeconds: number) {
  const startedAt = Number(view.figures.startedAt ?? 0n)
  const ping = (at: number, kind: (typeof PING_KINDS)[number] = 'genuine') => ({
    kind,
    sequence: 1n,
    atSeconds: BigInt(Math.max(0, at)),
  })
  if (digit <= 2) return ping(atSeconds)
  if (digit === 3) return null
  if (digit === 4) return ping(startedAt + wait)
  if (digit === 5) return ping(atSeconds - wait)
  if (digit === 6) return ping(atSeconds + wait)
  return ping(atSeconds, PING_KINDS[1 + ((digit + wait) % 4)])
}
