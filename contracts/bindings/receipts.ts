/**
 * Signed receipts of token-job: genuine ones, and every way of cheating with them.
 *
 * EIP-712 over `Receipt(bytes32 jobId,uint128 cumulativeTokens)`, which is the user's word for how
 * many model tokens it has received in a job, all told.
 */
import type { Hex } from 'viem'
import type { Datum } from '../../models/kit/trace.ts'
import type { Stage } from './binding.ts'
import { typedSignerOn } from './typedSigner.ts'

const signerOn = typedSignerOn({
  domainName: 'Meterproof TokenJob',
  type: 'Receipt(bytes32 jobId,uint128 cumulativeTokens)',
})

/** What a receipt is presented for, and whom it can be from. */
export interface ReceiptCase {
  readonly jobId: Hex
  readonly cumulativeTokens: bigint
  /** Another job, for receipts that belong elsewhere. */
  readonly foreignJobId: Hex
  /** Participants. */
  readonly user: string
  readonly host: string
}

/**
 * The receipt of a kind; empty for null, which is none at all.
 *
 * @param kind genuine, forged (signed by a stranger), foreign (for another job), altered (for one
 * token less), crossed (signed by the host) or null
 */
export function receipt(stage: Stage, kind: Datum, given: ReceiptCase): Hex {
  const { jobId, cumulativeTokens, foreignJobId, user, host } = given
  const sign = signerOn(stage)
  switch (kind) {
    case null:
      return '0x'
    case 'genuine':
      return sign(user, [jobId, cumulativeTokens])
    case 'forged':
      return sign('stranger', [jobId, cumulativeTokens])
    case 'foreign':
      return sign(user, [foreignJobId, cumulativeTokens])
    case 'altered':
      return sign(user, [jobId, otherNumber(cumulativeTokens)])
    case 'crossed':
      return sign(host, [jobId, cumulativeTokens])
    default:
      throw new Error(`unknown kind of receipt: ${String(kind)}`)
  }
}

/** One less, so that it is the host who would gain; nothing less than zero was ever signed. */
function otherNumber(cumulativeTokens: bigint): bigint {
  return cumulativeTokens > 0n ? cumulativeTokens - 1n : 1n
}
