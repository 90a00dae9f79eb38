/**
 * Claims about tutors: bound to one request at most, for as long as the timers say, and free again.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { exercised, judgeSteps, type Moment, NOT_EXERCISED } from '../invariants/judging.ts'
import {
  isAnswerable,
  isAtAcceptedRate,
  isConsumable,
  isEscrow,
  isForStudent,
  proposalFits,
  quoteFits,
  tutorConsents,
  tutorIsBound,
} from './entitlement.ts'
import {
  acceptanceOverAt,
  allFactsAt,
  askedAt,
  bindersOf,
  boundTutor,
  factsAt,
  proposalOverAt,
} from './oracle.ts'

const oneStudent: Invariant = {
  id: 'INV-ONE-STUDENT',
  statement: 'At any instant a tutor is bound to at most one request.',
  formula: '#{r : bound(r, T, t)} ≤ 1',
  witness: 'a proposal of a tutor whom another request binds',
  judge: (trace) => judgeSteps(trace, judgeBindings),
}

function judgeBindings({ trace, step, stepIndex, index }: Moment) {
  const { atSeconds, action } = step.planned
  if (!step.observed.outcome.accepted) {
    const asked = askedAt(trace, stepIndex)
    const isRace = action === 'propose' && proposalFits(asked) && tutorIsBound(asked)
    return isRace ? exercised(null) : NOT_EXERCISED
  }
  const all = allFactsAt(trace, stepIndex)
  const tutor = boundTutor(trace, factsAt(trace, stepIndex, index), atSeconds)
  if (tutor === null) return NOT_EXERCISED
  const others = bindersOf(trace, all, { tutor, atSeconds, except: index })
  if (others.length === 0) return NOT_EXERCISED
  const requests = [index, ...others].join(' and ')
  return exercised(`${tutor} is bound to requests ${requests} in second ${atSeconds}`)
}

const freeAgain: Invariant = {
  id: 'INV-FREE-AGAIN',
  statement: 'A tutor whom no request binds can be proposed, whatever happened before.',
  formula: 'propose due ∧ ∄ r : bound(r, T, t) ⇒ accepted',
  witness: 'such a proposal of a tutor whom some request has bound before',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex }) => {
      if (step.planned.action !== 'propose') return NOT_EXERCISED
      const asked = askedAt(trace, stepIndex)
      if (!proposalFits(asked) || tutorIsBound(asked)) return NOT_EXERCISED
      const { accepted, error } = step.observed.outcome
      const { tutor } = step.planned.args
      if (!accepted) return exercised(`${String(tutor)} is free and was refused: ${error}`)
      const wasBound = asked.all.some(({ proposal }) => proposal?.tutor === tutor)
      return wasBound ? exercised(null) : NOT_EXERCISED
    }),
}

const ttl: Invariant = {
  id: 'INV-TTL',
  statement: 'A proposal stands for its time, and not a second longer.',
  formula: 'accept ⇒ t < p + ttl; genuine, t < p + ttl ⇒ accepted; lapse by anyone ⇔ t ≥ p + ttl',
  witness: 'an answer that is due or too late, or a proposal that somebody lets lapse',
  judge: (trace) => judgeSteps(trace, judgeProposal),
}

function judgeProposal({ trace, step, stepIndex }: Moment) {
  const asked = askedAt(trace, stepIndex)
  const { action, atSeconds, by } = step.planned
  if (asked.facts.phase !== 'proposed') return NOT_EXERCISED
  const { accepted, error } = step.observed.outcome
  const late = atSeconds - proposalOverAt(trace, asked.facts)
  if (action === 'lapse') return judgeEnd(`${by} let the proposal lapse`, late, step)
  const isConsent = action === 'accept' && quoteFits(asked) && tutorConsents(asked)
  if (!isConsent) return NOT_EXERCISED
  if (isAnswerable(asked)) {
    return exercised(accepted ? null : `an answer in time was refused: ${error}`)
  }
  return exercised(accepted ? `accepted ${late} s after the proposal was over` : null)
}

/**
 * An end that is anybody's from a second on, and nobody's before.
 *
 * @param late seconds since then; negative before
 */
function judgeEnd(what: string, late: number, step: Moment['step']) {
  const { accepted, error } = step.observed.outcome
  if (late < 0) return exercised(accepted ? `${what} ${-late} s before it was over` : null)
  const words = `${step.planned.by} could not end it ${late} s after it was over: ${error}`
  return exercised(accepted ? null : words)
}

const depositWindow: Invariant = {
  id: 'INV-DEPOSIT-WINDOW',
  statement: 'An acceptance stands for the deposit window, and not a second longer.',
  formula: 'consume ⇒ t < d; due, t < d ⇒ accepted; release by anyone ⇔ t ≥ d',
  witness: 'a deposit that is due or too late, or a tutor whom somebody releases',
  judge: (trace) => judgeSteps(trace, judgeAcceptance),
}

function judgeAcceptance({ trace, step, stepIndex }: Moment) {
  const asked = askedAt(trace, stepIndex)
  const { action, atSeconds, by } = step.planned
  if (asked.facts.phase !== 'awaiting') return NOT_EXERCISED
  const { accepted, error } = step.observed.outcome
  const late = atSeconds - acceptanceOverAt(trace, asked.facts)
  if (action === 'release') return judgeEnd(`${by} released the tutor`, late, step)
  const isDeposit =
    action === 'consume' && isEscrow(asked) && isForStudent(asked) && isAtAcceptedRate(asked)
  if (!isDeposit) return NOT_EXERCISED
  if (isConsumable(asked)) {
    return exercised(accepted ? null : `a deposit in time was refused: ${error}`)
  }
  return exercised(accepted ? `matched ${late} s after the acceptance was over` : null)
}

const attempts: Invariant = {
  id: 'INV-ATTEMPTS',
  statement: 'A search has at most N proposals, and then the student is asked again.',
  formula: '#propose since request, waitlist, book ≤ N',
  witness: 'the last proposal of a search, or one that would be too many',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index }) => {
      if (step.planned.action !== 'propose') return NOT_EXERCISED
      const most = trace.parameters.maxAttempts as number
      const { proposals } = factsAt(trace, stepIndex, index)
      if (proposals < most) return NOT_EXERCISED
      return exercised(proposals > most ? `${proposals} proposals of at most ${most}` : null)
    }),
}

export const tutorInvariants: readonly Invariant[] = [
  oneStudent,
  freeAgain,
  ttl,
  depositWindow,
  attempts,
]
