/**
 * The calls of attendance-hold: holds and their ids on a stage, and what each attempt sends.
 */
import {
  type Abi,
  encodeAbiParameters,
  type Hex,
  keccak256,
  parseAbiParameters,
  zeroAddress,
} from 'viem'
import { attendanceHoldGuarded } from '../../models/attendance-hold/words.ts'
import { assert } from '../../models/kit/error.ts'
import type { Agreement, PlannedStep } from '../../models/kit/trace.ts'
import { attendanceHoldAsDescribedAbi, attendanceHoldHardenedAbi } from '../generated.ts'
import { callEncoder } from './abi.ts'
import { armingBy } from './arming.ts'
import { attendanceAttestation, finishAttestation } from './attestations.ts'
import type { Binding, BoundCall, Stage, ViewCall } from './binding.ts'
import { addressOn, perStage, tokenOn } from './perStage.ts'

const TERMS_WORDS = parseAbiParameters(
  'address, address, address, address, uint128, uint64, uint256',
)

const describedAbi = attendanceHoldAsDescribedAbi as Abi
const hardenedAbi = attendanceHoldHardenedAbi as Abi
/** Both policies have these functions in the same shape. */
const encode = {
  hold: callEncoder(hardenedAbi, 'hold'),
  purchase: callEncoder(hardenedAbi, 'purchase'),
  refundUnfinished: callEncoder(hardenedAbi, 'refundUnfinished'),
  claim: callEncoder(hardenedAbi, 'claim'),
}
const encodeDescribed = {
  recordAttendance: callEncoder(describedAbi, 'recordAttendance'),
  finishSession: callEncoder(describedAbi, 'finishSession'),
  process: callEncoder(describedAbi, 'process'),
}
const encodeHardened = {
  recordAttendance: callEncoder(hardenedAbi, 'recordAttendance'),
  finishSession: callEncoder(hardenedAbi, 'finishSession'),
  process: callEncoder(hardenedAbi, 'process'),
}

/** The contract's numbers of the events that are recorded as described. */
const RECORD_KINDS: Readonly<Record<string, bigint>> = { joined: 0n, left: 1n }

/** A hold that nobody purchased, for attestations that belong elsewhere. */
const FOREIGN_HOLD_ID: Hex = `0x${'f0'.repeat(32)}`

/** What a hold is on one stage: a function of its roles, token and terms. */
interface BoundHold {
  readonly id: Hex
  readonly terms: Readonly<Record<string, unknown>>
  readonly view: ViewCall
}

export interface BoundAgreement extends BoundHold {
  readonly agreement: Agreement
}

export type BindOptions = Parameters<Binding['bind']>[0]

const holdsOf = perStage(() => new Map<string, BoundHold>())

export function bindAgreement({ stage }: BindOptions, agreement: Agreement): BoundAgreement {
  const { roles, token, terms } = agreement
  const parties = [roles.student, roles.teacher, roles.referrer ?? '']
  const key = [...parties, token, terms.priceUnits, terms.startsAt, terms.salt].join('|')
  const holds = holdsOf(stage)
  const known = holds.get(key)
  const hold = known ?? holdOn(stage, agreement)
  if (known === undefined) holds.set(key, hold)
  return { ...hold, agreement }
}

function holdOn(stage: Stage, { roles, token: kind, terms }: Agreement): BoundHold {
  const student = addressOn(stage, roles.student)
  const teacher = addressOn(stage, roles.teacher)
  const referrer = roles.referrer === undefined ? zeroAddress : addressOn(stage, roles.referrer)
  const token = tokenOn(stage, kind)
  const price = terms.priceUnits as bigint
  const startsAt = secondsOf(terms.startsAt)
  const salt = terms.salt as bigint
  const id = keccak256(
    encodeAbiParameters(TERMS_WORDS, [student, teacher, referrer, token, price, startsAt, salt]),
  )
  return {
    id,
    terms: { student, teacher, referrer, token, price, startsAt, salt },
    view: { target: stage.escrow, data: encode.hold([id]) },
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
  const hold = context.bound[step.agreement]
  assert(hold !== undefined, `agreement ${step.agreement} is part of the run`)
  const data = dataOf(context, step, hold)
  return { from: addressOn(stage, step.by), to: stage.escrow, data }
}

function dataOf(context: CallContext, step: PlannedStep, hold: BoundAgreement): Hex {
  const { stage, policy } = context.options
  const { id, terms } = hold
  switch (step.action) {
    case 'purchase':
      return encode.purchase([terms])
    case 'refundUnfinished':
      return encode.refundUnfinished([id])
    case 'claim':
      return encode.claim([id, addressOn(stage, step.args.to as string)])
    case 'recordAttendance':
    case 'finishSession':
    case 'process':
      return policy === 'hardened' ? hardenedData(context, step, hold) : describedData(step, hold)
    default:
      throw new Error(`attendance-hold has no action ${step.action}`)
  }
}

function describedData({ action, args }: PlannedStep, { id }: BoundHold): Hex {
  if (action === 'finishSession') return encodeDescribed.finishSession([id])
  if (action === 'process') return encodeDescribed.process([id, args.release])
  const kind = RECORD_KINDS[args.kind as string]
  assert(kind !== undefined, `${String(args.kind)} is a kind of record`)
  return encodeDescribed.recordAttendance([id, kind, secondsOf(args.at)])
}

function hardenedData(
  context: CallContext,
  { action, args }: PlannedStep,
  hold: BoundAgreement,
): Hex {
  const { stage } = context.options
  const { id } = hold
  const kind = args.attestation ?? null
  const given = attestationCaseOf(context, hold)
  if (action === 'process') return encodeHardened.process([id])
  if (action === 'finishSession') {
    const endedAt = secondsOf(args.endedAt)
    const signed = finishAttestation(stage, kind, given, endedAt)
    return encodeHardened.finishSession([id, endedAt, signed])
  }
  const index = BigInt(args.index as number)
  const joinedAt = secondsOf(args.joinedAt)
  const leftAt = secondsOf(args.leftAt)
  const signed = attendanceAttestation(stage, kind, given, { index, joinedAt, leftAt })
  return encodeHardened.recordAttendance([id, index, joinedAt, leftAt, signed])
}

function attestationCaseOf({ bound }: CallContext, { id, agreement }: BoundAgreement) {
  return {
    holdId: id,
    foreignHoldId: bound.find((other) => other.id !== id)?.id ?? FOREIGN_HOLD_ID,
    attestor: 'attestor',
    teacher: agreement.roles.teacher as string,
  }
}

/** Steps and terms have whole seconds as numbers; the contract takes them as words. */
function secondsOf(value: unknown): bigint {
  return BigInt(value as number)
}

/**
 * A re-entrant token tries to resolve the hold once more, and all else. Open to anyone is
 * processing in the hardened contract, and as described nothing.
 */
export const armingOf = armingBy<BoundAgreement>({
  guarded: attendanceHoldGuarded,
  argsOf: {
    recordAttendance: {
      kind: 'joined',
      at: 0,
      index: 0,
      joinedAt: 0,
      leftAt: 1,
      attestation: null,
    },
    finishSession: { endedAt: 0, attestation: null },
    process: { release: true },
    claim: { to: 'stranger' },
  },
  dataOf,
})
