/**
 * Claims about time: how long a challenge lasts, and what an expiry leaves to the provider.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { exercised, figure, judgeSteps, NOT_EXERCISED } from '../invariants/judging.ts'
import { factsAt, isUnderWay, reclaimFromSeconds } from './oracle.ts'

const noTimerReset: Invariant = {
  id: 'INV-NO-TIMER-RESET',
  statement: 'The end of a challenge never moves once it is set.',
  formula: 'challengeEndsAt ≠ 0 ⇒ challengeEndsAt constant',
  witness: 'an accepted call on a channel that is closing',
  judge: (trace) =>
    judgeSteps(trace, ({ step, viewBefore, viewAfter }) => {
      const was = figure(viewBefore, 'challengeEndsAt')
      if (was === 0n || !step.observed.outcome.accepted) return NOT_EXERCISED
      const is = figure(viewAfter, 'challengeEndsAt')
      if (was !== is) return exercised(`${step.planned.action} moved the end by ${is - was} s`)
      return viewBefore.state === 'Closing' ? exercised(null) : NOT_EXERCISED
    }),
}

const challenge: Invariant = {
  id: 'INV-CHALLENGE',
  statement: 'A channel is finalised only a full challenge period after the request.',
  formula: 'finalise accepted ⇒ t ≥ r + c',
  witness: 'a finalisation, accepted or refused, of a channel whose end was requested',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index }) => {
      const { action, atSeconds } = step.planned
      if (action !== 'finalise') return NOT_EXERCISED
      const { requestedAtSeconds } = factsAt(trace, stepIndex - 1, index)
      const { accepted } = step.observed.outcome
      if (requestedAtSeconds === null) {
        return accepted ? exercised('finalised although nobody asked for it') : NOT_EXERCISED
      }
      const ranSeconds = atSeconds - requestedAtSeconds
      const least = trace.parameters.challengeSeconds as number
      const broken = accepted && ranSeconds < least
      return exercised(broken ? `finalised ${ranSeconds} s after the request, not ${least}` : null)
    }),
}

const expiryGrace: Invariant = {
  id: 'INV-EXPIRY-GRACE',
  statement: 'A channel is reclaimed only a challenge period after its expiry.',
  formula: 'reclaimExpired accepted ⇒ t ≥ o + e + c',
  witness: 'a reclaim by the payer, accepted or refused, once the channel has expired',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index }) => {
      const { action, atSeconds } = step.planned
      const facts = factsAt(trace, stepIndex - 1, index)
      if (action !== 'reclaimExpired' || !isUnderWay(facts)) return NOT_EXERCISED
      const grace = trace.parameters.challengeSeconds as number
      const expiredSeconds = atSeconds - reclaimFromSeconds(trace, index, facts, 0)
      if (step.observed.outcome.accepted) {
        const early = expiredSeconds < grace
        return exercised(early ? `reclaimed ${expiredSeconds} s after expiry, not ${grace}` : null)
      }
      const open = facts.requestedAtSeconds === null && step.role === 'payer'
      const tried = open && expiredSeconds >= 0
      return tried ? exercised(null) : NOT_EXERCISED
    }),
}

export const timeInvariants: readonly Invariant[] = [noTimerReset, challenge, expiryGrace]
