/**
 * Claims about who may do what: single use, binding of vouchers, the watcher, harmless strangers.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { exercised, judgeSteps, type Moment, NOT_EXERCISED } from '../invariants/judging.ts'
import { factsAt, isUnderWay, payoutIsDue, worthUnits } from './oracle.ts'
import { sharesAt } from './standing.ts'

const singleUse: Invariant = {
  id: 'INV-SINGLE-USE',
  statement: 'A channel id is opened once.',
  formula: '#accepted openings ≤ 1',
  witness: 'a second opening that was refused',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index }) => {
      if (step.planned.action !== 'open') return NOT_EXERCISED
      const { openCount } = factsAt(trace, stepIndex, index)
      if (openCount > 1) return exercised(`the channel was opened ${openCount} times`)
      const refused = !step.observed.outcome.accepted && openCount === 1
      return refused ? exercised(null) : NOT_EXERCISED
    }),
}

const binding: Invariant = {
  id: 'INV-BINDING',
  statement: 'A forged, foreign, altered, crossed or missing voucher is never paid.',
  formula: 'redeem, or close with n > 0, accepted ⇒ the payer signed n for this channel',
  witness: 'such a voucher, presented by the provider while it could have counted',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index }) => {
      const { action, args } = step.planned
      if (action !== 'redeem' && action !== 'close') return NOT_EXERCISED
      const units = args.cumulativeUnits as bigint
      if (args.voucher === 'genuine' || (action === 'close' && units === 0n)) return NOT_EXERCISED
      const kind = typeof args.voucher === 'string' ? args.voucher : 'missing'
      if (step.observed.outcome.accepted) return exercised(`a ${kind} voucher was accepted`)
      const facts = factsAt(trace, stepIndex - 1, index)
      const counts = isUnderWay(facts) && units > facts.dueUnits && step.role === 'provider'
      return counts ? exercised(null) : NOT_EXERCISED
    }),
}

const watcher: Invariant = {
  id: 'INV-WATCHER',
  statement: 'The watcher can redeem for a provider that is offline, as long as it counts.',
  formula: 'not ended ∧ n genuine ∧ min(n, D) > P ⇒ redeem by the watcher accepted',
  witness: 'such a voucher, presented by the watcher',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index }) => {
      if (step.planned.action !== 'redeem' || step.role !== 'watcher') return NOT_EXERCISED
      const facts = factsAt(trace, stepIndex - 1, index)
      const worth = worthUnits(facts, step.planned)
      if (!isUnderWay(facts) || worth <= facts.dueUnits) return NOT_EXERCISED
      const { accepted, error } = step.observed.outcome
      const lost = worth - facts.dueUnits
      return exercised(accepted ? null : `the watcher could not save ${lost} units: ${error}`)
    }),
}

const strangerHarmless: Invariant = {
  id: 'INV-STRANGER-HARMLESS',
  statement: 'No call by an outsider takes anything from a party.',
  formula: 'outsider’s call accepted ⇒ it was due, and only owners were paid',
  witness: 'a call by an outsider',
  judge: (trace) => judgeSteps(trace, judgeOutsider),
}

function judgeOutsider({ trace, step, stepIndex, index, viewAfter }: Moment) {
  if (step.role !== 'stranger' && step.role !== 'watcher') return NOT_EXERCISED
  if (!step.observed.outcome.accepted) return exercised(null)
  const { other } = sharesAt(trace, stepIndex, index, viewAfter)
  if (other > 0n) return exercised(`${other} units went to somebody without a share`)
  const facts = factsAt(trace, stepIndex - 1, index)
  const due = payoutIsDue({ trace, index, facts, step })
  const { action, atSeconds } = step.planned
  return exercised(due ? null : `a ${step.role} could ${action} at ${atSeconds}, which was not due`)
}

export const accessInvariants: readonly Invariant[] = [
  singleUse,
  binding,
  watcher,
  strangerHarmless,
]
