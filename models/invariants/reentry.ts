/**
 * The claim that nobody gets in while the contract moves tokens.
 *
 * A token is somebody else's code. The re-entrant test token tries every guarded action from inside
 * each of its movements and tells what came of it; that is judged here. A state that was changed
 * before the token was called would refuse most of them as well, but by a name of its own: the
 * guard is the second line, and the claim is about that line.
 */
import type { GuardedActions } from '../kit/protocol.ts'
import type { Invariant } from './invariant.ts'
import { judgeSteps, NOT_EXERCISED } from './judging.ts'

export const REENTRY = 'INV-REENTRY'
/** The error of the guard, whatever the protocol. */
export const GUARD_ERROR = 'ReentrancyGuardReentrantCall'

export function reentry(guardedActions: GuardedActions): Invariant {
  return {
    id: REENTRY,
    statement: 'From inside a movement of tokens no action is accepted, nor even looked at.',
    formula: `a guarded, tried while tokens move ⇒ a → !${GUARD_ERROR}`,
    witness: 'a guarded action that a token tried from inside its movement',
    judge(trace) {
      const guarded = guardedActions[trace.policy]
      return judgeSteps(trace, ({ step }) => {
        const { reentries } = step.observed
        if (reentries === undefined) return NOT_EXERCISED
        const tried = reentries.filter(({ action }) => guarded.includes(action))
        const open = tried.find(({ error }) => error !== GUARD_ERROR)
        const evidence =
          open === undefined
            ? null
            : `${open.action} from inside a movement: ${answerText(open.error)}, not by the guard`
        return { witnesses: tried.length, evidence }
      })
    },
  }
}

const answerText = (error: string | null) => (error === null ? 'accepted' : `refused as ${error}`)
