/**
 * Until when student and mentor can each leave a session alone.
 *
 * - Either cancels a session that never ran, and the student completes one that runs, at once.
 * - The mentor completes by `autoComplete`. Hardened it is due from startedAt + duration + paused +
 *   autoReleaseDelaySeconds on; who begins in a session has already waited for what was paused, so
 *   no more than duration and delay are left, and an interruption that goes on moves nothing. As
 *   described it is due from createdAt + autoReleaseDelaySeconds on.
 *
 * As described an owner may have spent the money before, which refutes the claim.
 */
import { AT_ONCE, type Beginning, type Deadline, type Leaving } from '../kit/leaving.ts'
import { OPEN } from './standing.ts'

const delaySeconds = ({ parameters }: Beginning) => parameters.autoReleaseDelaySeconds as number

const delay: Deadline = { formula: 'autoReleaseDelaySeconds', seconds: delaySeconds }
const durationAndDelay: Deadline = {
  formula: '60 · durationMinutes + autoReleaseDelaySeconds',
  seconds: (beginning) =>
    (beginning.agreement.terms.durationMinutes as number) * 60 + delaySeconds(beginning),
}

export const progressiveLeaving: readonly Leaving[] = [
  {
    party: 'student',
    stillIn: OPEN,
    claimOf: () => 'claimStudent',
    deadline: { 'as-described': AT_ONCE, hardened: AT_ONCE },
  },
  {
    party: 'mentor',
    stillIn: OPEN,
    claimOf: () => 'claimMentor',
    deadline: { 'as-described': delay, hardened: durationAndDelay },
  },
]
