/**
 * Claims about getting out: once, alone, in time, whoever else is unpayable or absent.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { exercised, figure, judgeSteps, type Moment, NOT_EXERCISED } from '../invariants/judging.ts'
import { judgeLeaving } from '../invariants/leaving.ts'
import { tokenOf } from '../kit/tokens.ts'
import { type Agreement, ESCROW } from '../kit/trace.ts'
import { HOLD_TOKENS } from './cast.ts'
import { holdLeaving } from './leaving.ts'
import { factsAt, isDue, isHeld, noShowAt, openToAllAt } from './oracle.ts'
import { CLAIM_FIGURES, sharesAt } from './standing.ts'

const settleOnce: Invariant = {
  id: 'INV-SETTLE-ONCE',
  statement: 'A hold is resolved once, and each share is paid once.',
  formula: '#process + #refundUnfinished ≤ 1; per step at most one payment to each owner',
  witness: 'an accepted end or claim',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index }) => {
      const { transfers, outcome } = step.observed
      const ends = ['process', 'refundUnfinished', 'claim'].includes(step.planned.action)
      const payments = transfers.map(({ from, to }) => `${from} to ${to}`)
      const twice = payments.find((payment, at) => payments.indexOf(payment) !== at)
      if (twice !== undefined) return exercised(`paid twice in one step: ${twice}`)
      if (!ends || !outcome.accepted) return NOT_EXERCISED
      const { resolvedCount } = factsAt(trace, stepIndex, index)
      return exercised(resolvedCount > 1 ? `the hold was resolved ${resolvedCount} times` : null)
    }),
}

const noShow: Invariant = {
  id: 'INV-NO-SHOW',
  statement: 'A hold that nobody has finished is its student’s from the deadline on, not before.',
  formula: 'unfinished: refundUnfinished accepted ⇒ t ≥ s + session + noShow; by the student ⇐',
  witness: 'an accepted refund, or a try by the student from the deadline on',
  judge: (trace) => judgeSteps(trace, judgeNoShow),
}

function judgeNoShow({ trace, step, stepIndex, index, viewAfter }: Moment) {
  const { action, atSeconds } = step.planned
  if (action !== 'refundUnfinished') return NOT_EXERCISED
  const facts = factsAt(trace, stepIndex - 1, index)
  const { accepted, error } = step.observed.outcome
  const early = noShowAt(trace, index) - atSeconds
  if (!accepted) {
    const isTheirs = isHeld(facts) && facts.finishedAtSeconds === null && early <= 0
    if (!isTheirs || step.role !== 'student') return NOT_EXERCISED
    return exercised(`the student was refused ${-early} s after the deadline: ${error}`)
  }
  if (facts.finishedAtSeconds !== null) return exercised('refunded although it was finished')
  if (early > 0) return exercised(`refunded ${early} s before the deadline`)
  const { student } = sharesAt(trace, stepIndex, index, viewAfter)
  const { depositedUnits } = facts
  return exercised(student === depositedUnits ? null : `${student} back of ${depositedUnits}`)
}

const exit: Invariant = {
  id: 'INV-EXIT',
  statement: 'Student and teacher each get out alone and in time, with what they are owed.',
  formula: 'after p’s exit: resolved, no claim of p left, by max(s + session + noShow, f + W + K)',
  witness: 'an exit that a party made alone',
  judge: (trace) => judgeSteps(trace, (moment) => judgeLeaving(moment, holdLeaving, isWayOut)),
}

/** Whether the timers let anybody out by this time; who asks too early is not kept in. */
function isWayOut({ trace, step, stepIndex, index }: Moment): boolean {
  const { finishedAtSeconds } = factsAt(trace, stepIndex, index)
  const openAt = finishedAtSeconds === null ? null : openToAllAt(trace, finishedAtSeconds)
  return step.planned.atSeconds >= (openAt ?? noShowAt(trace, index))
}

const recipientIsolation: Invariant = {
  id: 'INV-RECIPIENT-ISOLATION',
  statement: 'A recipient that cannot be paid keeps nobody else from being paid.',
  formula: 'token refuses o ⇒ a due payout is accepted, every other owner is paid at once',
  witness: 'a payout that was due, with a token that refuses an owner',
  judge: (trace) => judgeSteps(trace, judgeRecipients),
}

function judgeRecipients({ trace, step, stepIndex, index, viewAfter }: Moment) {
  const { action } = step.planned
  const agreement = trace.agreements[index] as Agreement
  const { refuses } = tokenOf(HOLD_TOKENS, agreement)
  const pays = action === 'process' || action === 'refundUnfinished'
  if (!pays || refuses.length === 0) return NOT_EXERCISED
  const facts = factsAt(trace, stepIndex - 1, index)
  if (!isDue({ trace, index, facts, step })) return NOT_EXERCISED
  const { accepted, error } = step.observed.outcome
  if (!accepted) return exercised(`${action} failed (${error}) as one owner is refused`)
  for (const [role, name] of Object.entries(CLAIM_FIGURES)) {
    const owner = agreement.roles[role]
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

export const exitInvariants: readonly Invariant[] = [settleOnce, noShow, exit, recipientIsolation]
