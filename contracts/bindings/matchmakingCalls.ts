/**
 * The calls of matchmaking: requests and their ids on a stage, and what each attempt sends.
 */
import { type Abi, encodeAbiParameters, type Hex, keccak256, parseAbiParameters } from 'viem'
import { assert } from '../../models/kit/error.ts'
import type { Agreement, PlannedStep } from '../../models/kit/trace.ts'
import { MATCHMAKING_STUDENTS } from '../../models/matchmaking/cast.ts'
import { matchmakingAsDescribedAbi, matchmakingHardenedAbi } from '../generated.ts'
import { callEncoder } from './abi.ts'
import type { Binding, BoundCall, Stage, ViewCall } from './binding.ts'
import { addressOn, perStage, tokenOn } from './perStage.ts'
import { OFFER_ASKED, type QuotedRequest, quote } from './quotes.ts'

const TERMS_WORDS = parseAbiParameters('address, address, uint128, uint128, uint256')

const hardenedAbi = matchmakingHardenedAbi as Abi
/** Both policies have these functions in the same shape. */
const encode = {
  matchRequest: callEncoder(hardenedAbi, 'matchRequest'),
  credentialHolder: callEncoder(hardenedAbi, 'credentialHolder'),
  requestMatch: callEncoder(hardenedAbi, 'requestMatch'),
  propose: callEncoder(hardenedAbi, 'propose'),
  noMatch: callEncoder(hardenedAbi, 'noMatch'),
  decline: callEncoder(hardenedAbi, 'decline'),
  lapse: callEncoder(hardenedAbi, 'lapse'),
  consume: callEncoder(hardenedAbi, 'consume'),
  release: callEncoder(hardenedAbi, 'release'),
  reduceCap: callEncoder(hardenedAbi, 'reduceCap'),
  waitlist: callEncoder(hardenedAbi, 'waitlist'),
  book: callEncoder(hardenedAbi, 'book'),
  cancel: callEncoder(hardenedAbi, 'cancel'),
  complete: callEncoder(hardenedAbi, 'complete'),
  transferCredential: callEncoder(hardenedAbi, 'transferCredential'),
  rate: callEncoder(hardenedAbi, 'rate'),
}
const encodeAccept = callEncoder(matchmakingAsDescribedAbi as Abi, 'accept')
const encodeAcceptQuote = callEncoder(hardenedAbi, 'accept')
const encodeQuoteDigest = callEncoder(hardenedAbi, 'quoteDigest')

/** A request that nobody made, for quotes that belong elsewhere. */
const FOREIGN_REQUEST_ID: Hex = `0x${'f0'.repeat(32)}`

/** What a request is on one stage: a function of its student, token and terms. */
interface BoundRequest extends QuotedRequest {
  readonly terms: Readonly<Record<string, unknown>>
  readonly view: ViewCall
  readonly holderView: ViewCall
  /** Which digest is to be signed for a quote; hardened only. */
  readonly digestView: ViewCall
}

export interface BoundAgreement extends BoundRequest {
  readonly agreement: Agreement
}

export type BindOptions = Parameters<Binding['bind']>[0]

const requestsOf = perStage(() => new Map<string, BoundRequest>())

export function bindAgreement({ stage }: BindOptions, agreement: Agreement): BoundAgreement {
  const { roles, token, terms } = agreement
  const key = [roles.student, token, terms.maxRateUnits, terms.capUnits, terms.salt].join('|')
  const requests = requestsOf(stage)
  const known = requests.get(key)
  const request = known ?? requestOn(stage, agreement)
  if (known === undefined) requests.set(key, request)
  return { ...request, agreement }
}

function requestOn(stage: Stage, agreement: Agreement): BoundRequest {
  const student = addressOn(stage, agreement.roles.student)
  const token = tokenOn(stage, agreement.token)
  const maxRate = agreement.terms.maxRateUnits as bigint
  const cap = agreement.terms.capUnits as bigint
  const salt = agreement.terms.salt as bigint
  const id = keccak256(encodeAbiParameters(TERMS_WORDS, [student, token, maxRate, cap, salt]))
  return {
    id,
    student,
    token,
    terms: { student, token, maxRate, cap, salt },
    view: { target: stage.escrow, data: encode.matchRequest([id]) },
    holderView: { target: stage.escrow, data: encode.credentialHolder([id]) },
    digestView: { target: stage.escrow, data: encodeQuoteDigest([id, ...OFFER_ASKED]) },
  }
}

/** The run in which a call is made. */
interface CallContext {
  readonly options: BindOptions
  readonly bound: readonly BoundAgreement[]
}

/** The call of one step, signed where something has to be signed. */
export function callOf(context: CallContext, step: PlannedStep): BoundCall {
  const { stage } = context.options
  const request = context.bound[step.agreement]
  assert(request !== undefined, `agreement ${step.agreement} is part of the run`)
  const data = dataOf(context, step, request)
  return { from: addressOn(stage, step.by), to: stage.escrow, data }
}

function dataOf(context: CallContext, step: PlannedStep, request: BoundAgreement): Hex {
  const { id, terms } = request
  const { action, args } = step
  const addressOf = (value: unknown) => addressOn(context.options.stage, value as string)
  switch (action) {
    case 'request':
      return encode.requestMatch([terms])
    case 'propose':
      return encode.propose([id, addressOf(args.tutor)])
    case 'accept':
      return acceptData(context, step, request)
    case 'consume':
      return encode.consume([id, addressOf(args.student), args.rateUnits])
    case 'reduceCap':
      return encode.reduceCap([id, args.capUnits])
    case 'book':
      return encode.book([id, BigInt(args.at as number)])
    case 'complete':
      return encode.complete([id, BigInt(args.billedSeconds as number)])
    case 'transferCredential':
      return encode.transferCredential([id, addressOf(args.to)])
    case 'rate':
      return encode.rate([id, BigInt(args.score as number)])
    case 'noMatch':
    case 'decline':
    case 'lapse':
    case 'release':
    case 'waitlist':
    case 'cancel':
      return encode[action]([id])
    default:
      throw new Error(`matchmaking has no action ${action}`)
  }
}

/** Hardened, the quote is that of the tutor of the step, whoever was proposed. */
function acceptData(
  { options, bound }: CallContext,
  { args }: PlannedStep,
  request: BoundAgreement,
): Hex {
  const { stage, policy } = options
  const { id, agreement } = request
  const rateUnits = args.rateUnits as bigint
  if (policy === 'as-described') return encodeAccept([id, rateUnits])
  const expirySeconds = BigInt(args.expiry as number)
  const nonce = args.nonce as bigint
  const student = agreement.roles.student as string
  const signed = quote(stage, args.quote ?? null, {
    request,
    foreign: bound.find((other) => other.id !== id) ?? { ...request, id: FOREIGN_REQUEST_ID },
    tutor: args.tutor as string,
    student,
    otherStudent: MATCHMAKING_STUDENTS.find((other) => other !== student) as string,
    rateUnits,
    expirySeconds,
    nonce,
  })
  return encodeAcceptQuote([id, rateUnits, expirySeconds, nonce, signed])
}
