/**
 * Claims about attendance: what records add up to, where they may lie, and until when they count.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { exercised, figure, judgeSteps, type Moment, NOT_EXERCISED } from '../invariants/judging.ts'
import type { PlannedStep } from '../kit/trace.ts'
import { factsAt, isDue, recordFits, recordsCloseAt, startsAtOf, unionSeconds } from './oracle.ts'

function isAccepted({ step }: Moment, ...actions: readonly string[]): boolean {
  return step.observed.outcome.accepted && actions.includes(step.planned.action)
}

const union: Invariant = {
  id: 'INV-UNION',
  statement: 'Attended seconds are the measure of the union of what was recorded.',
  formula: 'attended = u',
  witness: 'an accepted record',
  judge: (trace) =>
    judgeSteps(trace, (moment) => {
      if (!isAccepted(moment, 'recordAttendance')) return NOT_EXERCISED
      const { told } = factsAt(trace, moment.stepIndex, moment.index)
      const attended = figure(moment.viewAfter, 'attendedSeconds')
      const measure = BigInt(unionSeconds(told))
      const words = `${attended} s attended, ${measure} s in ${told.length} records`
      return exercised(attended === measure ? null : words)
    }),
}

const withinSession: Invariant = {
  id: 'INV-WITHIN-SESSION',
  statement: 'Nothing counts that lies outside the session or in the future.',
  formula: 'attended ≤ max(0, min(t, e) − s)',
  witness: 'an accepted record, or a finish of a session with records',
  judge: (trace) =>
    judgeSteps(trace, (moment) => {
      const { stepIndex, index, viewAfter, step } = moment
      if (!isAccepted(moment, 'recordAttendance', 'finishSession')) return NOT_EXERCISED
      const { endedAtSeconds, told } = factsAt(trace, stepIndex, index)
      if (told.length === 0) return NOT_EXERCISED
      const { atSeconds } = step.planned
      const until = Math.min(atSeconds, endedAtSeconds ?? atSeconds)
      const passed = BigInt(Math.max(0, until - startsAtOf(trace, index)))
      const attended = figure(viewAfter, 'attendedSeconds')
      const words = `${attended} s attended of ${passed} s of the session so far`
      return exercised(attended > passed ? words : null)
    }),
}

const length: Invariant = {
  id: 'INV-LENGTH',
  statement: 'The length of a session is what it was.',
  formula: 'length = e − s, s < e ≤ t',
  witness: 'a session that was finished',
  judge: (trace) =>
    judgeSteps(trace, (moment) => {
      const { stepIndex, index, viewAfter, step } = moment
      if (!isAccepted(moment, 'finishSession')) return NOT_EXERCISED
      const endedAt = factsAt(trace, stepIndex, index).endedAtSeconds as number
      const lasted = endedAt - startsAtOf(trace, index)
      const stored = figure(viewAfter, 'lengthSeconds')
      if (stored !== BigInt(lasted)) return exercised(`length ${stored} s of ${lasted} s`)
      const isPossible = lasted > 0 && endedAt <= step.planned.atSeconds
      return exercised(isPossible ? null : `finished ${lasted} s after the start`)
    }),
}

/** What a record can change that is paid by. */
const COUNTING = ['attendedSeconds', 'joinedAt', 'attendance'] as const

const eventOnce: Invariant = {
  id: 'INV-EVENT-ONCE',
  statement: 'A record that comes again changes nothing.',
  formula: 'accepted before ⇒ attended, joinedAt and attendance unchanged',
  witness: 'a record that was accepted before',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index, viewBefore, viewAfter }) => {
      if (step.planned.action !== 'recordAttendance') return NOT_EXERCISED
      const earlier = trace.steps.slice(0, stepIndex)
      const isRepeat = earlier.some(
        ({ planned, observed }) => observed.outcome.accepted && isSameRecord(planned, step.planned),
      )
      if (!isRepeat) return NOT_EXERCISED
      const changed = COUNTING.find((name) => figure(viewBefore, name) !== figure(viewAfter, name))
      if (changed === undefined) return exercised(null)
      const [was, is] = [figure(viewBefore, changed), figure(viewAfter, changed)]
      return exercised(`the same record of hold ${index} again: ${changed} ${was} → ${is}`)
    }),
}

function isSameRecord(one: PlannedStep, other: PlannedStep): boolean {
  if (one.action !== other.action || one.agreement !== other.agreement) return false
  const keys = Object.keys(other.args)
  return keys.every((key) => one.args[key] === other.args[key])
}

const window: Invariant = {
  id: 'INV-WINDOW',
  statement: 'A record in time counts before anything is decided, and none counts after.',
  formula: 'genuine, next, t < f + W ⇒ accepted; t ≥ f + W ⇒ refused; process ⇒ t ≥ f + W',
  witness: 'a record that is due, one that is late, or a hold that was processed',
  judge: (trace) => judgeSteps(trace, judgeWindow),
}

function judgeWindow(moment: Moment) {
  const { trace, step, stepIndex, index } = moment
  const { atSeconds, action } = step.planned
  const { accepted, error } = step.observed.outcome
  const facts = factsAt(trace, stepIndex - 1, index)
  const { finishedAtSeconds } = facts
  const closesAt = finishedAtSeconds === null ? null : recordsCloseAt(trace, finishedAtSeconds)
  if (isAccepted(moment, 'process', 'refundUnfinished') && closesAt !== null) {
    const early = closesAt - atSeconds
    return exercised(early > 0 ? `decided ${early} s before late records could not count` : null)
  }
  if (action !== 'recordAttendance') return NOT_EXERCISED
  const asked = { trace, index, facts, step }
  if (isDue(asked) && recordFits(asked)) {
    return exercised(accepted ? null : `a record in time was refused: ${error}`)
  }
  if (closesAt === null || atSeconds < closesAt) return NOT_EXERCISED
  const late = atSeconds - closesAt
  return exercised(accepted ? `a record counted ${late} s after the window` : null)
}

export const recordInvariants: readonly Invariant[] = [
  union,
  withinSession,
  length,
  eventOnce,
  window,
]
