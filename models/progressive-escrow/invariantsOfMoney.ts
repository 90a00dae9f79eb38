/**
 * Claims about money: never more than time has earned, fees exact, risk that only falls, ends once.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { exercised, judgeSteps, type Moment, NOT_EXERCISED } from '../invariants/judging.ts'
import { agreedSeconds, countedSeconds, factsAt } from './oracle.ts'
import { OPEN, progressiveMoney, RUNNING, sharesAt } from './standing.ts'

const COMPLETIONS = ['complete', 'autoComplete']

/** What mentor and platform have after a step, and how much of it time must have earned. */
function taken({ trace, stepIndex, index, viewAfter }: Moment) {
  const { gross } = sharesAt(trace, stepIndex, index, viewAfter)
  const { emergencyUnits, depositedUnits } = factsAt(trace, stepIndex, index)
  const earnedUnits = gross > emergencyUnits ? gross - emergencyUnits : 0n
  return { gross, earnedUnits, emergencyUnits, depositedUnits }
}

const cap: Invariant = {
  id: 'INV-CAP',
  statement: 'Mentor and platform together never get more than the price.',
  formula: 'P + F ≤ D',
  witness: 'a step after which mentor or platform has a share',
  judge: (trace) =>
    judgeSteps(trace, (moment) => {
      const { gross, depositedUnits } = taken(moment)
      if (gross === 0n) return NOT_EXERCISED
      const broken = gross > depositedUnits
      return exercised(broken ? `paid ${gross} > locked ${depositedUnits}` : null)
    }),
}

const moneyFollowsTime: Invariant = {
  id: 'INV-MONEY-FOLLOWS-TIME',
  statement:
    'But for emergencies, mentor and platform get no more than the time that counts has earned.',
  formula: '(P + F − E)·duration ≤ T·s; s: seconds of the clock, in hardened those proven by signs',
  witness: 'a step after which mentor or platform has a share that is no emergency',
  judge: (trace) =>
    judgeSteps(trace, (moment) => {
      const { step, stepIndex, index } = moment
      const { earnedUnits, depositedUnits } = taken(moment)
      if (earnedUnits === 0n) return NOT_EXERCISED
      const facts = factsAt(trace, stepIndex, index)
      const seconds = countedSeconds(facts, step.planned.atSeconds, trace)
      const agreed = agreedSeconds(trace, index)
      const broken = earnedUnits * agreed > depositedUnits * seconds
      if (!broken) return exercised(null)
      return exercised(`paid ${earnedUnits} of ${depositedUnits} for ${seconds} of ${agreed} s`)
    }),
}

const progressiveCap: Invariant = {
  id: 'INV-PROGRESSIVE-CAP',
  statement: 'Before the completion no more than the progressive part of the price is released.',
  formula: 'not Completed ⇒ (P + F − E)·10,000 ≤ T·progressiveBps',
  witness: 'a step on an open session of which a part was released',
  judge: (trace) =>
    judgeSteps(trace, (moment) => {
      if (!OPEN.includes(moment.viewAfter.state)) return NOT_EXERCISED
      const { earnedUnits, depositedUnits } = taken(moment)
      if (earnedUnits === 0n) return NOT_EXERCISED
      const bps = BigInt(trace.parameters.progressiveBps as number)
      const broken = earnedUnits * 10_000n > depositedUnits * bps
      return exercised(broken ? `released ${earnedUnits} > ${bps} bps of ${depositedUnits}` : null)
    }),
}

const feeExact: Invariant = {
  id: 'INV-FEE-EXACT',
  statement: 'The fee is its share of all that was taken out, rounded down once, however it was.',
  formula: 'after a completion F·10,000 ≤ (P + F)·feeBps < (F + 1)·10,000',
  witness: 'a completion with earnings and a fee',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index, viewAfter }) => {
      if (!COMPLETIONS.includes(step.planned.action)) return NOT_EXERCISED
      if (!step.observed.outcome.accepted) return NOT_EXERCISED
      const { gross, platform } = sharesAt(trace, stepIndex, index, viewAfter)
      const feeBps = BigInt(trace.parameters.feeBps as number)
      const scaled = gross * feeBps
      const exact = platform * 10_000n <= scaled && scaled < (platform + 1n) * 10_000n
      if (!exact) return exercised(`fee ${platform} is not ${feeBps} bps of ${gross}`)
      return gross > 0n && feeBps > 0n ? exercised(null) : NOT_EXERCISED
    }),
}

