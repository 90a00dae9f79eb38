/**
 * The bounds that follow from the parameters, the chain and the faults of a run. The claims in
 * `worldInvariants.ts` and `timeInvariants.ts` judge runs by them. I is the inclusion of a bid that
 * keeps being raised, and `lost` the time that faults take from somebody within a span, tails
 * included (`sim/world/promptness.ts`). Who sends one call after another takes I for each of them,
 * so that a call is in after
 *
 *     calls(actor, span) = lost + (1 + own calls included within the span) · I             (C)
 *
 * What somebody must hear is said again every 5 s until it is answered. Where nothing is lost one
 * word is enough (1 s); where one in a hundred is lost and one in a hundred is slow, five of them
 * are, but for one case in 10^8. Broken links, crashes and delays of the sender come on top:
 *
 *     word(a, b) = 1 s [+ 4 · 5 s] + lost links and crashes of a and b + delays of a         (W)
 *
 * Times of the contract. A proposal of the block at p can be accepted in blocks before
 * ⌊p⌋ + ttl, an acceptance of the block at a consumed before d = min(⌊a⌋ + window, expiry): true
 * times, whatever any clock says. The contract needs nobody for that. For the request to go on the
 * matchmaker must say so, which notices by its own clock:
 *
 *     lapsed   ≤ ⌊p⌋ + ttl + late(ttl);      released ≤ d + late(window)                     (L)
 *     late(T)  = behind(matchmaker) + drift(T) + 2 s + calls(matchmaker)
 *
 * with 2 s for a call that was refused as too early and waits for what the newest block tells.
 *
 * Matchmaking. While a tutor who suits a request is there, held by nobody and not yet asked in this
 * search, the matchmaker has somebody to propose, as soon as it has heard of both:
 *
 *     proposed ≤ max(word(student, matchmaker), word(tutors, matchmaker)) + late(T)          (P)
 *
 * T being what it may have waited for by its clock: a booking, or the time of another request. The
 * other way round, it may propose a tutor who has gone for no longer than word + lost + I.
 *
 * A willing pair. A tutor who accepts everything, is there and asks no more than the student pays
 * is accepted, and who can pay has deposited, after
 *
 *     accepted ≤ p + notice + think + word(tutor, student) + calls(student)                  (A)
 *     matched  ≤ a + deposit + (failures + 1) · order [+ calls(student) + order] + calls(desk) (D)
 *
 * where an order is a word that is said every 15 s, a failure is tried again after 3 s, and the
 * part in brackets is a cap that must be reduced first. Both are claimed where they lie within the
 * times of the contract, the quote's own expiry among them: else the chain may be too slow for
 * them.
 *
 * As described the matchmaker's timers are all there is. Held against the same bounds it takes
 * proposals back before their time, lets them be accepted after it, and stops when it is down.
 */
import { regimeNamed } from '../faults/regimes.ts'
import type { Span } from '../links.ts'
import { behindMs, driftMs, inclusionBoundMs, lostMs } from '../world/promptness.ts'
import { SAID_AGAIN_MS, STUDENTS, TUTORS } from './actors.ts'
import { AFTER_FAILURE_MS, DEPOSIT_AGAIN_MS } from './student.ts'
import { timedEndMs } from './truth.ts'
import type { Course, Stay, WorldRun } from './worldRun.ts'

const SECOND_MS = 1000
const NEVER = Number.POSITIVE_INFINITY
/** One message, its latency included, where nothing is lost. */
const MESSAGE_MS = 1_000
/** Words that are said in vain at most, where messages get lost. */
const LOST_WORDS = 4
/** A call that came too early waits for the next block. */
const TOO_EARLY_MS = 2_000
/** From a block to its being seen, looks that are repeated, whole seconds. */
const NOTICE_MS = 2_200

/** (C): time in which a call of somebody is included, from when it is wanted. */
export function callsMs(run: WorldRun, actor: string, span: Span): number {
  const { fromMs, untilMs } = span
  const own = run.steps.filter(({ planned, includedMs }) => {
    return planned.by === actor && includedMs > fromMs && includedMs < untilMs
  })
  return lostMs(run, actor, span) + (1 + own.length) * inclusionBoundMs(run)
}

/** What messages of somebody are late at most, by faults that begin before a time. */
function delayedMs({ faults }: WorldRun, from: string, untilMs: number): number {
  return faults
    .filter(({ kind, target, atMs }) => {
      const delays = kind === 'message-delay' || kind === 'message-reordering'
      return delays && target === from && atMs < untilMs
    })
    .reduce((sum, { magnitude }) => sum + magnitude, 0)
}

/** (W), for what is said again after `againMs`. */
function saidMs(
  run: WorldRun,
  [from, to]: readonly [string, string],
  span: Span,
  againMs: number,
): number {
  const { conditions } = regimeNamed(run.regime === 'custom' ? 'none' : run.regime)
  const repeatsMs = conditions.lossBps === 0 ? 0 : LOST_WORDS * againMs
  const cut = run.faults.filter(({ kind }) => kind === 'link-down' || kind === 'process-crash')
  const calm = { ...run, faults: cut }
  const brokenMs = lostMs(calm, from, span) + lostMs(calm, to, span)
  return MESSAGE_MS + repeatsMs + brokenMs + delayedMs(run, from, span.untilMs)
}

function wordMs(run: WorldRun, from: string, to: string, span: Span): number {
  return saidMs(run, [from, to], span, SAID_AGAIN_MS)
}

