/**
 * Claims about the end: once, in time, alone, with the last proof in, whoever is unpayable.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { exercised, figure, judgeSteps, type Moment, NOT_EXERCISED } from '../invariants/judging.ts'
import { judgeLeaving } from '../invariants/leaving.ts'
import { type Agreement, ESCROW } from '../kit/trace.ts'
import { JOB_TOKENS } from './cast.ts'
import { jobLeaving } from './leaving.ts'
import { ENDED, endIsDue, expiresAtSeconds, factsAt, windowSeconds } from './oracle.ts'

const proofWindow: Invariant = {
  id: 'INV-PROOF-WINDOW',
  statement: 'A host that can prove more gets it in, within the window after the user’s end.',
  formula: 'user ended at e, e ≤ t < e + window, c > proven (receipted) ⇒ proof accepted',
  witness: 'a higher proof within the window',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index }) => {
      const { action, atSeconds, args } = step.planned
      if (action !== 'submitProof' || step.role !== 'host') return NOT_EXERCISED
      const facts = factsAt(trace, stepIndex - 1, index)
      const { userEndedAtSeconds: endedAt, settledBy, provenTokens } = facts
      if (endedAt === null || settledBy === 'host') return NOT_EXERCISED
      const tokens = args.cumulativeTokens as bigint
      const isReceipted = trace.policy === 'as-described' || args.receipt === 'genuine'
      const isInTime = atSeconds < endedAt + windowSeconds(trace)
      if (!isInTime || !isReceipted || tokens <= provenTokens) return NOT_EXERCISED
      const { accepted, error } = step.observed.outcome
      const lost = `${tokens} proven ${atSeconds - endedAt} s after the end, ${provenTokens} before`
      return exercised(accepted ? null : `${lost}: refused (${error})`)
    }),
}

const settleOnce: Invariant = {
  id: 'INV-SETTLE-ONCE',
  statement: 'A job ends once, and its refund is paid once.',
  formula: '#ends ≤ 1; #payments of the refund ≤ 1',
  witness: 'an accepted end or claim',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index }) => {
      const { action } = step.planned
      if (!['endSession', 'timeout', 'claim'].includes(action)) return NOT_EXERCISED
      if (!step.observed.outcome.accepted) return NOT_EXERCISED
      const { settleCount, refundCount } = factsAt(trace, stepIndex, index)
      if (settleCount > 1) return exercised(`the job ended ${settleCount} times`)
      if (refundCount > 1) return exercised(`the refund was paid ${refundCount} times`)
      return settleCount === 1 ? exercised(null) : NOT_EXERCISED
    }),
}

const timeoutInTime: Invariant = {
  id: 'INV-TIMEOUT',
  statement: 'A job is timed out when its time is over, and not a second before.',
  formula: 'timeout accepted ⇔ Active ∧ t > createdAt + duration (hardened: + window)',
  witness: 'a timeout that was due',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index, viewAfter }) => {
      const { action, atSeconds } = step.planned
      if (action !== 'timeout') return NOT_EXERCISED
      const facts = factsAt(trace, stepIndex - 1, index)
      const runs = facts.createdAtSeconds !== null && facts.settleCount === 0
      const from = expiresAtSeconds(trace, facts, index)
      const isDue = runs && facts.userEndedAtSeconds === null && atSeconds >= from
      const { accepted, error } = step.observed.outcome
      if (!isDue) return accepted ? exercised(`timed out at ${atSeconds}, not due`) : NOT_EXERCISED
      if (!accepted) return exercised(`a timeout that was due failed: ${error}`)
      const state = facts.proofCount > 0 ? 'TimedOut' : 'Abandoned'
      const words = `${viewAfter.state} after ${facts.proofCount} proofs`
      return exercised(viewAfter.state === state ? null : words)
    }),
}

const exit: Invariant = {
  id: 'INV-EXIT',
  statement: 'From every state each honest party alone gets out in time, with what it is owed.',
  formula:
    'after p’s exit: ended, nothing left for p to fetch, within window (user), at once (host)',
  witness: 'an exit that a party made alone',
  judge: (trace) => judgeSteps(trace, (moment) => judgeLeaving(moment, jobLeaving)),
}

const endTotal: Invariant = {
  id: 'INV-END-TOTAL',
  statement: 'An end that is due is never refused.',
  formula: 'Active ∧ by a party, or Ending ∧ (by the host ∨ t ≥ endsAt) ⇒ endSession accepted',
  witness: 'an end that was due',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index }) => {
      const { action, atSeconds } = step.planned
      if (action !== 'endSession') return NOT_EXERCISED
      const facts = factsAt(trace, stepIndex - 1, index)
      if (!endIsDue({ trace, facts, role: step.role, atSeconds })) return NOT_EXERCISED
      const { accepted, error } = step.observed.outcome
      return exercised(accepted ? null : `an end that was due failed: ${error}`)
    }),
}

const recipientIsolation: Invariant = {
  id: 'INV-RECIPIENT-ISOLATION',
  statement: 'A recipient that cannot be paid keeps nobody from ending a job or from being paid.',
  formula: 'token refuses o ⇒ a due end is accepted, and a payable user is refunded at once',
  witness: 'an end that was due, with a token that refuses an owner',
  judge: (trace) => judgeSteps(trace, judgeRecipients),
}

function judgeRecipients({ trace, step, stepIndex, index, viewAfter }: Moment) {
  const { action, atSeconds } = step.planned
  const agreement = trace.agreements[index] as Agreement
  const refuses = JOB_TOKENS.find(({ kind }) => kind === agreement.token)?.refuses ?? []
  if (refuses.length === 0) return NOT_EXERCISED
  const facts = factsAt(trace, stepIndex - 1, index)
  const endDue = action === 'endSession' && endIsDue({ trace, facts, role: step.role, atSeconds })
  const runs = facts.createdAtSeconds !== null && facts.settleCount === 0
  const isLate = runs && facts.userEndedAtSeconds === null
  const timeoutDue =
    action === 'timeout' && isLate && atSeconds >= expiresAtSeconds(trace, facts, index)
  if (!endDue && !timeoutDue) return NOT_EXERCISED
  const { accepted, error } = step.observed.outcome
  if (!accepted) return exercised(`${action} failed (${error}) as one owner is refused`)
  if (!ENDED.includes(viewAfter.state)) return NOT_EXERCISED
  const user = agreement.roles.user as string
  const left = figure(viewAfter, 'claimUser')
  if (!refuses.includes(user)) {
    return exercised(left > 0n ? `${user} was not paid ${left} although it could be` : null)
  }
  const paid = step.observed.transfers.find(({ from, to }) => from === ESCROW && to === user)
  return exercised(paid === undefined ? null : `${user} was paid against the token`)
}

export const exitInvariants: readonly Invariant[] = [
  proofWindow,
  settleOnce,
  timeoutInTime,
  exit,
  endTotal,
  recipientIsolation,
]
