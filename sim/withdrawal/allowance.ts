/**
 * The bounds that follow from the parameters, the chain and the faults of a run. The claims in
 * `worldInvariants.ts` and `timeInvariants.ts` judge runs by them. I is the inclusion of a bid that
 * keeps being raised, and `lost` the time that faults take from somebody within a span, tails
 * included (`sim/world/promptness.ts`). Who sends one call after another takes I for each of them,
 * so that a call is in after
 *
 *     calls(actor, span) = lost + (1 + own calls included within the span) · I             (C)
 *
 * Money, hardened. The bank orders a payment only when it has read, with as many confirmations as
 * undo anything, that the tokens are its own; under one key for each attempt, and starts another
 * attempt only when the last one has come back. So at every payment
 *
 *     paid ≤ tokens of the bank = Σ completed ≤ net earned,   each withdrawal at most once   (M)
 *
 * whatever is lost, copied, late or undone, and what was given back was never completed. Nothing on
 * the chain makes a bank that has the tokens pay: that it does is assumed where a time is claimed,
 * and a teacher can lose what it has asked for, never more. As described nothing is reserved, an
 * order has no key and comes before the tokens: judged by the same bounds it fails.
 *
 * The way back. Wanted at w and approved at a (if it was): the contract lets the teacher have its
 * money back from max(w, a + timeout) on, the teacher's clock says so later by what it is behind
 * and what a timer drifts, and its call takes (C):
 *
 *     ended ≤ max(w, a + timeout) + behind + drift(timeout) + calls(teacher)                 (X)
 *
 * As described there is no such call. What the bank cannot pay, and knows at u, is back at
 * u + calls(bank); and who asks again for money that is back at b has asked by b + calls(teacher).
 *
 * The way to the bank account, hardened, with a bank that answers. Let w(t) be the first time from
 * t on at which an admin is at work by its clock, however wrong that is within the run. It sees the
 * request when it is at work, thinks, and decides at work; either of two who agree will do:
 *
 *     decided  ≤ min over admins of w(w(requested + lost) + think + lost)
 *     approved ≤ decided + calls(admin)
 *     complete ≤ approved + check + lateness + calls(bank)
 *     paid     ≤ complete + I (confirmations) + settlement · (1 + returns) + lateness · returns
 *
 * and what crashes and delayed messages take: a question that got lost is asked again after an hour
 * at most, and its answer takes as long as before. Hours that a wrong clock could shrink to nothing
 * give no bound.
 */
import { maxBig } from '../../models/kit/money.ts'
import { offsetRange, TRUE_CLOCK } from '../clocks.ts'
import type { Span } from '../links.ts'
import { behindMs, driftMs, inclusionBoundMs, lostMs } from '../world/promptness.ts'
import { ADMINS, TEACHERS } from './actors.ts'
import { AGAIN_MOST_MS } from './bank.ts'
import type { RequestBehaviour } from './behaviour.ts'
import { lengthMs, MINUTE_MS, nextAtWorkMs } from './workingHours.ts'
import type { Course, WorldRun } from './worldRun.ts'

const SECOND_MS = 1000
const NEVER = Number.POSITIVE_INFINITY

export function timeoutMs({ parameters }: Pick<WorldRun, 'parameters'>): number {
  return (parameters.processingTimeoutSeconds as number) * SECOND_MS
}

/** (C): time in which a call of somebody is included, from when it is wanted. */
export function callsMs(run: WorldRun, actor: string, span: Span): number {
  const { fromMs, untilMs } = span
  const own = run.steps.filter(({ planned, includedMs }) => {
    return planned.by === actor && includedMs > fromMs && includedMs < untilMs
  })
  return lostMs(run, actor, span) + (1 + own.length) * inclusionBoundMs(run)
}

function teacherOf({ teacher }: Course): string {
  return TEACHERS[teacher] as string
}

