/**
 * Claims about what stays of a session: its end, its credential, its ratings.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { exercised, figure, judgeSteps, NOT_EXERCISED } from '../invariants/judging.ts'
import { placeOf } from './cast.ts'
import { isEscrow, isStudent, isTutor, ratingIsOwed } from './entitlement.ts'
import { askedAt } from './oracle.ts'

const endTotal: Invariant = {
  id: 'INV-END-TOTAL',
  statement: 'The end of a session is never refused.',
  formula: 'complete by the session escrow, matched ⇒ accepted',
  witness: 'the report that a matched session is over',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex }) => {
      const asked = askedAt(trace, stepIndex)
      const isEnd = step.planned.action === 'complete' && isEscrow(asked)
      if (!isEnd || asked.facts.phase !== 'matched') return NOT_EXERCISED
      const { accepted, error } = step.observed.outcome
      return exercised(accepted ? null : `the end of a session was refused: ${error}`)
    }),
}

const credentialOnce: Invariant = {
  id: 'INV-CREDENTIAL-ONCE',
  statement: 'A request has at most one credential.',
  formula: 'credentials ≤ 1',
  witness: 'a session whose end is reported again',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, viewAfter }) => {
      const credentials = figure(viewAfter, 'credentials')
      if (credentials > 1n) return exercised(`${credentials} credentials for one session`)
      const asked = askedAt(trace, stepIndex)
      const isAgain = asked.facts.endCount > 0 && isEscrow(asked)
      return isAgain && step.planned.action === 'complete' ? exercised(null) : NOT_EXERCISED
    }),
}

const credentialEarned: Invariant = {
  id: 'INV-CREDENTIAL-EARNED',
  statement:
    'A credential stands for enough billed time, and enough billed time has its credential.',
  formula: 'complete ⇒ (credentials > 0 ⇔ billed ≥ least)',
  witness: 'a session that ended',
  judge: (trace) =>
    judgeSteps(trace, ({ step, viewAfter }) => {
      if (step.planned.action !== 'complete' || !step.observed.outcome.accepted) {
        return NOT_EXERCISED
      }
      const billed = step.planned.args.billedSeconds as number
      const least = trace.parameters.credentialSeconds as number
      const credentials = figure(viewAfter, 'credentials')
      const isRight = credentials > 0n === billed >= least
      return exercised(isRight ? null : `${credentials} credentials for ${billed} s of ${least} s`)
    }),
}

const soulbound: Invariant = {
  id: 'INV-SOULBOUND',
  statement: 'A credential is its student’s, for ever.',
  formula: 'credentials > 0 ⇒ holder = student',
  witness: 'a student who tries to hand a credential on',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, viewAfter }) => {
      const asked = askedAt(trace, stepIndex)
      if (figure(viewAfter, 'credentials') === 0n) return NOT_EXERCISED
      const { student } = asked.agreement.roles
      if (figure(viewAfter, 'holder') !== placeOf(student ?? null)) {
        return exercised(`${step.planned.action} took the credential from ${student}`)
      }
      const tries = step.planned.action === 'transferCredential' && isStudent(asked)
      return tries ? exercised(null) : NOT_EXERCISED
    }),
}

const RATINGS = ['ratingStudent', 'ratingTutor'] as const

const ratingOnce: Invariant = {
  id: 'INV-RATING-ONCE',
  statement: 'Student and tutor rate once each, and nobody else does.',
  formula: 'rate accepted ⇔ first, by a party, 1 ≤ score ≤ 5; it changes that party’s rating alone',
  witness: 'a rating of a session that is over',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, viewBefore, viewAfter }) => {
      const asked = askedAt(trace, stepIndex)
      const { action, by, args } = step.planned
      if (action !== 'rate' || asked.facts.phase !== 'completed') return NOT_EXERCISED
      const { accepted, error } = step.observed.outcome
      if (accepted !== ratingIsOwed(asked)) {
        const count = asked.facts.raters.filter((rater) => rater === by).length
        const words = accepted ? `could rate after ${count} ratings` : `could not rate: ${error}`
        return exercised(`${by} ${words}`)
      }
      const own = accepted ? (isTutor(asked) ? 'ratingTutor' : 'ratingStudent') : null
      const wrong = RATINGS.find((name) => {
        const due = name === own ? BigInt(args.score as number) : figure(viewBefore, name)
        return figure(viewAfter, name) !== due
      })
      return exercised(wrong === undefined ? null : `${wrong} is ${figure(viewAfter, wrong)}`)
    }),
}

export const recordInvariants: readonly Invariant[] = [
  endTotal,
  credentialOnce,
  credentialEarned,
  soulbound,
  ratingOnce,
]
