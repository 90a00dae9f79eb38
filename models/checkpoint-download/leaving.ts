/**
 * Until when downloader and seeders can each leave a download alone: at once, from every state.
 *
 * `complete` and `cancel` ask for no timer, and everyone can fetch its own claim. As described a
 * payment that has failed shuts both ways, which refutes the claim.
 */
import { AT_ONCE, type Leaving } from '../kit/leaving.ts'
import { SEEDERS } from './cast.ts'
import { DUE } from './oracle.ts'
import { CLAIM_FIGURES } from './standing.ts'

const STILL_IN = ['Serving', ...DUE]
const claims = new Map(CLAIM_FIGURES.map(([name, owner]) => [owner, name]))
const claimOf = (role: string) => claims.get(role) ?? ''
const deadline = { 'as-described': AT_ONCE, hardened: AT_ONCE }

export const downloadLeaving: readonly Leaving[] = [
  { party: 'downloader', stillIn: STILL_IN, claimOf, deadline },
  { party: 'seeder', roles: SEEDERS, stillIn: STILL_IN, claimOf, deadline },
]
