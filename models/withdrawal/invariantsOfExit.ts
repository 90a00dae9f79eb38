/**
 * Claims about the end: paid once or given back whole, once, in time, whoever is unpayable.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { exercised, figure, judgeSteps, type Moment, NOT_EXERCISED } from '../invariants/judging.ts'
import { judgeLeaving } from '../invariants/leaving.ts'
import { type Agreement, ESCROW } from '../kit/trace.ts'
import { WITHDRAWAL_TOKENS } from './cast.ts'
import { withdrawalLeaving } from './leaving.ts'
import {
  amountOf,
  factsAt,
  isEnded,
  isOpen,
  timeoutSeconds,
  VOIDS,
  withdrawalAt,
} from './oracle.ts'

const paidOnce: Invariant = {
  id: 'INV-PAID-ONCE',
  statement: 'A withdrawal is paid once, in full, and only when it is completed.',
  formula: 'Σ paid + claim = a if completed, else 0',
  witness: 'an accepted completion or claim',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index, viewAfter }) => {
      if (!step.observed.outcome.accepted) return NOT_EXERCISED
      const { phase, paidUnits } = withdrawalAt(trace, stepIndex, index)
      const claimUnits = figure(viewAfter, 'claimBank')
      const dueUnits = phase === 'completed' ? amountOf(trace, index) : 0n
      if (paidUnits + claimUnits !== dueUnits) {
        const words = `paid ${paidUnits} + claim ${claimUnits}, due ${dueUnits}`
        return exercised(`${words} (${phase})`)
      }
      const { action } = step.planned
      return action === 'complete' || action === 'claim' ? exercised(null) : NOT_EXERCISED
    }),
}

const restore: Invariant = {
  id: 'INV-RESTORE',
  statement: 'A rejected, failed or cancelled withdrawal gives back exactly what it took.',
  formula: 'ended unpaid ⇒ given back = taken; bankFailed by the bank while Processing ⇒ accepted',
  witness: 'a withdrawal that ended unpaid, or that the bank could not pay',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index }) => {
      const { action } = step.planned
      if (!VOIDS.includes(action)) return NOT_EXERCISED
      const { accepted, error } = step.observed.outcome
      const { takenUnits, givenBackUnits, phase } = withdrawalAt(trace, stepIndex, index)
      if (accepted) {
        const words = `${phase}: ${takenUnits} taken, ${givenBackUnits} given back`
        return exercised(takenUnits === givenBackUnits ? null : words)
      }
      const isDue = action === 'bankFailed' && step.role === 'bank' && phase === 'processing'
      if (!isDue) return NOT_EXERCISED
      return exercised(`the bank cannot pay (${error}), ${takenUnits} taken stay taken`)
    }),
}

const settleOnce: Invariant = {
  id: 'INV-SETTLE-ONCE',
  statement: 'A withdrawal ends once, and stays as it ended.',
  formula: '#completions + #rejections + #failures + #cancellations ≤ 1; ended ⇒ state constant',
  witness: 'an accepted end, or another end that was tried after it',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index, viewBefore, viewAfter }) => {
      const was = withdrawalAt(trace, stepIndex - 1, index)
      const { endCount } = withdrawalAt(trace, stepIndex, index)
      if (endCount > 1) return exercised(`the withdrawal ended ${endCount} times`)
      if (isEnded(was.phase) && viewBefore.state !== viewAfter.state) {
        return exercised(`${viewBefore.state} became ${viewAfter.state}`)
      }
      const { action } = step.planned
      const isEnd = action === 'complete' || VOIDS.includes(action)
      return isEnd && endCount === 1 ? exercised(null) : NOT_EXERCISED
    }),
}

/** Whether this completion has to be accepted. */
function completionIsDue({ trace, step, stepIndex, index }: Moment): boolean {
  const { action, args } = step.planned
  if (action !== 'complete') return false
  const facts = factsAt(trace, stepIndex - 1)
  if (facts.withdrawals[index]?.phase !== 'processing') return false
  if (trace.policy === 'as-described') return step.role === 'admin'
  const isUsed = facts.withdrawals.some((each) => each.reference === args.reference)
  return step.role === 'bank' && args.reference !== 0n && !isUsed
}

