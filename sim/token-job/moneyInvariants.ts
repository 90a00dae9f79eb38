/**
 * Claims about the money of a job in the world: shares, exposures over time, a way out for all.
 */
import type { ExposureSample } from '../world/exposure.ts'
import { VACUOUS, type WorldJudgement } from '../world/worldInvariant.ts'
import * as bounds from './allowance.ts'
import { billsOf } from './bills.ts'
import type { WorldInvariant } from './worldInvariants.ts'
import type { WorldRun } from './worldRun.ts'

function splitFault(run: WorldRun): string | null {
  const { endState, priceUnits, parameters } = run
  const { hostUnits, treasuryUnits, billedTokens, refundedUnits, claimUserUnits } = endState
  const grossUnits = BigInt(billedTokens) * priceUnits
  const hostBps = BigInt(parameters.hostBps as number)
  const exact = grossUnits * hostBps
  if (hostUnits * 10_000n > exact || (hostUnits + 1n) * 10_000n <= exact) {
    return `the host has ${hostUnits} of ${grossUnits}`
  }
  if (hostUnits + treasuryUnits !== grossUnits) {
    return `${hostUnits} and ${treasuryUnits} are not ${grossUnits} together`
  }
  if (endState.paidHostUnits + endState.earningsUnits !== hostUnits) {
    return `of ${hostUnits} the host got ${endState.paidHostUnits}, ${endState.earningsUnits} wait`
  }
  if (endState.paidTreasuryUnits + endState.treasuryAccountUnits !== treasuryUnits) {
    return `the treasury got ${endState.paidTreasuryUnits} of ${treasuryUnits}`
  }
  if (run.milestones.settledMs === null) return null
  const backUnits = refundedUnits + claimUserUnits
  const dueUnits = endState.depositUnits - grossUnits
  return backUnits === dueUnits ? null : `refunded ${backUnits} instead of ${dueUnits}`
}

const split: WorldInvariant = {
  id: 'INV-W-SPLIT',
  statement:
    'Host and treasury share the bill exactly, on their accounts and in their wallets together; ' +
    'the user gets the rest back.',
  formula: 'host = floor(gross · hostBps / 10⁴); host + treasury = gross; refund = D − gross',
  witness: 'a job with an accepted proof, or one that ended',
  judge(run) {
    const bills = billsOf(run.steps, {
      ...{ affordableTokens: run.affordableTokens, priceUnits: run.priceUnits },
      parameters: run.parameters as never,
    })
    const last = bills.at(-1)
    const hasProof = last !== undefined && last.provenTokens > 0
    if (!hasProof && run.milestones.settledMs === null) return VACUOUS
    const isSame = last?.billedTokens === run.endState.billedTokens
    const wrong = `billed ${run.endState.billedTokens}, proven were ${last?.provenTokens}`
    const evidence = isSame ? splitFault(run) : wrong
    const atMs = last?.includedMs ?? 0
    return { witnesses: 1, violation: evidence === null ? null : { atMs, evidence } }
  },
}

type Side = 'payerUnits' | 'providerUnits'

function worstOf(samples: readonly ExposureSample[], side: Side): ExposureSample {
  return samples.reduce((a, b) => (b[side] > a[side] ? b : a))
}

function exposed(run: WorldRun, side: Side, boundUnits: bigint): WorldJudgement {
  const { exposure } = run
  if (run.milestones.createdMs === null || exposure.length === 0) return VACUOUS
  const worst = worstOf(exposure, side)
  const units = worst[side]
  const evidence = `exposed to ${units} > ${boundUnits} base units`
  const violation = units > boundUnits ? { atMs: worst.atMs, evidence } : null
  const [observed, bound] = [Number(units), Number(boundUnits)]
  return { witnesses: exposure.length, violation, observed, bound }
}

const payerExposure: WorldInvariant = {
  id: 'INV-W-PAYER-EXPOSURE',
  statement:
    'At no instant can the user be billed for a token that has not reached it, and never more ' +
    'than the deposit leaves the escrow.',
  formula: 'sup (billable − delivered) ≤ 0; paid out ≤ D',
  witness: 'an instant of a job',
  unit: 'base units',
  judge(run) {
    const judged = exposed(run, 'payerUnits', 0n)
    const { paidHostUnits, paidTreasuryUnits, refundedUnits, depositUnits } = run.endState
    const outUnits = paidHostUnits + paidTreasuryUnits + refundedUnits
    if (outUnits <= depositUnits || judged.witnesses === 0) return judged
    const evidence = `${outUnits} base units left of a deposit of ${depositUnits}`
    return { ...judged, violation: { atMs: run.milestones.overMs ?? 0, evidence } }
  },
}

const providerExposure: WorldInvariant = {
  id: 'INV-W-PROVIDER-EXPOSURE',
  statement: 'At no instant has the host delivered more than one interval that it could not bill.',
  formula: 'sup (delivered − billable) ≤ I · price; after the end as INV-W-HOST-LOSS',
  witness: 'an instant of a job',
  unit: 'base units',
  judge(run) {
    const tokens = Math.max(bounds.intervalTokens(run), bounds.lossBoundTokens(run))
    return exposed(run, 'providerUnits', BigInt(tokens) * run.priceUnits)
  },
}

const liveness: WorldInvariant = {
  id: 'INV-W-LIVENESS',
  statement:
    'After the faults heal and somebody has left, every token leaves the escrow within a stated ' +
    'time, but for accounts that their owners leave alone.',
  formula: 'over − max(healed, left or timed out) ≤ exit bound',
  witness: 'a job that was created',
  unit: 'ms',
  judge(run) {
    if (run.endState.depositUnits === 0n) return VACUOUS
    const dueMs = bounds.exitDueFromMs(run)
    const { overMs } = run.milestones
    if (overMs === null) {
      const { escrowUnits, state } = run.endState
      const evidence = `${escrowUnits} base units remain in state ${state}`
      return { witnesses: 1, violation: { atMs: dueMs, evidence } }
    }
    const observed = Math.max(0, overMs - dueMs)
    const bound = bounds.exitBoundMs(run)
    const evidence = `over ${observed} ms after it was due > ${bound} ms`
    const violation = observed > bound ? { atMs: overMs, evidence } : null
    return { witnesses: 1, violation, observed, bound }
  },
}

export const moneyInvariants: readonly WorldInvariant[] = [
  split,
  payerExposure,
  providerExposure,
  liveness,
]