/** late(T) without the times of the contract. */
export function lateMs(run: WorldRun, waitsMs: number, span: Span): number {
  const clockMs = behindMs(run, 'matchmaker', span.untilMs) + driftMs(waitsMs)
  return clockMs + TOO_EARLY_MS + callsMs(run, 'matchmaker', span)
}

function seconds({ parameters }: WorldRun, name: string): number {
  return parameters[name] as number
}

/** Longest time that the contract holds a tutor for, matches apart. */
export function holdMs(run: WorldRun): number {
  const total = seconds(run, 'proposalTtlSeconds') + seconds(run, 'depositWindowSeconds')
  return total * SECOND_MS
}

function studentOf({ student }: Course): string {
  return STUDENTS[student] as string
}

/** (L): how long a request stays proposed or accepted at most. */
export function stayBoundMs(run: WorldRun, course: Course, stay: Stay): number {
  const dueMs = timedEndMs(run, course, stay)
  const fromMs = Math.max(stay.fromMs, dueMs)
  const untilMs = Math.max(fromMs, stay.untilMs ?? run.endState.nowMs)
  const waitsMs = Math.max(0, dueMs - stay.fromMs)
  return waitsMs + lateMs(run, waitsMs, { fromMs, untilMs })
}

/** (P). */
export function proposalBoundMs(run: WorldRun, course: Course, span: Span): number {
  const waitsMs = Math.max(holdMs(run), course.bookedForMs ?? 0)
  const words = [studentOf(course), ...TUTORS].map((from) => wordMs(run, from, 'matchmaker', span))
  return Math.max(...words) + lateMs(run, waitsMs, span)
}

/** For how long a tutor who is proposed may have gone. */
export function goneBoundMs(run: WorldRun, tutor: number, span: Span): number {
  const wordsMs = wordMs(run, TUTORS[tutor] as string, 'matchmaker', span)
  return wordsMs + lostMs(run, 'matchmaker', span) + inclusionBoundMs(run)
}

/** (A). */
export function acceptanceBoundMs(run: WorldRun, course: Course, { tutor, ...stay }: Stay): number {
  const { fromMs } = stay
  const span = { fromMs, untilMs: Math.min(stay.untilMs ?? NEVER, run.endState.nowMs) }
  const { thinkMs } = run.behaviour.tutors[tutor] as WorldRun['behaviour']['tutors'][number]
  const name = TUTORS[tutor] as string
  const noticeMs = NOTICE_MS + lostMs(run, name, span)
  const saidByMs =
    noticeMs + thinkMs + driftMs(thinkMs) + wordMs(run, name, studentOf(course), span)
  return saidByMs + callsMs(run, studentOf(course), span)
}

/** (D); NEVER when the student cannot pay. */
export function depositBoundMs(run: WorldRun, course: Course, stay: Stay): number {
  const { index, leftUnits, capUnits } = course
  const { depositMs, failures } = requestOf(run, index)
  const span = { fromMs: stay.fromMs, untilMs: stay.untilMs ?? run.endState.nowMs }
  const student = studentOf(course)
  const rateUnits = course.acceptances.find(({ atMs }) => atMs === stay.fromMs)?.rateUnits ?? 0n
  if (leftUnits < capUnits && leftUnits < rateUnits) return NEVER
  const answersMs = delayedMs(run, 'sessionEscrow', span.untilMs)
  const orderMs =
    saidMs(run, [student, 'sessionEscrow'], span, DEPOSIT_AGAIN_MS) + MESSAGE_MS + answersMs
  const reduceMs = leftUnits < capUnits ? callsMs(run, student, span) + orderMs : 0
  const triesMs = (failures + 1) * orderMs + failures * AFTER_FAILURE_MS
  const readyMs = NOTICE_MS + lostMs(run, student, span) + depositMs + driftMs(depositMs)
  return readyMs + triesMs + reduceMs + callsMs(run, 'sessionEscrow', span)
}

export function requestOf(run: WorldRun, index: number): WorldRun['behaviour']['requests'][number] {
  return run.behaviour.requests[index] as WorldRun['behaviour']['requests'][number]
}

/** Time after which a request has ended, when nothing goes wrong any more. */
export function endBoundMs(run: WorldRun, course: Course, span: Span): number {
  const calmly = { ...run, faults: run.faults.filter(({ kind }) => kind.startsWith('clock-')) }
  const isMatched = course.deposits.length > 0
  const actor = isMatched ? 'sessionEscrow' : studentOf(course)
  const waitsMs = isMatched ? requestOf(run, course.index).callMs : 0
  return driftMs(waitsMs) + NOTICE_MS + callsMs(calmly, actor, span) + lastTailMs(run)
}

/** What a fault leaves behind that has just ended: a pause, a bid that is sent again, a reorg. */
function lastTailMs(run: WorldRun): number {
  if (run.faults.every(({ kind }) => kind.startsWith('clock-'))) return 0
  const deepest = run.faults
    .filter(({ kind }) => kind === 'reorg')
    .reduce((most, { magnitude }) => Math.max(most, magnitude), 0)
  const end = { kind: 'rpc-error', target: 'matchmaker', atMs: 0, durationMs: 0, magnitude: 1 }
  const ends = { ...run, faults: [end as WorldRun['faults'][number]] }
  const tailMs = lostMs(ends, 'matchmaker', { fromMs: 0, untilMs: NEVER })
  return tailMs + deepest * run.profile.blockIntervalMs + inclusionBoundMs(run)
}

/** Most that all tutors lose at once: each is held for nothing by one request at a time. */
export function tutorBoundUnits(run: WorldRun): bigint {
  const timeMs = BigInt(holdMs(run))
  return run.listedRateUnits.reduce((sum, units) => sum + (units * timeMs) / 1000n, 0n)
}
