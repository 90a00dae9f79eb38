/**
 * Claims about the price: released or refunded as a whole, the commission exact, and by right.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { exercised, judgeSteps, type Moment, NOT_EXERCISED } from '../invariants/judging.ts'
import { BPS_PER_WHOLE } from '../kit/money.ts'
import { countedSeconds, factsAt, unionSeconds } from './oracle.ts'
import { type Shares, sharesAt } from './standing.ts'

/** What everybody has had of a hold after a step. */
function sharesOf({ trace, stepIndex, index, viewAfter }: Moment): Shares {
  return sharesAt(trace, stepIndex, index, viewAfter)
}

/** Whether the step has resolved its hold. */
function hasResolved({ trace, step, stepIndex, index }: Moment): boolean {
  const { action } = step.planned
  if (action !== 'process' && action !== 'refundUnfinished') return false
  return step.observed.outcome.accepted && factsAt(trace, stepIndex, index).resolvedCount === 1
}

const cap: Invariant = {
  id: 'INV-CAP',
  statement: 'Never more is paid than was deposited.',
  formula: 'P + C + X ≤ D',
  witness: 'a step after which somebody has a share',
  judge: (trace) =>
    judgeSteps(trace, (moment) => {
      const { student, teacher, referrer, platform, other } = sharesOf(moment)
      const sum = student + teacher + referrer + platform + other
      if (sum === 0n) return NOT_EXERCISED
      const { depositedUnits } = factsAt(trace, moment.stepIndex, moment.index)
      return exercised(sum > depositedUnits ? `paid ${sum} > deposited ${depositedUnits}` : null)
    }),
}

const dust: Invariant = {
  id: 'INV-DUST',
  statement: 'A hold is released as a whole or refunded as a whole, and the shares are all of it.',
  formula: 'Released ⇒ P + C = D ∧ X = 0; Refunded ⇒ X = D ∧ P + C = 0',
  witness: 'the end of a hold',
  judge: (trace) =>
    judgeSteps(trace, (moment) => {
      if (!hasResolved(moment)) return NOT_EXERCISED
      const { student, teacher, referrer, platform } = sharesOf(moment)
      const { depositedUnits } = factsAt(trace, moment.stepIndex, moment.index)
      const released = teacher + referrer + platform
      const isReleased = moment.viewAfter.state === 'Released'
      const [due, other] = isReleased ? [released, student] : [student, released]
      const isWhole = due === depositedUnits && other === 0n
      const words = `${moment.viewAfter.state}: ${teacher} + ${referrer + platform} released,`
      return exercised(isWhole ? null : `${words} ${student} refunded of ${depositedUnits}`)
    }),
}

const fee: Invariant = {
  id: 'INV-FEE',
  statement:
    'The commission is exact and due with a referrer alone; the odd unit is the teacher’s.',
  formula: 'C · 10⁴ ≤ D · bps < (C + 1) · 10⁴ with a referrer, else C = 0',
  witness: 'a release',
  judge: (trace) =>
    judgeSteps(trace, (moment) => {
      if (!hasResolved(moment) || moment.viewAfter.state !== 'Released') return NOT_EXERCISED
      const { referrer, platform } = sharesOf(moment)
      const commission = referrer + platform
      if (trace.agreements[moment.index]?.roles.referrer === undefined) {
        return exercised(commission > 0n ? `commission ${commission} without a referrer` : null)
      }
      const { depositedUnits } = factsAt(trace, moment.stepIndex, moment.index)
      const part = depositedUnits * BigInt(trace.parameters.commissionBps as number)
      const least = commission * BPS_PER_WHOLE
      const isExact = least <= part && part < least + BPS_PER_WHOLE
      const words = `commission ${commission} on ${depositedUnits}, due ${part / BPS_PER_WHOLE}`
      return exercised(isExact ? null : words)
    }),
}

const referrerPaid: Invariant = {
  id: 'INV-REFERRER',
  statement: 'The commission reaches the referrer.',
  formula: 'Released with a referrer ⇒ all of C is the referrer’s',
  witness: 'a release with a commission',
  judge: (trace) =>
    judgeSteps(trace, (moment) => {
      if (!hasResolved(moment) || moment.viewAfter.state !== 'Released') return NOT_EXERCISED
      const { referrer, platform, other } = sharesOf(moment)
      const missed = platform + other
      if (referrer + missed === 0n) return NOT_EXERCISED
      return exercised(missed > 0n ? `${missed} of ${referrer + missed} went elsewhere` : null)
    }),
}

const threshold: Invariant = {
  id: 'INV-THRESHOLD',
  statement: 'A hold is released if and only if the recorded attendance reaches the threshold.',
  formula: 'Released ⇔ u · 10⁴ ≥ max(e − s, session) · θ',
  witness: 'a hold that was processed',
  judge: (trace) =>
    judgeSteps(trace, (moment) => {
      const { step, stepIndex, index, viewAfter } = moment
      if (step.planned.action !== 'process' || !hasResolved(moment)) return NOT_EXERCISED
      const facts = factsAt(trace, stepIndex, index)
      const attended = unionSeconds(facts.told)
      const counted = countedSeconds(trace, index, facts)
      const bps = BigInt(trace.parameters.attendanceThresholdBps as number)
      const isReached = BigInt(attended) * BPS_PER_WHOLE >= BigInt(counted) * bps
      const isReleased = viewAfter.state === 'Released'
      const words = `${viewAfter.state} with ${attended} of ${counted} s attended, ${bps} bps asked`
      return exercised(isReached === isReleased ? null : words)
    }),
}

export const moneyInvariants: readonly Invariant[] = [cap, dust, fee, referrerPaid, threshold]
