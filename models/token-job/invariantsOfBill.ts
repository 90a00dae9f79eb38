/**
 * Claims about the bill: at most the deposit, at most what was receipted, exact to the unit.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { exercised, figure, judgeSteps, type Moment, NOT_EXERCISED } from '../invariants/judging.ts'
import { dueUnits, ENDED, factsAt, termsOf } from './oracle.ts'
import { sharesAt } from './standing.ts'

/** Whether this accepted step has brought the job to its end. */
function hasSettled({ step, viewAfter }: Moment): boolean {
  const { action } = step.planned
  const isEnd = action === 'endSession' || action === 'timeout'
  return isEnd && step.observed.outcome.accepted && ENDED.includes(viewAfter.state)
}

const cap: Invariant = {
  id: 'INV-CAP',
  statement: 'Host and treasury together are never credited more than the deposit.',
  formula: 'H + T ≤ D',
  witness: 'a step after which something is credited',
  judge: (trace) =>
    judgeSteps(trace, ({ stepIndex, index, viewAfter }) => {
      const { gross } = sharesAt(trace, stepIndex, index, viewAfter)
      if (gross === 0n) return NOT_EXERCISED
      const { depositedUnits } = factsAt(trace, stepIndex, index)
      const broken = gross > depositedUnits
      return exercised(broken ? `credited ${gross} > deposited ${depositedUnits}` : null)
    }),
}

const splitExact: Invariant = {
  id: 'INV-SPLIT-EXACT',
  statement: 'After every proof host and treasury have their exact shares of all that is billed.',
  formula: 'H·10,000 ≤ G·hostBps < (H + 1)·10,000 and H + T = G = billed·p',
  witness: 'an accepted proof',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index, viewAfter }) => {
      const { action } = step.planned
      if (action !== 'submitProof' || !step.observed.outcome.accepted) return NOT_EXERCISED
      const { host, gross } = sharesAt(trace, stepIndex, index, viewAfter)
      const billedTokens = figure(viewAfter, 'billedTokens')
      const { priceUnits } = termsOf(trace, index)
      if (gross !== billedTokens * priceUnits) {
        return exercised(`credited ${gross} for ${billedTokens} tokens at ${priceUnits}`)
      }
      const hostBps = BigInt(trace.parameters.hostBps as number)
      const scaled = gross * hostBps
      const exact = host * 10_000n <= scaled && scaled < (host + 1n) * 10_000n
      return exercised(exact ? null : `the host has ${host} for ${hostBps} bps of ${gross}`)
    }),
}

const proofMonotone: Invariant = {
  id: 'INV-PROOF-MONOTONE',
  statement: 'A proof counts only if it is above the last one, and what is billed never falls.',
  formula: 'proof accepted ⇒ c > proven, proven′ = c; billed never falls',
  witness: 'a proof by the host after an accepted one, or an accepted one',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index, viewBefore, viewAfter }) => {
      const was = figure(viewBefore, 'billedTokens')
      const is = figure(viewAfter, 'billedTokens')
      if (is < was) return exercised(`billed tokens fell from ${was} to ${is}`)
      if (step.planned.action !== 'submitProof') return NOT_EXERCISED
      const { accepted } = step.observed.outcome
      const { provenTokens } = factsAt(trace, stepIndex - 1, index)
      const tokens = step.planned.args.cumulativeTokens as bigint
      if (accepted && tokens <= provenTokens) {
        return exercised(`a proof of ${tokens} was accepted after one of ${provenTokens}`)
      }
      const shown = figure(viewAfter, 'provenTokens')
      if (accepted && shown !== tokens) return exercised(`proven ${tokens}, shown ${shown}`)
      const repeats = step.role === 'host' && provenTokens > 0n
      return accepted || repeats ? exercised(null) : NOT_EXERCISED
    }),
}

const receipted: Invariant = {
  id: 'INV-RECEIPTED',
  statement: 'The user is never billed for tokens that it has not signed for.',
  formula: 'G ≤ p · largest number in a genuine receipt that was presented',
  witness: 'a step after which something is credited',
  policies: ['hardened'],
  judge: (trace) =>
    judgeSteps(trace, ({ stepIndex, index, viewAfter }) => {
      const { gross } = sharesAt(trace, stepIndex, index, viewAfter)
      if (gross === 0n) return NOT_EXERCISED
      const { receiptedTokens } = factsAt(trace, stepIndex, index)
      const { priceUnits } = termsOf(trace, index)
      const mostUnits = receiptedTokens * priceUnits
      const words = `credited ${gross} > ${receiptedTokens} receipted × ${priceUnits}`
      return exercised(gross > mostUnits ? words : null)
    }),
}

const dust: Invariant = {
  id: 'INV-DUST',
  statement: 'At the end the bill is exact to the unit, and the whole rest is the user’s.',
  formula: 'G = n·p with the largest n ≤ proven and n·p ≤ D; X = D − G',
  witness: 'a job that ended',
  judge: (trace) =>
    judgeSteps(trace, (moment) => {
      const { stepIndex, index, viewAfter } = moment
      if (!hasSettled(moment)) return NOT_EXERCISED
      const facts = factsAt(trace, stepIndex, index)
      if (facts.settleCount > 1) return NOT_EXERCISED
      const { gross, user } = sharesAt(trace, stepIndex, index, viewAfter)
      const idealUnits = dueUnits(facts, termsOf(trace, index).priceUnits)
      if (gross !== idealUnits) {
        return exercised(`billed ${gross}, exact ${idealUnits}: ${gross - idealUnits} units off`)
      }
      const restUnits = facts.depositedUnits - gross
      return exercised(user === restUnits ? null : `refund ${user}, rest ${restUnits}`)
    }),
}

const noProofRefund: Invariant = {
  id: 'INV-NO-PROOF-REFUND',
  statement: 'A job without a proof gives the user the whole deposit back.',
  formula: 'ended ∧ #proofs = 0 ⇒ X = D',
  witness: 'a job that ended without a proof',
  judge: (trace) =>
    judgeSteps(trace, (moment) => {
      const { stepIndex, index, viewAfter } = moment
      const { proofCount, settleCount, depositedUnits } = factsAt(trace, stepIndex, index)
      if (!hasSettled(moment) || proofCount > 0 || settleCount > 1) return NOT_EXERCISED
      const { user } = sharesAt(trace, stepIndex, index, viewAfter)
      const whole = user === depositedUnits
      return exercised(whole ? null : `refunded ${user} of ${depositedUnits} without any proof`)
    }),
}

export const billInvariants: readonly Invariant[] = [
  cap,
  splitExact,
  proofMonotone,
  receipted,
  dust,
  noProofRefund,
]
