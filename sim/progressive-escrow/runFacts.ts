/**
 * The facts of one run of progressive-escrow, for statistics; see `sim/world/facts.ts` for what
 * they are.
 *
 * Everything is derived from a `WorldRun`; nothing here runs or draws.
 */
import { chainSamples, paidTransactions, stageSample } from '../world/deriveFacts.ts'
import { courseOf } from '../world/exposureCourse.ts'
import type { JudgementFacts, LeakageFacts, RunFacts, StageSample } from '../world/facts.ts'
import { leakageBoundMs, providerBoundMs, toleratedMs } from './allowance.ts'
import {
  isFalsePause,
  missedHeartbeatsBps,
  pauseCounts,
  protectedUnits,
  releasesOf,
  timeoutPauses,
} from './pace.ts'
import { progressiveEscrowWorldInvariants } from './worldInvariants.ts'
import type { WorldRun } from './worldRun.ts'

function isCompleted({ milestones }: WorldRun): boolean {
  return milestones.ending === 'complete' || milestones.ending === 'autoComplete'
}

/** When the first side left the call of a session that ran. */
function endOfCallMs({ milestones }: WorldRun): number | null {
  if (milestones.startedMs === null) return null
  const { student, mentor } = milestones.endedMs
  const endedMs = Math.min(student ?? Number.POSITIVE_INFINITY, mentor ?? Number.POSITIVE_INFINITY)
  return Number.isFinite(endedMs) ? endedMs : null
}

function releaseSamples(run: WorldRun, isOver: boolean): readonly StageSample[] {
  const releases = run.steps.filter(
    ({ planned, outcome }) => planned.action === 'release' && outcome.accepted,
  )
  return run.releaseDueMs.flatMap((beginMs, index) => {
    const nextMs = run.releaseDueMs[index + 1] ?? Number.POSITIVE_INFINITY
    const endMs = releases.find(
      ({ includedMs }) => includedMs >= beginMs && includedMs < nextMs,
    )?.includedMs
    return stageSample('due → released', { beginMs, endMs: endMs ?? null }, isOver)
  })
}

function stageSamples(run: WorldRun): readonly StageSample[] {
  const { finalMs, refundedMs, overMs } = run.milestones
  const isOver = overMs !== null
  const endMs = endOfCallMs(run)
  const isRefundDue = !isOver || run.endState.refundedUnits > 0n
  const stage = (name: string, beginMs: number | null, until: number | null) =>
    stageSample(name, { beginMs, endMs: until }, isOver)
  const pauses = timeoutPauses(run)
  return [
    ...chainSamples(run.transactions, isOver),
    ...pauses.flatMap(({ dropMs, pausedMs }) => stage('drop → paused', dropMs, pausedMs)),
    ...pauses.flatMap(({ backMs, resumedMs }) => stage('back → resumed', backMs, resumedMs)),
    ...releaseSamples(run, isOver),
    ...stage('end → completed', endMs, finalMs),
    ...stage('end → refunded', isRefundDue ? endMs : null, refundedMs),
  ]
}

/** Of sessions whose service ended before the agreed time: what was paid after it. */
function leakageFacts(run: WorldRun): LeakageFacts | null {
  const { leakage, durationSeconds, deliveredMs } = run
  if (!isCompleted(run) || deliveredMs === 0) return null
  if (leakage.postDropMs === 0 && leakage.billedMs === durationSeconds * 1000) return null
  const { postDropMs, toleranceMs, pausingMs, completionMs } = leakage
  return {
    postDrop: postDropMs,
    causes: { tolerance: toleranceMs, pausing: pausingMs, completion: completionMs },
    allowance: leakageBoundMs(run),
  }
}

/** Part of the bill in which there was no service, in basis points, rounded down. */
function stallBps({ leakage }: WorldRun): readonly number[] {
  const { gapsMs, billedMs } = leakage
  if (billedMs === 0) return []
  const stalledMs = gapsMs.reduce((sum, gapMs) => sum + gapMs, 0)
  return [Math.min(10_000, Math.floor((stalledMs * 10_000) / billedMs))]
}

function judgements(run: WorldRun): readonly JudgementFacts[] {
  return progressiveEscrowWorldInvariants.map(({ id, judge }) => {
    const { witnesses, violation, observed, bound } = judge(run)
    const evidence = violation?.evidence ?? null
    return { id, witnesses, evidence, observed: observed ?? null, bound: bound ?? null }
  })
}

function samplesOf(run: WorldRun): RunFacts['samples'] {
  const { paidPlatformUnits } = run.endState
  const isStarted = run.milestones.startedMs !== null
  const pauses = pauseCounts(run)
  const releases = releasesOf(run)
  return {
    unbilled: isCompleted(run) ? [run.leakage.unbilledMs] : [],
    stall: stallBps(run),
    missedHeartbeats: missedHeartbeatsBps(run),
    manualPauses: isStarted ? [pauses.manual] : [],
    timeoutPauses: isStarted ? [pauses.timeout] : [],
    resumptions: isStarted ? [pauses.resumed] : [],
    releases: releases === null ? [] : [releases.count],
    releasedBefore: releases?.beforeBps ?? [],
    releaseInterval: releases?.gapsMs ?? [],
    platformFee: isCompleted(run) ? [paidPlatformUnits] : [],
  }
}

/** The facts of a run; with `hasCourse`, the course of its exposures over time as well. */
export function runFactsOf(run: WorldRun, hasCourse: boolean): RunFacts {
  const { endState, milestones, exposure, durationSeconds } = run
  const grossUnits = endState.paidMentorUnits + endState.paidPlatformUnits
  const outUnits = grossUnits + endState.refundedUnits + endState.escrowUnits
  const units = (ms: number): bigint =>
    (BigInt(ms) * endState.totalUnits) / (BigInt(durationSeconds) * 1000n)
  const isCreated = milestones.createdMs !== null
  const is = (ending: string): boolean | null => (isCreated ? milestones.ending === ending : null)
  const isStarted = milestones.startedMs !== null
  return {
    ...{ run: run.run, hash: run.hash, grossUnits, platformUnits: endState.paidPlatformUnits },
    ...{ isStarted, isSettled: isCompleted(run), isOver: milestones.overMs !== null },
    endMs: milestones.overMs ?? run.steps.at(-1)?.includedMs ?? 0,
    stages: stageSamples(run),
    leakage: leakageFacts(run),
    payer: {
      ...courseOf(exposure, 'payerUnits', hasCourse),
      boundUnits: units(toleratedMs(run)),
    },
    provider: {
      ...courseOf(exposure, 'providerUnits', hasCourse),
      boundUnits: units(providerBoundMs(run)),
    },
    residualUnits: endState.totalUnits - outUnits,
    token: run.agreements[0]?.token ?? '',
    protectedUnits: protectedUnits(run),
    ...paidTransactions(run.transactions),
    judgements: judgements(run),
    samples: samplesOf(run),
    shares: {
      completed: is('complete'),
      autoCompleted: is('autoComplete'),
      cancelled: is('cancel'),
      falsePause: isStarted ? isFalsePause(run) : null,
    },
  }
}
