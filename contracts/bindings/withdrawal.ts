/**
 * withdrawal on chain: constructor, observation and logs of `Withdrawal*.sol`.
 *
 * What is observed are the withdrawals, the balances, and the accounts of teachers and platform, in
 * this order.
 */
import { type Abi, type Address, encodeAbiParameters, type Hex, parseAbiParameters } from 'viem'
import { WITHDRAWAL_ADMINS } from '../../models/withdrawal/cast.ts'
import { withdrawal } from '../../models/withdrawal/protocol.ts'
import { withdrawalAsDescribedAbi, withdrawalHardenedAbi } from '../generated.ts'
import { callEncoder, errorNames } from './abi.ts'
import { type AccountReads, accountReader } from './accountReads.ts'
import { answersOf } from './answers.ts'
import type { Binding, Observed, RunBinding, Stage, ViewCall } from './binding.ts'
import { eventReader } from './eventLogs.ts'
import { addressOn, tokenOn } from './perStage.ts'
import { observeStructs, type StructLayout } from './structs.ts'
import { type TokenReads, tokenReads } from './tokenReads.ts'
import { armingOf, type BindOptions, bindAgreement, callOf } from './withdrawalCalls.ts'

/** The struct that `withdrawal(id)` returns. */
const LAYOUT: StructLayout = {
  words: 8,
  states: ['None', 'Pending', 'Processing', 'Completed', 'Rejected', 'Failed', 'Cancelled'],
  figures: [
    ['amount', 1],
    ['requestedAt', 2],
    ['approvedAt', 3],
    ['reference', 4],
    ['claimBank', 5],
  ],
}

const CONSTRUCTOR = parseAbiParameters('(address[], address, address, uint128, uint32, uint16)')

/** The hardened contract has all events of the other. */
const hardenedAbi = withdrawalHardenedAbi as Abi
const errorsByPolicy = {
  'as-described': errorNames(withdrawalAsDescribedAbi as Abi),
  hardened: errorNames(hardenedAbi),
}

/** Names of event parameters in Solidity, as the machine's logs have them. */
const LOG_KEYS = {
  caller: 'by',
  amount: 'amountUnits',
  gross: 'grossUnits',
  commission: 'commissionUnits',
  bankReference: 'reference',
}

/** Events of accounts name no withdrawal; they are of agreement −1. */
const readEvent = eventReader({ abi: hardenedAbi, idKey: 'withdrawalId', keys: LOG_KEYS })

const encodeCommissionOf = callEncoder(hardenedAbi, 'commissionOf')
const encodeOfTeacher: Readonly<Record<string, ReturnType<typeof callEncoder>>> = {
  available: callEncoder(hardenedAbi, 'availableOf'),
  pending: callEncoder(hardenedAbi, 'pendingOf'),
}

const accountsOn = accountReader(withdrawal.accounts ?? [], accountView)

/** `available:teacher0` is a mapping and its key; `commission` belongs to nobody else. */
function accountView(stage: Stage, name: string, kind: string): ViewCall {
  const token = tokenOn(stage, kind)
  const [word = '', teacher] = name.split(':')
  const data =
    encodeOfTeacher[word]?.([addressOn(stage, teacher), token]) ?? encodeCommissionOf([token])
  return { target: stage.escrow, data }
}

function bind(options: BindOptions): RunBinding {
  const { stage, policy, agreements } = options
  const bound = agreements.map((agreement) => bindAgreement(options, agreement))
  const kinds = [...new Set(agreements.map(({ token }) => token))].sort()
  const tokens = tokenReads({ stage, kinds })
  const accounts = accountsOn(stage, kinds)
  const ids = bound.map(({ id }) => id)
  const errors = errorsByPolicy[policy]
  const reading = { count: bound.length, tokens, accounts }
  const armed = armingOf({ options, bound })
  return {
    prelude: armed.prelude,
    views: [...bound.map(({ view }) => view), ...tokens.views, ...accounts.views],
    encode: (steps) => steps.map((step) => callOf(stage, bound, step)),
    ...answersOf({ stage, errors, tokens, ids, readEvent, armed }),
    observe: (words, previous) => observe(reading, words, previous),
  }
}

/** What is read in a run. */
interface Reading {
  readonly count: number
  readonly tokens: TokenReads
  readonly accounts: AccountReads
}

function observe(reading: Reading, words: Hex, previous: Observed | null): Observed {
  const { count, tokens, accounts } = reading
  const observed = observeStructs({ layout: LAYOUT, count, tokens, words, previous })
  if (observed === previous) return observed
  const accountsAt = count * LAYOUT.words + tokens.views.length
  const ofAccounts = accounts.accounts(words, accountsAt, previous)
  return { words, view: { ...observed.view, accounts: ofAccounts } }
}

export const withdrawalBinding: Binding = {
  protocol: withdrawal,
  contractNames: { 'as-described': 'WithdrawalAsDescribed', hardened: 'WithdrawalHardened' },
  constructorArguments: ({ parameters, accounts }) =>
    encodeAbiParameters(CONSTRUCTOR, [
      [
        WITHDRAWAL_ADMINS.flatMap((admin) => accounts[admin] ?? []),
        accounts.bank as Address,
        accounts.platform as Address,
        BigInt(parameters.minimumUnits as number),
        parameters.processingTimeoutSeconds as number,
        parameters.commissionBps as number,
      ],
    ]),
  bind,
}
