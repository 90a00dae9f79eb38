/**
 * Judges exits: once a party has done what it could to leave, it is out in time, with its money.
 *
 * The time runs from the state in which the party begins, that is from the step before its first
 * one: waiting for a timer is part of the exit, and a single late call took as long as it waited.
 */
import { heldUnits, isStillIn, type Leaving, leavingOf, owedUnits } from '../kit/leaving.ts'
import type { Agreement } from '../kit/trace.ts'
import { exercised, type Finding, type Moment, NOT_EXERCISED } from './judging.ts'

/** Second of the state in which this exit began; null for a step that does not end an exit. */
function exitBegan({ trace, step, stepIndex, index }: Moment): number | null {
  const { by, purpose } = step.planned
  if (purpose !== 'exit') return null
  const isOfSame = ({ planned }: typeof step) =>
    planned.purpose === 'exit' && planned.agreement === index && planned.by === by
  if (trace.steps.findLastIndex(isOfSame) !== stepIndex) return null
  const first = trace.steps.findIndex(isOfSame)
  return trace.steps[Math.max(0, first - 1)]?.planned.atSeconds ?? null
}

/**
 * Judges the last step of an exit; no other step says anything about it.
 *
 * @param isWayOut whether a call that leaves the party in was one that gets it out at this time;
 *   a call that is not says nothing before the deadline
 */
export function judgeLeaving(
  moment: Moment,
  all: readonly Leaving[],
  isWayOut: (moment: Moment) => boolean = () => true,
): Finding {
  const beganAt = exitBegan(moment)
  const { trace, step, index, after, viewAfter } = moment
  const { role, planned, observed } = step
  const { by, atSeconds } = planned
  const leaving = leavingOf(all, role)
  if (beganAt === null || leaving === null) return NOT_EXERCISED
  const agreement = trace.agreements[index] as Agreement
  const seat = { view: after, agreement, index, by, role }
  const { parameters, policy } = trace
  const most = leaving.deadline[policy].seconds({ parameters, agreement, atSeconds: beganAt })
  const took = atSeconds - beganAt
  if (isStillIn(leaving, seat)) {
    if (took < most && !isWayOut(moment)) return NOT_EXERCISED
    const refusal = observed.outcome.error ?? 'no refusal'
    const held = `the contract holds ${heldUnits(seat)}`
    return exercised(`${by} is still in after ${took} s: ${viewAfter.state} (${refusal}), ${held}`)
  }
  const owed = owedUnits(leaving, seat)
  if (owed > 0n) return exercised(`${by} is out and still owed ${owed}`)
  return exercised(took > most ? `the exit took ${took} s, at most ${most}` : null)
}
