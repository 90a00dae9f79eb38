/**
 * The facts of one run of withdrawal, for statistics; `sim/world/facts.ts` says what they are.
 *
 * Everything is derived from a `WorldRun`; nothing here runs or draws. The provider's side are the
 * teachers, who gave the lessons; the payer's side is the bank, which pays them. Nothing is charged
 * for time, so there is no leakage.
 */
import { maxBig } from '../../models/kit/money.ts'
import {
  chainSamples,
  judgementFacts,
  paidTransactions,
  stageSample,
} from '../world/deriveFacts.ts'
import { courseOf } from '../world/exposureCourse.ts'
import type { RunFacts, StageSample } from '../world/facts.ts'
import { TEACHERS } from './actors.ts'
import { backFromMs, earnedUnitsBy, isAnswered, teacherBoundUnits } from './allowance.ts'
import { ledgerOf, paidUnitsBy } from './ledger.ts'
import { withdrawalWorldInvariants } from './worldInvariants.ts'
import type { Course, WorldRun } from './worldRun.ts'

export const STAGES = {
  decision: 'requested → approved',
  banking: 'approved → completed',
  settlement: 'completed → paid',
  payout: 'requested → paid',
  failure: 'unpayable → on account',
  exit: 'wanted back → on account',
} as const

function isOver({ courses }: WorldRun): boolean {
  return courses.every(({ requestedMs, end }) => requestedMs === null || end !== null)
}

/** Times of one withdrawal; what was rejected or taken back was not meant to be paid any more. */
function samplesOfCourse(run: WorldRun, course: Course): readonly StageSample[] {
  const { requestedMs, approvedMs, unpayableMs, endedMs, end, paidMs, impatientMs } = course
  const stage = (name: string, beginMs: number | null, endMs: number | null) =>
    stageSample(name, { beginMs, endMs }, true)
  const completedMs = end === 'Completed' ? endedMs : null
  const isGivenBack = end !== null && end !== 'Completed'
  const wasDecided = approvedMs !== null || !isGivenBack
  const isMeant = requestedMs !== null && !isGivenBack
  // As described the bank pays first, and there is nothing left to wait for.
  const isPaidFirst = paidMs !== null && completedMs !== null && paidMs <= completedMs
  const wantsMs = impatientMs === null || completedMs !== null ? null : backFromMs(run, course)
  return [
    ...stage(STAGES.decision, wasDecided ? requestedMs : null, approvedMs),
    ...stage(STAGES.banking, isGivenBack ? null : approvedMs, completedMs),
    ...stage(STAGES.settlement, isPaidFirst ? null : completedMs, paidMs),
    ...stage(STAGES.payout, isMeant ? requestedMs : null, paidMs),
    ...stage(STAGES.failure, unpayableMs, isGivenBack ? endedMs : null),
    ...stage(STAGES.exit, wantsMs, endedMs),
  ]
}

/** Whether the time was up for something that the bank would have paid. */
function hasTimedOut(run: WorldRun, course: Course): boolean {
  return course.end === 'Cancelled' && course.approvedMs !== null && isAnswered(run, course)
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, units) => total + units, 0n)
}

/** Paid out beyond what a teacher had earned. */
function overpaidUnits(run: WorldRun): bigint {
  const { nowMs } = run.endState
  return sum(
    TEACHERS.map((_, teacher) => {
      const earnedUnits = earnedUnitsBy(run, teacher, nowMs)
      return maxBig(0n, paidUnitsBy(run, nowMs, teacher) - earnedUnits)
    }),
  )
}

function samplesOf(run: WorldRun): RunFacts['samples'] {
  const { courses, parameters, endState } = run
  const requested = courses.filter(({ requestedMs }) => requestedMs !== null)
  if (requested.length === 0) return {}
  const unitsOf = (counts: (course: Course) => boolean) =>
    sum(requested.filter(counts).map(({ amountUnits }) => amountUnits))
  const minimumUnits = BigInt(parameters.minimumUnits as number)
  const small = endState.availableUnits.filter((units) => units < minimumUnits)
  return {
    requests: [requested.length],
    paidUnits: [paidUnitsBy(run, endState.nowMs)],
    overpaidUnits: [overpaidUnits(run)],
    timedOutUnits: [unitsOf((course) => hasTimedOut(run, course))],
    stuckUnits: [unitsOf(({ end }) => end === null)],
    unpaidUnits: [unitsOf(({ end, paidMs }) => end === 'Completed' && paidMs === null)],
    strandedUnits: [sum(small)],
  }
}

function sharesOf(run: WorldRun): RunFacts['shares'] {
  const { courses, payments } = run
  const requested = courses.filter(({ requestedMs }) => requestedMs !== null)
  const some = (is: (course: Course) => boolean) =>
    requested.length === 0 ? null : requested.some(is)
  const isPaidAgain = ({ index }: Course) =>
    payments.filter(({ withdrawal }) => withdrawal === index).length > 1
  return {
    allPaid: requested.length === 0 ? null : requested.every(({ paidMs }) => paidMs !== null),
    rejected: some(({ end }) => end === 'Rejected'),
    failed: some(({ end }) => end === 'Failed'),
    takenBack: some(({ end }) => end === 'Cancelled'),
    timedOut: some((course) => hasTimedOut(run, course)),
    stuck: some(({ end }) => end === null),
    paidTwice: payments.length === 0 ? null : courses.some(isPaidAgain),
    overpaid: payments.length === 0 ? null : overpaidUnits(run) > 0n,
    bankDefaulted: some(({ end, paidMs }) => end === 'Completed' && paidMs === null),
  }
}

/** The facts of a run; with `hasCourse`, the course of its exposures over time as well. */
export function runFactsOf(run: WorldRun, hasCourse: boolean): RunFacts {
  const { endState, courses, exposure } = run
  const { bankUnits, platformUnits, escrowUnits, creditedUnits } = endState
  const netUnits = sum(ledgerOf(run).at(-1)?.netUnits ?? [])
  const ends = courses.flatMap(({ endedMs, paidMs }) => [endedMs ?? 0, paidMs ?? 0])
  return {
    ...{ run: run.run, hash: run.hash, grossUnits: creditedUnits },
    platformUnits: creditedUnits - netUnits,
    isStarted: courses.some(({ requestedMs }) => requestedMs !== null),
    isSettled: isOver(run),
    isOver: isOver(run),
    endMs: Math.max(run.steps.at(-1)?.includedMs ?? 0, ...ends),
    stages: [
      ...chainSamples(run.transactions, true),
      ...courses.flatMap((course) => samplesOfCourse(run, course)),
    ],
    leakage: null,
    payer: { ...courseOf(exposure, 'payerUnits', hasCourse), boundUnits: 0n },
    provider: {
      ...courseOf(exposure, 'providerUnits', hasCourse),
      boundUnits: teacherBoundUnits(run),
    },
    residualUnits: creditedUnits - bankUnits - platformUnits - escrowUnits,
    token: run.agreements[0]?.token ?? '',
    protectedUnits: null,
    ...paidTransactions(run.transactions),
    judgements: judgementFacts(withdrawalWorldInvariants, run),
    samples: samplesOf(run),
    shares: sharesOf(run),
  }
}
