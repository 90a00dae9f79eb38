/**
 * Claims about who may do what: single use, who meters, whose money moves, harmless strangers.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { exercised, figure, judgeSteps, type Moment, NOT_EXERCISED } from '../invariants/judging.ts'
import { ESCROW } from '../kit/trace.ts'
import { SEEDERS } from './cast.ts'
import { factsAt } from './oracle.ts'
import { sharesAt } from './standing.ts'

const singleUse: Invariant = {
  id: 'INV-SINGLE-USE',
  statement: 'A download id is opened once.',
  formula: '#accepted openings ≤ 1',
  witness: 'a second opening that was refused',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index }) => {
      if (step.planned.action !== 'open') return NOT_EXERCISED
      const { openCount } = factsAt(trace, stepIndex, index)
      if (openCount > 1) return exercised(`the download was opened ${openCount} times`)
      const refused = !step.observed.outcome.accepted && openCount === 1
      return refused ? exercised(null) : NOT_EXERCISED
    }),
}

const meter: Invariant = {
  id: 'INV-METER',
  statement: 'What a seeder has delivered is set by that seeder alone.',
  formula: 'delivered(i) becomes b ⇒ reportProgress(i, b) by seeder i',
  witness: 'a change of delivered bytes',
  judge: (trace) => judgeSteps(trace, judgeMeter),
}

function judgeMeter({ step, viewBefore, viewAfter }: Moment) {
  if (viewBefore === viewAfter) return NOT_EXERCISED
  const { action, args, by } = step.planned
  let changed = 0
  for (const at of SEEDERS.keys()) {
    const name = `delivered${at}`
    const [was, is] = [figure(viewBefore, name), figure(viewAfter, name)]
    if (was === is) continue
    changed += 1
    const isOwn = action === 'reportProgress' && step.role === `seeder${at}`
    if (isOwn && args.seeder === at && args.bytes === is) continue
    return exercised(`${name} ${was} → ${is} after ${action} by ${by} (${step.role})`)
  }
  return changed > 0 ? exercised(null) : NOT_EXERCISED
}

const debit: Invariant = {
  id: 'INV-DEBIT',
  statement: 'Tokens leave the downloader by a payment of its own, and never more than it named.',
  formula: 'u taken ⇒ pay or retryPayment by the downloader, u ≤ what it said it sends',
  witness: 'a payment that moved',
  judge: (trace) =>
    judgeSteps(trace, ({ step }) => {
      const taken = step.observed.transfers.filter(({ to }) => to === ESCROW)
      if (taken.length === 0) return NOT_EXERCISED
      const { action, args, by } = step.planned
      const isPayment = action === 'pay' || action === 'retryPayment'
      const isOwn = step.role === 'downloader' && taken.every(({ from }) => from === by)
      const units = taken.reduce((sum, { amountUnits }) => sum + amountUnits, 0n)
      if (!isPayment || !isOwn) return exercised(`${action} by ${by} took ${units}`)
      const named = (args.sentUnits ?? args.amountUnits) as bigint
      return exercised(units > named ? `took ${units}, ${named} named` : null)
    }),
}

const strangerHarmless: Invariant = {
  id: 'INV-STRANGER-HARMLESS',
  statement: 'No call by an outsider is accepted, and nobody without a share is paid.',
  formula: 'outsider’s call refused; nothing paid to others',
  witness: 'a call by an outsider',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index, viewAfter }) => {
      const { other } = sharesAt(trace, stepIndex, index, viewAfter)
      if (other > 0n) return exercised(`${other} units went to somebody without a share`)
      if (step.role !== 'stranger') return NOT_EXERCISED
      const { accepted } = step.observed.outcome
      return exercised(accepted ? `a stranger could ${step.planned.action}` : null)
    }),
}

export const accessInvariants: readonly Invariant[] = [singleUse, meter, debit, strangerHarmless]
