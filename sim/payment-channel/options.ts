/**
 * What a run of the payment-channel world is made from, checked and completed.
 *
 * Everything that is not given is drawn from (seed, run) or is a stated default, so that a
 * generator may fix any part of a world and leave the rest to chance.
 */
import { MeterproofError } from '../../models/kit/error.ts'
import { bpsShareFloor, divCeil, maxBig } from '../../models/kit/money.ts'
import type { Agreement } from '../../models/kit/trace.ts'
import {
  channelTermsDefault,
  type PaymentChannelParameters,
  paymentChannelParameters,
} from '../../models/payment-channel/parameters.ts'
import { MEBIBYTE_BYTES } from '../world/download.ts'
import { type CommonOptions, type CommonSetup, commonSetup, parsed } from '../world/setup.ts'
import { CHANNEL_TARGETS } from './actors.ts'
import { type Behaviour, behaviourSchema, drawBehaviour } from './behaviour.ts'
import { owedUnits, type Price } from './price.ts'
import type { WorldDefects } from './worldRun.ts'

const DEFAULT_PARAMETERS = paymentChannelParameters.parse({})
/** 100 MiB in steps of 1 MiB: 100 vouchers of 0.10, which the default deposit of 10.00 pays. */
export const FILE_BYTES_DEFAULT = 100 * MEBIBYTE_BYTES
export const BYTES_PER_VOUCHER_DEFAULT = MEBIBYTE_BYTES
/** Drawn faults begin within this time: downloads, lurking payers and most challenges. */
const FAULTS_WITHIN_MS = 15 * 60_000
/** A payer with a small deposit tops up by this part of the price at least. */
const TOP_UPS_MOST = 8n

export interface WorldOptions extends CommonOptions {
  /** @defaultValue the protocol's defaults */
  readonly parameters?: Partial<PaymentChannelParameters>
  /** Parts that are to be fixed. @defaultValue drawn */
  readonly behaviour?: Partial<Behaviour>
  /** @defaultValue 100 MiB */
  readonly fileBytes?: number
  /** @defaultValue 1 MiB */
  readonly bytesPerVoucher?: number
  /** Price of `bytesPerVoucher`. @defaultValue 100,000 base units */
  readonly voucherStepUnits?: bigint
  /** What is locked when the payer locks all at once. @defaultValue 10,000,000 base units */
  readonly depositUnits?: bigint
  /** @defaultValue a day */
  readonly expirySeconds?: number
  /** Kind of test token. @defaultValue 'plain6' */
  readonly token?: string
  readonly defects?: WorldDefects
}

/** Options with nothing left open. */
export interface WorldSetup extends CommonSetup {
  readonly parameters: PaymentChannelParameters
  readonly behaviour: Behaviour
  readonly agreement: Agreement
  readonly price: Price
  readonly fileBytes: number
  /** What the whole file costs. */
  readonly priceUnits: bigint
  /** What is locked at the opening, and what at most is added at a time. */
  readonly firstDepositUnits: bigint
  readonly topUpUnits: bigint
  readonly expirySeconds: number
  /** Time after the expiry in which the payer cannot reclaim yet. */
  readonly graceSeconds: number
  readonly defects: WorldDefects
}

function refuse(field: string, must: string): never {
  const sentence = `The world is not valid at ${field}: it must be ${must}.`
  throw new MeterproofError('MP_WORLD_INVALID', sentence, { facts: { field } })
}

type Terms = Pick<WorldSetup, 'price' | 'fileBytes' | 'priceUnits' | 'expirySeconds'>

function termsOf(options: WorldOptions): Terms & { readonly depositUnits: bigint } {
  const { fileBytes = FILE_BYTES_DEFAULT, bytesPerVoucher = BYTES_PER_VOUCHER_DEFAULT } = options
  const depositUnits = options.depositUnits ?? channelTermsDefault.depositUnits
  const voucherStepUnits = options.voucherStepUnits ?? channelTermsDefault.voucherStepUnits
  const expirySeconds = options.expirySeconds ?? channelTermsDefault.expirySeconds
  for (const [field, bytes] of Object.entries({ fileBytes, bytesPerVoucher })) {
    if (!Number.isSafeInteger(bytes) || bytes < 1) refuse(field, 'a whole number of bytes')
  }
  if (depositUnits < 1n) refuse('depositUnits', 'at least 1 base unit')
  if (voucherStepUnits < 1n) refuse('voucherStepUnits', 'at least 1 base unit')
  if (!Number.isSafeInteger(expirySeconds) || expirySeconds < 1) {
    refuse('expirySeconds', 'a whole number of seconds')
  }
  const price = { voucherStepUnits, bytesPerVoucher }
  const priceUnits = owedUnits(price, fileBytes)
  if (priceUnits < 1n) refuse('fileBytes', 'enough to cost 1 base unit')
  return { price, fileBytes, priceUnits, expirySeconds, depositUnits }
}

/**
 * Checks options and draws what they leave open.
 *
 * @throws MeterproofError `MP_WORLD_INVALID`, `MP_FAULT_…` or `MP_CHAIN_PROFILE_UNKNOWN`
 */
export function setUpWorld(options: WorldOptions): WorldSetup {
  const { seed, run, policy, defects = {} } = options
  const parameters =
    options.parameters === undefined
      ? DEFAULT_PARAMETERS
      : parsed('parameters', paymentChannelParameters.safeParse(options.parameters))
  const { depositUnits, ...terms } = termsOf(options)
  const drawn = { ...drawBehaviour({ seed, run }), ...options.behaviour }
  const behaviour =
    options.behaviour === undefined ? drawn : parsed('behaviour', behaviourSchema.safeParse(drawn))
  const { expirySeconds, price } = terms
  // Rounded down, but never nothing.
  const partUnits = bpsShareFloor(depositUnits, BigInt(behaviour.depositBps))
  const firstDepositUnits = maxBig(1n, partUnits)
  return {
    ...commonSetup(options, CHANNEL_TARGETS, FAULTS_WITHIN_MS),
    ...{ parameters, behaviour, ...terms, defects, firstDepositUnits },
    topUpUnits: maxBig(firstDepositUnits, divCeil(terms.priceUnits, TOP_UPS_MOST)),
    graceSeconds: policy === 'hardened' ? parameters.challengeSeconds : 0,
    agreement: {
      index: 0,
      roles: { payer: 'payer0', provider: 'provider0' },
      token: options.token ?? 'plain6',
      terms: {
        ...{ depositUnits, voucherStepUnits: price.voucherStepUnits, expirySeconds, salt: 0n },
      },
    },
  }
}
