/**
 * The facts of one run of session-escrow, for statistics; `sim/world/facts.ts` says what they are.
 *
 * Everything is derived from a `WorldRun`; nothing here runs or draws.
 */
import { type Fault, faultEndMs } from '../faults/fault.ts'
import {
  chainSamples,
  judgementFacts,
  paidTransactions,
  stageSample,
} from '../world/deriveFacts.ts'
import { courseOf } from '../world/exposureCourse.ts'
import type { LeakageFacts, RunFacts, StageSample } from '../world/facts.ts'
import { leakageBoundMs, providerBoundMs } from './allowance.ts'
import { sessionEscrowWorldInvariants } from './worldInvariants.ts'
import type { WorldRun } from './worldRun.ts'

/** Whether a drop ended the session: the silence was noticed after the last instant of service. */
function isDropped({ milestones }: WorldRun): boolean {
  const { startedMs, servedUntilMs, detectedMs, stopReason } = milestones
  if (startedMs === null || servedUntilMs === null || stopReason !== 'silence') return false
  return detectedMs === null || detectedMs > servedUntilMs
}

/** When the session's service ended; of a session without service, when a client gave it up. */
function endOfCallMs({ milestones }: WorldRun): number | null {
  if (milestones.startedMs === null) return null
  const { student, tutor } = milestones.endedMs
  const endedMs = Math.min(student ?? Number.POSITIVE_INFINITY, tutor ?? Number.POSITIVE_INFINITY)
  return milestones.servedUntilMs ?? (Number.isFinite(endedMs) ? endedMs : null)
}

function stageSamples(run: WorldRun): readonly StageSample[] {
  const { detectedMs, servedUntilMs, stopIncludedMs, settledMs, refundedMs } = run.milestones
  const dropMs = isDropped(run) ? servedUntilMs : null
  const endMs = endOfCallMs(run)
  const isStarted = run.milestones.startedMs !== null
  // Of a session that used all of its deposit there is nothing to refund.
  const isRefundDue = run.milestones.overMs === null || run.endState.refundedUnits > 0n
  const isOver = run.milestones.overMs !== null
  const stage = (name: string, beginMs: number | null, until: number | null) =>
    stageSample(name, { beginMs, endMs: until }, isOver)
  return [
    ...chainSamples(run.transactions, isOver),
    ...stage('drop → detected', dropMs, detectedMs),
    ...stage('detected → stopped', isStarted ? detectedMs : null, stopIncludedMs),
    ...stage('end → settled', endMs, settledMs),
    ...stage('end → refunded', isRefundDue ? endMs : null, refundedMs),
  ]
}

const isOutage = ({ kind, target }: Fault) =>
  (kind === 'link-down' || kind === 'process-crash') && /^(student|tutor)/.test(target)

/** No side was out of reach for as long as the silence timeout when the stop was decided. */
function isFalseStop(run: WorldRun): boolean {
  const { startedMs, stopReason, detectedMs, servedUntilMs } = run.milestones
  if (startedMs === null || stopReason !== 'silence' || detectedMs === null) return false
  const timeoutMs = (run.parameters.silenceTimeoutSeconds as number) * 1000
  const fromMs = Math.min(servedUntilMs ?? startedMs, detectedMs - timeoutMs)
  return !run.faults.some((fault) => {
    const isNear = fault.atMs <= detectedMs && faultEndMs(fault) >= fromMs
    return isOutage(fault) && isNear && fault.durationMs >= timeoutMs
  })
}

function leakageFacts(run: WorldRun): LeakageFacts | null {
  if (!isDropped(run) || run.milestones.settledMs === null) return null
  const { postDropMs, detectionMs, relayMs, inclusionMs, roundingMs } = run.leakage
  return {
    postDrop: postDropMs,
    causes: {
      detection: detectionMs,
      relay: relayMs,
      inclusion: inclusionMs,
      rounding: roundingMs,
    },
    allowance: leakageBoundMs(run),
  }
}

/** Part of the bill in which the service was interrupted, in basis points, rounded down. */
function stallBps({ leakage }: WorldRun): readonly number[] {
  const { interruptionMs, billedMs } = leakage
  if (billedMs === 0) return []
  return [Math.min(10_000, Math.floor((interruptionMs * 10_000) / billedMs))]
}

/** The facts of a run; with `hasCourse`, the course of its exposures over time as well. */
export function runFactsOf(run: WorldRun, hasCourse: boolean): RunFacts {
  const { endState, leakage, milestones, exposure } = run
  const judged = judgementFacts(sessionEscrowWorldInvariants, run)
  const rateUnits = run.agreements[0]?.terms.ratePerSecondUnits as bigint
  const grossUnits = endState.paidTutorUnits + endState.paidPlatformUnits
  const outUnits = grossUnits + endState.refundedUnits + endState.escrowUnits
  const payerBound = judged.find(({ id }) => id === 'INV-W-PAYER-EXPOSURE')?.bound ?? 0
  const providerUnits = (BigInt(providerBoundMs(run)) * rateUnits) / 1000n
  const lastMs = run.steps.at(-1)?.includedMs ?? 0
  return {
    ...{ run: run.run, hash: run.hash, grossUnits, platformUnits: endState.paidPlatformUnits },
    isStarted: milestones.startedMs !== null,
    isSettled: milestones.settledMs !== null,
    isOver: milestones.overMs !== null,
    endMs: milestones.overMs ?? lastMs,
    stages: stageSamples(run),
    leakage: leakageFacts(run),
    payer: { ...courseOf(exposure, 'payerUnits', hasCourse), boundUnits: BigInt(payerBound) },
    provider: { ...courseOf(exposure, 'providerUnits', hasCourse), boundUnits: providerUnits },
    residualUnits: endState.depositUnits - outUnits,
    token: run.agreements[0]?.token ?? '',
    protectedUnits: null,
    ...paidTransactions(run.transactions),
    judgements: judged,
    samples: {
      unbilled: milestones.settledMs === null ? [] : [leakage.unbilledMs],
      stall: stallBps(run),
    },
    shares: { falseStop: milestones.startedMs === null ? null : isFalseStop(run) },
  }
}
