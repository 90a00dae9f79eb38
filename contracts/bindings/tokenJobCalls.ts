/**
 * The calls of token-job: jobs and their ids on a stage, and what each attempt sends.
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
import { tokenJobGuarded } from '../../models/token-job/words.ts'
import { plainTokenAbi, tokenJobAsDescribedAbi, tokenJobHardenedAbi } from '../generated.ts'
import { callEncoder } from './abi.ts'
import { armingBy } from './arming.ts'
import type { Binding, BoundCall, Stage, ViewCall } from './binding.ts'
import { addressOn, perStage, tokenOn } from './perStage.ts'
import { receipt } from './receipts.ts'

const TERMS_WORDS = parseAbiParameters(
  'address, address, address, uint128, uint128, uint32, uint256',
)

const hardenedAbi = tokenJobHardenedAbi as Abi
const encode = {
  approve: callEncoder(plainTokenAbi as Abi, 'approve'),
  allowance: callEncoder(plainTokenAbi as Abi, 'allowance'),
  job: callEncoder(hardenedAbi, 'job'),
  closesAt: callEncoder(hardenedAbi, 'closesAt'),
  createSession: callEncoder(hardenedAbi, 'createSession'),
  submitProof: callEncoder(tokenJobAsDescribedAbi as Abi, 'submitProof'),
  submitProofWithReceipt: callEncoder(hardenedAbi, 'submitProof'),
  endSession: callEncoder(hardenedAbi, 'endSession'),
  timeout: callEncoder(hardenedAbi, 'timeout'),
  withdrawEarnings: callEncoder(hardenedAbi, 'withdrawEarnings'),
  withdrawTreasury: callEncoder(hardenedAbi, 'withdrawTreasury'),
  claim: callEncoder(hardenedAbi, 'claim'),
}

/** A job that nobody created, for receipts that belong elsewhere. */
const FOREIGN_JOB_ID: Hex = `0x${'f0'.repeat(32)}`

/** What a job is on one stage: a function of its roles, token and terms. */
interface BoundJob {
  readonly id: Hex
  readonly terms: Readonly<Record<string, unknown>>
  readonly token: Address
  /** The struct, and what is worked out from it. */
  readonly jobViews: readonly ViewCall[]
  readonly allowanceView: ViewCall
}

export interface BoundAgreement extends BoundJob {
  readonly agreement: Agreement
}

export type BindOptions = Parameters<Binding['bind']>[0]

const jobsOf = perStage(() => new Map<string, BoundJob>())

export function bindAgreement({ stage }: BindOptions, agreement: Agreement): BoundAgreement {
  const { roles, token, terms } = agreement
  const { pricePerTokenUnits, depositUnits, durationSeconds, salt } = terms
  const key = [roles.user, roles.host, token, pricePerTokenUnits, depositUnits].join('|')
  const fullKey = `${key}|${durationSeconds}|${salt}`
  const jobs = jobsOf(stage)
  const known = jobs.get(fullKey)
  const job = known ?? jobOn(stage, agreement)
  if (known === undefined) jobs.set(fullKey, job)
  return { ...job, agreement }
}

function jobOn(stage: Stage, agreement: Agreement): BoundJob {
  const user = addressOn(stage, agreement.roles.user)
  const host = addressOn(stage, agreement.roles.host)
  const token = tokenOn(stage, agreement.token)
  const pricePerToken = agreement.terms.pricePerTokenUnits as bigint
  const deposit = agreement.terms.depositUnits as bigint
  const seconds = agreement.terms.durationSeconds as number
  const salt = agreement.terms.salt as bigint
  const id = keccak256(
    encodeAbiParameters(TERMS_WORDS, [user, host, token, pricePerToken, deposit, seconds, salt]),
  )
  const durationSeconds = BigInt(seconds)
  return {
    id,
    terms: { user, host, token, pricePerToken, deposit, durationSeconds, salt },
    token,
    jobViews: [encode.job([id]), encode.closesAt([id])].map((data) => ({
      target: stage.escrow,
      data,
    })),
    allowanceView: { target: token, data: encode.allowance([user, stage.escrow]) },
  }
}

/** The run in which a call is made. */
interface CallContext {
  readonly options: BindOptions
  readonly bound: readonly BoundAgreement[]
}

/** The call of one step, signed where something has to be signed. */
export function callOf(context: CallContext, step: PlannedStep): BoundCall {
  const { stage } = context.options
  const job = context.bound[step.agreement]
  assert(job !== undefined, `agreement ${step.agreement} is part of the run`)
  const from = addressOn(stage, step.by)
  if (step.action === 'approve') {
    return { from, to: job.token, data: encode.approve([stage.escrow, step.args.amountUnits]) }
  }
  return { from, to: stage.escrow, data: dataOf(context, step, job) }
}

function dataOf(context: CallContext, step: PlannedStep, job: BoundAgreement): Hex {
  const { args } = step
  const recipient = () => addressOn(context.options.stage, args.to as string)
  switch (step.action) {
    case 'createSession':
      return encode.createSession([job.terms])
    case 'submitProof':
      return proofData(context, step, job)
    case 'endSession':
      return encode.endSession([job.id])
    case 'timeout':
      return encode.timeout([job.id])
    case 'withdrawEarnings':
      return encode.withdrawEarnings([job.id, recipient()])
    case 'withdrawTreasury':
      return encode.withdrawTreasury([job.id, recipient()])
    case 'claim':
      return encode.claim([job.id, recipient()])
    default:
      throw new Error(`token-job has no action ${step.action}`)
  }
}

function proofData(
  { options, bound }: CallContext,
  { args }: PlannedStep,
  { id, agreement }: BoundAgreement,
): Hex {
  const cumulativeTokens = args.cumulativeTokens as bigint
  if (options.policy === 'as-described') return encode.submitProof([id, cumulativeTokens])
  const { user, host } = agreement.roles as { user: string; host: string }
  const foreignJobId = bound.find((other) => other.id !== id)?.id ?? FOREIGN_JOB_ID
  const signed = receipt(options.stage, args.receipt ?? null, {
    jobId: id,
    cumulativeTokens,
    foreignJobId,
    user,
    host,
  })
  return encode.submitProofWithReceipt([id, cumulativeTokens, signed])
}

/**
 * A re-entrant token tries to end the job (and, once it is over, to end it again), by time or after
 * the window, and all else. In most actions it is refused as a caller and hurts nobody.
 */
export const armingOf = armingBy<BoundAgreement>({
  guarded: tokenJobGuarded,
  argsOf: {
    submitProof: { cumulativeTokens: 1n, receipt: null },
    withdrawEarnings: { to: 'stranger' },
    withdrawTreasury: { to: 'stranger' },
    claim: { to: 'stranger' },
  },
  dataOf,
})
