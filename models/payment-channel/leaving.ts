/**
 * Until when payer and provider can each leave a channel alone.
 *
 * - The provider closes at once in both policies, with the best voucher that it has or with none
 *   (`close` asks for no timer).
 * - The payer asks for the end and finalises a challenge later: `requestClose` sets challengeEndsAt
 *   to now + challengeSeconds, and `finalise` is refused before that second. As described a
 *   redemption starts the challenge anew, but that is a call of somebody else: whoever begins in
 *   Closing still waits no longer than one challenge. A grace after the expiry only adds a way.
 */
import { AT_ONCE, type Deadline, type Leaving } from '../kit/leaving.ts'

const OPEN = ['Open', 'Closing']

const challenge: Deadline = {
  formula: 'challengeSeconds',
  seconds: ({ parameters }) => parameters.challengeSeconds as number,
}

export const channelLeaving: readonly Leaving[] = [
  {
    party: 'payer',
    stillIn: OPEN,
    claimOf: () => 'claimPayer',
    deadline: { 'as-described': challenge, hardened: challenge },
  },
  {
    party: 'provider',
    stillIn: OPEN,
    claimOf: () => 'claimProvider',
    deadline: { 'as-described': AT_ONCE, hardened: AT_ONCE },
  },
]
