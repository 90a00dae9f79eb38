/**
 * Claims about who may do what: single use, ways out, harmless strangers, and no token at all.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { exercised, judgeSteps, type Moment, NOT_EXERCISED } from '../invariants/judging.ts'
import { isAnswerable, isDue, isEscrow, isMatchmaker, isStudent, isTutor } from './entitlement.ts'
import {
  type Asked,
  acceptanceOverAt,
  askedAt,
  factsAt,
  OPEN,
  proposalOverAt,
  STATE_OF,
} from './oracle.ts'

const singleUse: Invariant = {
  id: 'INV-SINGLE-USE',
  statement: 'A request id is used once.',
  formula: '#accepted requests ≤ 1',
  witness: 'a second request that was refused',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index }) => {
      if (step.planned.action !== 'request') return NOT_EXERCISED
      const { requestCount } = factsAt(trace, stepIndex, index)
      if (requestCount > 1) return exercised(`the request was made ${requestCount} times`)
      const refused = !step.observed.outcome.accepted && requestCount === 1
      return refused ? exercised(null) : NOT_EXERCISED
    }),
}

const exit: Invariant = {
  id: 'INV-EXIT',
  statement: 'Until they are matched, student and tutor each get out alone and in time.',
  formula: '∀ open states: the student cancels at once, the tutor is out by d',
  witness: 'a party that takes its way out alone',
  judge: (trace) => judgeSteps(trace, judgeExit),
}

function judgeExit({ trace, step, stepIndex, index, viewAfter }: Moment) {
  const { planned } = step
  const { atSeconds, by } = planned
  if (planned.purpose !== 'exit') return NOT_EXERCISED
  const ofSame = trace.steps
    .map((each) => each.planned)
    .filter((each) => {
      return each.by === by && each.purpose === 'exit' && each.agreement === index
    })
  const asked = askedAt(trace, stepIndex)
  if (ofSame.at(-1) !== planned || !isWayOut(asked)) return NOT_EXERCISED
  const { state } = viewAfter
  const open = OPEN.map((phase) => STATE_OF[phase])
  const stays = isStudent(asked) ? open : ['Proposed', 'AwaitingDeposit']
  if (stays.includes(state)) {
    const refusal = step.observed.outcome.error ?? 'no refusal'
    return exercised(`${by} is still in: ${state} (${refusal})`)
  }
  const beganAt = ofSame[0]?.atSeconds ?? atSeconds
  const late = atSeconds - Math.max(beganAt, isStudent(asked) ? 0 : outBy(asked))
  return exercised(late > 0 ? `the exit took ${late} s too long` : null)
}

/** Whether this is how the party gets out from where it is; anything else says nothing. */
function isWayOut(asked: Asked): boolean {
  const { trace, facts, planned } = asked
  const { action, atSeconds } = planned
  if (isStudent(asked)) return action === 'cancel' && OPEN.includes(facts.phase)
  if (!isTutor(asked)) return false
  if (facts.phase === 'awaiting') return action === 'release' && atSeconds >= outBy(asked)
  const isLate = trace.policy === 'hardened' && !isAnswerable(asked)
  return facts.phase === 'proposed' && action === (isLate ? 'lapse' : 'decline')
}

/** First second in which the timers let the tutor go. */
function outBy({ trace, facts }: Asked): number {
  if (facts.phase === 'awaiting') return acceptanceOverAt(trace, facts)
  return facts.phase === 'proposed' ? proposalOverAt(trace, facts) : 0
}

const strangerHarmless: Invariant = {
  id: 'INV-STRANGER-HARMLESS',
  statement: 'No call by an outsider takes anything from a party.',
  formula: 'outsider’s call accepted ⇒ it was due',
  witness: 'a call by an outsider',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex }) => {
      const asked = askedAt(trace, stepIndex)
      const isInsider = [isStudent, isTutor, isMatchmaker, isEscrow].some((is) => is(asked))
      if (isInsider) return NOT_EXERCISED
      const { action, by } = step.planned
      const isWrong = step.observed.outcome.accepted && !isDue(asked)
      return exercised(isWrong ? `${by} could ${action} in ${asked.facts.phase}` : null)
    }),
}

const conservation: Invariant = {
  id: 'INV-CONSERVATION',
  statement: 'No token moves: this contract holds none and takes none.',
  formula: 'balances unchanged',
  witness: 'an accepted call',
  judge: (trace) =>
    judgeSteps(trace, ({ step, before, after }) => {
      if (!step.observed.outcome.accepted) return NOT_EXERCISED
      for (const [token, balances] of Object.entries(after.balances)) {
        for (const [holder, units] of Object.entries(balances)) {
          const change = units - (before.balances[token]?.[holder] ?? 0n)
          if (change !== 0n) {
            return exercised(`${step.planned.action} changed ${token} of ${holder} by ${change}`)
          }
        }
      }
      return exercised(null)
    }),
}

export const accessInvariants: readonly Invariant[] = [
  singleUse,
  exit,
  strangerHarmless,
  conservation,
]
