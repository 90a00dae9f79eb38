/**
 * Claims about what vouchers pay: never above the deposit or the promise, each once, exactly.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { exercised, figure, judgeSteps, NOT_EXERCISED } from '../invariants/judging.ts'
import { factsAt, genuineUnits, isUnderWay, payoutIsDue } from './oracle.ts'
import { sharesAt } from './standing.ts'

const cap: Invariant = {
  id: 'INV-CAP',
  statement: 'The provider never gets more than the deposit.',
  formula: 'P ≤ D',
  witness: 'a step after which the provider has a share',
  judge: (trace) =>
    judgeSteps(trace, ({ stepIndex, index, viewAfter }) => {
      const { provider } = sharesAt(trace, stepIndex, index, viewAfter)
      if (provider === 0n) return NOT_EXERCISED
      const { depositedUnits } = factsAt(trace, stepIndex, index)
      const broken = provider > depositedUnits
      return exercised(broken ? `paid ${provider} > deposited ${depositedUnits}` : null)
    }),
}

const newestVoucher: Invariant = {
  id: 'INV-NEWEST-VOUCHER',
  statement: 'The provider never gets more than the largest number that the payer has signed.',
  formula: 'P ≤ max n over all genuine vouchers presented so far',
  witness: 'a step after which the provider has a share',
  judge: (trace) =>
    judgeSteps(trace, ({ stepIndex, index, viewAfter }) => {
      const { provider } = sharesAt(trace, stepIndex, index, viewAfter)
      if (provider === 0n) return NOT_EXERCISED
      const { presentedUnits } = factsAt(trace, stepIndex, index)
      const broken = provider > presentedUnits
      return exercised(broken ? `paid ${provider} > signed ${presentedUnits}` : null)
    }),
}

const paidOnce: Invariant = {
  id: 'INV-PAID-ONCE',
  statement: 'Repeating, reordering or mixing vouchers pays nothing twice and loses nothing.',
  formula: 'P = max over accepted genuine vouchers of min(n, D at that time)',
  witness: 'a genuine voucher for a channel from which something is paid',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index, viewAfter }) => {
      const { provider } = sharesAt(trace, stepIndex, index, viewAfter)
      const { dueUnits } = factsAt(trace, stepIndex, index)
      if (provider !== dueUnits) return exercised(`paid ${provider}, due ${dueUnits}`)
      const again = provider > 0n && genuineUnits(step.planned) > 0n
      return again ? exercised(null) : NOT_EXERCISED
    }),
}

const dust: Invariant = {
  id: 'INV-DUST',
  statement: 'At the end provider and payer have the whole deposit between them.',
  formula: 'P + X = D',
  witness: 'the end of a channel',
  judge: (trace) =>
    judgeSteps(trace, ({ stepIndex, index, viewAfter }) => {
      const { endCount, depositedUnits } = factsAt(trace, stepIndex, index)
      if (endCount !== 1 || factsAt(trace, stepIndex - 1, index).endCount !== 0) {
        return NOT_EXERCISED
      }
      const { provider, payer } = sharesAt(trace, stepIndex, index, viewAfter)
      const sum = provider + payer
      const words = `${provider} + ${payer} = ${sum} of ${depositedUnits}`
      return exercised(sum === depositedUnits ? null : words)
    }),
}

const redeemTotal: Invariant = {
  id: 'INV-REDEEM-TOTAL',
  statement: 'A genuine higher voucher that the provider brings before the end is never refused.',
  formula: 'not ended ∧ min(n, D) > P ⇒ redeem and close by the provider accepted',
  witness: 'such a voucher',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index }) => {
      const { action } = step.planned
      const facts = factsAt(trace, stepIndex - 1, index)
      const isVoucher = action === 'redeem' || action === 'close'
      if (!isVoucher || step.role !== 'provider') return NOT_EXERCISED
      if (!payoutIsDue({ trace, index, facts, step })) return NOT_EXERCISED
      const units = genuineUnits(step.planned)
      if (units <= facts.dueUnits) return NOT_EXERCISED
      const { accepted, error } = step.observed.outcome
      return exercised(accepted ? null : `${units} signed, ${facts.dueUnits} paid: ${error}`)
    }),
}

const topUp: Invariant = {
  id: 'INV-TOP-UP',
  statement: 'A top-up extends a channel and restarts nothing.',
  formula: 'topUp(a) accepted ⇒ D grows by a; paid, openedAt and challenge unchanged',
  witness: 'an accepted top-up',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index, viewBefore, viewAfter }) => {
      const { action, args } = step.planned
      if (action !== 'topUp' || !step.observed.outcome.accepted) return NOT_EXERCISED
      if (!isUnderWay(factsAt(trace, stepIndex - 1, index))) {
        return exercised(`topped up in ${viewBefore.state}`)
      }
      for (const name of ['paid', 'openedAt', 'challengeEndsAt']) {
        const [was, is] = [figure(viewBefore, name), figure(viewAfter, name)]
        if (was !== is) return exercised(`${name} was ${was} and is ${is}`)
      }
      const grown = figure(viewAfter, 'deposit') - figure(viewBefore, 'deposit')
      const amountUnits = args.amountUnits as bigint
      return exercised(grown === amountUnits ? null : `${grown} more for ${amountUnits}`)
    }),
}

export const paymentInvariants: readonly Invariant[] = [
  cap,
  newestVoucher,
  paidOnce,
  dust,
  redeemTotal,
  topUp,
]
