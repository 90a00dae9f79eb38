/**
 * Signed quotes of matchmaking: genuine ones, and every way of cheating with them.
 *
 * EIP-712 over `Quote(bytes32 requestId,address student,address tutor,address token,uint128 rate,
 * uint64 expiry,uint256 nonce)`: a tutor's promise to teach at a rate, in base units of the token a
 * second, if it is taken up before its expiry.
 */
import type { Address, Hex } from 'viem'
import { AMOUNT_UNITS_MAX } from '../../models/kit/money.ts'
import type { Datum } from '../../models/kit/trace.ts'
import { OTHER_CONTRACT } from './attestations.ts'
import type { Stage } from './binding.ts'
import { addressOn, perStage } from './perStage.ts'
import { typedDigest, typedSigner, typedSignerOn } from './typedSigner.ts'

const QUOTE = {
  domainName: 'MeterproofMatchmaking',
  type: [
    'Quote(bytes32 requestId,address student,address tutor,address token,uint128 rate,',
    'uint64 expiry,uint256 nonce)',
  ].join(''),
}
const hereOn = typedSignerOn(QUOTE)
const thereOn = perStage(({ chainId }) =>
  typedSigner({ ...QUOTE, chainId, verifyingContract: OTHER_CONTRACT }),
)

/** Rate, expiry and nonce of a quote that nobody signs: of it the contract tells the digest. */
export const OFFER_ASKED = [1n, 2n, 3n] as const

/** The digest of that quote, by the words that a request has: its id, student, tutor and token. */
export const askedDigestOn = perStage(({ chainId, escrow }) => {
  const digestOf = typedDigest({ ...QUOTE, chainId, verifyingContract: escrow })
  const kept = new Map<string, Hex>()
  return (words: readonly [id: Hex, student: Hex, tutor: Hex, token: Hex]): Hex => {
    const key = words.join()
    const known = kept.get(key) ?? digestOf([...words, ...OFFER_ASKED])
    kept.set(key, known)
    return known
  }
})

/** The request that a quote is for. */
export interface QuotedRequest {
  readonly id: Hex
  readonly student: Address
  readonly token: Address
}

/** Which quote is presented, for which request, and whom it can be from. */
export interface QuoteCase {
  readonly request: QuotedRequest
  /** Another request, for quotes that belong elsewhere. */
  readonly foreign: QuotedRequest
  /** Participants; `otherStudent` is not the one of the request. */
  readonly tutor: string
  readonly student: string
  readonly otherStudent: string
  readonly rateUnits: bigint
  readonly expirySeconds: bigint
  readonly nonce: bigint
}

/**
 * The quote of a kind; empty for null, which is none at all.
 *
 * @param kind genuine, forged (signed by a stranger), crossed (signed by the student) or null; or
 * the tutor's own, but foreign (for another request), altered (at one base unit more, or less at
 * the limit), prolonged (until one second earlier), renumbered (with the next nonce), lent (to
 * another student) or misplaced (for another contract)
 */
export function quote(stage: Stage, kind: Datum, given: QuoteCase): Hex {
  const { request, foreign, tutor, rateUnits, expirySeconds, nonce } = given
  const members = ({ id, student, token }: QuotedRequest, offer: readonly bigint[]) => [
    id,
    student,
    addressOn(stage, tutor),
    token,
    ...offer,
  ]
  const offer = [rateUnits, expirySeconds, nonce]
  const sign = hereOn(stage)
  switch (kind) {
    case null:
      return '0x'
    case 'genuine':
      return sign(tutor, members(request, offer))
    case 'forged':
      return sign('stranger', members(request, offer))
    case 'crossed':
      return sign(given.student, members(request, offer))
    case 'foreign':
      return sign(tutor, members(foreign, offer))
    case 'altered':
      return sign(tutor, members(request, [nextTo(rateUnits), expirySeconds, nonce]))
    case 'prolonged':
      return sign(tutor, members(request, [rateUnits, earlier(expirySeconds), nonce]))
    case 'renumbered':
      return sign(tutor, members(request, [rateUnits, expirySeconds, nonce + 1n]))
    case 'lent': {
      const student = addressOn(stage, given.otherStudent)
      return sign(tutor, members({ ...request, student }, offer))
    }
    case 'misplaced':
      return thereOn(stage)(tutor, members(request, offer))
    default:
      throw new Error(`unknown kind of quote: ${String(kind)}`)
  }
}

function nextTo(rateUnits: bigint): bigint {
  return rateUnits < AMOUNT_UNITS_MAX ? rateUnits + 1n : rateUnits - 1n
}

function earlier(seconds: bigint): bigint {
  return seconds > 0n ? seconds - 1n : 1n
}
