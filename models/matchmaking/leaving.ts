/**
 * Until when student and tutor can each leave a request alone, as long as it is not matched.
 *
 * - The student cancels at once.
 * - A proposed tutor declines, or, hardened, lets the proposal lapse once it is over, at once. One
 *   who has accepted is bound until the deposit is out of time: hardened, anyone releases it from
 *   acceptedAt + depositWindowSeconds on, or from the expiry of the quote, whichever is earlier. As
 *   described only the matchmaker releases (NotMatchmaker), which refutes the claim.
 */
import { AT_ONCE, type Deadline, type Leaving } from '../kit/leaving.ts'
import { placeOf } from './cast.ts'
import { OPEN, STATE_OF } from './oracle.ts'

const depositWindow: Deadline = {
  formula: 'depositWindowSeconds',
  seconds: ({ parameters }) => parameters.depositWindowSeconds as number,
}

export const requestLeaving: readonly Leaving[] = [
  {
    party: 'student',
    stillIn: OPEN.map((phase) => STATE_OF[phase]),
    deadline: { 'as-described': AT_ONCE, hardened: AT_ONCE },
  },
  {
    party: 'tutor',
    stillIn: [STATE_OF.proposed, STATE_OF.awaiting],
    isHeld: ({ figures }, by) => figures.tutor === placeOf(by),
    deadline: { 'as-described': depositWindow, hardened: depositWindow },
  },
]
