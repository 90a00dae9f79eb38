/**
 * Within which time a journey is over, stage by stage, as it follows from the parameters, the chain
 * and the faults of the run. The claim INV-E2E-LIVENESS judges journeys by it.
 *
 * I is the inclusion of a bid that keeps being raised, and `calls(actor, n)` are n of these and the
 * time that faults take from the actor within the span (`sim/world/promptness.ts`). A clock that is
 * behind or drifts makes its owner act later by that.
 *
 * The match. Each of at most N proposals is made by a call, stands for its ttl, and is lapsed by
 * another; the matchmaker waits a second longer. Then the acceptance is bound for the deposit
 * window at most, and somebody releases it after 30 s, or the student cancels:
 *
 *     matched or over ≤ requested + N · (ttl + 1 s) + window + 30 s + calls(matchmaker, 2 N + 2)
 *                       + calls(student, 2) + behind + drift                                   (T)
 *
 * The call. Its own world says by when every token has left the escrow (`exitDueFromMs` and
 * `exitBoundMs` of session-escrow); patience and deposit are part of it.
 *
 * The earnings. They are asked for when nothing can undo the settlement, after the tutor has waited
 * for as long as it wants to; the ratings come within a call of each, after their own delays:
 *
 *     asked ≤ settled + 8 blocks + delay + calls(tutor's page, 2)                              (A)
 *     rated ≤ settled + delay + calls(side, 2)
 *
 * The withdrawal. When it is over, and when the money is there, its own world says
 * (INV-W-LIVENESS and INV-W-PAYOUT-TIME); a bank that never answers is given up by the tutor.
 */
import { exitBoundMs, exitDueFromMs } from '../session-escrow/allowance.ts'
import { behindMs, driftMs, inclusionBoundMs, lostMs } from '../world/promptness.ts'
import { FINAL_BLOCKS } from '../world/worldChain.ts'
import type { JourneyRun } from './journeyRun.ts'

const SECOND_MS = 1000

/** A time that a stage took or, when it was not over, has taken. */
export interface Timed {
  readonly what: string
  readonly fromMs: number
  readonly untilMs: number | null
  readonly boundMs: number
}

function parameterMs({ parameters }: JourneyRun, name: string): number {
  return (parameters[name] as number) * SECOND_MS
}

function callsMs(run: JourneyRun, actor: string, count: number, fromMs: number): number {
  const untilMs = lastMs(run)
  return lostMs(run, actor, { fromMs, untilMs }) + count * inclusionBoundMs(run)
}

/** End of everything that is known of a run. */
function lastMs({ steps, faults }: JourneyRun): number {
  const ends = faults.map(({ atMs, durationMs }) => atMs + durationMs)
  return Math.max(0, ...steps.map(({ includedMs }) => includedMs), ...ends)
}

/** (T), from the request to the match or to its end without one. */
export function matchTimed(run: JourneyRun, overMs: number | null): Timed | null {
  const { requestedMs: fromMs } = run.milestones
  if (fromMs === null) return null
  const attempts = run.parameters.maxAttempts as number
  const timersMs =
    attempts * (parameterMs(run, 'proposalTtlSeconds') + SECOND_MS) +
    parameterMs(run, 'depositWindowSeconds') +
    30 * SECOND_MS
  const clocksMs = Math.max(
    ...['matchmaker', 'student'].map((actor) => behindMs(run, actor, lastMs(run))),
  )
  const boundMs =
    timersMs +
    clocksMs +
    driftMs(timersMs) +
    callsMs(run, 'matchmaker', 2 * attempts + 2, fromMs) +
    callsMs(run, 'student', 2, fromMs)
  return { what: 'the request was to be matched or over', fromMs, untilMs: overMs, boundMs }
}

/** From the end of the call, or of what held it up, to the settlement. */
export function settledTimed(run: JourneyRun): Timed | null {
  const { matchedMs } = run.milestones
  if (matchedMs === null) return null
  const fromMs = exitDueFromMs(run.call)
  const { overMs: untilMs } = run.call.milestones
  return { what: 'the session was to be paid out', fromMs, untilMs, boundMs: exitBoundMs(run.call) }
}

/** (A): from the settlement to the request for what it earned. */
export function askedTimed(run: JourneyRun): Timed | null {
  const { settledMs: fromMs, askedMs: untilMs } = run.milestones
  if (fromMs === null) return null
  const { blockIntervalMs } = run.profile
  const finalMs = (FINAL_BLOCKS + 2) * blockIntervalMs
  const boundMs = finalMs + run.behaviour.askDelayMs + callsMs(run, 'teacher', 2, fromMs)
  return { what: 'the earnings were to be asked for', fromMs, untilMs, boundMs }
}

/** From the end of the session to both ratings. */
export function ratedTimed(run: JourneyRun, overMs: number): Timed {
  const { ratedMs: untilMs, settledMs } = run.milestones
  const { student, tutor } = run.behaviour.rateDelayMs
  const fromMs = settledMs ?? overMs
  const calls = ['student', 'tutor', 'teacher'].map((side) => callsMs(run, side, 2, fromMs))
  const boundMs = Math.max(student, tutor) + calls.reduce((sum, each) => sum + each, 0)
  return { what: 'both sides were to rate', fromMs, untilMs, boundMs }
}
