/**
 * Claims about acceptances and matches: at the locked rate, once, by the tutor’s word, in order.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { exercised, figure, judgeSteps, type Moment, NOT_EXERCISED } from '../invariants/judging.ts'
import { placeOf } from './cast.ts'
import {
  isAnswerable,
  isAtAcceptedRate,
  isConsumable,
  isEscrow,
  isForStudent,
  quoteFits,
  tutorConsents,
} from './entitlement.ts'
import { askedAt, factsAt, nonceWasUsed, STATE_OF } from './oracle.ts'

const rateLocked: Invariant = {
  id: 'INV-RATE-LOCKED',
  statement: 'A match has the rate that its tutor accepted, which the student was ready to pay.',
  formula: 'accept ⇒ rate ≤ maxRate; consume ⇒ rate = accepted, and it stays',
  witness: 'an acceptance, a match, or another rate for a deposit that is due',
  judge: (trace) => judgeSteps(trace, judgeRate),
}

function judgeRate({ trace, step, stepIndex, index, viewAfter }: Moment) {
  const asked = askedAt(trace, stepIndex)
  const { action, args } = step.planned
  const { matchedRateUnits, acceptance } = factsAt(trace, stepIndex, index)
  const shown = figure(viewAfter, 'rate')
  const mostUnits = asked.agreement.terms.maxRateUnits as bigint
  if (action === 'accept' && step.observed.outcome.accepted) {
    const saidUnits = args.rateUnits as bigint
    const isPayable = saidUnits <= mostUnits
    return exercised(isPayable ? null : `accepted at ${saidUnits} of at most ${mostUnits}`)
  }
  if (action === 'consume' && step.observed.outcome.accepted) {
    const asksUnits = args.rateUnits as bigint
    if (asksUnits !== acceptance?.rateUnits) {
      return exercised(`matched at ${asksUnits}, accepted at ${acceptance?.rateUnits}`)
    }
    return exercised(shown === asksUnits ? null : `matched at ${asksUnits}, stored ${shown}`)
  }
  if (matchedRateUnits !== null && shown !== matchedRateUnits) {
    return exercised(`matched at ${matchedRateUnits}, now ${shown} after ${action}`)
  }
  const isRefusedOffer = action === 'consume' && isConsumable(asked) && isEscrow(asked)
  return isRefusedOffer && !isAtAcceptedRate(asked) ? exercised(null) : NOT_EXERCISED
}

const quoteOnce: Invariant = {
  id: 'INV-QUOTE-ONCE',
  statement: 'An acceptance is used once, and a tutor’s nonce binds it once.',
  formula: '#consume(r) ≤ 1; (T, nonce) accepted at most once',
  witness: 'a match that is consumed again, or a genuine quote whose nonce was used',
  judge: (trace) => judgeSteps(trace, judgeOnce),
}

function judgeOnce({ trace, step, stepIndex }: Moment) {
  const asked = askedAt(trace, stepIndex)
  const { action, args } = step.planned
  const { accepted } = step.observed.outcome
  if (action === 'consume' && asked.facts.matchCount > 0) {
    const count = asked.facts.matchCount + 1
    return exercised(accepted ? `one acceptance was consumed ${count} times` : null)
  }
  if (action !== 'accept' || typeof args.nonce !== 'bigint') return NOT_EXERCISED
  const tutor = asked.facts.proposal?.tutor ?? ''
  const isAgain = nonceWasUsed(asked.all, tutor, args.nonce)
  if (!isAgain || !isAnswerable(asked) || !tutorConsents(asked)) return NOT_EXERCISED
  return exercised(accepted ? `nonce ${args.nonce} of ${tutor} was accepted again` : null)
}

const quoteBinding: Invariant = {
  id: 'INV-QUOTE-BINDING',
  statement:
    'Only the tutor’s own quote for this request, as it stands and before it expires, binds.',
  formula: 'accept ⇒ genuine ∧ t < e; consume ⇒ student = student(r)',
  witness: 'another quote, none or an expired one, or another student, where all else is due',
  policies: ['hardened'],
  judge: (trace) => judgeSteps(trace, judgeBinding),
}

function judgeBinding({ trace, step, stepIndex }: Moment) {
  const asked = askedAt(trace, stepIndex)
  const { action, args, atSeconds } = step.planned
  const { accepted } = step.observed.outcome
  if (action === 'consume') {
    if (isForStudent(asked)) return NOT_EXERCISED
    if (accepted) return exercised(`matched for ${String(args.student)}`)
    const isElseDue = isConsumable(asked) && isEscrow(asked) && isAtAcceptedRate(asked)
    return isElseDue ? exercised(null) : NOT_EXERCISED
  }
  if (action !== 'accept') return NOT_EXERCISED
  const isGenuine = tutorConsents(asked)
  const late = atSeconds - (args.expiry as number)
  if (accepted) {
    const kind = typeof args.quote === 'string' ? args.quote : 'missing'
    const words = `a ${kind} quote of ${String(args.tutor)}`
    if (!isGenuine) return exercised(`${words} bound ${asked.facts.proposal?.tutor}`)
    return late >= 0 ? exercised(`a quote bound ${late} s after it expired`) : NOT_EXERCISED
  }
  if (!isAnswerable(asked)) return NOT_EXERCISED
  const isOtherwiseDue = isGenuine ? late >= 0 : quoteFits(asked)
  return isOtherwiseDue ? exercised(null) : NOT_EXERCISED
}

const matchOrder: Invariant = {
  id: 'INV-MATCH-ORDER',
  statement: 'Nobody is matched but by a proposal, its acceptance and a deposit, in this order.',
  formula:
    'Matched ⇒ propose, accept, consume of one tutor in this order; state = what was accepted',
  witness: 'a match, or a deposit for what nobody has accepted',
  judge: (trace) => judgeSteps(trace, judgeOrder),
}

function judgeOrder({ trace, step, stepIndex, index, viewBefore, viewAfter }: Moment) {
  const asked = askedAt(trace, stepIndex)
  const { action } = step.planned
  const { phase, acceptance } = factsAt(trace, stepIndex, index)
  const { accepted } = step.observed.outcome
  const isOrdered = ['awaiting', 'matched'].includes(asked.facts.phase)
  if (action === 'consume') {
    if (!accepted) return isOrdered ? NOT_EXERCISED : exercised(null)
    if (!isOrdered) return exercised(`a deposit matched what was ${asked.facts.phase}`)
    const tutor = placeOf(acceptance?.tutor ?? null)
    const shown = figure(viewAfter, 'tutor')
    return exercised(shown === tutor ? null : `${acceptance?.tutor} accepted, tutor is ${shown}`)
  }
  if (action === 'accept' && accepted && asked.facts.phase !== 'proposed') {
    return exercised(`accepted what was ${asked.facts.phase}`)
  }
  const isSame = viewAfter.state === STATE_OF[phase]
  if (viewBefore.state === viewAfter.state || isSame) return NOT_EXERCISED
  return exercised(`${viewAfter.state} after ${action}, and what was accepted says ${phase}`)
}

export const quoteInvariants: readonly Invariant[] = [
  rateLocked,
  quoteOnce,
  quoteBinding,
  matchOrder,
]
