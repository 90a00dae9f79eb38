/**
 * The facts of one run of attendance-hold, for statistics; `sim/world/facts.ts` says what they are.
 *
 * Everything is derived from a `WorldRun`; nothing here runs or draws. Nothing is charged after the
 * lesson, as a hold is paid whole or not at all: there is no leakage. What the records protect is
 * the price of a lesson that they kept from being paid.
 */
import { attendanceOf, presenceSeconds } from '../../models/attendance-hold/attendanceReducer.ts'
import { maxBig } from '../../models/kit/money.ts'
import {
  chainSamples,
  judgementFacts,
  paidTransactions,
  stageSample,
} from '../world/deriveFacts.ts'
import { courseOf } from '../world/exposureCourse.ts'
import type { RunFacts, StageSample } from '../world/facts.ts'
import { dueRelease, lengthRange, mayResolveMs } from './allowance.ts'
import { taughtUnits } from './exposure.ts'
import * as truth from './truth.ts'
import { attendanceHoldWorldInvariants } from './worldInvariants.ts'
import type { WorldRun } from './worldRun.ts'

export const STAGES = {
  record: 'came → recorded',
  finish: 'lesson over → finished',
  decision: 'finished → decided',
  release: 'may be decided → decided',
  payout: 'lesson over → paid',
} as const

const SECOND_MS = 1000
const BPS = 10_000

/** All is over, or nothing was ever bought. */
function isFinished({ milestones }: WorldRun): boolean {
  return milestones.overMs !== null || milestones.purchasedMs === null
}

function stageSamples(run: WorldRun): readonly StageSample[] {
  const { cameMs, closedMs, finishedMs, resolvedMs, overMs } = run.milestones
  const isOver = isFinished(run)
  const stage = (name: string, beginMs: number | null, endMs: number | null) =>
    stageSample(name, { beginMs, endMs }, isOver)
  const records = run.steps.find(
    ({ planned, outcome }) => planned.action === 'recordAttendance' && outcome.accepted,
  )
  // A hold that was resolved before its lesson was over is not the payout of that lesson.
  const isInOrder = resolvedMs === null || closedMs === null || closedMs <= resolvedMs
  return [
    ...chainSamples(run.transactions, isOver),
    ...(truth.presentMs(run) > 0 ? stage(STAGES.record, cameMs, records?.includedMs ?? null) : []),
    ...(isInOrder ? stage(STAGES.finish, closedMs, finishedMs) : []),
    ...stage(STAGES.decision, finishedMs, resolvedMs),
    ...(run.milestones.purchasedMs === null
      ? []
      : stage(STAGES.release, mayResolveMs(run), resolvedMs)),
    ...(isInOrder ? stage(STAGES.payout, closedMs, overMs) : []),
  ]
}

/** Presence that the call platform told of sooner or later, and that was not recorded. */
function unrecordedSeconds(run: WorldRun): number {
  const { startsAtSeconds, events, endState } = run
  const told = events.filter(({ isLost }) => !isLost)
  const present = truth.countedSides(run)
  const { records } = attendanceOf(told, { startsAtSeconds, present })
  return Math.max(0, presenceSeconds(records) - endState.attendedSeconds)
}

/** How far presence was from the threshold of the lesson as it was. */
function distanceMs(run: WorldRun): number {
  const { leastMs, mostMs } = lengthRange(run)
  const middleMs = (leastMs + mostMs) / 2
  const dueMs = (middleMs * truth.seconds(run, 'attendanceThresholdBps')) / BPS
  return Math.round(Math.abs(truth.presentMs(run) - dueMs))
}

/** Whether who is paid hangs on what the call platform cannot notice, or not tell in time. */
function isNear(run: WorldRun): boolean {
  return dueRelease(run, true) === null
}

/** Whether true presence reaches the threshold of the lesson as it was. */
function deserved(run: WorldRun): boolean {
  const { leastMs, mostMs } = lengthRange(run)
  const thresholdBps = truth.seconds(run, 'attendanceThresholdBps')
  return truth.presentMs(run) * BPS * 2 >= (leastMs + mostMs) * thresholdBps
}

