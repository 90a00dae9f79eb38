/**
 * The bounds that follow from the parameters, the call platform, the chain and the faults of a run.
 * `worldInvariants.ts` judges runs by them. W is the attestation window, K the keeper's.
 *
 * Attendance. A client that enters is noticed when its word has reached the room and it has been
 * there for `noticesMs`; one that leaves when its word has come; one that is cut off after
 * `silenceMs` of silence, if it is not back before. Between a true span [a, b) and the next one at
 * a', what the room can have of it therefore lies between
 *
 *     [a + notices + word, b)   and   [a, min(a', b + gone)),
 *     gone = word; silence, if a cut begins it that lasts so long; both, if a cut comes in between
 *
 * plus the time in which the call platform itself was gone. Webhooks change that: a leave that
 * does not reach the attestor in time (or never) lets its connection count until the room is
 * finished; a join that does not loses its connection. In time is what arrives before the attestor
 * signs, half a window after the block of the finish, less what its clock is ahead. Where two have
 * to be there, the bounds of both are intersected. So with p the true presence after the booked
 * start and r what is recorded,
 *
 *     least − n·(1 s + spread) − offset  ≤  r  ≤  most + n·(1 s + spread) + offset         (A)
 *
 * for n intervals: seconds are whole, `offset` is how far the platform's clock is off (the booked
 * start is not its own), `spread` by how much that changes within the lesson. Of all this only the
 * distance from p is allowed: r may be p − under to p + over. Nothing of the student, the teacher
 * or the network beyond a word's time is in it.
 *
 * The attestor needs time of its own: the end by the deadline for unfinished holds, records in the
 * second half of W. Who has
 *
 *     need(n) = Σ (faults in that time + tails) + what its clock is behind + n inclusions     (N)
 *
 * of it has recorded all; a run in which it had less may have recorded nothing (least = 0).
 *
 * Threshold. The lesson lasted L = max(end − start, booked), known to a second, the clock and, when
 * its end was never told in time, the difference to the booked end. Whoever was there for more than
 * the threshold of the longest possible L, by more than `under`, has been there enough whatever was
 * recorded; by less than that of the shortest, and more than `over` short of it, not enough. In
 * between the recording decides.
 *
 * Release. From the second in which it may be, a keeper's round comes after one interval at most;
 * it takes `worksMs` and an inclusion, and what faults and its clock take. Of two keepers the
 * faster one decides. Hardened, K later, and for an unfinished hold at its deadline, a side that
 * helps itself needs no more than an inclusion, its faults and its clock.
 */
import { offsetRange, TRUE_CLOCK } from '../clocks.ts'
import type { Span } from '../links.ts'
import { behindMs, driftMs, inclusionBoundMs, lostMs } from '../world/promptness.ts'
import { BACKOFF_MOST_MS } from '../world/wallet.ts'
import { KEEPERS, type Keeper, SIDES, type Side } from './actors.ts'
import { type Horizon, recordableMs } from './recordable.ts'
import * as truth from './truth.ts'
import type { NoticedEvent, WorldRun } from './worldRun.ts'

const SECOND_MS = 1000
/** From one call of a series to the next: a block, and the look at it. */
const NEXT_CALL_MS = 1_200
/** Payment and claims of all owners. */
const CALLS_OF_AN_EXIT = 3

function windowMs(run: WorldRun): number {
  return run.policy === 'hardened' ? truth.seconds(run, 'attestationWindowSeconds') * SECOND_MS : 0
}

function keeperWindowMs(run: WorldRun): number {
  return truth.seconds(run, 'keeperWindowSeconds') * SECOND_MS
}

function settleMs(run: WorldRun): number {
  return Math.floor(windowMs(run) / (2 * SECOND_MS)) * SECOND_MS
}

/** How far a clock was off within a span, ahead (positive) and behind. */
function offsets({ clocks }: WorldRun, actor: string, span: Span) {
  return offsetRange(clocks[actor] ?? TRUE_CLOCK, span)
}

function lesson(run: WorldRun): Span {
  const untilMs = Math.max(run.milestones.closedMs ?? 0, truth.bookedEndMs(run))
  return { fromMs: 0, untilMs }
}

/** How far the call platform's clock was off at most, and by how much that changed. */
function roomClock(run: WorldRun): { readonly offsetMs: number; readonly spreadMs: number } {
  const { leastMs, mostMs } = offsets(run, 'room', lesson(run))
  return { offsetMs: Math.max(Math.abs(leastMs), Math.abs(mostMs)), spreadMs: mostMs - leastMs }
}

function finishEvent({ events }: WorldRun): NoticedEvent | undefined {
  return events.find(({ kind }) => kind === 'room_finished')
}

/** When the attestor takes a lesson for finished that nobody told it the end of. */
function patienceMs(run: WorldRun): number {
  const waitMs = Math.floor((truth.seconds(run, 'noShowSeconds') * SECOND_MS) / 2)
  return truth.bookedEndMs(run) + waitMs
}

