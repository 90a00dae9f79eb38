/**
 * Until when student and teacher can each leave a hold alone.
 *
 * Hardened, anyone refunds a hold that nobody has finished from startsAt + sessionSeconds +
 * noShowSeconds on (`refundUnfinished`), and decides a finished one from finishedAt +
 * attestationWindowSeconds + keeperWindowSeconds on (`process`). A teacher may finish only now, so
 * the windows run from t at the latest. As described a keeper alone decides (NotKeeper), which
 * refutes the claim.
 */
import type { Deadline, Leaving } from '../kit/leaving.ts'
import { CLAIM_FIGURES } from './standing.ts'

const deadline: Deadline = {
  formula:
    'max(startsAt + sessionSeconds + noShowSeconds − t, ' +
    'attestationWindowSeconds + keeperWindowSeconds)',
  seconds({ parameters, agreement, atSeconds }) {
    const ofParameter = (name: string) => parameters[name] as number
    const noShowAt =
      (agreement.terms.startsAt as number) +
      ofParameter('sessionSeconds') +
      ofParameter('noShowSeconds')
    const windows = ofParameter('attestationWindowSeconds') + ofParameter('keeperWindowSeconds')
    return Math.max(noShowAt - atSeconds, windows)
  },
}

export const holdLeaving: readonly Leaving[] = (['student', 'teacher'] as const).map((party) => ({
  party,
  stillIn: ['Held'],
  claimOf: () => CLAIM_FIGURES[party],
  deadline: { 'as-described': deadline, hardened: deadline },
}))
