/**
 * Claims about who may do what: single use, references, admins and bank, isolation, strangers.
 */
import { accountChanges } from '../invariants/books.ts'
import type { Invariant } from '../invariants/invariant.ts'
import {
  exercised,
  type Finding,
  figure,
  judgeSteps,
  type Moment,
  NOT_EXERCISED,
} from '../invariants/judging.ts'
import { isolation } from '../invariants/money.ts'
import { type Agreement, ESCROW } from '../kit/trace.ts'
import { factsAt, withdrawalAt } from './oracle.ts'

const singleUse: Invariant = {
  id: 'INV-SINGLE-USE',
  statement: 'A withdrawal id is used once.',
  formula: '#accepted requests ≤ 1',
  witness: 'a second request that was refused',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index }) => {
      if (step.planned.action !== 'request') return NOT_EXERCISED
      const { requestCount } = withdrawalAt(trace, stepIndex, index)
      if (requestCount > 1) return exercised(`the id was requested ${requestCount} times`)
      const refused = !step.observed.outcome.accepted && requestCount === 1
      return refused ? exercised(null) : NOT_EXERCISED
    }),
}

const reference: Invariant = {
  id: 'INV-REFERENCE',
  statement: 'A payment of the bank settles one withdrawal, which says which payment it was.',
  formula: 'Completed ⇒ reference ≠ 0, kept as given, and that of no other withdrawal',
  witness: 'an accepted completion, or one that was refused for its reference',
  policies: ['hardened'],
  judge: (trace) =>
    judgeSteps(trace, (moment) => {
      const { step, stepIndex, index, viewAfter } = moment
      if (step.planned.action !== 'complete') return NOT_EXERCISED
      const given = step.planned.args.reference as bigint
      const before = factsAt(trace, stepIndex - 1)
      const other = before.withdrawals.findIndex((each) => each.reference === given)
      if (!step.observed.outcome.accepted) {
        const counts = before.withdrawals[index]?.phase === 'processing' && step.role === 'bank'
        return counts && (given === 0n || other >= 0) ? exercised(null) : NOT_EXERCISED
      }
      if (given === 0n) return exercised('completed without a reference')
      if (other >= 0) return exercised(`${given} has completed withdrawal ${other} as well`)
      const shown = figure(viewAfter, 'reference')
      return exercised(shown === given ? null : `completed with ${given}, shown ${shown}`)
    }),
}

/** Who alone may make a call, where one role alone may. */
function entitled(policy: string, action: string): string | null {
  switch (action) {
    case 'approve':
    case 'reject':
      return 'admin'
    case 'complete':
      return policy === 'hardened' ? 'bank' : 'admin'
    case 'bankFailed':
      return 'bank'
    case 'request':
    case 'cancel':
      return 'teacher'
    default:
      return null
  }
}

const admin: Invariant = {
  id: 'INV-ADMIN',
  statement:
    'Only an admin approves or rejects, only who may completes, nobody else moves others’ money.',
  formula: 'accepted ⇒ by its role; available falls ⇒ own request (approval); out ⇒ as owners say',
  witness: 'an accepted approval, rejection or completion, or one by somebody else in its time',
  judge: (trace) =>
    judgeSteps(trace, (moment) => {
      const { step, stepIndex, index } = moment
      const { action } = step.planned
      const { accepted } = step.observed.outcome
      const role = entitled(trace.policy, action)
      if (accepted && role !== null && step.role !== role) {
        return exercised(`${action} by a ${step.role}, it is the ${role}’s`)
      }
      const moved = movedEvidence(moment) ?? payoutEvidence(moment)
      if (moved !== null) return exercised(moved)
      if (!['approve', 'reject', 'complete'].includes(action)) return NOT_EXERCISED
      const { phase } = withdrawalAt(trace, stepIndex - 1, index)
      const inTime = phase === (action === 'complete' ? 'processing' : 'pending')
      return accepted || (inTime && step.role !== role) ? exercised(null) : NOT_EXERCISED
    }),
}

/** Whose balance has fallen without a call that may do so, or null. */
function movedEvidence({ trace, step, before, after, index }: Moment): string | null {
  const { token, roles } = trace.agreements[index] as Agreement
  const { action } = step.planned
  const mayFall = trace.policy === 'hardened' ? 'request' : 'approve'
  for (const [account, units] of Object.entries(accountChanges(before, after, token))) {
    if (!account.startsWith('available:') || units > 0n) continue
    if (action === mayFall && account === `available:${roles.teacher}`) continue
    return `${action} took ${-units} off ${account}`
  }
  return null
}

/** A payment that went where no owner had said, or null. */
function payoutEvidence({ trace, step, index }: Moment): string | null {
  const { action, by, args } = step.planned
  const { roles } = trace.agreements[index] as Agreement
  for (const { from, to, amountUnits } of step.observed.transfers) {
    if (from !== ESCROW) continue
    const toBank = action === 'complete' && to === roles.bank
    const asBankSays = action === 'claim' && by === roles.bank && to === args.to
    const asPlatformSays =
      action === 'withdrawCommission' && by === roles.platform && to === args.to
    if (!toBank && !asBankSays && !asPlatformSays) {
      return `${action} by ${by} paid ${amountUnits} to ${to}`
    }
  }
  return null
}

const views = isolation('None')

/** The first step after which an account of another teacher is not what it was. */
function otherTeachers({ trace, step, before, after, index }: Moment): Finding {
  if (!step.observed.outcome.accepted) return NOT_EXERCISED
  const { token, roles } = trace.agreements[index] as Agreement
  for (const kind of Object.keys(after.accounts ?? {})) {
    for (const [account, units] of Object.entries(accountChanges(before, after, kind))) {
      const [, teacher] = account.split(':')
      if (kind === token && (teacher === undefined || teacher === roles.teacher)) continue
      return exercised(`${account} in ${kind} changed by ${units}, not that of ${roles.teacher}`)
    }
  }
  return NOT_EXERCISED
}

const isolated: Invariant = {
  ...views,
  statement: 'An action on one withdrawal changes nothing of any other, nor of another teacher.',
  formula: 'step on i ⇒ ∀ j ≠ i: view(j) unchanged; accounts of others and other tokens unchanged',
  judge(trace) {
    const ofViews = views.judge(trace)
    const { violation } = judgeSteps(trace, otherTeachers)
    if (violation === null) return ofViews
    const isLater = (ofViews.violation?.stepIndex ?? Infinity) < violation.stepIndex
    if (isLater) return ofViews
    return { witnesses: Math.max(1, ofViews.witnesses), violation }
  },
}

const strangerHarmless: Invariant = {
  id: 'INV-STRANGER-HARMLESS',
  statement: 'No call by an outsider changes anything.',
  formula: 'call by an outsider ⇒ refused',
  witness: 'a call by an outsider',
  judge: (trace) =>
    judgeSteps(trace, ({ step }) => {
      if (step.role !== 'stranger') return NOT_EXERCISED
      const { action, by } = step.planned
      return exercised(step.observed.outcome.accepted ? `${by} could ${action}` : null)
    }),
}

export const accessInvariants: readonly Invariant[] = [
  singleUse,
  reference,
  admin,
  isolated,
  strangerHarmless,
]