/** From when on the attestor can attest an end: it was told, or knows of a lesson and is tired. */
function endKnownMs(run: WorldRun): number {
  const arrivals = run.events.flatMap(({ arrivedMs }) => arrivedMs ?? [])
  const tiredMs = Math.max(patienceMs(run), Math.min(...arrivals))
  return Math.min(finishEvent(run)?.arrivedMs ?? Number.POSITIVE_INFINITY, tiredMs)
}

/** Between which times the session can have ended as attested. */
function ends(run: WorldRun): { readonly leastMs: number; readonly mostMs: number } {
  const { closedMs } = run.milestones
  const bookedEndMs = truth.bookedEndMs(run)
  const arrivedMs = finishEvent(run)?.arrivedMs ?? null
  const endMs = closedMs ?? bookedEndMs
  const isTold = arrivedMs !== null && arrivedMs < patienceMs(run) && endMs > run.startMs
  if (isTold) return { leastMs: endMs, mostMs: endMs }
  const newest = run.events.reduce((most, { noticedMs }) => Math.max(most, noticedMs), bookedEndMs)
  return { leastMs: Math.min(endMs, bookedEndMs), mostMs: Math.max(endMs, newest) }
}

/** Blocks that a reorg took back: what was seen in them was seen too early. */
function undoneMs({ faults, profile }: WorldRun): number {
  const reorgs = faults.filter(({ kind }) => kind === 'reorg')
  return reorgs.reduce((sum, { magnitude }) => sum + magnitude * profile.blockIntervalMs, 0)
}

function inTimeMs(run: WorldRun): number {
  const { finishedMs, resolvedMs } = run.milestones
  if (run.policy === 'as-described') return resolvedMs ?? Number.MAX_SAFE_INTEGER
  if (finishedMs === null) return Number.MAX_SAFE_INTEGER
  const untilMs = finishedMs + settleMs(run)
  const aheadMs = Math.max(0, offsets(run, 'attestor', { fromMs: 0, untilMs }).mostMs)
  return untilMs - aheadMs - undoneMs(run) - SECOND_MS
}

/** Time in which the chain includes so many calls, one after the other. */
function inclusionsMs(run: WorldRun, count: number): number {
  const further = Math.max(0, count - 1) * (run.profile.blockIntervalMs + NEXT_CALL_MS)
  return inclusionBoundMs(run) + further
}

/** (N): whether somebody had the time for so many calls within a span. */
function hasTime(run: WorldRun, actor: string, span: Span, count: number): boolean {
  const takenMs = lostMs(run, actor, span) + behindMs(run, actor, span.untilMs)
  return takenMs + inclusionsMs(run, count) <= span.untilMs - span.fromMs
}

/** Records that may have to be brought. */
function recordCount(run: WorldRun): number {
  const signed = run.signed.at(-1)?.records?.length ?? 0
  return Math.max(1, signed, truth.countedSpans(run).length)
}

/** Whether the attestor had the time to finish the session and to record it. */
export function couldRecord(run: WorldRun): boolean {
  const { finishedMs, resolution } = run.milestones
  if (run.policy === 'as-described') return true
  if (finishedMs === null) {
    if (resolution !== 'unfinished') return true
    const { offsetMs } = roomClock(run)
    const fromMs = endKnownMs(run) + offsetMs
    return hasTime(run, 'attestor', { fromMs, untilMs: truth.noShowMs(run) }, 1)
  }
  const closesMs = finishedMs + windowMs(run)
  const span = { fromMs: finishedMs + settleMs(run), untilMs: closesMs }
  return hasTime(run, 'attestor', span, recordCount(run))
}

export interface Allowance {
  /** What may be recorded less than there was, and more. */
  readonly underMs: number
  readonly overMs: number
}

/**
 * (A): how far from the true presence the record may be.
 *
 * @param hadTime - whether the attestor had the time to record; as the run has it unless given
 */
export function attendanceAllowance(run: WorldRun, hadTime = couldRecord(run)): Allowance {
  const presentMs = truth.presentMs(run)
  const { leastMs: leastEndMs, mostMs: endMs } = ends(run)
  const horizon: Horizon = { leastEndMs, endMs, inTimeMs: inTimeMs(run) }
  const { leastMs, mostMs } = recordableMs(run, horizon)
  const { offsetMs, spreadMs } = roomClock(run)
  const count = Math.max(run.endState.intervals, truth.countedSpans(run).length)
  const blurMs = count * (SECOND_MS + spreadMs) + offsetMs
  const knownMs = hadTime ? leastMs : 0
  return {
    underMs: Math.min(presentMs, presentMs - knownMs + blurMs),
    overMs: Math.max(0, mostMs - presentMs) + blurMs,
  }
}

