/**
 * Claims about who may do what: single use, binding of attestations, harmless strangers.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { exercised, figure, judgeSteps, type Moment, NOT_EXERCISED } from '../invariants/judging.ts'
import { endFits, factsAt, isDue, recordFits } from './oracle.ts'
import { CLAIM_FIGURES, sharesAt } from './standing.ts'

const singleUse: Invariant = {
  id: 'INV-SINGLE-USE',
  statement: 'A hold id is used once.',
  formula: '#accepted purchases ≤ 1',
  witness: 'a second purchase that was refused',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index }) => {
      if (step.planned.action !== 'purchase') return NOT_EXERCISED
      const { purchaseCount } = factsAt(trace, stepIndex, index)
      if (purchaseCount > 1) return exercised(`the hold was bought ${purchaseCount} times`)
      const refused = !step.observed.outcome.accepted && purchaseCount === 1
      return refused ? exercised(null) : NOT_EXERCISED
    }),
}

const binding: Invariant = {
  id: 'INV-BINDING',
  statement: 'An attestation counts only if the attestor made it, for this hold and this content.',
  formula: 'accepted ⇒ the attestor signed exactly this for this hold and contract',
  witness: 'another attestation, or none, for a record or an end that could have counted',
  policies: ['hardened'],
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index }) => {
      const { action, args } = step.planned
      if (action !== 'recordAttendance' && action !== 'finishSession') return NOT_EXERCISED
      if (args.attestation === 'genuine') return NOT_EXERCISED
      const kind = typeof args.attestation === 'string' ? args.attestation : 'missing'
      if (step.observed.outcome.accepted) {
        return exercised(`a ${kind} attestation counted for ${action}`)
      }
      const facts = factsAt(trace, stepIndex - 1, index)
      const asked = { trace, index, facts, step }
      return recordFits(asked) || endFits(asked) ? exercised(null) : NOT_EXERCISED
    }),
}

/** Who has no say in a hold; in hardened the attestor’s signature speaks, and not its account. */
const OUTSIDERS = {
  'as-described': ['stranger', 'platform', 'referrer'],
  hardened: ['stranger', 'platform', 'referrer', 'attestor'],
} as const

const strangerHarmless: Invariant = {
  id: 'INV-STRANGER-HARMLESS',
  statement: 'No call by an outsider takes anything from a party.',
  formula: 'outsider’s call accepted ⇒ it was due, and only owners were paid',
  witness: 'a call by an outsider',
  judge: (trace) => judgeSteps(trace, judgeOutsider),
}

function judgeOutsider({ trace, step, stepIndex, index, viewBefore, viewAfter }: Moment) {
  const outsiders: readonly string[] = OUTSIDERS[trace.policy]
  if (!outsiders.includes(step.role)) return NOT_EXERCISED
  if (!step.observed.outcome.accepted) return exercised(null)
  const { other } = sharesAt(trace, stepIndex, index, viewAfter)
  if (other > 0n) return exercised(`${other} units went to somebody without a share`)
  const { action, atSeconds } = step.planned
  const own = CLAIM_FIGURES[step.role as keyof typeof CLAIM_FIGURES]
  const hadClaim = own !== undefined && figure(viewBefore, own) > 0n
  const facts = factsAt(trace, stepIndex - 1, index)
  const due = action === 'claim' ? hadClaim : isDue({ trace, index, facts, step })
  return exercised(due ? null : `a ${step.role} could ${action} at ${atSeconds}, which was not due`)
}

export const accessInvariants: readonly Invariant[] = [singleUse, binding, strangerHarmless]
