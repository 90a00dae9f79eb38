/**
 * What readers of the chain see of the three contracts.
 */
import type { WorldView } from '../../models/kit/trace.ts'
import { participantAt } from '../../models/matchmaking/cast.ts'
import { readSession } from '../session-escrow/sessionReading.ts'
import type { JourneyReading, MatchReading } from './actors.ts'
import type { JourneySetup } from './options.ts'
import { CONTRACTS, FIRST_WITHDRAWAL, REQUEST, SESSION } from './parts.ts'

function readMatch(view: WorldView): MatchReading {
  const { state = 'None', figures = {} } = view.agreements[REQUEST] ?? {}
  const figure = (name: string): number => Number(figures[name] ?? 0n)
  return {
    state,
    attempts: figure('attempts'),
    tutor: participantAt(figures.tutor ?? 0n),
    proposedAtSeconds: figure('proposedAt'),
    boundUntilSeconds: figure('boundUntil'),
    ratingStudent: figure('ratingStudent'),
    ratingTutor: figure('ratingTutor'),
  }
}

/** What all readers see alike. */
export function readJourney(view: WorldView, { token, session }: JourneySetup): JourneyReading {
  const own = { ...view, agreements: view.agreements.slice(SESSION) }
  const accounts = view.accounts?.[token] ?? {}
  const units = (name: string) => accounts[name] ?? 0n
  return {
    match: readMatch(view),
    session: readSession(own, session.terms.ratePerSecondUnits as bigint),
    withdrawal: {
      items: view.agreements.slice(FIRST_WITHDRAWAL).map(({ state, figures }) => ({
        state,
        approvedAtSeconds: Number(figures.approvedAt ?? 0n),
        claimBankUnits: figures.claimBank ?? 0n,
      })),
      availableUnits: [units('available:tutor0'), units('available:tutor1')],
      pendingUnits: [units('pending:tutor0'), units('pending:tutor1')],
      commissionUnits: units('commission'),
      escrowUnits: view.balances[token]?.[CONTRACTS.withdrawal] ?? 0n,
    },
  }
}