function attempts({ steps }: WorldRun): number {
  const resolves = ['process', 'refundUnfinished']
  return steps.filter(({ planned }) => resolves.includes(planned.action)).length
}

function samplesOf(run: WorldRun): RunFacts['samples'] {
  const { milestones, endState, priceUnits, events, served } = run
  const { resolvedMs, resolution } = milestones
  if (resolvedMs === null) return {}
  const presentMs = truth.presentMs(run)
  const recordedMs = truth.recordedMs(run)
  const isReleased = resolution === 'release'
  const taught = taughtUnits({ priceUnits, bookedMs: truth.bookedMs(run), served }, resolvedMs)
  return {
    present: [Math.round(presentMs / SECOND_MS)],
    attended: [endState.attendedSeconds],
    missing: [Math.max(0, Math.round((presentMs - recordedMs) / SECOND_MS))],
    surplus: [Math.max(0, Math.round((recordedMs - presentMs) / SECOND_MS))],
    unrecorded: [unrecordedSeconds(run)],
    distance: [Math.round(distanceMs(run) / SECOND_MS)],
    jump: [isNear(run) ? priceUnits : 0n],
    paidUntaught: [isReleased ? maxBig(0n, priceUnits - taught) : 0n],
    taughtUnpaid: [isReleased ? 0n : taught],
    records: [endState.intervals],
    attempts: [attempts(run)],
    copies: [events.reduce((sum, { arrivals }) => sum + Math.max(0, arrivals - 1), 0)],
    forged: [run.forgedCount],
  }
}

/** Who resolved the hold: a keeper or a side. */
function resolvedBy({ steps }: WorldRun): string | null {
  const step = steps.find(({ edge }) => /^Held\|.*\|(Released|Refunded)$/.test(edge))
  return step?.planned.by ?? null
}

function sharesOf(run: WorldRun): RunFacts['shares'] {
  const { resolution, resolvedMs, purchasedMs } = run.milestones
  const resolved = (is: boolean) => (resolvedMs === null ? null : is)
  const isReleased = resolution === 'release'
  return {
    released: resolved(isReleased),
    refunded: resolved(resolution === 'refund'),
    unfinished: resolved(resolution === 'unfinished'),
    stuck: purchasedMs === null ? null : resolvedMs === null,
    wrong: resolved(isReleased !== deserved(run)),
    near: resolved(isNear(run)),
    alone: resolved(resolvedBy(run) !== 'keeper'),
    untaught: resolved(isReleased && run.served.length === 0),
  }
}

/** The facts of a run; with `hasCourse`, the course of its exposures over time as well. */
export function runFactsOf(run: WorldRun, hasCourse: boolean): RunFacts {
  const { endState, milestones, exposure, priceUnits } = run
  const { studentUnits, teacherUnits, referrerUnits, platformUnits } = endState
  const commissionUnits = referrerUnits + platformUnits
  const grossUnits = teacherUnits + commissionUnits
  const outUnits = grossUnits + studentUnits - endState.unclaimedUnits
  const isResolved = milestones.resolvedMs !== null
  const keptUnits = milestones.resolution === 'refund' ? priceUnits : 0n
  return {
    ...{ run: run.run, hash: run.hash, grossUnits, platformUnits: commissionUnits },
    isStarted: milestones.purchasedMs !== null,
    isSettled: isResolved,
    isOver: isFinished(run),
    endMs: milestones.overMs ?? run.steps.at(-1)?.includedMs ?? 0,
    stages: stageSamples(run),
    leakage: null,
    payer: { ...courseOf(exposure, 'payerUnits', hasCourse), boundUnits: priceUnits },
    provider: { ...courseOf(exposure, 'providerUnits', hasCourse), boundUnits: priceUnits },
    residualUnits: endState.heldUnits - outUnits - endState.escrowUnits,
    token: run.agreements[0]?.token ?? '',
    protectedUnits: isResolved ? keptUnits : null,
    ...paidTransactions(run.transactions),
    judgements: judgementFacts(attendanceHoldWorldInvariants, run),
    samples: samplesOf(run),
    shares: sharesOf(run),
  }
}
