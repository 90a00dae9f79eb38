/**
 * The calls of session-escrow: sessions and their ids on a stage, and what each attempt sends.
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
import type { Agreement, Datum, PlannedStep } from '../../models/kit/trace.ts'
import { sessionEscrowGuarded } from '../../models/session-escrow/words.ts'
import { sessionEscrowAsDescribedAbi, sessionEscrowHardenedAbi } from '../generated.ts'
import { callEncoder } from './abi.ts'
import { armingBy } from './arming.ts'
import type { Binding, BoundCall, Stage, ViewCall } from './binding.ts'
import { addressOn, perStage, tokenOn } from './perStage.ts'
import { type PingSigner, pingSigner } from './pings.ts'

const TERMS_WORDS = parseAbiParameters('address, address, address, uint128, uint256')

const hardenedAbi = sessionEscrowHardenedAbi as Abi
const encode = {
  deposit: callEncoder(hardenedAbi, 'deposit'),
  join: callEncoder(hardenedAbi, 'join'),
  topUp: callEncoder(hardenedAbi, 'topUp'),
  settle: callEncoder(hardenedAbi, 'settle'),
  cancel: callEncoder(hardenedAbi, 'cancel'),
  claim: callEncoder(hardenedAbi, 'claim'),
  session: callEncoder(hardenedAbi, 'session'),
  capAt: callEncoder(hardenedAbi, 'capAt'),
  stopWithPings: callEncoder(hardenedAbi, 'stop'),
  stop: callEncoder(sessionEscrowAsDescribedAbi as Abi, 'stop'),
}

/** A session that nobody opened, for pings that belong elsewhere. */
const FOREIGN_SESSION_ID: Hex = `0x${'f0'.repeat(32)}`

/** What a session is on one stage: a function of its roles, token, rate and index. */
interface BoundSession {
  readonly id: Hex
  readonly terms: Readonly<Record<string, unknown>>
  readonly student: Address
  readonly tutor: Address
  /** The struct, and what is worked out from it. */
  readonly views: readonly ViewCall[]
}

export interface BoundAgreement extends BoundSession {
  readonly agreement: Agreement
}

export type BindOptions = Parameters<Binding['bind']>[0]

/** What runs on one stage share: sessions by their terms, and a signer with its signatures. */
const sharedOf = perStage((stage) => ({
  sessions: new Map<string, BoundSession>(),
  signer: lazySigner(stage),
}))

/** Most stages never see a signature, and the domain separator is dear. */
function lazySigner(stage: Stage): PingSigner {
  let signer: PingSigner | undefined
  return (name, content) => {
    signer ??= pingSigner({ chainId: stage.chainId, verifyingContract: stage.escrow })
    return signer(name, content)
  }
}

export function bindAgreement({ stage }: BindOptions, agreement: Agreement): BoundAgreement {
  const { index, roles, token } = agreement
  const rate = agreement.terms.ratePerSecondUnits as bigint
  const key = `${roles.student}|${roles.tutor}|${token}|${rate}|${index}`
  const { sessions } = sharedOf(stage)
  const known = sessions.get(key)
  const session = known ?? sessionOn(stage, agreement)
  if (known === undefined) sessions.set(key, session)
  return { ...session, agreement }
}

function sessionOn(stage: Stage, agreement: Agreement): BoundSession {
  const student = addressOn(stage, agreement.roles.student)
  const tutor = addressOn(stage, agreement.roles.tutor)
  const token = tokenOn(stage, agreement.token)
  const ratePerSecond = agreement.terms.ratePerSecondUnits as bigint
  const salt = BigInt(agreement.index)
  const terms = { student, tutor, token, ratePerSecond, salt }
  const id = keccak256(
    encodeAbiParameters(TERMS_WORDS, [student, tutor, token, ratePerSecond, salt]),
  )
  const reads = [encode.session([id]), encode.capAt([id])]
  const views = reads.map((data) => ({ target: stage.escrow, data }))
  return { id, terms, student, tutor, views }
}

/** The run in which a call is made. */
interface CallContext {
  readonly options: BindOptions
  readonly bound: readonly BoundAgreement[]
}

function ping(
  { options, bound }: CallContext,
  session: BoundAgreement,
  side: 'student' | 'tutor',
  datum: Datum | undefined,
) {
  const { signer } = sharedOf(options.stage)
  if (typeof datum !== 'object' || datum === null || datum === undefined) {
    return { sequence: 0n, at: 0n, signature: '0x' }
  }
  const sequence = BigInt(datum.sequence as bigint)
  const at = BigInt(datum.atSeconds as bigint)
  const party = session[side]
  const content = { sessionId: session.id, party, sequence, atSeconds: at }
  const name = session.agreement.roles[side] as string
  const other = session.agreement.roles[side === 'student' ? 'tutor' : 'student'] as string
  switch (datum.kind) {
    case 'genuine':
      return { sequence, at, signature: signer(name, content) }
    case 'forged':
      return { sequence, at, signature: signer('stranger', content) }
    case 'crossed':
      return { sequence, at, signature: signer(other, content) }
    case 'foreign': {
      const foreign = bound.find(({ id }) => id !== session.id)?.id ?? FOREIGN_SESSION_ID
      return { sequence, at, signature: signer(name, { ...content, sessionId: foreign }) }
    }
    case 'altered':
      return { sequence, at: at + 1n, signature: signer(name, content) }
    default:
      throw new Error(`unknown kind of ping: ${String(datum.kind)}`)
  }
}

function dataOf(context: CallContext, step: PlannedStep, session: BoundAgreement): Hex {
  const { args } = step
  const { stage, policy } = context.options
  switch (step.action) {
    case 'deposit':
      return encode.deposit([session.terms, args.amountUnits])
    case 'topUp':
      return encode.topUp([session.id, args.amountUnits])
    case 'join':
      return encode.join([session.id])
    case 'settle':
      return encode.settle([session.id])
    case 'cancel':
      return encode.cancel([session.id])
    case 'claim':
      return encode.claim([session.id, addressOn(stage, args.to as string)])
    case 'stop':
      if (policy === 'as-described') return encode.stop([session.id])
      return encode.stopWithPings([
        session.id,
        ping(context, session, 'student', args.studentPing),
        ping(context, session, 'tutor', args.tutorPing),
      ])
    default:
      throw new Error(`session-escrow has no action ${step.action}`)
  }
}

/** The call of one step, signed where something has to be signed. */
export function callOf(context: CallContext, step: PlannedStep): BoundCall {
  const { stage } = context.options
  const session = context.bound[step.agreement]
  assert(session !== undefined, `agreement ${step.agreement} is part of the run`)
  const from = stage.accounts[step.by] as Address
  return { from, to: stage.escrow, data: dataOf(context, step, session) }
}

/** A re-entrant token tries to settle (and, once settled, to settle again), and all else. */
export const armingOf = armingBy<BoundAgreement>({
  guarded: sessionEscrowGuarded,
  argsOf: {
    deposit: { amountUnits: 1n },
    topUp: { amountUnits: 1n },
    claim: { to: 'stranger' },
  },
  dataOf,
})