const riskFalls: Invariant = {
  id: 'INV-RISK-FALLS',
  statement:
    'What is locked for a session never rises once it is created, but by its owner’s hand.',
  formula: 'locked after ≤ locked before; as described not counting emergency releases',
  witness: 'an accepted call on a session for which something is locked',
  judge: (trace) =>
    judgeSteps(trace, ({ step, viewBefore, viewAfter }) => {
      const { action } = step.planned
      const { accepted } = step.observed.outcome
      const unbounded = trace.policy === 'as-described' && action === 'emergencyRelease'
      if (!accepted || unbounded || viewBefore.state === 'None') return NOT_EXERCISED
      const was = progressiveMoney.lockedUnits(viewBefore)
      const is = progressiveMoney.lockedUnits(viewAfter)
      if (is > was) return exercised(`locked ${was} before and ${is} after ${action}`)
      return was > 0n ? exercised(null) : NOT_EXERCISED
    }),
}

const settleOnce: Invariant = {
  id: 'INV-SETTLE-ONCE',
  statement: 'A session is completed or cancelled once, and each share is paid once in a call.',
  formula: '#complete + #autoComplete + #cancel ≤ 1; per call at most one payment to each owner',
  witness: 'a completion or cancellation, or a refused second one',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index }) => {
      if (![...COMPLETIONS, 'cancel'].includes(step.planned.action)) return NOT_EXERCISED
      const { endCount } = factsAt(trace, stepIndex, index)
      if (endCount > 1) return exercised(`the session was ended ${endCount} times`)
      const paid = step.observed.transfers.map(({ from, to }) => `${from} to ${to}`)
      const twice = paid.find((payment, at) => paid.indexOf(payment) !== at)
      if (twice !== undefined) return exercised(`paid twice in one call: ${twice}`)
      return endCount === 1 ? exercised(null) : NOT_EXERCISED
    }),
}

const dust: Invariant = {
  id: 'INV-DUST',
  statement: 'At the completion nothing is left behind but what owners can claim.',
  formula: 'X = max(0, D − P − F), and nothing is locked but claims',
  witness: 'a completion',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index, viewAfter }) => {
      if (!COMPLETIONS.includes(step.planned.action)) return NOT_EXERCISED
      if (!step.observed.outcome.accepted) return NOT_EXERCISED
      const { gross, student } = sharesAt(trace, stepIndex, index, viewAfter)
      const { depositedUnits } = factsAt(trace, stepIndex, index)
      const restUnits = depositedUnits > gross ? depositedUnits - gross : 0n
      return exercised(student === restUnits ? null : `refund ${student}, rest ${restUnits}`)
    }),
}

const ownerBounded: Invariant = {
  id: 'INV-OWNER-BOUNDED',
  statement: 'The owner never releases more than what is left of the session.',
  formula: 'emergencyRelease(a) accepted ⇒ a ≤ D − (P + F before)',
  witness: 'an emergency release, or one that was refused for its amount',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index, viewBefore, viewAfter }) => {
      const { action, args } = step.planned
      if (action !== 'emergencyRelease' || step.role !== 'owner') return NOT_EXERCISED
      const askedUnits = args.amountUnits as bigint
      const { accepted } = step.observed.outcome
      const isOpen = [...RUNNING, 'Created'].includes(viewBefore.state)
      if (!accepted) return isOpen && askedUnits > 0n ? exercised(null) : NOT_EXERCISED
      const { gross } = sharesAt(trace, stepIndex, index, viewAfter)
      const { depositedUnits } = factsAt(trace, stepIndex, index)
      const leftUnits = depositedUnits - (gross - askedUnits)
      const broken = askedUnits > leftUnits
      return exercised(broken ? `released ${askedUnits} when ${leftUnits} was left` : null)
    }),
}

export const moneyInvariants: readonly Invariant[] = [
  cap,
  moneyFollowsTime,
  progressiveCap,
  feeExact,
  riskFalls,
  settleOnce,
  dust,
  ownerBounded,
]