const bankWindow: Invariant = {
  id: 'INV-BANK-WINDOW',
  statement: 'A bank that is in time is not overtaken.',
  formula: 'cancelled while Processing ⇒ t ≥ approvedAt + timeout; completion due ⇒ accepted',
  witness: 'a cancellation by the teacher or a completion by the bank while Processing',
  policies: ['hardened'],
  judge: (trace) =>
    judgeSteps(trace, (moment) => {
      const { step, stepIndex, index } = moment
      const { action, atSeconds } = step.planned
      const { accepted, error } = step.observed.outcome
      if (completionIsDue(moment)) {
        return exercised(accepted ? null : `a completion that was due failed: ${error}`)
      }
      const { phase, approvedAtSeconds } = withdrawalAt(trace, stepIndex - 1, index)
      if (action !== 'cancel' || phase !== 'processing') return NOT_EXERCISED
      const from = (approvedAtSeconds ?? 0) + timeoutSeconds(trace)
      if (accepted && atSeconds < from) {
        return exercised(`cancelled ${from - atSeconds} s before the bank’s time is over`)
      }
      return step.role === 'teacher' ? exercised(null) : NOT_EXERCISED
    }),
}

const exit: Invariant = {
  id: 'INV-EXIT',
  statement: 'The teacher alone ends a request in time and has its money back on account.',
  formula: 'after its exit: not open, given back = taken, within timeout',
  witness: 'an exit that a teacher made alone',
  judge: (trace) => judgeSteps(trace, judgeExit),
}

function judgeExit(moment: Moment) {
  const { trace, step, stepIndex, index } = moment
  const finding = judgeLeaving(moment, withdrawalLeaving)
  if (finding.witnesses === 0 || finding.evidence !== null) return finding
  const { phase, takenUnits, givenBackUnits } = withdrawalAt(trace, stepIndex, index)
  const { by } = step.planned
  if (isOpen(phase)) return exercised(`${by} cannot end its request: ${phase}`)
  const words = `${by} has ${givenBackUnits} back of ${takenUnits}`
  return exercised(takenUnits === givenBackUnits ? null : words)
}

const recipientIsolation: Invariant = {
  id: 'INV-RECIPIENT-ISOLATION',
  statement: 'A bank that cannot be paid keeps nothing from being completed.',
  formula: 'token refuses o ⇒ a due completion is accepted, and a payable bank is paid at once',
  witness: 'a completion that was due, with a token that refuses an owner',
  judge: (trace) =>
    judgeSteps(trace, (moment) => {
      const { step, index, before, viewAfter } = moment
      const { token, roles } = trace.agreements[index] as Agreement
      const refuses = WITHDRAWAL_TOKENS.find(({ kind }) => kind === token)?.refuses ?? []
      if (refuses.length === 0 || !completionIsDue(moment)) return NOT_EXERCISED
      const { accepted, error } = step.observed.outcome
      const bank = roles.bank as string
      if (!accepted) return exercised(`the completion failed (${error}) as an owner is refused`)
      const held = before.balances[token]?.[ESCROW] ?? 0n
      const isPayable = !refuses.includes(bank) && held >= amountOf(trace, index)
      const left = figure(viewAfter, 'claimBank')
      if (isPayable) return exercised(left > 0n ? `${left} were kept from a payable bank` : null)
      const paid = step.observed.transfers.some(({ from }) => from === ESCROW)
      return exercised(paid ? 'the bank was paid against the token' : null)
    }),
}

export const exitInvariants: readonly Invariant[] = [
  paidOnce,
  restore,
  settleOnce,
  bankWindow,
  exit,
  recipientIsolation,
]