/** The time from which on the contract gives the money back to a teacher that wants it. */
export function backFromMs(run: WorldRun, course: Course): number | null {
  const { impatientMs, approvedMs } = course
  if (impatientMs === null) return null
  return approvedMs === null ? impatientMs : Math.max(impatientMs, approvedMs + timeoutMs(run))
}

/** (X) without its first term. */
export function exitBoundMs(run: WorldRun, course: Course, span: Span): number {
  const actor = teacherOf(course)
  const isApproved = course.approvedMs !== null
  const clockMs = isApproved ? behindMs(run, actor, span.untilMs) + driftMs(timeoutMs(run)) : 0
  return clockMs + callsMs(run, actor, span)
}

/** Time after which all requests have ended, when nothing goes wrong any more. */
export function endBoundMs(run: WorldRun, course: Course, span: Span): number {
  const calmly = { ...run, faults: run.faults.filter(({ kind }) => kind.startsWith('clock-')) }
  return exitBoundMs(calmly, course, span) + lastTailMs(run)
}

/** What a fault leaves behind that has just ended: a pause, a bid that is sent again, a reorg. */
function lastTailMs(run: WorldRun): number {
  const deepest = run.faults
    .filter(({ kind }) => kind === 'reorg')
    .reduce((most, { magnitude }) => Math.max(most, magnitude), 0)
  const end = {
    kind: 'rpc-error',
    target: 'platform',
    atMs: 0,
    durationMs: 0,
    magnitude: 1,
  } as const
  const tailMs = lostMs({ ...run, faults: [end] }, 'platform', { fromMs: 0, untilMs: NEVER })
  return tailMs + deepest * run.profile.blockIntervalMs + inclusionBoundMs(run)
}

export function requestOf(run: WorldRun, { index, againOf }: Course): RequestBehaviour {
  return run.behaviour.requests[againOf ?? index] as RequestBehaviour
}

/** What is different in a request that is made again: the teacher has mended what it could. */
function answersOf(run: WorldRun, course: Course) {
  const { answers, isClosed, verdict, returns, ...times } = requestOf(run, course)
  if (course.againOf === null) return { ...times, answers, isClosed, verdict, returns }
  return { ...times, answers: 'once', isClosed: false, verdict: 'approve', returns: 0 } as const
}

/** Whether bank and admins do for this withdrawal what they are there for. */
export function isAnswered(run: WorldRun, course: Course): boolean {
  const { answers, isClosed } = answersOf(run, course)
  return answers !== 'never' && answers !== 'mute' && !isClosed && course.end !== 'Rejected'
}

/** w: the first true time from which on an admin is surely at work. */
function surelyAtWorkMs(run: WorldRun, admin: number, fromMs: number, untilMs: number): number {
  const hours = admin === 0 ? run.behaviour.admin0 : run.behaviour.admin1
  const spec = run.clocks[ADMINS[admin] as string] ?? TRUE_CLOCK
  const { leastMs, mostMs } = offsetRange(spec, { fromMs: 0, untilMs })
  if (leastMs === 0 && mostMs === 0) return at(run, hours, fromMs)
  const wholeMs = lengthMs(hours)
  if (wholeMs === lengthMs({ fromMinute: 0, untilMinute: 0 })) return fromMs
  const lateMinutes = Math.ceil(Math.max(0, -leastMs) / MINUTE_MS)
  const earlyMinutes = Math.ceil(Math.max(0, mostMs) / MINUTE_MS)
  if ((lateMinutes + earlyMinutes) * MINUTE_MS >= wholeMs) return NEVER
  const fromMinute = hours.fromMinute + lateMinutes
  const untilMinute = hours.untilMinute - earlyMinutes
  return at(run, { fromMinute, untilMinute }, fromMs)
}

function at(run: WorldRun, hours: { fromMinute: number; untilMinute: number }, atMs: number) {
  const epochMs = run.epochSeconds * SECOND_MS
  return nextAtWorkMs(hours, epochMs + atMs) - epochMs
}

