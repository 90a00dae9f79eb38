/**
 * What readers of the chain see of all requests, and how everything stands at the end.
 */
import type { WorldView } from '../../models/kit/trace.ts'
import { participantAt } from '../../models/matchmaking/cast.ts'
import { BOUND_IN_A_MATCH } from '../../models/matchmaking/rules.ts'
import type { ChainSide } from '../world/chainSide.ts'
import { type Item, type MatchReading, TUTORS } from './actors.ts'
import type { EndState } from './worldRun.ts'

/** Nobody is none of them. */
const TUTOR_NAMES: readonly (string | null)[] = TUTORS

function tutorAt(place: bigint): number {
  return TUTOR_NAMES.indexOf(participantAt(place))
}

/** What all readers see alike. */
export function readRequests(view: WorldView): MatchReading {
  return {
    items: view.agreements.map(({ state, figures }): Item => {
      const { boundUntil = 0n } = figures
      const number = (name: string) => Number(figures[name] ?? 0n)
      return {
        ...{ state, attempts: number('attempts'), tutor: tutorAt(figures.tutor ?? 0n) },
        proposedAtSeconds: number('proposedAt'),
        acceptedAtSeconds: number('acceptedAt'),
        rateUnits: figures.rate ?? 0n,
        boundUntilSeconds:
          boundUntil === BOUND_IN_A_MATCH ? Number.POSITIVE_INFINITY : Number(boundUntil),
        capUnits: figures.cap ?? 0n,
        bookedForSeconds: number('bookedFor'),
        ratingStudent: number('ratingStudent'),
        ratingTutor: number('ratingTutor'),
      }
    }),
  }
}

export function endStateOf(side: ChainSide<MatchReading>, nowMs: number): EndState {
  const { agreements } = side.world
  const sum = (name: string) =>
    agreements.reduce((total, { figures }) => total + Number(figures[name] ?? 0n), 0)
  return {
    states: agreements.map(({ state }) => state),
    ...{ billedSeconds: sum('billedSeconds'), credentials: sum('credentials'), nowMs },
  }
}
