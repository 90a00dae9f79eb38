/**
 * Keys and addresses of the participants, derived from their names.
 *
 * The keys are public by construction and hold nothing outside a local Anvil.
 */
import { type Address, type Hex, keccak256, toHex, zeroAddress } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { ELSEWHERE, NOBODY } from '../../models/kit/trace.ts'

const keyByName = new Map<string, Hex>()

/** The private key of a participant: keccak256 of `meterproof:<name>`. */
export function privateKeyOf(name: string): Hex {
  const known = keyByName.get(name)
  if (known !== undefined) return known
  const key = keccak256(toHex(`meterproof:${name}`))
  keyByName.set(name, key)
  return key
}

/** Addresses of these participants and of `elsewhere`, lower case. */
export function accountsOf(names: readonly string[]): Readonly<Record<string, Address>> {
  const entries = [...names, ELSEWHERE].map((name) => [
    name,
    privateKeyToAddress(privateKeyOf(name)).toLowerCase() as Address,
  ])
  return { ...Object.fromEntries(entries), [NOBODY]: zeroAddress }
}
