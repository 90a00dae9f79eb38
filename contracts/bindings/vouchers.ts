/**
 * Signed vouchers of payment-channel: genuine ones, and every way of cheating with them.
 *
 * EIP-712 over `Voucher(bytes32 channelId,uint128 cumulative)`: the payer's promise of what the
 * provider may have of a channel, in base units since its opening.
 */
import type { Hex } from 'viem'
import type { Datum } from '../../models/kit/trace.ts'
import type { Stage } from './binding.ts'
import { typedSignerOn } from './typedSigner.ts'

const signerOn = typedSignerOn({
  domainName: 'Meterproof PaymentChannel',
  type: 'Voucher(bytes32 channelId,uint128 cumulative)',
})

/** What a voucher is presented for, and whom it can be from. */
export interface VoucherCase {
  readonly channelId: Hex
  readonly cumulativeUnits: bigint
  /** Another channel, for vouchers that belong elsewhere. */
  readonly foreignChannelId: Hex
  /** Participants. */
  readonly payer: string
  readonly provider: string
}

/**
 * The voucher of a kind; empty for null, which is none at all.
 *
 * @param kind genuine, forged (signed by a stranger), foreign (for another channel), altered (for
 * one unit less), crossed (signed by the provider) or null
 */
export function voucher(stage: Stage, kind: Datum, given: VoucherCase): Hex {
  const { channelId, cumulativeUnits, foreignChannelId, payer, provider } = given
  const sign = signerOn(stage)
  switch (kind) {
    case null:
      return '0x'
    case 'genuine':
      return sign(payer, [channelId, cumulativeUnits])
    case 'forged':
      return sign('stranger', [channelId, cumulativeUnits])
    case 'foreign':
      return sign(payer, [foreignChannelId, cumulativeUnits])
    case 'altered':
      return sign(payer, [channelId, otherNumber(cumulativeUnits)])
    case 'crossed':
      return sign(provider, [channelId, cumulativeUnits])
    default:
      throw new Error(`unknown kind of voucher: ${String(kind)}`)
  }
}

/** One less, so that it is the provider who would gain; nothing less than zero was ever signed. */
function otherNumber(cumulativeUnits: bigint): bigint {
  return cumulativeUnits > 0n ? cumulativeUnits - 1n : 1n
}
