/**
 * Signed attestations of attendance-hold: genuine ones, and every way of cheating with them.
 *
 * EIP-712 over `Attendance(bytes32 holdId,uint32 index,uint64 joinedAt,uint64 leftAt)`, an interval
 * in which the student was there, and `Finish(bytes32 holdId,uint64 endedAt)`, the end of the
 * session. The hold comes first in both and the time that matters last, so one account of cheating
 * serves both.
 */
import type { Address, Hex } from 'viem'
import type { Datum } from '../../models/kit/trace.ts'
import type { Stage } from './binding.ts'
import { perStage } from './perStage.ts'
import { type TypedSigner, typedSigner, typedSignerOn } from './typedSigner.ts'

/** A contract of the same kind that is not the one under test. */
export const OTHER_CONTRACT: Address = `0x${'0c'.repeat(20)}`

const attendanceSignersOn = signersOn(
  'Attendance(bytes32 holdId,uint32 index,uint64 joinedAt,uint64 leftAt)',
)
const finishSignersOn = signersOn('Finish(bytes32 holdId,uint64 endedAt)')

/** Signers of one type of message: for the contract under test, and for another one. */
interface Signers {
  readonly here: TypedSigner
  readonly there: TypedSigner
}

function signersOn(type: string): (stage: Stage) => Signers {
  const message = { domainName: 'MeterproofAttendance', type }
  const hereOn = typedSignerOn(message)
  const thereOn = perStage(({ chainId }) =>
    typedSigner({ ...message, chainId, verifyingContract: OTHER_CONTRACT }),
  )
  return (stage) => ({ here: hereOn(stage), there: thereOn(stage) })
}

/** Which hold an attestation is presented for, and whom it can be from. */
export interface AttestationCase {
  readonly holdId: Hex
  /** Another hold, for attestations that belong elsewhere. */
  readonly foreignHoldId: Hex
  /** Participants. */
  readonly attestor: string
  readonly teacher: string
}

/** What an attestation of attendance is to say. */
export interface IntervalCase {
  readonly index: bigint
  readonly joinedAt: bigint
  readonly leftAt: bigint
}

/** The attestation of an interval, see `signedAs` for the kinds. */
export function attendanceAttestation(
  stage: Stage,
  kind: Datum,
  given: AttestationCase,
  { index, joinedAt, leftAt }: IntervalCase,
): Hex {
  return signedAs(kind, attendanceSignersOn(stage), given, [index, joinedAt, leftAt])
}

/** The attestation of a session's end, likewise. */
export function finishAttestation(
  stage: Stage,
  kind: Datum,
  given: AttestationCase,
  endedAt: bigint,
): Hex {
  return signedAs(kind, finishSignersOn(stage), given, [endedAt])
}

/**
 * The attestation of a kind; empty for null, which is none at all.
 *
 * @param kind genuine, forged (signed by a stranger), foreign (for another hold), altered (for one
 * second less), crossed (signed by the teacher), misplaced (for another contract) or null
 * @param members of the message, after the hold
 */
function signedAs(
  kind: Datum,
  { here, there }: Signers,
  { holdId, foreignHoldId, attestor, teacher }: AttestationCase,
  members: readonly bigint[],
): Hex {
  switch (kind) {
    case null:
      return '0x'
    case 'genuine':
      return here(attestor, [holdId, ...members])
    case 'forged':
      return here('stranger', [holdId, ...members])
    case 'foreign':
      return here(attestor, [foreignHoldId, ...members])
    case 'altered':
      return here(attestor, [holdId, ...withOtherTime(members)])
    case 'crossed':
      return here(teacher, [holdId, ...members])
    case 'misplaced':
      return there(attestor, [holdId, ...members])
    default:
      throw new Error(`unknown kind of attestation: ${String(kind)}`)
  }
}

/** One second less, so that it is the teacher who would gain by a longer stay. */
function withOtherTime(members: readonly bigint[]): readonly bigint[] {
  const atSeconds = members.at(-1) ?? 0n
  return members.with(-1, atSeconds > 0n ? atSeconds - 1n : 1n)
}
