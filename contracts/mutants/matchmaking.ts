/**
 * Mutants of Matchmaking that live, and why.
 */
import type { Explanation } from './explanation.ts'
import { idle } from './gaps.ts'

const BASE = 'MatchmakingBase.sol'
const HARDENED = 'MatchmakingHardened.sol'
const CREDENTIAL = 'MatchCredential.sol'

type Change = Partial<Pick<Explanation, 'operator' | 'before' | 'after'>>

const hardened = (file: string, within: string, change: Change, reason: string): Explanation => ({
  ...{ file, policy: 'hardened', within, reason, equivalent: true },
  ...change,
})

const gap = (file: string, within: string, change: Change, reason: string): Explanation => ({
  ...{ file, within, reason, equivalent: false },
  ...change,
})

const idleIn = (within: string, befores: readonly string[], reason: string) =>
  idle({ file: BASE, within }, befores, reason)
const EMPTY = 'In this policy the function is empty.'

const NEVER_MOVED = 'In this policy a credential is never moved: what would do it is not reached.'
const ONE_CREDENTIAL = 'In this policy a request has one credential, whose number is not used.'
const CONTENT = 'What a credential says is read by a test of its own, and by no campaign.'
const OF_ITSELF = 'Campaigns call the credential through its issuer; a test of its own calls it.'
const RETURNED = 'What an action returns is used by the escrow, in the journey over both contracts.'

export const matchmakingExplanations: readonly Explanation[] = [
  hardened(CREDENTIAL, 'move', {}, NEVER_MOVED),
  hardened(
    BASE,
    'transferCredential',
    { before: 'emit CredentialMoved(id, holder, to);' },
    NEVER_MOVED,
  ),
  hardened(BASE, 'transferCredential', { before: 'holder, to' }, NEVER_MOVED),
  hardened(BASE, 'transferCredential', { before: 'credential.move(tokenId, to);' }, NEVER_MOVED),
  hardened(BASE, 'transferCredential', { before: '_requests[id].credentials' }, ONE_CREDENTIAL),
  hardened(BASE, 'transferCredential', { operator: 'index', before: 'id' }, ONE_CREDENTIAL),
  {
    ...hardened(BASE, 'transferCredential', { after: 'uint256 tokenId;' }, ONE_CREDENTIAL),
    equivalent: false,
    reason: 'In this policy only the argument of an error tells, which is for users.',
  },
  hardened(BASE, '_mint', { before: 'r.credentials', after: 'r.attempts' }, ONE_CREDENTIAL),
  hardened(BASE, '_mint', { after: 'r.credentials = 1' }, ONE_CREDENTIAL),
  hardened(
    BASE,
    'consume',
    { before: 'r.rate = ratePerSecond;', after: '{}' },
    'In this policy the student deposits at the rate that was accepted, or not at all.',
  ),
  hardened(
    HARDENED,
    '_isSearchOver',
    { after: 'r.attempts == maxAttempts' },
    'Proposals are counted one by one, and each end of one looks at the number.',
  ),
  hardened(
    'SoulboundCredential.sol',
    '_update',
    { before: 'auth', after: 'from' },
    'What gets here is an issue, for which both are nobody.',
  ),
  {
    ...{
      file: 'MatchmakingBooks.sol',
      within: '_requireTime',
      after: 'block.timestamp < r.bookedFor',
    },
    equivalent: true,
    reason: 'A booked search is begun at its time at the earliest, and the time stays in the past.',
  },
  ...[
    { before: 'return (r.tutor, r.token, r.cap);' },
    { operator: 'role' },
    { before: 'r.cap', after: 'r.maxRate' },
  ].map((change) => ({ ...hardened(BASE, 'consume', change, RETURNED), equivalent: false })),
  gap(BASE, '_mint', { before: 'r.tutor', after: 'r.student' }, CONTENT),
  gap(BASE, '_mint', { before: 'r.billedSeconds', after: 'r.credentials' }, CONTENT),
  gap(CREDENTIAL, 'issue', {}, CONTENT),
  gap(CREDENTIAL, 'contentOf', {}, CONTENT),
  gap(CREDENTIAL, 'onlyIssuer', {}, OF_ITSELF),
  gap('SoulboundCredential.sol', '_update', { operator: 'guard' }, OF_ITSELF),
  gap(HARDENED, 'isUsed', {}, 'A reading for users, by words that no request has for itself.'),
  ...idleIn('propose', ['_requireFree(tutor);', '_proposedTo(tutor, id);'], EMPTY),
  ...idleIn('decline', ['_requireAnswerable(r);'], EMPTY),
  ...idleIn('consume', ['_requireDepositInTime(r);', '_requireRate(r, ratePerSecond);'], EMPTY),
  ...idleIn('consume', ['ratePerSecond'], EMPTY),
  ...idleIn('rate', ['_requireMayRate(r);'], EMPTY),
  ...idleIn(
    'complete',
    ['_earnsCredential(r)'],
    'In this policy every session earns a credential.',
  ),
  ...idleIn('_accept', ['r.quoteExpiry = quoteExpiry;'], 'In this policy there are no quotes.'),
  {
    ...gap(CREDENTIAL, 'move', { operator: 'modifier' }, OF_ITSELF),
    policy: 'as-described',
  },
  gap(
    HARDENED,
    '_credentialIdOf',
    { after: '{}' },
    'Two requests of one run would both have to be completed, which few runs do.',
  ),
]
