/**
 * Claims about getting out: alone, in time, whoever else is unpayable or absent.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { exercised, figure, judgeSteps, type Moment, NOT_EXERCISED } from '../invariants/judging.ts'
import { judgeLeaving } from '../invariants/leaving.ts'
import { ESCROW } from '../kit/trace.ts'
import { SESSION_TOKENS } from './cast.ts'
import { sessionLeaving } from './leaving.ts'
import { factsAt } from './oracle.ts'
import { sharesAt } from './standing.ts'

const exit: Invariant = {
  id: 'INV-EXIT',
  statement: 'From every state each honest party alone gets out in time, with what it is owed.',
  formula:
    'after p’s exit: terminal, p has no claim left, within max(start window + 1, evidence window)',
  witness: 'an exit that a party made alone',
  judge: (trace) => judgeSteps(trace, (moment) => judgeLeaving(moment, sessionLeaving)),
}

const settleTotal: Invariant = {
  id: 'INV-SETTLE-TOTAL',
  statement: 'A stopped session can be settled by anyone once newer evidence is out of time.',
  formula: 'Stopping ∧ t ≥ evidence deadline ⇒ settle accepted',
  witness: 'a settlement that was due',
  judge: (trace) =>
    judgeSteps(trace, ({ step, viewBefore }) => {
      const { action, atSeconds } = step.planned
      if (action !== 'settle' || viewBefore.state !== 'Stopping') return NOT_EXERCISED
      const stoppedAt = Number(figure(viewBefore, 'stoppedAt'))
      const window =
        trace.policy === 'hardened' ? (trace.parameters.evidenceWindowSeconds as number) : 0
      const until = Math.min(Number(figure(viewBefore, 'evidenceUntil')), stoppedAt + window)
      if (atSeconds < until) return NOT_EXERCISED
      const { accepted, error } = step.observed.outcome
      return exercised(accepted ? null : `a settlement that was due failed: ${error}`)
    }),
}

const noShowRefund: Invariant = {
  id: 'INV-NO-SHOW-REFUND',
  statement: 'An unstarted session is refunded in full: to its student any time, by anyone later.',
  formula: 'Funded ∧ (student ∨ t > fundedAt + window) ⇒ cancel accepted ∧ X = D',
  witness: 'a cancellation that was due',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index, viewBefore, viewAfter }) => {
      const { action, atSeconds } = step.planned
      if (action !== 'cancel' || viewBefore.state !== 'Funded') return NOT_EXERCISED
      const facts = factsAt(trace, stepIndex, index)
      const window = trace.parameters.startWindowSeconds as number
      const late = atSeconds > (facts.fundedAtSeconds ?? 0) + window
      if (step.role !== 'student' && !late) return NOT_EXERCISED
      const { accepted, error } = step.observed.outcome
      if (!accepted) return exercised(`a cancellation that was due failed: ${error}`)
      const { student } = sharesAt(trace, stepIndex, index, viewAfter)
      const whole = student === facts.depositedUnits
      return exercised(whole ? null : `refunded ${student} of ${facts.depositedUnits}`)
    }),
}

const recipientIsolation: Invariant = {
  id: 'INV-RECIPIENT-ISOLATION',
  statement: 'A recipient that cannot be paid keeps nobody else from being paid.',
  formula: 'token refuses o ⇒ settle and cancel accepted, every other owner is paid at once',
  witness: 'a settlement or cancellation with a token that refuses an owner',
  judge: (trace) => judgeSteps(trace, (moment) => judgeRecipients(moment)),
}

function judgeRecipients({ trace, step, index, viewBefore, viewAfter }: Moment) {
  const { action } = step.planned
  const due =
    (action === 'settle' && viewBefore.state === 'Stopping') ||
    (action === 'cancel' && viewBefore.state === 'Funded' && step.role === 'student')
  const agreement = trace.agreements[index]
  const refuses = SESSION_TOKENS.find(({ kind }) => kind === agreement?.token)?.refuses ?? []
  if (!due || refuses.length === 0) return NOT_EXERCISED
  const { accepted, error } = step.observed.outcome
  if (!accepted) {
    const blocked = error !== 'EvidenceWindowOpen'
    return blocked
      ? exercised(`${action} failed (${error}) as one owner is refused`)
      : NOT_EXERCISED
  }
  const owners = [
    ['claimStudent', agreement?.roles.student],
    ['claimTutor', agreement?.roles.tutor],
    ['claimPlatform', 'platform'],
  ] as const
  for (const [name, owner] of owners) {
    const payable = owner !== undefined && !refuses.includes(owner)
    const left = figure(viewAfter, name)
    if (payable && left > 0n) return exercised(`${owner} was not paid ${left} although it could be`)
  }
  const paidRefused = step.observed.transfers.find(
    ({ from, to }) => from === ESCROW && refuses.includes(to),
  )
  return exercised(
    paidRefused === undefined ? null : `${paidRefused.to} was paid against the token`,
  )
}

export const exitInvariants: readonly Invariant[] = [
  exit,
  settleTotal,
  noShowRefund,
  recipientIsolation,
]
