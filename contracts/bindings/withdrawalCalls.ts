/**
 * The calls of withdrawal: withdrawals and their ids on a stage, and what each attempt sends.
 */
import {
  type Abi,
  type Address,
  encodeAbiParameters,
  type Hex,
  keccak256,
  parseAbiParameters,
} from 'viem'
import { assert } from '../../models/kit/error.ts'
import type { Agreement, PlannedStep } from '../../models/kit/trace.ts'
import { withdrawalGuarded } from '../../models/withdrawal/words.ts'
import { withdrawalHardenedAbi } from '../generated.ts'
import { callEncoder } from './abi.ts'
import { armingBy } from './arming.ts'
import type { Binding, BoundCall, Stage, ViewCall } from './binding.ts'
import { addressOn, perStage, tokenOn } from './perStage.ts'

const TERMS_WORDS = parseAbiParameters('address, address, uint128, uint256')

/** Both policies have the same functions. */
const abi = withdrawalHardenedAbi as Abi
const encode = {
  withdrawal: callEncoder(abi, 'withdrawal'),
  credit: callEncoder(abi, 'credit'),
  request: callEncoder(abi, 'request'),
  approve: callEncoder(abi, 'approve'),
  reject: callEncoder(abi, 'reject'),
  complete: callEncoder(abi, 'complete'),
  bankFailed: callEncoder(abi, 'bankFailed'),
  cancel: callEncoder(abi, 'cancel'),
  withdrawCommission: callEncoder(abi, 'withdrawCommission'),
  claim: callEncoder(abi, 'claim'),
}

/** What a withdrawal is on one stage: a function of its teacher, token and terms. */
interface BoundWithdrawal {
  readonly id: Hex
  readonly terms: { readonly teacher: Address; readonly token: Address } & Readonly<
    Record<'amount' | 'salt', bigint>
  >
  readonly view: ViewCall
}

export interface BoundAgreement extends BoundWithdrawal {
  readonly agreement: Agreement
}

export type BindOptions = Parameters<Binding['bind']>[0]

const withdrawalsOf = perStage(() => new Map<string, BoundWithdrawal>())

export function bindAgreement({ stage }: BindOptions, agreement: Agreement): BoundAgreement {
  const { roles, token, terms } = agreement
  const key = [roles.teacher, token, terms.amountUnits, terms.salt].join('|')
  const withdrawals = withdrawalsOf(stage)
  const known = withdrawals.get(key)
  const withdrawal = known ?? withdrawalOn(stage, agreement)
  if (known === undefined) withdrawals.set(key, withdrawal)
  return { ...withdrawal, agreement }
}

function withdrawalOn(stage: Stage, agreement: Agreement): BoundWithdrawal {
  const teacher = addressOn(stage, agreement.roles.teacher)
  const token = tokenOn(stage, agreement.token)
  const amount = agreement.terms.amountUnits as bigint
  const salt = agreement.terms.salt as bigint
  const id = keccak256(encodeAbiParameters(TERMS_WORDS, [teacher, token, amount, salt]))
  return {
    id,
    terms: { teacher, token, amount, salt },
    view: { target: stage.escrow, data: encode.withdrawal([id]) },
  }
}

/** The call of one step. */
export function callOf(
  stage: Stage,
  bound: readonly BoundWithdrawal[],
  step: PlannedStep,
): BoundCall {
  const withdrawal = bound[step.agreement]
  assert(withdrawal !== undefined, `agreement ${step.agreement} is part of the run`)
  const data = dataOf(stage, withdrawal, step)
  return { from: addressOn(stage, step.by), to: stage.escrow, data }
}

function dataOf(stage: Stage, { id, terms }: BoundWithdrawal, { action, args }: PlannedStep): Hex {
  switch (action) {
    case 'credit':
      return encode.credit([terms.teacher, terms.token, args.grossUnits])
    case 'request':
      return encode.request([terms])
    case 'approve':
    case 'reject':
    case 'bankFailed':
    case 'cancel':
      return encode[action]([id])
    case 'complete':
      return encode.complete([id, args.reference])
    case 'withdrawCommission':
      return encode.withdrawCommission([terms.token, addressOn(stage, args.to as string)])
    case 'claim':
      return encode.claim([id, addressOn(stage, args.to as string)])
    default:
      throw new Error(`withdrawal has no action ${action}`)
  }
}

/** A number that no bank has given a payment, so that it is not refused for being used. */
const REENTRANT_REFERENCE = 1n << 255n

/**
 * A re-entrant token tries to complete the withdrawal once more, and all else. Nothing here is open
 * to anyone, so a contract that asks who has called refuses the token.
 */
export const armingOf = armingBy<BoundAgreement>({
  guarded: withdrawalGuarded,
  argsOf: {
    credit: { grossUnits: 1n },
    complete: { reference: REENTRANT_REFERENCE },
    withdrawCommission: { to: 'stranger' },
    claim: { to: 'stranger' },
  },
  dataOf: ({ options }, step, of) => dataOf(options.stage, of, step),
})
