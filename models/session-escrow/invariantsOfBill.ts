/**
 * Claims about the bill: never above the deposit, never above the time, exact, fixed, paid once.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { exercised, figure, judgeSteps, NOT_EXERCISED } from '../invariants/judging.ts'
import { billableSeconds, factsAt } from './oracle.ts'
import { type Shares, sharesAt } from './standing.ts'

const cap: Invariant = {
  id: 'INV-CAP',
  statement: 'Tutor and platform together never get more than the deposit.',
  formula: 'P + F ≤ D',
  witness: 'a step after which tutor or platform has a share',
  judge: (trace) =>
    judgeSteps(trace, ({ stepIndex, index, viewAfter }) => {
      const { gross } = sharesAt(trace, stepIndex, index, viewAfter)
      if (gross === 0n) return NOT_EXERCISED
      const { depositedUnits } = factsAt(trace, stepIndex, index)
      const broken = gross > depositedUnits
      return exercised(broken ? `paid ${gross} > deposited ${depositedUnits}` : null)
    }),
}

const noOverpay: Invariant = {
  id: 'INV-NO-OVERPAY',
  statement: 'Tutor and platform never get more than the seconds in call, by block time, cost.',
  formula: 'P + F ≤ s·R, s = stop − start, and in hardened at most what signed pings prove',
  witness: 'a step after which tutor or platform has a share',
  judge: (trace) =>
    judgeSteps(trace, ({ stepIndex, index, viewAfter }) => {
      const { gross } = sharesAt(trace, stepIndex, index, viewAfter)
      if (gross === 0n) return NOT_EXERCISED
      const rate = trace.agreements[index]?.terms.ratePerSecondUnits as bigint
      const seconds = billableSeconds(factsAt(trace, stepIndex, index), trace)
      const dueUnits = seconds * rate
      const broken = gross > dueUnits
      return exercised(broken ? `paid ${gross} > ${seconds} s × ${rate} = ${dueUnits}` : null)
    }),
}

/** Once fixed: the bill while stopping, the shares afterwards. Null before. */
function entitlement(state: string, billedUnits: bigint, shares: Shares): readonly bigint[] | null {
  if (state === 'Stopping') return [billedUnits]
  if (state === 'Settled' || state === 'Refunded' || state === 'Closed') {
    return [shares.gross, shares.tutor, shares.platform, shares.student]
  }
  return null
}

const entitlementMonotone: Invariant = {
  id: 'INV-ENTITLEMENT-MONOTONE',
  statement: 'What a party is entitled to never falls once it is fixed.',
  formula: 'bill, then P, F and X never fall',
  witness: 'a step on a session whose bill is fixed',
  judge: (trace) => {
    const last = new Map<number, readonly bigint[]>()
    return judgeSteps(trace, ({ stepIndex, index, viewAfter }) => {
      const rate = trace.agreements[index]?.terms.ratePerSecondUnits as bigint
      const billedUnits = figure(viewAfter, 'billedSeconds') * rate
      const shares = sharesAt(trace, stepIndex, index, viewAfter)
      const now = entitlement(viewAfter.state, billedUnits, shares)
      const before = last.get(index)
      if (now !== null) last.set(index, now)
      if (before === undefined) return NOT_EXERCISED
      if (now === null) return exercised(`the session went back to ${viewAfter.state}`)
      for (const [place, units] of before.entries()) {
        const is = now[place] ?? 0n
        if (is < units) return exercised(`an entitlement fell from ${units} to ${is}`)
      }
      return exercised(null)
    })
  },
}

const settleOnce: Invariant = {
  id: 'INV-SETTLE-ONCE',
  statement: 'A session is settled or refunded once, and each share is paid once.',
  formula: '#settle + #cancel ≤ 1; per step at most one payment to each owner',
  witness: 'a settlement, cancellation or claim',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index }) => {
      const { action } = step.planned
      if (!step.observed.outcome.accepted || step.observed.transfers.length === 0) {
        if (!['settle', 'cancel'].includes(action)) return NOT_EXERCISED
        if (!step.observed.outcome.accepted) return NOT_EXERCISED
      }
      const { settleCount, cancelled } = factsAt(trace, stepIndex, index)
      const endings = settleCount + (cancelled ? 1 : 0)
      if (endings > 1) return exercised(`the session was settled or cancelled ${endings} times`)
      const paid = step.observed.transfers.map(({ from, to }) => `${from} to ${to}`)
      const twice = paid.find((payment, at) => paid.indexOf(payment) !== at)
      if (twice !== undefined) return exercised(`paid twice in one step: ${twice}`)
      return endings === 1 ? exercised(null) : NOT_EXERCISED
    }),
}

const feeExact: Invariant = {
  id: 'INV-FEE-EXACT',
  statement: 'The platform gets its share of what the tutor earns, rounded down, and no more.',
  formula: 'F·10,000 ≤ (P + F)·feeBps < (F + 1)·10,000',
  witness: 'a settlement with earnings and a fee',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index, viewAfter }) => {
      if (step.planned.action !== 'settle' || !step.observed.outcome.accepted) return NOT_EXERCISED
      const { gross, platform } = sharesAt(trace, stepIndex, index, viewAfter)
      const feeBps = BigInt(trace.parameters.feeBps as number)
      const scaled = gross * feeBps
      const exact = platform * 10_000n <= scaled && scaled < (platform + 1n) * 10_000n
      if (!exact) return exercised(`fee ${platform} is not ${feeBps} bps of ${gross}`)
      return gross > 0n && feeBps > 0n ? exercised(null) : NOT_EXERCISED
    }),
}

const dust: Invariant = {
  id: 'INV-DUST',
  statement: 'The bill is exact to the unit, and no unit is left behind.',
  formula: 'P + F = s*·R with the largest s* ≤ s and s*·R ≤ D; X = D − P − F',
  witness: 'a settlement',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index, viewAfter }) => {
      if (step.planned.action !== 'settle' || !step.observed.outcome.accepted) return NOT_EXERCISED
      const facts = factsAt(trace, stepIndex, index)
      if (facts.settleCount > 1) return NOT_EXERCISED
      const { gross, student } = sharesAt(trace, stepIndex, index, viewAfter)
      const rate = trace.agreements[index]?.terms.ratePerSecondUnits as bigint
      const seconds = billableSeconds(facts, trace)
      const capped = seconds * rate > facts.depositedUnits
      const idealUnits = capped
        ? facts.depositedUnits - (facts.depositedUnits % rate)
        : seconds * rate
      if (gross !== idealUnits) {
        return exercised(`billed ${gross}, exact ${idealUnits}: ${gross - idealUnits} units off`)
      }
      const restUnits = facts.depositedUnits - gross
      const evidence = student === restUnits ? null : `refund ${student}, rest ${restUnits}`
      return exercised(evidence)
    }),
}

export const billInvariants: readonly Invariant[] = [
  cap,
  noOverpay,
  entitlementMonotone,
  settleOnce,
  feeExact,
  dust,
]
