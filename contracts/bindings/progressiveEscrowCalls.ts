/**
 * The calls of progressive-escrow: sessions and their ids on a stage, and what each attempt sends.
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
import { progressiveEscrowGuarded } from '../../models/progressive-escrow/words.ts'
import { progressiveEscrowHardenedAbi } from '../generated.ts'
import { callEncoder, uintWord } from './abi.ts'
import { armingBy } from './arming.ts'
import type { Binding, BoundCall, Stage, ViewCall } from './binding.ts'
import { addressOn, perStage, tokenOn } from './perStage.ts'

const TERMS_WORDS = parseAbiParameters('address, address, address, uint128, uint32, uint64')

/** Both policies have the same functions. */
const abi = progressiveEscrowHardenedAbi as Abi
const encode = {
  create: callEncoder(abi, 'create'),
  complete: callEncoder(abi, 'complete'),
  emergencyRelease: callEncoder(abi, 'emergencyRelease'),
  claim: callEncoder(abi, 'claim'),
  session: callEncoder(abi, 'session'),
  entitlement: callEncoder(abi, 'entitlement'),
}

/** Actions that say no more than which session. */
const ofSession: Readonly<Record<string, (args: readonly unknown[]) => Hex>> = Object.fromEntries(
  [
    'start',
    'heartbeat',
    'release',
    'pause',
    'resume',
    'pauseOnTimeout',
    'autoComplete',
    'cancel',
  ].map((action) => [action, callEncoder(abi, action)]),
)

/** What a session is on one stage: a function of its roles, token and terms. */
interface BoundSession {
  readonly id: Hex
  readonly terms: Readonly<Record<string, unknown>>
  /** The struct, and what is worked out from it. */
  readonly views: readonly ViewCall[]
}

export interface BoundAgreement extends BoundSession {
  readonly agreement: Agreement
}

export type BindOptions = Parameters<Binding['bind']>[0]

const sessionsOf = perStage(() => new Map<string, BoundSession>())

export function bindAgreement({ stage }: BindOptions, agreement: Agreement): BoundAgreement {
  const { roles, token, terms } = agreement
  const { totalAmountUnits, durationMinutes, nonce } = terms
  const key = [roles.student, roles.mentor, token, totalAmountUnits, durationMinutes, nonce].join()
  const sessions = sessionsOf(stage)
  const known = sessions.get(key)
  const session = known ?? sessionOn(stage, agreement)
  if (known === undefined) sessions.set(key, session)
  return { ...session, agreement }
}

function sessionOn(stage: Stage, agreement: Agreement): BoundSession {
  const student = addressOn(stage, agreement.roles.student)
  const mentor = addressOn(stage, agreement.roles.mentor)
  const token = tokenOn(stage, agreement.token)
  const totalAmount = agreement.terms.totalAmountUnits as bigint
  const durationMinutes = BigInt(agreement.terms.durationMinutes as bigint | number)
  const nonce = BigInt(agreement.terms.nonce as bigint | number)
  const words = [student, mentor, token, totalAmount, Number(durationMinutes), nonce] as const
  const id = keccak256(encodeAbiParameters(TERMS_WORDS, words))
  const terms = { student, mentor, token, totalAmount, durationMinutes, nonce }
  const reads = [encode.session([id]), encode.entitlement([id])]
  return { id, terms, views: reads.map((data) => ({ target: stage.escrow, data })) }
}

function dataOf(stage: Stage, { action, args }: PlannedStep, { id, terms }: BoundSession): Hex {
  switch (action) {
    case 'create':
      return encode.create([terms])
    case 'complete':
      return encode.complete([id, args.rating, `0x${uintWord(args.feedbackHash as bigint)}`])
    case 'emergencyRelease':
      return encode.emergencyRelease([id, args.amountUnits])
    case 'claim':
      return encode.claim([id, addressOn(stage, args.to as string)])
    default: {
      const encodeAction = ofSession[action]
      assert(encodeAction !== undefined, `progressive-escrow has an action ${action}`)
      return encodeAction([id])
    }
  }
}

/** The call of one step. */
export function callOf(
  stage: Stage,
  bound: readonly BoundAgreement[],
  step: PlannedStep,
): BoundCall {
  const session = bound[step.agreement]
  assert(session !== undefined, `agreement ${step.agreement} is part of the run`)
  const from = stage.accounts[step.by] as Address
  return { from, to: stage.escrow, data: dataOf(stage, step, session) }
}

/**
 * A re-entrant token tries to have the session completed, which of the actions that pay is the only
 * one that is open to anyone, and all else; a token is nobody's participant.
 */
export const armingOf = armingBy<BoundAgreement>({
  guarded: progressiveEscrowGuarded,
  argsOf: {
    complete: { rating: 5n, feedbackHash: 0n },
    emergencyRelease: { amountUnits: 1n },
    claim: { to: 'stranger' },
  },
  dataOf: ({ options }, step, of) => dataOf(options.stage, step, of),
})
