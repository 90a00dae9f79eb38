/**
 * The cast of test tokens: plain ones with 6, 8 and 18 decimals, and hostile ones.
 *
 * Participants of every campaign bear the names used here, so that "refuses the tutors" can be a
 * static property of a token; a refusal that needs no extra action keeps counterexamples short.
 */
import { assert } from './error.ts'
import type { TokenProfile } from './token.ts'
import type { Agreement } from './trace.ts'

const plain = {
  transferFeeBps: 0n,
  feeFromUnits: 0n,
  refuses: [],
  reenters: false,
  decimals: 6,
} as const

/** Participants by what they do in most protocols: who pays, who serves, who takes fees. */
export interface TokenCast {
  readonly payers: readonly string[]
  readonly providers: readonly string[]
  readonly platform: readonly string[]
}

/** The tokens of a campaign whose participants are `cast`. The first is the simplest. */
export function tokensFor(cast: TokenCast): readonly TokenProfile[] {
  const everybody = [...cast.payers, ...cast.providers, ...cast.platform]
  return [
    { ...plain, kind: 'plain6', summary: 'well-behaved, 6 decimals' },
    { ...plain, kind: 'plain8', decimals: 8, summary: 'well-behaved, 8 decimals' },
    { ...plain, kind: 'plain18', decimals: 18, summary: 'well-behaved, 18 decimals' },
    { ...plain, kind: 'noReturn', summary: 'transfer returns nothing, as USDT does' },
    {
      ...plain,
      kind: 'returnsFalse',
      refuses: cast.providers,
      summary: 'returns false instead of reverting; refuses to pay the providers',
    },
    {
      ...plain,
      kind: 'feeOnTransfer',
      transferFeeBps: 100n,
      summary: 'keeps 1 % of every transfer, rounded up',
    },
    {
      ...plain,
      kind: 'feeOnLargePull',
      transferFeeBps: 100n,
      feeFromUnits: 1_000_000n,
      summary: 'keeps 1 % of every pull of at least 1,000,000 units',
    },
    {
      ...plain,
      kind: 'refusesProviders',
      refuses: cast.providers,
      summary: 'reverts when a provider is to be paid, as a blocklist does',
    },
    {
      ...plain,
      kind: 'refusesPayers',
      refuses: cast.payers,
      summary: 'reverts when a payer is to be paid',
    },
    {
      ...plain,
      kind: 'refusesPlatform',
      refuses: cast.platform,
      summary: 'reverts when the platform is to be paid',
    },
    { ...plain, kind: 'refusesAll', refuses: everybody, summary: 'reverts for every named party' },
    {
      ...plain,
      kind: 'reentrant',
      reenters: true,
      summary: 'tries every action on the contract whenever that moves it',
    },
  ]
}

/**
 * The token of an agreement, among those of its protocol.
 *
 * @throws MeterproofError `MP_INTERNAL_ASSERTION` when it is none of them
 */
export function tokenOf(tokens: readonly TokenProfile[], { token: kind }: Agreement): TokenProfile {
  const token = tokens.find((each) => each.kind === kind)
  assert(token !== undefined, `token ${kind} is one of the test tokens`)
  return token
}
