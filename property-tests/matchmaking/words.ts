/**
 * What the integers of a drawn command of matchmaking stand for, as the words of its call.
 */
import { AMOUNT_UNITS_MAX } from '../../models/kit/money.ts'
import type { Agreement, AgreementView, PlannedStep } from '../../models/kit/trace.ts'
import { MATCHMAKING_PARTICIPANTS, QUOTE_KINDS } from '../../models/matchmaking/cast.ts'
import type { Command, Moment } from '../kit/player.ts'
import {
  acceptanceArgs,
  type Move,
  maxRateUnits,
  otherStudent,
  studentOf,
  tutorNow,
} from './moves.ts'

/** Largest number of each integer, in the order in which they are drawn. */
const MOST = {
  agreement: 2,
  move: 99,
  by: MATCHMAKING_PARTICIPANTS.length - 1,
  when: 11,
  wait: 150,
  amount: 11,
  tutor: 15,
  expiry: 11,
  quote: 39,
  nonce: 5,
} as const
type DrawnName = keyof typeof MOST
const NAMES = Object.keys(MOST) as readonly DrawnName[]

export const COMMAND_LENGTHS: readonly number[] = Object.values(MOST)

export function numberOf(drawn: Command, name: DrawnName): number {
  return drawn[NAMES.indexOf(name)] as number
}

/**
 * The tutor to propose: mostly one whom another request binds, if there is any. Never the stranger,
 * whose own quotes are the forged ones.
 */
function tutorOf(drawn: Command, { population }: Moment, agreement: Agreement): string {
  const digit = numberOf(drawn, 'tutor')
  const student = studentOf(agreement)
  const binding = population.view.agreements.find(({ figures }, index) => {
    return index !== agreement.index && (figures.boundUntil ?? 0n) > 0n
  })
  if (digit < 7) return binding === undefined ? 'tutor0' : tutorNow(binding)
  if (digit < 10) return 'tutor0'
  if (digit < 13) return 'tutor1'
  if (digit === 13) return otherStudent(agreement)
  const none = ['nobody', student, 'escrow', 'matchmaker', 'sessionEscrow']
  return none[numberOf(drawn, 'wait') % none.length] as string
}

/** A rate by a small integer: the most that the student pays, less, more, nothing, the limit. */
function acceptedRate(drawn: Command, agreement: Agreement): bigint {
  const most = maxRateUnits(agreement)
  switch (numberOf(drawn, 'amount')) {
    case 7:
    case 8:
      return most > 1n ? most - 1n : most
    case 9:
      return most < AMOUNT_UNITS_MAX ? most + 1n : most
    case 10:
      return numberOf(drawn, 'wait') % 2 === 0 ? 0n : 1n
    case 11:
      return AMOUNT_UNITS_MAX
    default:
      return most
  }
}

const LASTING_SECONDS = 1_000_000

/** When a quote expires: late, around the deposit window, before the next second, or just now. */
function expiryOf(drawn: Command, { cast }: Moment, atSeconds: number): number {
  const window = cast.parameters.depositWindowSeconds as number
  const wait = numberOf(drawn, 'wait')
  switch (numberOf(drawn, 'expiry')) {
    case 7:
      return atSeconds + window + (wait % 3) - 1
    case 8:
    case 9:
      return atSeconds + 1 + (wait % window)
    case 10:
      return atSeconds + (wait % 2)
    case 11:
      return atSeconds - (wait % 2)
    default:
      return atSeconds + LASTING_SECONDS
  }
}

/** Draws of a quote below this are genuine, the next one is none at all. */
const GENUINE_BELOW = 31

function quoteOf(drawn: Command): string | null {
  const digit = numberOf(drawn, 'quote')
  if (digit < GENUINE_BELOW) return 'genuine'
  return digit === GENUINE_BELOW ? null : (QUOTE_KINDS[digit - GENUINE_BELOW] as string)
}

/**
 * A nonce of its own, or one that the tutor was bound by before. The latter once that binding would
 * have run out by itself, so that a counterexample need not tell how it ended.
 */
function nonceOf(drawn: Command, { cast, population }: Moment, agreement: Agreement): bigint {
  const own = BigInt(agreement.index)
  const { agreements } = population.view
  const { tutor, proposedAt = 0n } = agreements[agreement.index]?.figures ?? {}
  const window = BigInt(cast.parameters.depositWindowSeconds as number)
  const used = agreements.find(({ figures }) => {
    const { acceptedAt = 0n } = figures
    return acceptedAt > 0n && figures.tutor === tutor && acceptedAt + window <= proposedAt
  })
  return numberOf(drawn, 'nonce') < 3 ? own : (used?.figures.quoteNonce ?? own)
}

