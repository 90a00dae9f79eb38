/**
 * The list of canaries of matchmaking against its contracts and its claims.
 */
import { describeCanaries } from '../testing/describeCanaries.ts'
import { matchmakingCanaries } from './matchmaking.ts'

/** The fixed list of claims about matchmaking. */
const INVARIANT_IDS = [
  'INV-ONE-STUDENT',
  'INV-FREE-AGAIN',
  'INV-TTL',
  'INV-DEPOSIT-WINDOW',
  'INV-ATTEMPTS',
  'INV-RATE-LOCKED',
  'INV-QUOTE-ONCE',
  'INV-QUOTE-BINDING',
  'INV-MATCH-ORDER',
  'INV-CREDENTIAL-ONCE',
  'INV-CREDENTIAL-EARNED',
  'INV-SOULBOUND',
  'INV-RATING-ONCE',
  'INV-END-TOTAL',
  'INV-EXIT',
  'INV-SINGLE-USE',
  'INV-ISOLATION',
  'INV-STRANGER-HARMLESS',
  'INV-CONSERVATION',
]

describeCanaries({
  protocol: 'matchmaking',
  canaries: matchmakingCanaries,
  sound: { 'as-described': 'MatchmakingAsDescribed', hardened: 'MatchmakingHardened' },
  invariantIds: INVARIANT_IDS,
})
