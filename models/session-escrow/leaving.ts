/**
 * Until when student and tutor can each leave a session alone.
 *
 * - Funded: the student cancels at once; anyone else only when `block.timestamp` is greater than
 *   fundedAt + startWindowSeconds, so the tutor waits for a second more than the window.
 * - Active: either stops at once. Hardened, `stop` sets evidenceUntil to now +
 *   evidenceWindowSeconds at most, and `settle` is refused before it; newer evidence never moves it
 *   further. As described `settle` asks for no time.
 */
import { AT_ONCE, type Beginning, type Deadline, type Leaving } from '../kit/leaving.ts'

const STILL_IN = ['Funded', 'Active', 'Stopping']

const startSeconds = ({ parameters }: Beginning) => (parameters.startWindowSeconds as number) + 1
const evidenceSeconds = ({ parameters }: Beginning) => parameters.evidenceWindowSeconds as number

const evidence: Deadline = { formula: 'evidenceWindowSeconds', seconds: evidenceSeconds }
const start: Deadline = { formula: 'startWindowSeconds + 1', seconds: startSeconds }
const either: Deadline = {
  formula: 'max(startWindowSeconds + 1, evidenceWindowSeconds)',
  seconds: (beginning) => Math.max(startSeconds(beginning), evidenceSeconds(beginning)),
}

export const sessionLeaving: readonly Leaving[] = [
  {
    party: 'student',
    stillIn: STILL_IN,
    claimOf: () => 'claimStudent',
    deadline: { 'as-described': AT_ONCE, hardened: evidence },
  },
  {
    party: 'tutor',
    stillIn: STILL_IN,
    claimOf: () => 'claimTutor',
    deadline: { 'as-described': start, hardened: either },
  },
]
