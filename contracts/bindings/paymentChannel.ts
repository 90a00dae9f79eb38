/**
 * payment-channel on chain: constructor, observation and logs of `PaymentChannel*.sol`.
 */
import { type Abi, type Address, encodeAbiParameters, parseAbiParameters } from 'viem'
import { paymentChannel } from '../../models/payment-channel/protocol.ts'
import { paymentChannelHardenedAbi } from '../generated.ts'
import { errorNames } from './abi.ts'
import { answersOf } from './answers.ts'
import type { Binding, RunBinding } from './binding.ts'
import { eventReader } from './eventLogs.ts'
import { armingOf, type BindOptions, bindAgreement, callOf } from './paymentChannelCalls.ts'
import { observeStructs, type StructLayout } from './structs.ts'
import { tokenReads } from './tokenReads.ts'

/** The struct that `channel(id)` returns, and then what `expiresAt(id)` does. */
const LAYOUT: StructLayout = {
  words: 12,
  states: ['None', 'Open', 'Closing', 'Closed'],
  figures: [
    ['deposit', 4],
    ['openedAt', 6],
    ['paid', 7],
    ['challengeEndsAt', 8],
    ['claimPayer', 9],
    ['claimProvider', 10],
    ['expiresAt', 11],
  ],
}

const CONSTRUCTOR = parseAbiParameters('address, uint32')

/** Both policies have the same events and errors. */
const abi = paymentChannelHardenedAbi as Abi
const errors = errorNames(abi)

/** Names of event parameters in Solidity, as the machine's logs have them. */
const LOG_KEYS = {
  caller: 'by',
  amount: 'amountUnits',
  deposit: 'depositUnits',
  cumulative: 'cumulativeUnits',
  refund: 'refundUnits',
  challengeEndsAt: 'challengeEndsAtSeconds',
}

const readEvent = eventReader({ abi, idKey: 'channelId', keys: LOG_KEYS })

function bind(options: BindOptions): RunBinding {
  const { stage } = options
  const bound = options.agreements.map((agreement) => bindAgreement(options, agreement))
  const tokens = tokenReads({ stage, kinds: options.agreements.map(({ token }) => token) })
  const ids = bound.map(({ id }) => id)
  const armed = armingOf({ options, bound })
  return {
    prelude: armed.prelude,
    views: [...bound.flatMap(({ views }) => views), ...tokens.views],
    encode: (steps) => steps.map((step) => callOf({ options, bound }, step)),
    ...answersOf({ stage, errors, tokens, ids, readEvent, armed }),
    observe: (words, previous) =>
      observeStructs({ layout: LAYOUT, count: bound.length, tokens, words, previous }),
  }
}

export const paymentChannelBinding: Binding = {
  protocol: paymentChannel,
  contractNames: {
    'as-described': 'PaymentChannelAsDescribed',
    hardened: 'PaymentChannelHardened',
  },
  constructorArguments: ({ parameters, accounts }) =>
    encodeAbiParameters(CONSTRUCTOR, [
      accounts.watcher as Address,
      parameters.challengeSeconds as number,
    ]),
  bind,
}
