/**
 * session-escrow on chain: constructor, observation and logs of `SessionEscrow*.sol`.
 */
import { type Abi, type Address, encodeAbiParameters, parseAbiParameters } from 'viem'
import { sessionEscrow } from '../../models/session-escrow/protocol.ts'
import { sessionEscrowAsDescribedAbi, sessionEscrowHardenedAbi } from '../generated.ts'
import { errorNames } from './abi.ts'
import { answersOf } from './answers.ts'
import type { Binding, RunBinding } from './binding.ts'
import { eventReader } from './eventLogs.ts'
import { armingOf, type BindOptions, bindAgreement, callOf } from './sessionEscrowCalls.ts'
import { observeStructs, type StructLayout } from './structs.ts'
import { tokenReads } from './tokenReads.ts'

const STATES = [
  'Idle',
  'Funded',
  'Active',
  'Stopping',
  'Settled',
  'Refunded',
  'Closed',
  'Cancelled',
] as const

/** The struct that `session(id)` returns, and then what `capAt(id)` does. */
const LAYOUT: StructLayout = {
  words: 17,
  states: STATES,
  figures: [
    ['studentJoined', 1],
    ['tutorJoined', 2],
    ['deposit', 7],
    ['fundedAt', 8],
    ['startedAt', 9],
    ['stoppedAt', 10],
    ['billedSeconds', 11],
    ['evidenceUntil', 12],
    ['claimStudent', 13],
    ['claimTutor', 14],
    ['claimPlatform', 15],
    ['capAt', 16],
  ],
}

const CONSTRUCTOR_DEPLOYMENT = parseAbiParameters('uint16, address, address, uint32, uint32')
const CONSTRUCTOR_EVIDENCE = parseAbiParameters('uint32')

/** The hardened contract has all events and errors of the other. */
const errorsByPolicy = {
  'as-described': errorNames(sessionEscrowAsDescribedAbi as Abi),
  hardened: errorNames(sessionEscrowHardenedAbi as Abi),
}

/** Names of event parameters in Solidity, as the machine's logs have them. */
const LOG_KEYS = {
  caller: 'by',
  ratePerSecond: 'ratePerSecondUnits',
  amount: 'amountUnits',
  deposit: 'depositUnits',
  startedAt: 'startedAtSeconds',
  tutorAmount: 'tutorUnits',
  fee: 'platformUnits',
  refund: 'refundUnits',
}

const readEvent = eventReader({
  abi: sessionEscrowHardenedAbi as Abi,
  idKey: 'sessionId',
  keys: LOG_KEYS,
})

function bind(options: BindOptions): RunBinding {
  const { stage, policy } = options
  const bound = options.agreements.map((agreement) => bindAgreement(options, agreement))
  const kinds = options.agreements.map(({ token }) => token)
  const tokens = tokenReads({ stage, kinds })
  const errors = errorsByPolicy[policy]
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

export const sessionEscrowBinding: Binding = {
  protocol: sessionEscrow,
  contractNames: {
    'as-described': 'SessionEscrowAsDescribed',
    hardened: 'SessionEscrowHardened',
  },
  constructorArguments({ policy, parameters, accounts }) {
    const deployment = encodeAbiParameters(CONSTRUCTOR_DEPLOYMENT, [
      parameters.feeBps as number,
      accounts.platform as Address,
      accounts.relayer as Address,
      parameters.silenceTimeoutSeconds as number,
      parameters.startWindowSeconds as number,
    ])
    if (policy === 'as-described') return deployment
    const evidence = [parameters.evidenceWindowSeconds as number] as const
    return `${deployment}${encodeAbiParameters(CONSTRUCTOR_EVIDENCE, evidence).slice(2)}`
  },
  bind,
}
