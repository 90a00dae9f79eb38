/**
 * token-job on chain: constructor, observation and logs of `TokenJob*.sol`.
 *
 * What is observed are the jobs, the balances, the users' allowances and the accounts of hosts and
 * treasury, in this order. That a user has approved is seen in the token and nowhere in the
 * contract, so a job that was not created yet is shown as approved by its user's allowance.
 */
import { type Abi, type Address, encodeAbiParameters, type Hex, parseAbiParameters } from 'viem'
import type { AgreementView } from '../../models/kit/trace.ts'
import { tokenJob } from '../../models/token-job/protocol.ts'
import { tokenJobAsDescribedAbi, tokenJobHardenedAbi } from '../generated.ts'
import { callEncoder, errorNames, uintAt } from './abi.ts'
import { type AccountReads, accountReader } from './accountReads.ts'
import { answersOf } from './answers.ts'
import type { Binding, Observed, RunBinding, Stage, ViewCall } from './binding.ts'
import { eventReader } from './eventLogs.ts'
import { addressOn, tokenOn } from './perStage.ts'
import { observeStructs, type StructLayout } from './structs.ts'
import { armingOf, type BindOptions, bindAgreement, callOf } from './tokenJobCalls.ts'
import { type TokenReads, tokenReads } from './tokenReads.ts'

const NONE = 'None'
const APPROVED = 'Approved'

/** The struct that `job(id)` returns, and then what `closesAt(id)` does. */
const LAYOUT: StructLayout = {
  words: 15,
  states: [NONE, 'Active', 'Ending', 'Completed', 'TimedOut', 'Abandoned'],
  figures: [
    ['deposit', 5],
    ['startedAt', 7],
    ['provenTokens', 8],
    ['billedTokens', 9],
    ['hostUnits', 10],
    ['treasuryUnits', 11],
    ['endsAt', 12],
    ['claimUser', 13],
    ['closesAt', 14],
  ],
}

const CONSTRUCTOR_BOTH = parseAbiParameters('uint16, address')
const CONSTRUCTOR_WINDOW = parseAbiParameters('uint32')

/** The hardened contract has all events and errors of the other. */
const hardenedAbi = tokenJobHardenedAbi as Abi
const errorsByPolicy = {
  'as-described': errorNames(tokenJobAsDescribedAbi as Abi),
  hardened: errorNames(hardenedAbi),
}

/** Names of event parameters in Solidity, as the machine's logs have them. */
const LOG_KEYS = {
  caller: 'by',
  pricePerToken: 'pricePerTokenUnits',
  deposit: 'depositUnits',
  hostAmount: 'hostUnits',
  treasuryAmount: 'treasuryUnits',
  endsAt: 'endsAtSeconds',
  refund: 'refundUnits',
  amount: 'amountUnits',
}

const readEvent = eventReader({ abi: hardenedAbi, idKey: 'jobId', keys: LOG_KEYS })

const encodeEarnings = callEncoder(hardenedAbi, 'earnings')
const encodeTreasury = callEncoder(hardenedAbi, 'treasuryBalance')

/** `earnings:host0` is a mapping and its key; `treasury` belongs to nobody else. */
function accountView(stage: Stage, name: string, kind: string): ViewCall {
  const token = tokenOn(stage, kind)
  const [word, owner] = name.split(':')
  const data =
    word === 'earnings' ? encodeEarnings([addressOn(stage, owner), token]) : encodeTreasury([token])
  return { target: stage.escrow, data }
}

const accountsOn = accountReader(tokenJob.accounts ?? [], accountView)

function bind(options: BindOptions): RunBinding {
  const { stage, policy } = options
  const bound = options.agreements.map((agreement) => bindAgreement(options, agreement))
  const kinds = [...new Set(options.agreements.map(({ token }) => token))].sort()
  const tokens = tokenReads({ stage, kinds })
  const errors = errorsByPolicy[policy]
  const ids = bound.map(({ id }) => id)
  const accounts = accountsOn(stage, kinds)
  const reading = { count: bound.length, tokens, accounts }
  const armed = armingOf({ options, bound })
  return {
    prelude: armed.prelude,
    views: [
      ...bound.flatMap(({ jobViews }) => jobViews),
      ...tokens.views,
      ...bound.map(({ allowanceView }) => allowanceView),
      ...accounts.views,
    ],
    encode: (steps) => steps.map((step) => callOf({ options, bound }, step)),
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
  if (previous !== null && previous.words === words) return previous
  const { count, tokens, accounts } = reading
  const { view } = observeStructs({ layout: LAYOUT, count, tokens, words, previous })
  const allowancesAt = count * LAYOUT.words + tokens.views.length
  const agreements = view.agreements.map((each, index) =>
    withAllowance(each, uintAt(words, allowancesAt + index)),
  )
  const ofAccounts = accounts.accounts(words, allowancesAt + count, previous)
  return { words, view: { agreements, balances: view.balances, accounts: ofAccounts } }
}

/** A part that was kept from the last observation has its allowance already. */
function withAllowance(view: AgreementView, allowance: bigint): AgreementView {
  if (view.figures.allowance === allowance) return view
  const figures = { ...view.figures, allowance }
  if (view.state !== NONE && view.state !== APPROVED) return { state: view.state, figures }
  return { state: allowance > 0n ? APPROVED : NONE, figures }
}

export const tokenJobBinding: Binding = {
  protocol: tokenJob,
  contractNames: { 'as-described': 'TokenJobAsDescribed', hardened: 'TokenJobHardened' },
  constructorArguments({ policy, parameters, accounts }) {
    const both = encodeAbiParameters(CONSTRUCTOR_BOTH, [
      parameters.hostBps as number,
      accounts.treasury as Address,
    ])
    if (policy === 'as-described') return both
    const window = [parameters.proofWindowSeconds as number] as const
    return `${both}${encodeAbiParameters(CONSTRUCTOR_WINDOW, window).slice(2)}`
  },
  bind,
}
