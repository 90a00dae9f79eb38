/**
 * attendance-hold on chain: constructor, observation and logs of `AttendanceHold*.sol`.
 */
import { type Abi, type Address, encodeAbiParameters, parseAbiParameters } from 'viem'
import { attendanceHold } from '../../models/attendance-hold/protocol.ts'
import { attendanceHoldAsDescribedAbi, attendanceHoldHardenedAbi } from '../generated.ts'
import { errorNames } from './abi.ts'
import { answersOf } from './answers.ts'
import { armingOf, type BindOptions, bindAgreement, callOf } from './attendanceHoldCalls.ts'
import type { Binding, RunBinding } from './binding.ts'
import { eventReader } from './eventLogs.ts'
import { observeStructs, type StructLayout } from './structs.ts'
import { tokenReads } from './tokenReads.ts'

/** The struct that `hold(id)` returns. */
const LAYOUT: StructLayout = {
  words: 18,
  states: ['None', 'Held', 'Released', 'Refunded'],
  figures: [
    ['price', 1],
    ['startsAt', 2],
    ['joinedAt', 3],
    ['lastLeftAt', 4],
    ['attendedSeconds', 5],
    ['intervals', 6],
    ['attendance', 7],
    ['finishedAt', 8],
    ['lengthSeconds', 9],
    ['claimStudent', 10],
    ['claimTeacher', 11],
    ['claimReferrer', 12],
    ['claimPlatform', 13],
  ],
}

const CONSTRUCTOR = parseAbiParameters(
  '(address, address, address, uint32, uint16, uint16, uint32, uint32, uint32, uint32)',
)

/** Names of event parameters in Solidity, as the machine's logs have them. */
const LOG_KEYS = {
  caller: 'by',
  amount: 'amountUnits',
  teacherAmount: 'teacherUnits',
  commissionAmount: 'commissionUnits',
}

/** What is recorded differs, and with it the event that says so. */
const wordsByPolicy = {
  'as-described': wordsOf(attendanceHoldAsDescribedAbi as Abi),
  hardened: wordsOf(attendanceHoldHardenedAbi as Abi),
}

function wordsOf(abi: Abi) {
  const readEvent = eventReader({ abi, idKey: 'holdId', keys: LOG_KEYS })
  return { errors: errorNames(abi), readEvent }
}

function bind(options: BindOptions): RunBinding {
  const { stage, policy } = options
  const bound = options.agreements.map((agreement) => bindAgreement(options, agreement))
  const tokens = tokenReads({ stage, kinds: options.agreements.map(({ token }) => token) })
  const { errors, readEvent } = wordsByPolicy[policy]
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

export const attendanceHoldBinding: Binding = {
  protocol: attendanceHold,
  contractNames: {
    'as-described': 'AttendanceHoldAsDescribed',
    hardened: 'AttendanceHoldHardened',
  },
  constructorArguments: ({ parameters, accounts }) =>
    encodeAbiParameters(CONSTRUCTOR, [
      [
        accounts.attestor as Address,
        accounts.keeper as Address,
        accounts.platform as Address,
        parameters.sessionSeconds as number,
        parameters.attendanceThresholdBps as number,
        parameters.commissionBps as number,
        parameters.attestationWindowSeconds as number,
        parameters.keeperWindowSeconds as number,
        parameters.noShowSeconds as number,
        parameters.lateAfterSeconds as number,
      ],
    ]),
  bind,
}
