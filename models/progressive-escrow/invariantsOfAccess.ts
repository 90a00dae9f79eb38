/**
 * Claims about who may do what: single use, harmless strangers.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { exercised, judgeSteps, type Moment, NOT_EXERCISED } from '../invariants/judging.ts'
import type { Agreement } from '../kit/trace.ts'
import { autoCompleteFromSeconds, factsAt, toleranceSeconds } from './oracle.ts'
import { RUNNING, sharesAt } from './standing.ts'

function sameNonce(one: Agreement, other: Agreement): boolean {
  if (one.roles.student !== other.roles.student) return false
  return String(one.terms.nonce) === String(other.terms.nonce)
}

const singleUse: Invariant = {
  id: 'INV-SINGLE-USE',
  statement: 'A session id is funded once, and so is each nonce of a student.',
  formula: '#accepted creations with one (student, nonce) ≤ 1',
  witness: 'a second creation that was refused',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index }) => {
      if (step.planned.action !== 'create') return NOT_EXERCISED
      const own = trace.agreements[index] as Agreement
      let count = 0
      for (const agreement of trace.agreements) {
        if (!sameNonce(agreement, own)) continue
        count += factsAt(trace, stepIndex, agreement.index).createCount
      }
      if (count > 1) return exercised(`nonce ${String(own.terms.nonce)} was funded ${count} times`)
      const refused = !step.observed.outcome.accepted && count === 1
      return refused ? exercised(null) : NOT_EXERCISED
    }),
}

const strangerHarmless: Invariant = {
  id: 'INV-STRANGER-HARMLESS',
  statement: 'No call by an outsider takes anything from a party.',
  formula: 'outsider’s call accepted ⇒ it was due, and only owners were paid',
  witness: 'a call by an outsider',
  judge: (trace) => judgeSteps(trace, judgeOutsider),
}

function judgeOutsider(moment: Moment) {
  const { trace, step, stepIndex, index, viewAfter } = moment
  const { action } = step.planned
  if (step.role === 'student' || step.role === 'mentor') return NOT_EXERCISED
  const ownClaim = action === 'claim' && step.role === 'platform'
  const ownPower = action === 'emergencyRelease' && step.role === 'owner'
  if (!step.observed.outcome.accepted || ownClaim || ownPower) return exercised(null)
  const { other } = sharesAt(trace, stepIndex, index, viewAfter)
  if (other > 0n) return exercised(`${other} units went to somebody without a share`)
  return exercised(undue(moment))
}

/** Why an outsider's accepted call was not due by the policy's own words, or null when it was. */
function undue({ trace, step, stepIndex, index, viewBefore }: Moment): string | null {
  const { action, atSeconds } = step.planned
  const facts = factsAt(trace, stepIndex - 1, index)
  const who = `a ${step.role}`
  switch (action) {
    case 'pauseOnTimeout': {
      const student = facts.signs.student ?? 0
      const mentor = facts.signs.mentor ?? 0
      const isAsDescribed = trace.policy === 'as-described'
      const newest = isAsDescribed ? Math.max(student, mentor) : Math.min(student, mentor)
      const until = newest + toleranceSeconds(trace)
      if (viewBefore.state !== 'Active') return `${who} paused in ${viewBefore.state}`
      return atSeconds > until ? null : `${who} paused at ${atSeconds}, signs until ${until}`
    }
    case 'autoComplete': {
      const from = autoCompleteFromSeconds(facts, trace, index) ?? atSeconds
      if (!RUNNING.includes(viewBefore.state)) return `${who} completed in ${viewBefore.state}`
      return atSeconds >= from ? null : `${who} completed at ${atSeconds}, due from ${from}`
    }
    default:
      return `${who} could ${action}`
  }
}

export const accessInvariants: readonly Invariant[] = [singleUse, strangerHarmless]