/** Shortest and longest that the lesson can have counted as. */
export function lengthRange(run: WorldRun): { readonly leastMs: number; readonly mostMs: number } {
  const { leastMs, mostMs } = ends(run)
  const blurMs = SECOND_MS + roomClock(run).offsetMs
  const lengthOf = (endMs: number) => Math.max(truth.bookedMs(run), endMs - run.startMs)
  return { leastMs: lengthOf(leastMs - blurMs), mostMs: lengthOf(mostMs + blurMs) }
}

/**
 * Who must be paid, whatever was recorded: true the teacher, false the student, null either.
 *
 * @param hadTime - as for `attendanceAllowance`
 */
export function dueRelease(run: WorldRun, hadTime = couldRecord(run)): boolean | null {
  const thresholdBps = truth.seconds(run, 'attendanceThresholdBps')
  const presentMs = truth.presentMs(run)
  const { underMs, overMs } = attendanceAllowance(run, hadTime)
  const { leastMs, mostMs } = lengthRange(run)
  if ((presentMs - underMs) * 10_000 >= mostMs * thresholdBps) return true
  return (presentMs + overMs) * 10_000 < leastMs * thresholdBps ? false : null
}

/** The processes of the keeper's job that run. */
export function runningKeepers({ behaviour }: WorldRun): readonly Keeper[] {
  return KEEPERS.slice(0, behaviour.keepers === 'both' ? 2 : behaviour.keepers === 'one' ? 1 : 0)
}

/** From when on the keeper can resolve the hold, in true time. */
export function mayResolveMs(run: WorldRun): number {
  const { finishedAtSeconds } = run.endState
  if (finishedAtSeconds === 0) return truth.noShowMs(run)
  return truth.trueMs(run, finishedAtSeconds) + windowMs(run)
}

/** From when on student and teacher can resolve it alone. */
export function aloneFromMs(run: WorldRun): number {
  const { finishedAtSeconds } = run.endState
  if (finishedAtSeconds === 0) return truth.noShowMs(run)
  const hardenedMs = truth.seconds(run, 'attestationWindowSeconds') * SECOND_MS
  return truth.trueMs(run, finishedAtSeconds) + hardenedMs + keeperWindowMs(run)
}

/** Sides that resolve an overdue hold by themselves; nobody but the student refunds a no-show. */
function helpers(run: WorldRun): readonly Side[] {
  if (run.endState.finishedAtSeconds === 0) return ['student']
  const { helps } = run.behaviour
  return helps === 'both' ? SIDES : [helps]
}

/** Time that the faster of some needs for a call, from when it may be made. */
function fastestMs(run: WorldRun, actors: readonly string[], span: Span, waitMs: number): number {
  const eachMs = actors.map((actor) => {
    const takenMs = lostMs(run, actor, span) + behindMs(run, actor, span.untilMs)
    return waitMs + driftMs(waitMs) + takenMs + inclusionBoundMs(run)
  })
  return Math.min(...eachMs)
}

/** Time from when a keeper can resolve the hold to its being resolved; null without a keeper. */
export function releaseBoundMs(run: WorldRun, span: Span): number | null {
  const keepers = runningKeepers(run)
  if (keepers.length === 0) return null
  const intervalMs = truth.seconds(run, 'keeperIntervalSeconds') * SECOND_MS
  const since = { fromMs: Math.max(0, span.fromMs - intervalMs), untilMs: span.untilMs }
  return fastestMs(run, keepers, since, intervalMs + run.behaviour.worksMs)
}

/** Time from when the sides can act alone to the hold's being resolved. */
export function aloneBoundMs(run: WorldRun, span: Span): number {
  const leadMs = span.fromMs
  return fastestMs(run, helpers(run), span, 0) + driftMs(leadMs) + SECOND_MS
}

/** Time after which all is over, from when the exit is due. */
export function exitBoundMs(run: WorldRun): number {
  const { overMs } = run.milestones
  const clocksMs = Math.max(
    ...[...SIDES, ...KEEPERS].map((actor) => behindMs(run, actor, overMs ?? 0)),
  )
  const intervalMs = truth.seconds(run, 'keeperIntervalSeconds') * SECOND_MS
  const callsMs = CALLS_OF_AN_EXIT * (inclusionBoundMs(run) + BACKOFF_MOST_MS)
  return intervalMs + run.behaviour.worksMs + driftMs(aloneFromMs(run)) + clocksMs + callsMs
}

/** From when on the hold ought to come to its end, whatever went wrong before. */
export function exitDueFromMs(run: WorldRun): number {
  const { overMs, purchasedMs } = run.milestones
  const lastMs = overMs ?? Number.POSITIVE_INFINITY
  const healedMs = run.faults
    .filter(({ kind, atMs }) => !kind.startsWith('clock-') && atMs < lastMs)
    .reduce((latest, { atMs, durationMs }) => Math.max(latest, atMs + durationMs), 0)
  const dueMs = run.policy === 'hardened' ? aloneFromMs(run) : mayResolveMs(run)
  return Math.max(healedMs, dueMs, purchasedMs ?? 0)
}
