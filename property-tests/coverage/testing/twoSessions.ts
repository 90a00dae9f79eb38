/**
 * Two sessions side by side, of which every step is known by heart: for counting by hand.
 */
import type { PlannedStep } from '../../../models/kit/trace.ts'
import { castOf } from '../../kit/plan.ts'
import { START_SECONDS } from '../../kit/player.ts'
import { agreementOf } from '../../session-escrow/moves.ts'
import { sessionEscrowPlayer } from '../../session-escrow/player.ts'

export function twoSessions() {
  const agreements = [agreementOf(0, [0, 0, 0, 0]), agreementOf(1, [0, 0, 0, 0])]
  const cast = castOf(sessionEscrowPlayer, 'as-described', { caseIndex: 0, agreements })
  const { student = '', tutor = '' } = agreements[0]?.roles ?? {}
  const rate = agreements[0]?.terms.ratePerSecondUnits as bigint
  const funding = { amountUnits: rate * 100n }
  const step = (agreement: number, action: string, by: string, args = {}): PlannedStep => {
    return { agreement, action, by, atSeconds: START_SECONDS, args }
  }
  const steps = [
    step(0, 'deposit', student, funding),
    step(1, 'deposit', student, funding),
    step(0, 'join', 'stranger'),
    step(0, 'join', student),
    step(1, 'join', student),
    step(0, 'join', student),
    step(0, 'join', tutor),
    step(1, 'join', tutor),
  ]
  return { cast, steps }
}
