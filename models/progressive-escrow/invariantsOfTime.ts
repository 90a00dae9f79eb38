/**
 * Claims about time and presence: consent, signs of life, where a timeout stamps, when a session
 * may end by itself.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { exercised, figure, judgeSteps, NOT_EXERCISED } from '../invariants/judging.ts'
import { factsAt, scheduledEndSeconds, toleranceSeconds } from './oracle.ts'

const consent: Invariant = {
  id: 'INV-CONSENT',
  statement: 'No session runs before both its parties have given a sign.',
  formula: 'becomes Active ⇒ student and mentor have each called start or resume',
  witness: 'a session that became Active',
  judge: (trace) =>
    judgeSteps(trace, ({ stepIndex, index, viewBefore, viewAfter }) => {
      if (viewAfter.state !== 'Active' || viewBefore.state === 'Active') return NOT_EXERCISED
      const { student, mentor } = factsAt(trace, stepIndex, index).signs
      if (student === null) return exercised('Active although the student gave no sign')
      return exercised(mentor === null ? 'Active although the mentor gave no sign' : null)
    }),
}

const noGhost: Invariant = {
  id: 'INV-NO-GHOST',
  statement: 'Nothing is released unless both parties were there lately.',
  formula: 'release accepted at t ⇒ t ≤ newest sign of each + interval + grace',
  witness: 'an accepted release',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index }) => {
      const { action, atSeconds } = step.planned
      if (action !== 'release' || !step.observed.outcome.accepted) return NOT_EXERCISED
      const { signs } = factsAt(trace, stepIndex, index)
      const tolerance = toleranceSeconds(trace)
      for (const [party, sign] of Object.entries(signs)) {
        if (sign === null) return exercised(`released although the ${party} was never there`)
        const silence = atSeconds - sign
        if (silence > tolerance) {
          return exercised(`released after ${silence} s of silence of the ${party}`)
        }
      }
      return exercised(null)
    }),
}

const timeoutStamp: Invariant = {
  id: 'INV-TIMEOUT-STAMP',
  statement:
    'After a timeout no second counts that is later than the silent party’s last interval.',
  formula: 'pauseOnTimeout ⇒ pausedAt ≤ max(newest start of a stretch, older last sign + interval)',
  witness: 'an accepted pause by timeout',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index, viewAfter }) => {
      if (step.planned.action !== 'pauseOnTimeout') return NOT_EXERCISED
      if (!step.observed.outcome.accepted) return NOT_EXERCISED
      const { signs, stretch } = factsAt(trace, stepIndex - 1, index)
      const older = Math.min(signs.student ?? 0, signs.mentor ?? 0)
      const interval = trace.parameters.heartbeatIntervalSeconds as number
      const latest = BigInt(Math.max(stretch?.sinceSeconds ?? 0, older + interval))
      const pausedAt = figure(viewAfter, 'pausedAt')
      const late = pausedAt - latest
      return exercised(late > 0n ? `${late} s count after the last proven second` : null)
    }),
}

const autoComplete: Invariant = {
  id: 'INV-AUTO-COMPLETE',
  statement: 'A session ends by itself only once it is over and the delay has passed.',
  formula: 'autoComplete accepted at t ⇒ t ≥ startedAt + duration + paused + delay',
  witness: 'an accepted automatic completion',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index }) => {
      const { action, atSeconds } = step.planned
      if (action !== 'autoComplete' || !step.observed.outcome.accepted) return NOT_EXERCISED
      const facts = factsAt(trace, stepIndex - 1, index)
      const end = scheduledEndSeconds(facts, trace, index)
      if (end === null) return exercised('completed before it was started')
      const early = end + (trace.parameters.autoReleaseDelaySeconds as number) - atSeconds
      return exercised(early > 0 ? `completed ${early} s before its end and the delay` : null)
    }),
}

export const timeInvariants: readonly Invariant[] = [consent, noGhost, timeoutStamp, autoComplete]
