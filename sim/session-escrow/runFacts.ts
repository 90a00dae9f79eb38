/**
 * What statistics need to know of one run of the world: numbers, small enough to keep by the
 * thousand, and exact, so that they add up to the same whatever their order.
 *
 * Everything is derived from a `WorldRun`; nothing here runs or draws. Gas is not known here: the
 * facts say which transactions were included at which price, and a table of measured gas turns
 * that into costs.
 */
import { type Fault, faultEndMs } from '../faults/fault.ts'
import { leakageBoundMs, providerBoundMs } from './allowance.ts'
import { type Course, courseOf } from './exposureCourse.ts'
import { sessionEscrowWorldInvariants } from './worldInvariants.ts'
import type { WorldRun } from './worldRun.ts'

/** Stages of a session that take time, as reports name them. */
export const STAGES = [
  'submit → included',
  'submit → confirmed',
  'drop → detected',
  'detected → stopped',
  'end → settled',
  'end → refunded',
] as const
export type Stage = (typeof STAGES)[number]

export interface StageSample {
  readonly stage: Stage
  readonly beginMs: number
  /** Null when it did not end well. */
  readonly durationMs: number | null
  /** Of one that did not end: whether it never can, or the run was over before it could. */
  readonly outcome: 'ended' | 'failed' | 'undecided'
}

export interface JudgementFacts {
  readonly id: string
  readonly witnesses: number
  /** Null when the claim held. */
  readonly evidence: string | null
  readonly observed: number | null
  readonly bound: number | null
}

/** Charged after the drop, by cause; the four add up to `postDropMs`. */
export interface LeakageFacts {
  readonly postDropMs: number
  readonly detectionMs: number
  readonly relayMs: number
  readonly inclusionMs: number
  readonly roundingMs: number
  /** Most that the parameters allow. */
  readonly allowanceMs: number
}

/** The value at risk of one side. */
export interface ExposureFacts extends Course {
  readonly boundUnits: bigint
}

export interface RunFacts {
  readonly run: number
  /** Fingerprint of the whole run. */
  readonly hash: string
  readonly isStarted: boolean
  readonly isSettled: boolean
  /** Stopped for silence although no side was gone for the silence timeout. */
  readonly isFalseStop: boolean
  /** When all tokens had left the escrow, else when the run ended. */
  readonly endMs: number
  readonly isOver: boolean
  readonly stages: readonly StageSample[]
  /** Of sessions that a drop ended. */
  readonly leakage: LeakageFacts | null
  readonly deliveredMs: number
  readonly billedMs: number
  readonly unbilledMs: number
  /** Billed while the service was interrupted. */
  readonly interruptionMs: number
  readonly payer: ExposureFacts
  readonly provider: ExposureFacts
  readonly grossUnits: bigint
  readonly platformUnits: bigint
  /** What came in less what went out and less what is still there; must be 0. */
  readonly residualUnits: bigint
  readonly token: string
  /** Included transactions of the parties by action, refused ones as `action!error`. */
  readonly transactions: Readonly<Record<string, number>>
  /** Sum of base fee and tip of these transactions, in wei for one gas. */
  readonly pricesWei: Readonly<Record<string, bigint>>
  readonly judgements: readonly JudgementFacts[]
}

function span(stage: Stage, beginMs: number | null, endMs: number | null, run: WorldRun) {
  if (beginMs === null) return []
  const isOver = run.milestones.overMs !== null
  if (endMs === null) {
    const outcome = isOver ? ('failed' as const) : ('undecided' as const)
    return [{ stage, beginMs, durationMs: null, outcome }]
  }
  const durationMs = Math.max(0, endMs - beginMs)
  return [{ stage, beginMs, durationMs, outcome: 'ended' as const }]
}

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
  return [
    ...run.transactions.flatMap(({ submittedMs, includedMs, confirmedMs }) => [
      ...span('submit → included', submittedMs, includedMs, run),
      ...span('submit → confirmed', submittedMs, confirmedMs, run),
    ]),
    ...span('drop → detected', dropMs, detectedMs, run),
    ...span('detected → stopped', isStarted ? detectedMs : null, stopIncludedMs, run),
    ...span('end → settled', endMs, settledMs, run),
    ...span('end → refunded', isRefundDue ? endMs : null, refundedMs, run),
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
  const allowanceMs = leakageBoundMs(run)
  return { postDropMs, detectionMs, relayMs, inclusionMs, roundingMs, allowanceMs }
}

function costs(run: WorldRun) {
  const transactions: Record<string, number> = {}
  const pricesWei: Record<string, bigint> = {}
  for (const { sender, action, includedMs, accepted, error, ...fee } of run.transactions) {
    if (sender === 'stranger' || includedMs === null) continue
    const key = accepted === false ? `${action}!${error ?? 'reverted'}` : action
    transactions[key] = (transactions[key] ?? 0) + 1
    pricesWei[key] = (pricesWei[key] ?? 0n) + fee.baseFeeWei + fee.tipWei
  }
  return { transactions, pricesWei }
}

function judgements(run: WorldRun): readonly JudgementFacts[] {
  return sessionEscrowWorldInvariants.map(({ id, judge }) => {
    const { witnesses, violation, observed, bound } = judge(run)
    const evidence = violation?.evidence ?? null
    return { id, witnesses, evidence, observed: observed ?? null, bound: bound ?? null }
  })
}

/** The facts of a run; with `hasCourse`, the course of its exposures over time as well. */
export function runFactsOf(run: WorldRun, hasCourse: boolean): RunFacts {
  const { endState, leakage, milestones, exposure } = run
  const judged = judgements(run)
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
    isFalseStop: isFalseStop(run),
    isOver: milestones.overMs !== null,
    endMs: milestones.overMs ?? lastMs,
    stages: stageSamples(run),
    leakage: leakageFacts(run),
    deliveredMs: run.deliveredMs,
    billedMs: leakage.billedMs,
    unbilledMs: leakage.unbilledMs,
    interruptionMs: leakage.interruptionMs,
    payer: { ...courseOf(exposure, 'payerUnits', hasCourse), boundUnits: BigInt(payerBound) },
    provider: { ...courseOf(exposure, 'providerUnits', hasCourse), boundUnits: providerUnits },
    residualUnits: endState.depositUnits - outUnits,
    token: run.agreements[0]?.token ?? '',
    ...costs(run),
    judgements: judged,
  }
}
