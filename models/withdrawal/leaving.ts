/**
 * Until when a teacher can take back a withdrawal alone.
 *
 * Hardened, it cancels a pending one at once, and one that the bank has from approvedAt +
 * processingTimeoutSeconds on: `cancel` is refused before that second. As described there is no
 * way back at all (NoWayBack), which refutes the claim for whatever time is stated.
 */
import type { Deadline, Leaving } from '../kit/leaving.ts'

const timeout: Deadline = {
  formula: 'processingTimeoutSeconds',
  seconds: ({ parameters }) => parameters.processingTimeoutSeconds as number,
}

export const withdrawalLeaving: readonly Leaving[] = [
  {
    party: 'teacher',
    stillIn: ['Pending', 'Processing'],
    deadline: { 'as-described': timeout, hardened: timeout },
  },
]
