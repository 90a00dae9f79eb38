/**
 * The Solidity twin of each token profile: which test contract it is, and how it is constructed.
 */
import { type Address, encodeAbiParameters, type Hex, parseAbiParameters } from 'viem'
import type { Stage } from '../../contracts/bindings/binding.ts'
import { type Artifacts, artifactNamed } from '../../contracts/compile.ts'
import type { TokenProfile } from '../../models/kit/token.ts'

/** A test token as a deployment needs it; at most one of the two arguments is asked for. */
export interface TestToken {
  /** Name of the contract in `contracts/src/testing`. */
  readonly contract: string
  readonly decimals?: number
  readonly refused?: readonly Address[]
}

export function testTokenOf(token: TokenProfile, accounts: Stage['accounts']): TestToken {
  const refused = token.refuses.map((name) => accounts[name] as Address)
  if (token.reenters) return { contract: 'ReentrantToken' }
  if (token.kind === 'feeOnLargePull') return { contract: 'FeeOnLargePullToken' }
  if (token.transferFeeBps > 0n) return { contract: 'FeeOnTransferToken' }
  if (token.kind === 'noReturn') return { contract: 'NoReturnToken' }
  if (token.kind === 'returnsFalse') return { contract: 'ReturnsFalseToken', refused }
  if (refused.length > 0) return { contract: 'RefusingToken', refused }
  return { contract: 'PlainToken', decimals: token.decimals }
}

/** Creation code with its arguments. */
export function tokenCode(artifacts: Artifacts, { contract, decimals, refused }: TestToken): Hex {
  const { bytecode } = artifactNamed(artifacts, contract)
  if (refused !== undefined) {
    const list = encodeAbiParameters(parseAbiParameters('address[]'), [refused])
    return `${bytecode}${list.slice(2)}`
  }
  if (decimals === undefined) return bytecode
  const word = encodeAbiParameters(parseAbiParameters('uint8'), [decimals])
  return `${bytecode}${word.slice(2)}`
}
