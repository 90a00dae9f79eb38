/**
 * Signed heartbeats of session-escrow: genuine ones, and every way of cheating with them.
 *
 * EIP-712 over `Ping(bytes32 sessionId,address party,uint64 sequence,uint64 at)`. The domain
 * separator is computed once per contract and signatures are kept, since signing is by far the
 * dearest thing that an encoder does.
 */
import {
  type Address,
  concatHex,
  domainSeparator,
  encodeAbiParameters,
  type Hex,
  keccak256,
  parseAbiParameters,
  toHex,
} from 'viem'
import { sign } from 'viem/accounts'
import { privateKeyOf } from './accounts.ts'

const PING_TYPEHASH = keccak256(
  toHex('Ping(bytes32 sessionId,address party,uint64 sequence,uint64 at)'),
)
const PING_WORDS = parseAbiParameters('bytes32, bytes32, address, uint64, uint64')
const SIGNATURES_KEPT_MAX = 20_000

/** What is signed: a ping's content. `atSeconds` is by the signer's own clock. */
export interface PingContent {
  readonly sessionId: Hex
  readonly party: Address
  readonly sequence: bigint
  readonly atSeconds: bigint
}

/** Signs a ping's content with the key of `signer`, whoever that is. */
export type PingSigner = (signer: string, content: PingContent) => Promise<Hex>

/** A signer for one contract on one chain. */
export function pingSigner(options: {
  readonly chainId: number
  readonly verifyingContract: Address
}): PingSigner {
  const separator = domainSeparator({
    domain: { name: 'Meterproof SessionEscrow', version: '1', ...options },
  })
  const kept = new Map<string, Promise<Hex>>()
  return (signer, content) => {
    const { sessionId, party, sequence, atSeconds } = content
    const key = `${signer}|${sessionId}|${party}|${sequence}|${atSeconds}`
    const known = kept.get(key)
    if (known !== undefined) return known
    const words = encodeAbiParameters(PING_WORDS, [
      PING_TYPEHASH,
      sessionId,
      party,
      sequence,
      atSeconds,
    ])
    const hash = keccak256(concatHex(['0x1901', separator, keccak256(words)]))
    const signature = sign({ hash, privateKey: privateKeyOf(signer), to: 'hex' })
    if (kept.size >= SIGNATURES_KEPT_MAX) kept.clear()
    kept.set(key, signature)
    return signature
  }
}
