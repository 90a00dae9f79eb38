/**
 * Who was entitled to what: whether an attempt was due, by what the oracle knew before it.
 *
 * Written as the README's table is read, a second time and without the machine. Conditions that a
 * claim needs apart from each other (everything but the quote, everything but the other requests)
 * stand alone.
 */
import { ESCROW, NOBODY } from '../kit/trace.ts'
import {
  type Asked,
  acceptanceOverAt,
  bindersOf,
  nonceWasUsed,
  OPEN,
  proposalOverAt,
} from './oracle.ts'

export const isStudent = ({ planned, agreement }: Asked) => planned.by === agreement.roles.student
export const isTutor = ({ planned, facts }: Asked) => planned.by === facts.proposal?.tutor
export const isMatchmaker = ({ planned }: Asked) => planned.by === 'matchmaker'
export const isEscrow = ({ planned }: Asked) => planned.by === 'sessionEscrow'
const isHardened = ({ trace }: Asked) => trace.policy === 'hardened'

/** Whether a proposal is due, whatever binds its tutor elsewhere. */
export function proposalFits(asked: Asked): boolean {
  const { facts, planned, agreement } = asked
  const { phase, bookedForSeconds } = facts
  const isBookedNow = phase === 'booked' && planned.atSeconds >= bookedForSeconds
  const isSought = phase === 'searching' || phase === 'waitlisted' || isBookedNow
  const others = [agreement.roles.student, 'matchmaker', 'sessionEscrow', ESCROW, NOBODY]
  return isMatchmaker(asked) && isSought && !others.includes(planned.args.tutor as string)
}

/** Whether anything but this request binds the tutor of a proposal. */
export function tutorIsBound({ trace, all, index, planned }: Asked): boolean {
  const { args, atSeconds } = planned
  return bindersOf(trace, all, { tutor: args.tutor as string, atSeconds, except: index }).length > 0
}

/** Whether the proposal still waits for an answer. */
export function isAnswerable({ trace, facts, planned }: Asked): boolean {
  return facts.phase === 'proposed' && planned.atSeconds < proposalOverAt(trace, facts)
}

/** Whether rate, expiry and nonce are such that a genuine quote would be accepted in time. */
export function quoteFits({ trace, agreement, all, facts, planned }: Asked): boolean {
  if (trace.policy === 'as-described') return true
  const { rateUnits, expiry, nonce } = planned.args
  const isPayable =
    (rateUnits as bigint) > 0n && (rateUnits as bigint) <= (agreement.terms.maxRateUnits as bigint)
  const isCurrent = planned.atSeconds < (expiry as number)
  return isPayable && isCurrent && !nonceWasUsed(all, facts.proposal?.tutor ?? '', nonce)
}

/** Whether the tutor itself has said yes: by its call as described, else by its quote. */
export function tutorConsents(asked: Asked): boolean {
  const { args } = asked.planned
  const isOwn = args.quote === 'genuine' && args.tutor === asked.facts.proposal?.tutor
  return isHardened(asked) ? isOwn : isTutor(asked)
}

/** Whether the escrow may still use the acceptance of this request. */
export function isConsumable({ trace, facts, planned }: Asked): boolean {
  return facts.phase === 'awaiting' && planned.atSeconds < acceptanceOverAt(trace, facts)
}

export const isForStudent = ({ planned, agreement }: Asked) =>
  planned.args.student === agreement.roles.student
export const isAtAcceptedRate = ({ planned, facts }: Asked) =>
  planned.args.rateUnits === facts.acceptance?.rateUnits

const scoreFits = ({ planned }: Asked) => {
  const score = planned.args.score as number
  return score >= 1 && score <= 5
}

/** Whether a rating is one that a party may give: its first, of a session that is over. */
export function ratingIsOwed(asked: Asked): boolean {
  const { facts, planned } = asked
  const isParty = isStudent(asked) || isTutor(asked)
  const isFirst = !facts.raters.includes(planned.by)
  return facts.phase === 'completed' && isParty && isFirst && scoreFits(asked)
}

type Entitlement = (asked: Asked) => boolean

const inPhase = (asked: Asked, ...phases: readonly string[]) => phases.includes(asked.facts.phase)
const capFits = ({ facts, planned }: Asked) => {
  const cap = planned.args.capUnits as bigint
  return cap < facts.capUnits && cap >= (facts.acceptance?.rateUnits ?? 0n)
}

/** What holds in both policies. */
const inBoth: Readonly<Record<string, Entitlement>> = {
  request: (asked) => {
    const { maxRateUnits, capUnits } = asked.agreement.terms as Record<string, bigint>
    const canPay = maxRateUnits !== 0n && (capUnits ?? 0n) >= (maxRateUnits ?? 0n)
    return inPhase(asked, 'none') && isStudent(asked) && canPay
  },
  noMatch: (asked) => inPhase(asked, 'searching') && isMatchmaker(asked),
  accept: (asked) => isAnswerable(asked) && quoteFits(asked) && tutorConsents(asked),
  reduceCap: (asked) => inPhase(asked, 'awaiting') && isStudent(asked) && capFits(asked),
  waitlist: (asked) => inPhase(asked, 'unmatched') && isStudent(asked),
  book: (asked) => {
    const isAhead = (asked.planned.args.at as number) > asked.planned.atSeconds
    return inPhase(asked, 'unmatched') && isStudent(asked) && isAhead
  },
  cancel: (asked) => OPEN.includes(asked.facts.phase) && isStudent(asked),
}

const byPolicy: Readonly<Record<string, Readonly<Record<string, Entitlement>>>> = {
  'as-described': {
    ...inBoth,
    propose: proposalFits,
    accept: (asked) => inPhase(asked, 'proposed') && isTutor(asked),
    decline: (asked) => inPhase(asked, 'proposed') && isTutor(asked),
    lapse: (asked) => inPhase(asked, 'proposed') && isMatchmaker(asked),
    consume: (asked) =>
      inPhase(asked, 'awaiting', 'matched') && isEscrow(asked) && isForStudent(asked),
    release: (asked) => inPhase(asked, 'awaiting') && isMatchmaker(asked),
    complete: (asked) => inPhase(asked, 'matched', 'completed') && isEscrow(asked),
    transferCredential: ({ facts, planned }) => facts.holder === planned.by,
    rate: (asked) => inPhase(asked, 'completed') && scoreFits(asked),
  },
  hardened: {
    ...inBoth,
    propose: (asked) => proposalFits(asked) && !tutorIsBound(asked),
    decline: (asked) => isAnswerable(asked) && isTutor(asked),
    lapse: (asked) => inPhase(asked, 'proposed') && !isAnswerable(asked),
    consume: (asked) =>
      isConsumable(asked) && isEscrow(asked) && isForStudent(asked) && isAtAcceptedRate(asked),
    release: (asked) => inPhase(asked, 'awaiting') && !isConsumable(asked),
    complete: (asked) => inPhase(asked, 'matched') && isEscrow(asked),
    transferCredential: () => false,
    rate: ratingIsOwed,
  },
}

/** Whether the caller was entitled to what it tried. */
export function isDue(asked: Asked): boolean {
  return byPolicy[asked.trace.policy]?.[asked.planned.action]?.(asked) === true
}
