/**
 * checkpoint-download on chain: constructor, observation and logs of `CheckpointDownload*.sol`.
 */
import { type Abi, encodeAbiParameters, parseAbiParameters } from 'viem'
import { SEEDERS } from '../../models/checkpoint-download/cast.ts'
import { checkpointDownload } from '../../models/checkpoint-download/protocol.ts'
import type { LogEntry } from '../../models/kit/trace.ts'
import { checkpointDownloadHardenedAbi } from '../generated.ts'
import { errorNames } from './abi.ts'
import { answersOf } from './answers.ts'
import type { Binding, RunBinding } from './binding.ts'
import { armingOf, type BindOptions, bindAgreement, callOf } from './checkpointDownloadCalls.ts'
import { type EventReader, eventReader } from './eventLogs.ts'
import { observeStructs, type StructLayout } from './structs.ts'
import { tokenReads } from './tokenReads.ts'

/** The figures of all seeders in an array that begins at a word. */
function figuresFrom(fromWord: number, name: string): StructLayout['figures'] {
  return SEEDERS.map((_, place) => [`${name}${place}`, fromWord + place] as const)
}

/** The struct that `download(id)` returns. */
const LAYOUT: StructLayout = {
  words: 49,
  states: ['None', 'Serving', 'WaitingForPayment', 'PaymentFailed', 'Completed', 'Cancelled'],
  figures: [
    ['checkpoint', 7],
    ['threshold', 9],
    ['segment', 10],
    ['total', 11],
    ['billed', 12],
    ['due', 13],
    ['pending', 14],
    ['locked', 15],
    ['claimDownloader', 16],
    ...figuresFrom(25, 'delivered'),
    ...figuresFrom(33, 'paid'),
    ...figuresFrom(41, 'claim'),
  ],
}

const CONSTRUCTOR = parseAbiParameters('uint32, uint32')

/** Both policies have the same events and errors. */
const abi = checkpointDownloadHardenedAbi as Abi
const errors = errorNames(abi)

/** Names of event parameters in Solidity, as the machine's logs have them. */
const LOG_KEYS = {
  caller: 'by',
  amount: 'amountUnits',
  sent: 'sentUnits',
  refund: 'refundUnits',
  deliveredBytes: 'bytes',
  paymentReference: 'reference',
  pricePerMebibyte: 'pricePerMebibyteUnits',
}

const readLog = eventReader({ abi, idKey: 'downloadId', keys: LOG_KEYS })

/** A reference is a hash on chain and a number in the machine. */
function withReference(log: LogEntry): LogEntry {
  const { reference } = log.args
  if (typeof reference !== 'string') return log
  return { ...log, args: { ...log.args, reference: BigInt(reference) } }
}

const readEvent: EventReader = (log, ids, tokens) => withReference(readLog(log, ids, tokens))

function bind(options: BindOptions): RunBinding {
  const { stage, agreements } = options
  const bound = agreements.map((agreement) => bindAgreement(options, agreement))
  const tokens = tokenReads({ stage, kinds: agreements.map(({ token }) => token) })
  const ids = bound.map(({ id }) => id)
  const armed = armingOf({ options, bound })
  return {
    prelude: armed.prelude,
    views: [...bound.map(({ view }) => view), ...tokens.views],
    encode: (steps) => steps.map((step) => callOf({ options, bound }, step)),
    ...answersOf({ stage, errors, tokens, ids, readEvent, armed }),
    observe: (words, previous) =>
      observeStructs({ layout: LAYOUT, count: bound.length, tokens, words, previous }),
  }
}

export const checkpointDownloadBinding: Binding = {
  protocol: checkpointDownload,
  contractNames: {
    'as-described': 'CheckpointDownloadAsDescribed',
    hardened: 'CheckpointDownloadHardened',
  },
  constructorArguments: ({ parameters }) =>
    encodeAbiParameters(CONSTRUCTOR, [
      parameters.minCheckpointMebibytes as number,
      parameters.maxCheckpointMebibytes as number,
    ]),
  bind,
}
