/**
 * progressive-escrow on chain: constructor, observation and logs of `ProgressiveEscrow*.sol`.
 */
import { type Abi, type Address, encodeAbiParameters, parseAbiParameters } from 'viem'
import { progressiveEscrow } from '../../models/progressive-escrow/protocol.ts'
import { progressiveEscrowAsDescribedAbi, progressiveEscrowHardenedAbi } from '../generated.ts'
import { errorNames } from './abi.ts'
import { answersOf } from './answers.ts'
import type { Binding, RunBinding } from './binding.ts'
import { eventReader } from './eventLogs.ts'
import { armingOf, type BindOptions, bindAgreement, callOf } from './progressiveEscrowCalls.ts'
import { observeStructs, type StructLayout } from './structs.ts'
import { tokenReads } from './tokenReads.ts'

/**
 * The struct that `session(id)` returns, and then what `entitlement(id)` does; that grows by itself
 * while a session runs.
 */
const LAYOUT: StructLayout = {
  words: 25,
  states: ['None', 'Created', 'Active', 'Paused', 'Completed', 'Cancelled'],
  figures: [
    ['total', 4],
    ['nonce', 6],
    ['createdAt', 7],
    ['startedAt', 8],
    ['activeSince', 9],
    ['pausedAt', 10],
    ['pauseCalledAt', 11],
    ['pausedSeconds', 12],
    ['studentSeenAt', 13],
    ['mentorSeenAt', 14],
    ['lastReleaseAt', 15],
    ['released', 16],
    ['feePaid', 17],
    ['emergency', 18],
    ['rating', 19],
    ['feedbackHash', 20],
    ['claimStudent', 21],
    ['claimMentor', 22],
    ['claimPlatform', 23],
    ['entitlement', 24, ['None', 'Created', 'Paused']],
  ],
}

const CONSTRUCTOR = parseAbiParameters(
  'uint16, address, address, uint16, uint32, uint32, uint32, uint32',
)

const errorsByPolicy = {
  'as-described': errorNames(progressiveEscrowAsDescribedAbi as Abi),
  hardened: errorNames(progressiveEscrowHardenedAbi as Abi),
}

/** Both policies have the same events. */
const readEvent = eventReader({
  abi: progressiveEscrowHardenedAbi as Abi,
  idKey: 'sessionId',
  keys: {
    caller: 'by',
    totalAmount: 'totalAmountUnits',
    mentorAmount: 'mentorUnits',
    fee: 'platformUnits',
    refund: 'refundUnits',
    amount: 'amountUnits',
    startedAt: 'startedAtSeconds',
    pausedAt: 'pausedAtSeconds',
  },
})

function bind(options: BindOptions): RunBinding {
  const { stage, policy } = options
  const bound = options.agreements.map((agreement) => bindAgreement(options, agreement))
  const ids = bound.map(({ id }) => id)
  const tokens = tokenReads({ stage, kinds: options.agreements.map(({ token }) => token) })
  const errors = errorsByPolicy[policy]
  const armed = armingOf({ options, bound })
  return {
    prelude: armed.prelude,
    views: [...bound.flatMap(({ views }) => views), ...tokens.views],
    encode: (steps) => steps.map((step) => callOf(stage, bound, step)),
    ...answersOf({ stage, errors, tokens, ids, readEvent, armed }),
    observe: (words, previous) =>
      observeStructs({ layout: LAYOUT, count: bound.length, tokens, words, previous }),
  }
}

export const progressiveEscrowBinding: Binding = {
  protocol: progressiveEscrow,
  contractNames: {
    'as-described': 'ProgressiveEscrowAsDescribed',
    hardened: 'ProgressiveEscrowHardened',
  },
  constructorArguments: ({ parameters, accounts }) =>
    encodeAbiParameters(CONSTRUCTOR, [
      parameters.feeBps as number,
      accounts.platform as Address,
      accounts.owner as Address,
      parameters.progressiveBps as number,
      parameters.releaseIntervalSeconds as number,
      parameters.heartbeatIntervalSeconds as number,
      parameters.graceSeconds as number,
      parameters.autoReleaseDelaySeconds as number,
    ]),
  bind,
}
