/**
 * matchmaking on chain: constructor, observation and logs of `Matchmaking*.sol`.
 *
 * What is observed are the requests, the balances, who has the credential of each request, and, of
 * the hardened contract, the digest that a tutor is to sign, in this order. Tutors and holders are
 * addresses there and places in the machine's figures; a digest is right or wrong.
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
import { askedDigestOn } from './quotes.ts'
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
const STUDENT_WORD = 16
const TOKEN_WORD = 17

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
  const digestOf = policy === 'hardened' ? askedDigestOn(stage) : null
  return {
    prelude: [],
    views: [
      ...bound.map(({ view }) => view),
      ...tokens.views,
      ...bound.map(({ holderView }) => holderView),
      ...(digestOf === null ? [] : bound.map(({ digestView }) => digestView)),
    ],
    encode: (steps) => steps.map((step) => callOf({ options, bound }, step)),
    ...answersOf({ stage, errors: errorsByPolicy[policy], tokens, ids, readEvent }),
    observe: (words, previous) => observe({ ids, tokens, digestOf }, words, previous),
  }
}

/** What is read in a run. */
interface Reading {
  readonly ids: readonly Hex[]
  readonly tokens: TokenReads
  /** Null in a policy without quotes. */
  readonly digestOf: ReturnType<typeof askedDigestOn> | null
}

function observe({ ids, tokens, digestOf }: Reading, words: Hex, previous: Observed | null) {
  const count = ids.length
  const observed = observeStructs({ layout: LAYOUT, count, tokens, words, previous })
  if (observed === previous) return observed
  const placeAt = (word: number) => placeOfWord(tokens, wordAt(words, word))
  const holdersAt = count * LAYOUT.words + tokens.views.length
  const addressAt = (word: number): Hex => `0x${wordAt(words, word).slice(24)}`
  const fits = (id: Hex, index: number) => {
    if (digestOf === null) return true
    const at = index * LAYOUT.words
    const [student, tutor, token] = [STUDENT_WORD, TUTOR_WORD, TOKEN_WORD].map((word) =>
      addressAt(at + word),
    ) as [Hex, Hex, Hex]
    return `0x${wordAt(words, holdersAt + count + index)}` === digestOf([id, student, tutor, token])
  }
  const agreements = observed.view.agreements.map((each, index) =>
    withFigures(each, {
      tutor: placeAt(index * LAYOUT.words + TUTOR_WORD),
      holder: placeAt(holdersAt + index),
      digestFits: fits(ids[index] as Hex, index) ? 1n : 0n,
    }),
  )
  return { words, view: { ...observed.view, agreements } }
}

/** A part that was kept from the last observation has these figures already. */
function withFigures(view: AgreementView, more: AgreementView['figures']): AgreementView {
  if (Object.entries(more).every(([name, value]) => view.figures[name] === value)) return view
  return { state: view.state, figures: { ...view.figures, ...more } }
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
