/**
 * Claims about getting out: once, alone, at once, after a payment that failed, whoever is
 * unpayable.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { exercised, figure, judgeSteps, type Moment, NOT_EXERCISED } from '../invariants/judging.ts'
import { judgeLeaving } from '../invariants/leaving.ts'
import { tokenOf } from '../kit/tokens.ts'
import { type Agreement, ESCROW } from '../kit/trace.ts'
import { DOWNLOAD_TOKENS } from './cast.ts'
import { downloadLeaving } from './leaving.ts'
import { DUE, factsAt, isUnderWay, reportIsSound, saidIn, termsOf } from './oracle.ts'
import { CLAIM_FIGURES, owedUnits } from './standing.ts'

const ENDS = ['complete', 'cancel']

const settleOnce: Invariant = {
  id: 'INV-SETTLE-ONCE',
  statement: 'A download ends once, and each share is paid once.',
  formula: '#complete + #cancel ≤ 1; per step at most one payment to each owner',
  witness: 'an accepted end or claim',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index }) => {
      const { transfers, outcome } = step.observed
      const payments = transfers.map(({ from, to }) => `${from} to ${to}`)
      const twice = payments.find((payment, at) => payments.indexOf(payment) !== at)
      if (twice !== undefined) return exercised(`paid twice in one step: ${twice}`)
      const isEnd = [...ENDS, 'claim'].includes(step.planned.action)
      if (!isEnd || !outcome.accepted) return NOT_EXERCISED
      const { endCount } = factsAt(trace, stepIndex, index)
      return exercised(endCount > 1 ? `the download ended ${endCount} times` : null)
    }),
}

const exit: Invariant = {
  id: 'INV-EXIT',
  statement: 'From every state each honest party alone gets out at once, with what it is owed.',
  formula: 'after p’s exit: Completed or Cancelled, no claim of p left, in the same second',
  witness: 'an exit that a party made alone',
  judge: (trace) => judgeSteps(trace, (moment) => judgeLeaving(moment, downloadLeaving)),
}

const retry: Invariant = {
  id: 'INV-RETRY',
  statement: 'A payment that failed can always be tried again, and the download be left.',
  formula: 'PaymentFailed ⇒ cancel by a party, the same payment by the downloader not refused',
  witness: 'one of the two after a payment that failed',
  judge: (trace) => judgeSteps(trace, judgeRetry),
}

function judgeRetry({ trace, step, stepIndex, index, viewBefore }: Moment) {
  const { failed } = factsAt(trace, stepIndex - 1, index)
  if (viewBefore.state !== 'PaymentFailed' || failed === null) return NOT_EXERCISED
  const { action } = step.planned
  const { accepted, error } = step.observed.outcome
  const isLeaving = action === 'cancel' && step.role !== 'stranger'
  const { amountUnits, reference } = saidIn(step)
  const isOfSame = trace.policy === 'as-described' || reference === failed.reference
  const isSame = isOfSame && amountUnits === failed.amountUnits
  const isRetry = action === 'retryPayment' && step.role === 'downloader' && isSame
  if (!isLeaving && !isRetry) return NOT_EXERCISED
  const isRefused = !accepted && error !== 'DepositShort'
  return exercised(isRefused ? `${action} after a payment that failed: ${error}` : null)
}

const recipientIsolation: Invariant = {
  id: 'INV-RECIPIENT-ISOLATION',
  statement: 'A recipient that cannot be paid keeps nobody else from being paid.',
  formula: 'token refuses o ⇒ a due call is accepted, every other owner is paid at once',
  witness: 'a call that was due, with a token that refuses an owner',
  judge: (trace) => judgeSteps(trace, judgeRecipients),
}

/** Whether a call that may pay somebody has to be accepted. */
function callIsDue({ trace, step, stepIndex, index, viewBefore }: Moment): boolean {
  const facts = factsAt(trace, stepIndex - 1, index)
  const { role, planned } = step
  const { state } = viewBefore
  if (!isUnderWay(facts)) return false
  switch (planned.action) {
    case 'reportProgress':
      return state === 'Serving' && reportIsSound(trace, index, facts, step)
    case 'pay': {
      const { amountUnits, reference } = saidIn(step)
      if (role !== 'downloader' || state !== 'WaitingForPayment') return false
      if (trace.policy === 'hardened') {
        const owed = owedUnits(trace, stepIndex - 1, index, viewBefore)
        return amountUnits === owed && reference === BigInt(facts.creditCount)
      }
      const isSent = (planned.args.sentUnits as bigint) <= amountUnits
      return facts.said === null && isSent && amountUnits === figure(viewBefore, 'due')
    }
    case 'complete': {
      const isWhole = facts.totalBytes === termsOf(trace, index).fileBytes
      return role !== 'stranger' && state === 'Serving' && isWhole
    }
    case 'cancel':
      return role !== 'stranger' && (state === 'Serving' || state === DUE[0])
    default:
      return false
  }
}

function judgeRecipients(moment: Moment) {
  const { trace, step, index, viewAfter } = moment
  const agreement = trace.agreements[index] as Agreement
  const { refuses } = tokenOf(DOWNLOAD_TOKENS, agreement)
  if (refuses.length === 0 || !callIsDue(moment)) return NOT_EXERCISED
  const { accepted, error } = step.observed.outcome
  const { action } = step.planned
  if (!accepted) return exercised(`${action} failed (${error}) as an owner is refused`)
  for (const [name, role] of CLAIM_FIGURES) {
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

export const exitInvariants: readonly Invariant[] = [settleOnce, exit, retry, recipientIsolation]
