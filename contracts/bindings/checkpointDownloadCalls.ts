/**
 * The calls of checkpoint-download: downloads and their ids on a stage, what each attempt sends.
 */
import { type Abi, type Hex, keccak256 } from 'viem'
import { seedersOf } from '../../models/checkpoint-download/cast.ts'
import { DOWNLOAD_MODES, type DownloadMode } from '../../models/checkpoint-download/parameters.ts'
import { checkpointDownloadGuarded } from '../../models/checkpoint-download/words.ts'
import { assert } from '../../models/kit/error.ts'
import type { Agreement, PlannedStep } from '../../models/kit/trace.ts'
import { checkpointDownloadAsDescribedAbi, checkpointDownloadHardenedAbi } from '../generated.ts'
import { callEncoder, uintWord } from './abi.ts'
import { armingBy } from './arming.ts'
import type { Binding, BoundCall, Stage, ViewCall } from './binding.ts'
import { addressOn, perStage, tokenOn } from './perStage.ts'

/** Both policies have the same functions but `pay`. */
const abi = checkpointDownloadHardenedAbi as Abi
const encode = {
  download: callEncoder(abi, 'download'),
  open: callEncoder(abi, 'open'),
  reportProgress: callEncoder(abi, 'reportProgress'),
  pay: callEncoder(abi, 'pay'),
  payOnTrust: callEncoder(checkpointDownloadAsDescribedAbi as Abi, 'pay'),
  retryPayment: callEncoder(abi, 'retryPayment'),
  confirm: callEncoder(abi, 'confirm'),
  complete: callEncoder(abi, 'complete'),
  cancel: callEncoder(abi, 'cancel'),
  claim: callEncoder(abi, 'claim'),
}

/** What a download is on one stage: a function of its roles, token and terms. */
interface BoundDownload {
  readonly id: Hex
  /** Call data of its opening. */
  readonly opening: Hex
  readonly view: ViewCall
}

export interface BoundAgreement extends BoundDownload {
  readonly agreement: Agreement
}

export type BindOptions = Parameters<Binding['bind']>[0]

const downloadsOf = perStage(() => new Map<string, BoundDownload>())

export function bindAgreement({ stage }: BindOptions, agreement: Agreement): BoundAgreement {
  const { roles, token, terms } = agreement
  const { fileBytes, pricePerMebibyteUnits, mode, firstMebibytes, growthBps, salt } = terms
  const schedule = [fileBytes, pricePerMebibyteUnits, mode, firstMebibytes, growthBps]
  const key = [roles.downloader, token, ...seedersOf(agreement), ...schedule, salt].join('|')
  const downloads = downloadsOf(stage)
  const known = downloads.get(key)
  const download = known ?? downloadOn(stage, agreement)
  if (known === undefined) downloads.set(key, download)
  return { ...download, agreement }
}

function downloadOn(stage: Stage, agreement: Agreement): BoundDownload {
  const { pricePerMebibyteUnits, mode, ...rest } = agreement.terms
  const opening = encode.open([
    {
      ...rest,
      downloader: addressOn(stage, agreement.roles.downloader),
      token: tokenOn(stage, agreement.token),
      seeders: seedersOf(agreement).map((seeder) => addressOn(stage, seeder)),
      pricePerMebibyte: pricePerMebibyteUnits,
      mode: DOWNLOAD_MODES.indexOf(mode as DownloadMode),
    },
  ])
  // The terms are the only argument, so what follows the selector is what the id is a hash of.
  const id = keccak256(`0x${opening.slice(10)}`)
  return { id, opening, view: { target: stage.escrow, data: encode.download([id]) } }
}

/** The run in which a call is made. */
interface CallContext {
  readonly options: BindOptions
  readonly bound: readonly BoundAgreement[]
}

/** The call of one step. */
export function callOf({ options, bound }: CallContext, step: PlannedStep): BoundCall {
  const { stage } = options
  const download = bound[step.agreement]
  assert(download !== undefined, `agreement ${step.agreement} is part of the run`)
  const data = dataOf(options, step, download)
  return { from: addressOn(stage, step.by), to: stage.escrow, data }
}

function dataOf(options: BindOptions, step: PlannedStep, { id, opening }: BoundDownload): Hex {
  const { action, args } = step
  switch (action) {
    case 'open':
      return opening
    case 'reportProgress':
      return encode.reportProgress([id, BigInt(args.seeder as number), args.bytes])
    case 'pay':
      return options.policy === 'hardened'
        ? encode.pay([id, BigInt(args.checkpoint as number), args.amountUnits])
        : encode.payOnTrust([id, hash(args.reference as bigint), args.amountUnits, args.sentUnits])
    case 'retryPayment':
      return encode.retryPayment([id, BigInt(args.checkpoint as number), args.amountUnits])
    case 'confirm':
    case 'complete':
    case 'cancel':
      return encode[action]([id])
    case 'claim':
      return encode.claim([id, addressOn(options.stage, args.to as string)])
    default:
      throw new Error(`checkpoint-download has no action ${action}`)
  }
}

function hash(reference: bigint): Hex {
  return `0x${uintWord(reference)}`
}

/**
 * A re-entrant token tries to cancel the download, and all else. All actions need a party as the
 * caller; of those, cancelling moves money out, and the same money each time, if neither the caller
 * nor the state is looked at.
 */
export const armingOf = armingBy<BoundAgreement>({
  guarded: checkpointDownloadGuarded,
  argsOf: {
    reportProgress: { seeder: 0, bytes: 1n },
    pay: { checkpoint: 0, amountUnits: 1n, reference: 1n, sentUnits: 1n },
    retryPayment: { checkpoint: 0, amountUnits: 1n },
    claim: { to: 'stranger' },
  },
  dataOf: ({ options }, step, of) => dataOf(options, step, of),
})
