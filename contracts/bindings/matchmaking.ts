/**
 * matchmaking on chain: constructor, observation and logs of `Matchmaking*.sol`.
 *
 * What is observed are the requests, the balances, and who has the credential of each request, in
 * this order. Tutors and holders are addresses there and places in the machine's figures.
 */
import { type Abi, type Address, encodeAbiParameters, type Hex, parseAbiParameters } from 'viem'
import type { AgreementView } from '../../models/kit/trace.ts'
import { placeOf } from '../../models/matchmaking/cast.ts'
import { matchmaking } from '../../models/matchmaking/protocol.ts'
import { matchmakingAsDescribedAbi, matchmakingHardenedAbi } from '../generated.ts'
import { errorNames, wordAt } from './abi.ts'
import { answersOf } from './answers.ts'
import type { Binding, Observed, RunBinding } from './binding.ts'
import { eventReader } from './eventLogs.ts'
import { type BindOptions, bindAgreement, callOf } from './matchmakingCalls.ts'
import { observeStructs, type StructLayout } from './structs.ts'
import { type TokenReads, tokenReads } from './tokenReads.ts'

/** The struct that `matchRequest(id)` returns; its tutor is read apart. */
const LAYOUT: StructLayout = {
  words: 18,
  states: [
    'None',
    'Searching',
    'Proposed',
    'AwaitingDeposit',
    'Matched',
    'Completed',
    'NoMatch',
    'Waitlisted',
    'Booked',
    'Expired',
    'Cancelled',
  ],
  figures: [
    ['attempts', 1],
    ['proposedAt', 2],
    ['acceptedAt', 3],
    ['billedSeconds', 4],
    ['credentials', 5],
    ['ratingStudent', 6],
    ['ratingTutor', 7],
    ['rate', 8],
    ['quoteExpiry', 9],
    ['bookedFor', 10],
    ['cap', 11],
    ['boundUntil', 13],
    ['quoteNonce', 15],
  ],
}
const TUTOR_WORD = 14

/** The figure that stands for somebody who has no place. */
const ANY_OTHER = 99n

const CONSTRUCTOR = parseAbiParameters('(address, address, uint32, uint8, uint32, uint32)')

/** The hardened contract has all events of the other. */
const hardenedAbi = matchmakingHardenedAbi as Abi
const errorsByPolicy = {
  'as-described': errorNames(matchmakingAsDescribedAbi as Abi),
  hardened: errorNames(hardenedAbi),
}

/** Names of event parameters in Solidity, as the machine's logs have them. */
const LOG_KEYS = { caller: 'by', maxRate: 'maxRateUnits', cap: 'capUnits', rate: 'rateUnits' }

const readEvent = eventReader({ abi: hardenedAbi, idKey: 'requestId', keys: LOG_KEYS })

function bind(options: BindOptions): RunBinding {
  const { stage, policy, agreements } = options
  const bound = agreements.map((agreement) => bindAgreement(options, agreement))
  const tokens = tokenReads({ stage, kinds: agreements.map(({ token }) => token) })
  const ids = bound.map(({ id }) => id)
  return {
    prelude: [],
    views: [
      ...bound.map(({ view }) => view),
      ...tokens.views,
      ...bound.map(({ holderView }) => holderView),
    ],
    encode: (steps) => steps.map((step) => callOf({ options, bound }, step)),
    ...answersOf({ stage, errors: errorsByPolicy[policy], tokens, ids, readEvent }),
    observe: (words, previous) => observe({ count: bound.length, tokens }, words, previous),
  }
}

/** What is read in a run. */
interface Reading {
  readonly count: number
  readonly tokens: TokenReads
}

function observe({ count, tokens }: Reading, words: Hex, previous: Observed | null): Observed {
  const observed = observeStructs({ layout: LAYOUT, count, tokens, words, previous })
  if (observed === previous) return observed
  const placeAt = (word: number) => placeOfWord(tokens, wordAt(words, word))
  const holdersAt = count * LAYOUT.words + tokens.views.length
  const agreements = observed.view.agreements.map((each, index) => {
    const tutor = placeAt(index * LAYOUT.words + TUTOR_WORD)
    return withPlaces(each, tutor, placeAt(holdersAt + index))
  })
  return { words, view: { ...observed.view, agreements } }
}

/** A part that was kept from the last observation has its places already. */
function withPlaces(view: AgreementView, tutor: bigint, holder: bigint): AgreementView {
  if (view.figures.tutor === tutor && view.figures.holder === holder) return view
  return { state: view.state, figures: { ...view.figures, tutor, holder } }
}

function placeOfWord(tokens: TokenReads, word: string): bigint {
  if (BigInt(`0x${word}`) === 0n) return 0n
  const place = placeOf(tokens.holderOf(`0x${word.slice(24)}`) ?? null)
  return place === 0n ? ANY_OTHER : place
}

export const matchmakingBinding: Binding = {
  protocol: matchmaking,
  contractNames: { 'as-described': 'MatchmakingAsDescribed', hardened: 'MatchmakingHardened' },
  constructorArguments: ({ parameters, accounts }) =>
    encodeAbiParameters(CONSTRUCTOR, [
      [
        accounts.matchmaker as Address,
        accounts.sessionEscrow as Address,
        parameters.proposalTtlSeconds as number,
        parameters.maxAttempts as number,
        parameters.depositWindowSeconds as number,
        parameters.credentialSeconds as number,
      ],
    ]),
  bind,
}
