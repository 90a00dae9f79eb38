/**
 * The three protocols that a journey runs through, and their names for each other.
 *
 * The journey has one name for everybody: `escrow` is the session escrow, `withdrawal` and
 * `matchmaking` are the other contracts, and a tutor is `tutor0` wherever it appears. Each
 * protocol's machine has names of its own: to matchmaking the session escrow is a participant, to
 * the withdrawal it is the platform, and a tutor is a teacher.
 */
import { ELSEWHERE, ESCROW, type LogEntry, type Transfer } from '../../models/kit/trace.ts'

export const PARTS = ['matchmaking', 'session-escrow', 'withdrawal'] as const
export type Part = (typeof PARTS)[number]

/** Numbers of the agreements in a journey: one request, one session, then withdrawals. */
export const REQUEST = 0
export const SESSION = 1
export const FIRST_WITHDRAWAL = 2

/** First agreement of each part. */
export const OFFSETS: Readonly<Record<Part, number>> = {
  matchmaking: REQUEST,
  'session-escrow': SESSION,
  withdrawal: FIRST_WITHDRAWAL,
}

/** The contracts as holders of tokens. */
export const CONTRACTS: Readonly<Record<Part, string>> = {
  matchmaking: 'matchmaking',
  'session-escrow': ESCROW,
  withdrawal: 'withdrawal',
}

/** Everybody who takes part, or could: those who can hold tokens beside the contracts. */
export const PEOPLE = [
  ...['student0', 'student1', 'tutor0', 'tutor1', 'matchmaker', 'relayer', 'platform'],
  ...['admin0', 'admin1', 'bank', 'stranger'],
] as const

/** Names of a part's machine that are others in the journey. */
const NAMES: Readonly<Record<Part, Readonly<Record<string, string>>>> = {
  matchmaking: { sessionEscrow: ESCROW, [ESCROW]: CONTRACTS.matchmaking },
  'session-escrow': {},
  withdrawal: {
    teacher0: 'tutor0',
    teacher1: 'tutor1',
    platform: ESCROW,
    [ESCROW]: CONTRACTS.withdrawal,
    [ELSEWHERE]: 'platform',
  },
}

/** Whom the journey calls so whom a part's machine calls `name`. */
export function inJourney(part: Part, name: string): string {
  return NAMES[part][name] ?? name
}

/** Whom a part's machine calls so whom the journey calls `name`. */
export function inPart(part: Part, name: string): string {
  return Object.entries(NAMES[part]).find(([, known]) => known === name)?.[0] ?? name
}

/** `available:teacher0` is `available:tutor0`. */
export function accountInJourney(name: string): string {
  const [word = '', owner] = name.split(':')
  return owner === undefined ? word : `${word}:${inJourney('withdrawal', owner)}`
}

export function transferInJourney(part: Part, transfer: Transfer): Transfer {
  const { from, to } = transfer
  return { ...transfer, from: inJourney(part, from), to: inJourney(part, to) }
}

/** Events that name no agreement are of agreement −1 everywhere. */
export function logInJourney(part: Part, { name, args }: LogEntry): LogEntry {
  const entries = Object.entries(args).map(([key, value]) => {
    if (key === 'agreement') {
      const index = Number(value)
      return [key, index < 0 ? index : index + OFFSETS[part]]
    }
    return [key, typeof value === 'string' ? inJourney(part, value) : value]
  })
  return { name, args: Object.fromEntries(entries) }
}
