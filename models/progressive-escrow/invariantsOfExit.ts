/**
 * Claims about getting out: alone, in time, whoever else is unpayable or absent.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { exercised, figure, judgeSteps, type Moment, NOT_EXERCISED } from '../invariants/judging.ts'
import { judgeLeaving } from '../invariants/leaving.ts'
import { ESCROW } from '../kit/trace.ts'
import { PROGRESSIVE_TOKENS } from './cast.ts'
import { progressiveLeaving } from './leaving.ts'
import { autoCompleteFromSeconds, factsAt } from './oracle.ts'
import { OPEN, RUNNING, sharesAt } from './standing.ts'

const PARTIES = ['student', 'mentor']

const exit: Invariant = {
  id: 'INV-EXIT',
  statement: 'From every state each party alone gets out in time, with what it is owed.',
  formula:
    'p’s call when due (mentor: start + duration + paused + delay) ⇒ ended, p has no claim left',
  witness: 'an exit that a party made alone',
  judge: (trace) =>
    judgeSteps(trace, (moment) => judgeLeaving(moment, progressiveLeaving, isWayOut)),
}

/**
 * Whether the call is what this party would get out by at this time; a shortened trace may lack
 * the calls before it. The mentor’s way is open from the end and the delay on, and not later.
 */
function isWayOut({ trace, step, stepIndex, index, viewBefore }: Moment): boolean {
  const { action, atSeconds } = step.planned
  if (!OPEN.includes(viewBefore.state)) {
    return action === 'claim'
  }
  if (viewBefore.state === 'Created') return action === 'cancel'
  if (step.role === 'student') return action === 'complete'
  const facts = factsAt(trace, stepIndex - 1, index)
  const from = autoCompleteFromSeconds(facts, trace, index)
  return action === 'autoComplete' && from !== null && atSeconds >= from
}

const completeTotal: Invariant = {
  id: 'INV-COMPLETE-TOTAL',
  statement: 'The student can complete a session at any time, once it runs.',
  formula: '(Active ∨ Paused) ∧ student ∧ 1 ≤ rating ≤ 5 ⇒ complete accepted',
  witness: 'a completion that was due',
  judge: (trace) =>
    judgeSteps(trace, ({ step, viewBefore }) => {
      const { action, args } = step.planned
      const rating = args.rating as bigint | undefined
      const isDue = action === 'complete' && step.role === 'student'
      if (!isDue || !RUNNING.includes(viewBefore.state)) return NOT_EXERCISED
      if (rating === undefined || rating < 1n || rating > 5n) return NOT_EXERCISED
      const { accepted, error } = step.observed.outcome
      return exercised(accepted ? null : `a completion that was due failed: ${error}`)
    }),
}

const noShowRefund: Invariant = {
  id: 'INV-NO-SHOW-REFUND',
  statement: 'A session that never ran is refunded in full to its student, and no other is.',
  formula: 'cancel: Created ∧ party ⇔ accepted; then X = max(0, D − P − F)',
  witness: 'a cancellation by a party',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index, viewBefore, viewAfter }) => {
      if (step.planned.action !== 'cancel' || !PARTIES.includes(step.role)) return NOT_EXERCISED
      const { accepted, error } = step.observed.outcome
      if (viewBefore.state !== 'Created') {
        return accepted ? exercised(`cancelled in ${viewBefore.state}`) : NOT_EXERCISED
      }
      if (!accepted) return exercised(`a cancellation that was due failed: ${error}`)
      const { depositedUnits } = factsAt(trace, stepIndex, index)
      const { student, gross } = sharesAt(trace, stepIndex, index, viewAfter)
      const restUnits = depositedUnits > gross ? depositedUnits - gross : 0n
      return exercised(student === restUnits ? null : `refunded ${student} of ${restUnits}`)
    }),
}

const PAYING = ['release', 'complete', 'autoComplete', 'cancel', 'emergencyRelease']

const recipientIsolation: Invariant = {
  id: 'INV-RECIPIENT-ISOLATION',
  statement: 'A recipient that cannot be paid keeps nobody else from being paid.',
  formula: 'token refuses o ⇒ complete and cancel accepted, every other owner is paid at once',
  witness: 'a payout with a token that refuses an owner',
  judge: (trace) => judgeSteps(trace, judgeRecipients),
}

function judgeRecipients(moment: Moment) {
  const { trace, step, index, viewBefore, viewAfter, after } = moment
  const { action } = step.planned
  const agreement = trace.agreements[index]
  const refuses = PROGRESSIVE_TOKENS.find(({ kind }) => kind === agreement?.token)?.refuses ?? []
  if (!PAYING.includes(action) || refuses.length === 0) return NOT_EXERCISED
  const { accepted, error } = step.observed.outcome
  if (!accepted) {
    if (!isDue(moment)) return NOT_EXERCISED
    return exercised(`${action} failed (${error}) as one owner is refused`)
  }
  const heldUnits = after.balances[agreement?.token ?? '']?.[ESCROW] ?? 0n
  const owners = [
    ['claimStudent', agreement?.roles.student],
    ['claimMentor', agreement?.roles.mentor],
    ['claimPlatform', 'platform'],
  ] as const
  for (const [name, owner] of owners) {
    if (owner === undefined || refuses.includes(owner)) continue
    const deferred = figure(viewAfter, name) - figure(viewBefore, name)
    // As described the owner may have taken what should be paid; no recipient is to blame then.
    if (deferred > 0n && heldUnits >= deferred) {
      return exercised(`${owner} was not paid ${deferred} although it could be`)
    }
  }
  const paid = step.observed.transfers.find(
    ({ from, to }) => from === ESCROW && refuses.includes(to),
  )
  return exercised(paid === undefined ? null : `${paid.to} was paid against the token`)
}

/** Whether nothing but a recipient can have made this call fail. */
function isDue({ step, viewBefore }: Moment): boolean {
  const { action, args } = step.planned
  const rating = args.rating as bigint | undefined
  const isRated = rating !== undefined && rating >= 1n && rating <= 5n
  if (action === 'cancel') return viewBefore.state === 'Created' && PARTIES.includes(step.role)
  const isStudents = action === 'complete' && step.role === 'student'
  return isStudents && isRated && RUNNING.includes(viewBefore.state)
}

export const exitInvariants: readonly Invariant[] = [
  exit,
  completeTotal,
  noShowRefund,
  recipientIsolation,
]
