/**
 * Claims about who may do what: single use, ways out, harmless strangers, and no token at all.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { exercised, judgeSteps, type Moment, NOT_EXERCISED } from '../invariants/judging.ts'
import { judgeLeaving } from '../invariants/leaving.ts'
import { isAnswerable, isDue, isEscrow, isMatchmaker, isStudent, isTutor } from './entitlement.ts'
import { requestLeaving } from './leaving.ts'
import { acceptanceOverAt, askedAt, factsAt, OPEN } from './oracle.ts'

const singleUse: Invariant = {
  id: 'INV-SINGLE-USE',
  statement: 'A request id is used once.',
  formula: '#accepted requests ≤ 1',
  witness: 'a second request that was refused',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index }) => {
      if (step.planned.action !== 'request') return NOT_EXERCISED
      const { requestCount } = factsAt(trace, stepIndex, index)
      if (requestCount > 1) return exercised(`the request was made ${requestCount} times`)
      const refused = !step.observed.outcome.accepted && requestCount === 1
      return refused ? exercised(null) : NOT_EXERCISED
    }),
}

const exit: Invariant = {
  id: 'INV-EXIT',
  statement: 'Until they are matched, student and tutor each get out alone and in time.',
  formula: '∀ open states: the student is out at once, the tutor within the deposit window',
  witness: 'a party that takes its way out alone',
  judge: (trace) => judgeSteps(trace, (moment) => judgeLeaving(moment, requestLeaving, isWayOut)),
}

/** Whether this is how the party gets out from where it is; anything else says nothing. */
function isWayOut({ trace, stepIndex }: Moment): boolean {
  const asked = askedAt(trace, stepIndex)
  const { facts, planned } = asked
  const { action, atSeconds } = planned
  if (isStudent(asked)) return action === 'cancel' && OPEN.includes(facts.phase)
  if (!isTutor(asked)) return false
  if (facts.phase === 'awaiting') {
    return action === 'release' && atSeconds >= acceptanceOverAt(trace, facts)
  }
  const isLate = trace.policy === 'hardened' && !isAnswerable(asked)
  return facts.phase === 'proposed' && action === (isLate ? 'lapse' : 'decline')
}

const strangerHarmless: Invariant = {
  id: 'INV-STRANGER-HARMLESS',
  statement: 'No call by an outsider takes anything from a party.',
  formula: 'outsider’s call accepted ⇒ it was due',
  witness: 'a call by an outsider',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex }) => {
      const asked = askedAt(trace, stepIndex)
      const isInsider = [isStudent, isTutor, isMatchmaker, isEscrow].some((is) => is(asked))
      if (isInsider) return NOT_EXERCISED
      const { action, by } = step.planned
      const isWrong = step.observed.outcome.accepted && !isDue(asked)
      return exercised(isWrong ? `${by} could ${action} in ${asked.facts.phase}` : null)
    }),
}

const conservation: Invariant = {
  id: 'INV-CONSERVATION',
  statement: 'No token moves: this contract holds none and takes none.',
  formula: 'balances unchanged',
  witness: 'an accepted call',
  judge: (trace) =>
    judgeSteps(trace, ({ step, before, after }) => {
      if (!step.observed.outcome.accepted) return NOT_EXERCISED
      for (const [token, balances] of Object.entries(after.balances)) {
        for (const [holder, units] of Object.entries(balances)) {
          const change = units - (before.balances[token]?.[holder] ?? 0n)
          if (change !== 0n) {
            return exercised(`${step.planned.action} changed ${token} of ${holder} by ${change}`)
          }
        }
      }
      return exercised(null)
    }),
}

export const accessInvariants: readonly Invariant[] = [
  singleUse,
  exit,
  strangerHarmless,
  conservation,
]