/** When an admin has had its decision included; NEVER when its hours give no bound. */
function approvedByMs(run: WorldRun, course: Course, admin: number, untilMs: number): number {
  const fromMs = course.requestedMs as number
  const actor = ADMINS[admin] as string
  const { thinkMs } = admin === 0 ? run.behaviour.admin0 : run.behaviour.admin1
  const lateMs = lostMs(run, actor, { fromMs, untilMs }) + SECOND_MS
  const seenMs = surelyAtWorkMs(run, admin, fromMs + lateMs, untilMs)
  const thoughtMs = seenMs + thinkMs + driftMs(thinkMs) + lateMs
  const decidedMs = surelyAtWorkMs(run, admin, thoughtMs, untilMs)
  if (decidedMs === NEVER) return NEVER
  return decidedMs + driftMs(decidedMs - fromMs) + callsMs(run, actor, { fromMs: seenMs, untilMs })
}

/** What faults of bank and rail add: questions that are asked again, messages that are late. */
function disturbedMs(run: WorldRun, course: Course, span: Span): number {
  const { checkMs, settleMs, lateMs, returns, answers } = answersOf(run, course)
  const lateness = answers === 'late' ? lateMs : 0
  const ours = run.faults.filter(({ target, atMs }) => {
    return (target === 'bank' || target === 'rail') && atMs < span.untilMs
  })
  const crashes = ours.filter(({ kind }) => kind === 'process-crash')
  const crashMs = crashes.reduce((sum, { durationMs }) => {
    return sum + durationMs + AGAIN_MOST_MS + Math.max(checkMs, settleMs) + lateness
  }, 0)
  const slowest = ours
    .filter(({ kind }) => kind === 'message-delay' || kind === 'message-reordering')
    .reduce((sum, { magnitude }) => sum + magnitude, 0)
  return crashMs + slowest * 2 * (2 + returns)
}

/** Most time from a request to the money on the bank account; NEVER when there is no bound. */
export function payoutBoundMs(run: WorldRun, course: Course): number {
  const { requestedMs, paidMs } = course
  const fromMs = requestedMs as number
  const untilMs = paidMs ?? run.endState.nowMs
  const { verdict, answers, checkMs, settleMs, lateMs, returns } = answersOf(run, course)
  const admins = verdict === 'split' ? [0] : ADMINS.map((_, admin) => admin)
  const approvedMs = Math.min(...admins.map((admin) => approvedByMs(run, course, admin, untilMs)))
  if (approvedMs === NEVER) return NEVER
  const lateness = answers === 'late' ? lateMs : 0
  const bankMs = checkMs + lateness + settleMs * (1 + returns) + lateness * returns
  const callMs = callsMs(run, 'bank', { fromMs: course.approvedMs ?? approvedMs, untilMs })
  const restMs = bankMs + driftMs(bankMs) + callMs + inclusionBoundMs(run)
  return approvedMs - fromMs + restMs + disturbedMs(run, course, { fromMs, untilMs })
}

/** (M): what a teacher may have been paid by a time. */
export function earnedUnitsBy({ earned }: WorldRun, teacher: number, atMs: number): bigint {
  return earned.reduce((sum, each) => {
    return each.teacher === teacher && each.atMs <= atMs ? sum + each.netUnits : sum
  }, 0n)
}

/** What teachers have asked for and neither have back nor were paid: all that they can lose. */
export function underWayUnits({ courses }: WorldRun, atMs: number): bigint {
  return courses.reduce((sum, { requestedMs, endedMs, end, paidMs, amountUnits }) => {
    const isAsked = requestedMs !== null && requestedMs <= atMs
    const isBack = end !== 'Completed' && endedMs !== null && endedMs <= atMs
    const isPaid = paidMs !== null && paidMs <= atMs
    return isAsked && !isBack && !isPaid ? sum + amountUnits : sum
  }, 0n)
}

/** The largest of it over the run. */
export function teacherBoundUnits(run: WorldRun): bigint {
  return run.exposure.reduce((most, { atMs }) => maxBig(most, underWayUnits(run, atMs)), 0n)
}
