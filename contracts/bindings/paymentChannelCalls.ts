/**
 * The calls of payment-channel: channels and their ids on a stage, and what each attempt sends.
 */
import { type Abi, encodeAbiParameters, type Hex, keccak256, parseAbiParameters } from 'viem'
import { assert } from '../../models/kit/error.ts'
import type { Agreement, PlannedStep } from '../../models/kit/trace.ts'
import { paymentChannelGuarded } from '../../models/payment-channel/words.ts'
import { paymentChannelHardenedAbi } from '../generated.ts'
import { callEncoder } from './abi.ts'
import { armingBy } from './arming.ts'
import type { Binding, BoundCall, Stage, ViewCall } from './binding.ts'
import { addressOn, perStage, tokenOn } from './perStage.ts'
import { voucher } from './vouchers.ts'

const TERMS_WORDS = parseAbiParameters('address, address, address, uint32, uint256')

/** Both policies have the same functions. */
const abi = paymentChannelHardenedAbi as Abi
const encode = {
  channel: callEncoder(abi, 'channel'),
  expiresAt: callEncoder(abi, 'expiresAt'),
  open: callEncoder(abi, 'open'),
  topUp: callEncoder(abi, 'topUp'),
  redeem: callEncoder(abi, 'redeem'),
  close: callEncoder(abi, 'close'),
  requestClose: callEncoder(abi, 'requestClose'),
  finalise: callEncoder(abi, 'finalise'),
  reclaimExpired: callEncoder(abi, 'reclaimExpired'),
  claim: callEncoder(abi, 'claim'),
}

/** A channel that nobody opened, for vouchers that belong elsewhere. */
const FOREIGN_CHANNEL_ID: Hex = `0x${'f0'.repeat(32)}`

/** What a channel is on one stage: a function of its roles, token and terms. */
interface BoundChannel {
  readonly id: Hex
  readonly terms: Readonly<Record<string, unknown>>
  /** The struct, and what is worked out from it. */
  readonly views: readonly ViewCall[]
}

export interface BoundAgreement extends BoundChannel {
  readonly agreement: Agreement
}

export type BindOptions = Parameters<Binding['bind']>[0]

const channelsOf = perStage(() => new Map<string, BoundChannel>())

export function bindAgreement({ stage }: BindOptions, agreement: Agreement): BoundAgreement {
  const { roles, token, terms } = agreement
  const { payer, provider } = roles
  const key = [payer, provider, token, terms.expirySeconds, terms.salt].join('|')
  const channels = channelsOf(stage)
  const known = channels.get(key)
  const channel = known ?? channelOn(stage, agreement)
  if (known === undefined) channels.set(key, channel)
  return { ...channel, agreement }
}

function channelOn(stage: Stage, agreement: Agreement): BoundChannel {
  const payer = addressOn(stage, agreement.roles.payer)
  const provider = addressOn(stage, agreement.roles.provider)
  const token = tokenOn(stage, agreement.token)
  const seconds = agreement.terms.expirySeconds as number
  const salt = agreement.terms.salt as bigint
  const id = keccak256(encodeAbiParameters(TERMS_WORDS, [payer, provider, token, seconds, salt]))
  return {
    id,
    terms: { payer, provider, token, expirySeconds: BigInt(seconds), salt },
    views: [encode.channel([id]), encode.expiresAt([id])].map((data) => ({
      target: stage.escrow,
      data,
    })),
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
  const channel = context.bound[step.agreement]
  assert(channel !== undefined, `agreement ${step.agreement} is part of the run`)
  const data = dataOf(context, step, channel)
  return { from: addressOn(stage, step.by), to: stage.escrow, data }
}

function dataOf(context: CallContext, step: PlannedStep, channel: BoundAgreement): Hex {
  const { args } = step
  const { id, terms } = channel
  switch (step.action) {
    case 'open':
      return encode.open([terms, args.amountUnits])
    case 'topUp':
      return encode.topUp([id, args.amountUnits])
    case 'redeem':
    case 'close': {
      const signed = voucherOf(context, step, channel)
      return encode[step.action]([id, args.cumulativeUnits, signed])
    }
    case 'requestClose':
    case 'finalise':
    case 'reclaimExpired':
      return encode[step.action]([id])
    case 'claim':
      return encode.claim([id, addressOn(context.options.stage, args.to as string)])
    default:
      throw new Error(`payment-channel has no action ${step.action}`)
  }
}

function voucherOf(
  { options, bound }: CallContext,
  { args }: PlannedStep,
  { id, agreement }: BoundAgreement,
): Hex {
  const { payer, provider } = agreement.roles as { payer: string; provider: string }
  return voucher(options.stage, args.voucher ?? null, {
    channelId: id,
    cumulativeUnits: args.cumulativeUnits as bigint,
    foreignChannelId: bound.find((other) => other.id !== id)?.id ?? FOREIGN_CHANNEL_ID,
    payer,
    provider,
  })
}

/**
 * A re-entrant token tries to finalise the channel, which is the one action that anyone can take,
 * and all else; there it is refused as a caller and hurts nobody.
 */
export const armingOf = armingBy<BoundAgreement>({
  guarded: paymentChannelGuarded,
  argsOf: {
    open: { amountUnits: 1n },
    topUp: { amountUnits: 1n },
    redeem: { cumulativeUnits: 1n, voucher: null },
    close: { cumulativeUnits: 1n, voucher: null },
    claim: { to: 'stranger' },
  },
  dataOf,
})
