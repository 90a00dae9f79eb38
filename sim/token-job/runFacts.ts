/**
 * The facts of one run of token-job, for statistics; `sim/world/facts.ts` says what they are.
 *
 * Everything is derived from a `WorldRun`; nothing here runs or draws. Leakage is what was billed
 * and never reached the user, in tokens. What proofs protect is the whole bill: without any proof
 * the contract refunds the deposit in full, whoever ends the job.
 */
import {
  chainSamples,
  judgementFacts,
  paidTransactions,
  stageSample,
} from '../world/deriveFacts.ts'
import { courseOf } from '../world/exposureCourse.ts'
import type { LeakageFacts, RunFacts, StageSample } from '../world/facts.ts'
import type { TransactionRecord } from '../world/records.ts'
import { intervalTokens, lossBoundTokens } from './allowance.ts'
import { tokenJobWorldInvariants } from './worldInvariants.ts'
import type { WorldRun } from './worldRun.ts'

export const STAGES = {
  approval: 'approve → confirmed',
  creation: 'create → confirmed',
  firstToken: 'prompt → first token',
  answer: 'prompt → answered',
  proof: 'proof due → included',
  settlement: 'end → settled, confirmed',
} as const

const BPS = 10_000

/** All is over, or there never was a job: the user found no host. */
function isFinished({ milestones, discovery }: WorldRun): boolean {
  const { createdMs, overMs } = milestones
  return overMs !== null || (createdMs === null && discovery.outcome !== 'found')
}

/** Transactions of the user; what it had allowed on an earlier day is no part of the session. */
function ofUser({ transactions, behaviour }: WorldRun, action: string) {
  const isPast = ({ nonce }: TransactionRecord) => behaviour.allowanceUnits > 0 && nonce === 0
  return transactions.filter(
    (each) => each.sender === 'user' && each.action === action && !isPast(each),
  )
}

function stageSamples(run: WorldRun): readonly StageSample[] {
  const { milestones, prompts, dueProofs } = run
  const isOver = isFinished(run)
  const stage = (name: string, beginMs: number | null, endMs: number | null) =>
    stageSample(name, { beginMs, endMs }, isOver)
  const confirmed = (name: string, action: string) =>
    ofUser(run, action).flatMap((each) => stage(name, each.submittedMs, each.confirmedMs))
  // An answer that its user walked away from, or that the deposit did not buy, is no failure.
  const isCutOff = milestones.userReason !== 'silence'
  return [
    ...chainSamples(run.transactions, isOver),
    ...confirmed(STAGES.approval, 'approve'),
    ...confirmed(STAGES.creation, 'createSession'),
    ...prompts.flatMap(({ promptedMs, firstTokenMs, answeredMs }) => [
      ...(firstTokenMs === null && isCutOff
        ? []
        : stage(STAGES.firstToken, promptedMs, firstTokenMs)),
      ...(answeredMs === null && isCutOff ? [] : stage(STAGES.answer, promptedMs, answeredMs)),
    ]),
    ...dueProofs.flatMap(({ dueMs, includedMs }) => stage(STAGES.proof, dueMs, includedMs)),
    ...stage(STAGES.settlement, milestones.endAskedMs, milestones.settleConfirmedMs),
  ]
}

/** Of jobs that ended with something billed. */
function leakageFacts(run: WorldRun): LeakageFacts | null {
  const { billedTokens } = run.endState
  if (run.milestones.settledMs === null || billedTokens === 0) return null
  const claimed = Math.max(0, billedTokens - run.sentTokens)
  const undelivered = Math.max(0, Math.min(billedTokens, run.sentTokens) - run.deliveredTokens)
  return { postDrop: claimed + undelivered, causes: { claimed, undelivered }, allowance: 0 }
}

/** Delivered and never billed, in basis points of what was delivered, rounded down. */
function unbilledBps({ deliveredTokens, endState }: WorldRun): number {
  const unbilled = Math.max(0, deliveredTokens - endState.billedTokens)
  return deliveredTokens === 0 ? 0 : Math.floor((unbilled * BPS) / deliveredTokens)
}

function samplesOf(run: WorldRun): RunFacts['samples'] {
  const { deliveredTokens, endState, milestones } = run
  if (milestones.settledMs === null) return {}
  const unbilled = [unbilledBps(run)]
  const interval = intervalTokens(run)
  const isShort = deliveredTokens < interval
  const isLong = deliveredTokens >= 2 * interval
  const grossUnits = endState.hostUnits + endState.treasuryUnits
  return {
    delivered: [deliveredTokens],
    billed: [endState.billedTokens],
    hostLoss: [Math.max(0, deliveredTokens - endState.billedTokens)],
    proofs: [run.steps.filter(isProof).length],
    depositUsed: [(grossUnits * BigInt(BPS)) / endState.depositUnits],
    unbilled: deliveredTokens === 0 ? [] : unbilled,
    unbilledShort: deliveredTokens > 0 && isShort ? unbilled : [],
    unbilledMiddle: !isShort && !isLong ? unbilled : [],
    unbilledLong: isLong ? unbilled : [],
  }
}

function isProof({ planned, outcome }: WorldRun['steps'][number]): boolean {
  return planned.action === 'submitProof' && outcome.accepted
}

function sharesOf({ discovery, endState, milestones }: WorldRun): RunFacts['shares'] {
  const searched = (outcome: string) =>
    discovery.outcome === null ? null : discovery.outcome === outcome
  const ended = (state: string) => (milestones.settledMs === null ? null : endState.state === state)
  return {
    found: searched('found'),
    noActiveHost: searched('no-active-host'),
    noHostWithModel: searched('no-host-with-model'),
    discoveryFailed: searched('discovery-failed'),
    completed: ended('Completed'),
    timedOut: ended('TimedOut'),
    abandoned: ended('Abandoned'),
    depositUsedUp: milestones.createdMs === null ? null : milestones.userReason === 'deposit-used',
  }
}

/** The facts of a run; with `hasCourse`, the course of its exposures over time as well. */
export function runFactsOf(run: WorldRun, hasCourse: boolean): RunFacts {
  const { endState, milestones, exposure, priceUnits } = run
  const { paidHostUnits, paidTreasuryUnits, refundedUnits, escrowUnits } = endState
  const outUnits = paidHostUnits + paidTreasuryUnits + refundedUnits + escrowUnits
  const grossUnits = endState.hostUnits + endState.treasuryUnits
  const tokens = Math.max(intervalTokens(run), lossBoundTokens(run))
  const lastMs = run.steps.at(-1)?.includedMs ?? 0
  return {
    ...{ run: run.run, hash: run.hash, grossUnits, platformUnits: endState.treasuryUnits },
    isStarted: milestones.createdMs !== null,
    isSettled: milestones.settledMs !== null,
    isOver: isFinished(run),
    endMs: milestones.overMs ?? lastMs,
    stages: stageSamples(run),
    leakage: leakageFacts(run),
    payer: { ...courseOf(exposure, 'payerUnits', hasCourse), boundUnits: 0n },
    provider: {
      ...courseOf(exposure, 'providerUnits', hasCourse),
      boundUnits: BigInt(tokens) * priceUnits,
    },
    residualUnits: endState.depositUnits - outUnits,
    token: run.agreements[0]?.token ?? '',
    protectedUnits: milestones.settledMs === null ? null : grossUnits,
    ...paidTransactions(run.transactions),
    judgements: judgementFacts(tokenJobWorldInvariants, run),
    samples: samplesOf(run),
    shares: sharesOf(run),
  }
}
