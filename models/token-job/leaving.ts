/**
 * Until when user and host can each leave a job alone.
 *
 * - The host ends a job at once in both policies, and fetches its earnings.
 * - The user ends it at once as described. Hardened, its end leaves the host a window for the last
 *   proof: `endSession` sets endsAt to now + proofWindowSeconds, and settles for anyone from that
 *   second on. A timeout would be later and only adds a way.
 */
import { AT_ONCE, type Deadline, type Leaving } from '../kit/leaving.ts'

const STILL_IN = ['Active', 'Ending']

const proofWindow: Deadline = {
  formula: 'proofWindowSeconds',
  seconds: ({ parameters }) => parameters.proofWindowSeconds as number,
}

export const jobLeaving: readonly Leaving[] = [
  {
    party: 'user',
    stillIn: STILL_IN,
    claimOf: () => 'claimUser',
    deadline: { 'as-described': AT_ONCE, hardened: proofWindow },
  },
  {
    party: 'host',
    stillIn: STILL_IN,
    accountOf: (by) => `earnings:${by}`,
    deadline: { 'as-described': AT_ONCE, hardened: AT_ONCE },
  },
]
