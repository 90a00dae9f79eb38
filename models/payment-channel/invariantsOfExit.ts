/**
 * Claims about getting out: once, alone, in time, whoever else is unpayable or absent.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { exercised, figure, judgeSteps, type Moment, NOT_EXERCISED } from '../invariants/judging.ts'
import { judgeLeaving } from '../invariants/leaving.ts'
import { tokenOf } from '../kit/tokens.ts'
import { type Agreement, ESCROW } from '../kit/trace.ts'
import { CHANNEL_TOKENS } from './cast.ts'
import { channelLeaving } from './leaving.ts'
import { factsAt, payoutIsDue } from './oracle.ts'

const settleOnce: Invariant = {
  id: 'INV-SETTLE-ONCE',
  statement: 'A channel ends once, and each share is paid once.',
  formula: '#close + #finalise + #reclaim ≤ 1; per step at most one payment to each owner',
  witness: 'an accepted end or claim',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index }) => {
      const { transfers, outcome } = step.observed
      const ends = ['close', 'finalise', 'reclaimExpired', 'claim'].includes(step.planned.action)
      const payments = transfers.map(({ from, to }) => `${from} to ${to}`)
      const twice = payments.find((payment, at) => payments.indexOf(payment) !== at)
      if (twice !== undefined) return exercised(`paid twice in one step: ${twice}`)
      if (!ends || !outcome.accepted) return NOT_EXERCISED
      const { endCount } = factsAt(trace, stepIndex, index)
      return exercised(endCount > 1 ? `the channel ended ${endCount} times` : null)
    }),
}

const exit: Invariant = {
  id: 'INV-EXIT',
  statement: 'From every state each honest party alone gets out in time, with what it is owed.',
  formula: 'after p’s exit: Closed, no claim of p left, within c (payer), at once (provider)',
  witness: 'an exit that a party made alone',
  judge: (trace) => judgeSteps(trace, (moment) => judgeLeaving(moment, channelLeaving)),
}

const recipientIsolation: Invariant = {
  id: 'INV-RECIPIENT-ISOLATION',
  statement: 'A recipient that cannot be paid keeps nobody else from being paid.',
  formula: 'token refuses o ⇒ a due payout is accepted, every other owner is paid at once',
  witness: 'a payout that was due, with a token that refuses an owner',
  judge: (trace) => judgeSteps(trace, judgeRecipients),
}

function judgeRecipients({ trace, step, stepIndex, index, viewAfter }: Moment) {
  const agreement = trace.agreements[index] as Agreement
  const { refuses } = tokenOf(CHANNEL_TOKENS, agreement)
  const facts = factsAt(trace, stepIndex - 1, index)
  if (refuses.length === 0 || !payoutIsDue({ trace, index, facts, step })) return NOT_EXERCISED
  const { accepted, error } = step.observed.outcome
  const { action } = step.planned
  if (!accepted) return exercised(`${action} failed (${error}) as one owner is refused`)
  const owners = [
    ['claimPayer', agreement.roles.payer],
    ['claimProvider', agreement.roles.provider],
  ] as const
  for (const [name, owner] of owners) {
    const payable = owner !== undefined && !refuses.includes(owner)
    const left = figure(viewAfter, name)
    if (payable && left > 0n) return exercised(`${owner} was not paid ${left} although it could be`)
  }
  const paidRefused = step.observed.transfers.find(
    ({ from, to }) => from === ESCROW && refuses.includes(to),
  )
  const against = paidRefused === undefined ? null : `${paidRefused.to} was paid against the token`
  return exercised(against)
}

export const exitInvariants: readonly Invariant[] = [settleOnce, exit, recipientIsolation]
