/**
 * EIP-712 signatures of one message type for one contract, by participants' names.
 *
 * Messages are structs of one word each. The domain separator is computed once per contract and
 * signatures are kept, since signing is by far the dearest thing that an encoder does; it is left
 * to libsecp256k1 in WebAssembly, which gives viem's bytes (RFC 6979) in a third of the time. What
 * a message is about, and how one cheats with it, is the binding's business.
 */
import { signRecoverable } from 'tiny-secp256k1'
import {
  type AbiParameter,
  type Address,
  concatHex,
  domainSeparator,
  encodeAbiParameters,
  type Hex,
  hexToBytes,
  keccak256,
  parseAbiParameters,
  toHex,
} from 'viem'
import { privateKeyOf } from './accounts.ts'
import type { Stage } from './binding.ts'
import { perStage } from './perStage.ts'

const SIGNATURES_KEPT_MAX = 20_000

/** Signs the members of a message, in order, with the key of `signer`, whoever that is. */
export type TypedSigner = (signer: string, members: readonly (Hex | bigint)[]) => Hex

/** What makes the digest of a message: its type, and the contract that it is for. */
export interface TypedDomain {
  readonly domainName: string
  /** EIP-712 type of the message, for instance `Receipt(bytes32 jobId)`. */
  readonly type: string
  readonly chainId: number
  readonly verifyingContract: Address
}

/** The EIP-712 digest of a message by its members, in order; the domain's version is 1. */
export function typedDigest(domain: TypedDomain): (members: readonly (Hex | bigint)[]) => Hex {
  const { domainName, type, chainId, verifyingContract } = domain
  const separator = domainSeparator({
    domain: { name: domainName, version: '1', chainId, verifyingContract },
  })
  const typeHash = keccak256(toHex(type))
  const words = wordsOf(type)
  return (members) => {
    const struct = keccak256(encodeAbiParameters(words, [typeHash, ...members]))
    return keccak256(concatHex(['0x1901', separator, struct]))
  }
}

/** A signer for one contract on one chain. */
export function typedSigner(domain: TypedDomain): TypedSigner {
  const digestOf = typedDigest(domain)
  const kept = new Map<string, Hex>()
  return (signer, members) => {
    const key = `${signer}|${members.join('|')}`
    const known = kept.get(key)
    if (known !== undefined) return known
    const signature = signatureOf(digestOf(members), signer)
    if (kept.size >= SIGNATURES_KEPT_MAX) kept.clear()
    kept.set(key, signature)
    return signature
  }
}

const keyBytes = new Map<string, Uint8Array>()

/** r, s and 27 or 28, 65 bytes; the same for the same hash and signer. */
export function signatureOf(hash: Hex, signer: string): Hex {
  const known = keyBytes.get(signer)
  const key = known ?? hexToBytes(privateKeyOf(signer))
  if (known === undefined) keyBytes.set(signer, key)
  const { signature, recoveryId } = signRecoverable(hexToBytes(hash), key)
  return concatHex([toHex(signature), recoveryId === 0 ? '0x1b' : '0x1c'])
}

/** The type hash and the members: the words of which a message's struct hash is made. */
function wordsOf(type: string): readonly AbiParameter[] {
  const members = type.slice(type.indexOf('(') + 1, -1)
  return parseAbiParameters(`bytes32, ${members}`)
}

/** One signer for each stage, made when it is first used: most stages never see a signature. */
export function typedSignerOn(message: {
  readonly domainName: string
  readonly type: string
}): (stage: Stage) => TypedSigner {
  return perStage(({ chainId, escrow }) =>
    typedSigner({ ...message, chainId, verifyingContract: escrow }),
  )
}
