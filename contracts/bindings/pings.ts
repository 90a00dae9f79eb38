/**
 * Signed heartbeats of session-escrow: EIP-712 over
 * `Ping(bytes32 sessionId,address party,uint64 sequence,uint64 at)`.
 */
import type { Address, Hex } from 'viem'
import { typedSigner } from './typedSigner.ts'

/** What is signed: a ping's content. `atSeconds` is by the signer's own clock. */
export interface PingContent {
  readonly sessionId: Hex
  readonly party: Address
  readonly sequence: bigint
  readonly atSeconds: bigint
}

/** Signs a ping's content with the key of `signer`, whoever that is. */
export type PingSigner = (signer: string, content: PingContent) => Hex

/** A signer for one contract on one chain. */
export function pingSigner(options: {
  readonly chainId: number
  readonly verifyingContract: Address
}): PingSigner {
  const sign = typedSigner({
    domainName: 'Meterproof SessionEscrow',
    type: 'Ping(bytes32 sessionId,address party,uint64 sequence,uint64 at)',
    ...options,
  })
  return (signer, { sessionId, party, sequence, atSeconds }) =>
    sign(signer, [sessionId, party, sequence, atSeconds])
}