const otherTutor = (tutor: string) => (tutor === 'tutor0' ? 'tutor1' : 'tutor0')

function acceptance(drawn: Command, moment: Moment, agreement: Agreement, atSeconds: number) {
  const proposed = tutorNow(moment.population.view.agreements[agreement.index] as AgreementView)
  const isOthers = numberOf(drawn, 'tutor') >= 14
  return acceptanceArgs(moment, {
    rateUnits: acceptedRate(drawn, agreement),
    expiry: expiryOf(drawn, moment, atSeconds),
    nonce: nonceOf(drawn, moment, agreement),
    quote: quoteOf(drawn),
    tutor: isOthers ? otherTutor(proposed) : proposed,
  })
}

/** What the escrow says of a deposit: mostly the rate that was accepted, for its student. */
function deposit(drawn: Command, agreement: Agreement, { figures }: AgreementView) {
  const { rate = 0n } = figures
  const isOther = numberOf(drawn, 'quote') > 36
  const student = isOther ? otherStudent(agreement) : studentOf(agreement)
  switch (numberOf(drawn, 'amount')) {
    case 9:
      return { student, rateUnits: rate < AMOUNT_UNITS_MAX ? rate + 1n : rate - 1n }
    case 10:
      return { student, rateUnits: rate > 0n ? rate - 1n : 1n }
    case 11:
      return { student, rateUnits: maxRateUnits(agreement) }
    default:
      return { student, rateUnits: rate }
  }
}

const BILLED_SECONDS_MAX = 2 ** 32 - 1

function billedSeconds(drawn: Command, { cast }: Moment): number {
  const least = cast.parameters.credentialSeconds as number
  switch (numberOf(drawn, 'amount')) {
    case 6:
    case 7:
      return Math.max(0, least - 1)
    case 8:
      return 0
    case 9:
      return least + numberOf(drawn, 'wait')
    case 10:
      return numberOf(drawn, 'wait')
    case 11:
      return BILLED_SECONDS_MAX
    default:
      return least
  }
}

function lowerCap(drawn: Command, { figures }: AgreementView): bigint {
  const { cap = 0n, rate = 0n } = figures
  switch (numberOf(drawn, 'amount')) {
    case 4:
    case 5:
      return cap > 0n ? cap - 1n : 0n
    case 6:
      return rate
    case 7:
      return rate > 0n ? rate - 1n : 0n
    case 8:
    case 9:
      return cap
    case 10:
      return cap < AMOUNT_UNITS_MAX ? cap + 1n : 0n
    default:
      return cap / 2n
  }
}

const RECIPIENTS = ['elsewhere', 'tutor0', 'stranger', 'own', 'nobody', 'escrow'] as const
const SCORES = [5, 1, 2, 3, 4, 5, 1, 3, 5, 0, 6, 255] as const

/** The words of a call, by what it does. */
export function argsOf(
  drawn: Command,
  moment: Moment,
  agreement: Agreement,
  attempted: { readonly move: Move; readonly atSeconds: number },
): PlannedStep['args'] {
  const { move, atSeconds } = attempted
  const [action, by] = move
  const view = moment.population.view.agreements[agreement.index] as AgreementView
  switch (action) {
    case 'propose':
      return { tutor: tutorOf(drawn, moment, agreement) }
    case 'accept':
      return acceptance(drawn, moment, agreement, atSeconds)
    case 'consume':
      return deposit(drawn, agreement, view)
    case 'reduceCap':
      return { capUnits: lowerCap(drawn, view) }
    case 'book': {
      const ahead = numberOf(drawn, 'amount') < 9 ? 1 + numberOf(drawn, 'wait') : 0
      return { at: atSeconds + ahead }
    }
    case 'complete':
      return { billedSeconds: billedSeconds(drawn, moment) }
    case 'transferCredential': {
      const to = RECIPIENTS[numberOf(drawn, 'nonce')] as string
      return { to: to === 'own' ? by : to }
    }
    case 'rate':
      return { score: SCORES[numberOf(drawn, 'amount')] as number }
    default:
      return {}
  }
}
