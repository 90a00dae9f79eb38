/**
 * Arming the re-entrant test token: what it calls from inside a payout.
 */
import type { Address, Hex } from 'viem'
import { reentrantTokenAbi } from '../generated.ts'
import { callEncoder } from './abi.ts'
import type { BoundCall, Stage } from './binding.ts'

const encodeArm = callEncoder(reentrantTokenAbi, 'arm')

/**
 * The calls that arm the token of an agreement, none when it is not the re-entrant one.
 *
 * @param payload call data for the contract under test, of an action that anyone may try
 */
export function arming(stage: Stage, token: string, payload: Hex): readonly BoundCall[] {
  if (token !== 'reentrant') return []
  const to = stage.tokens.reentrant as Address
  const from = stage.accounts.stranger as Address
  return [{ from, to, data: encodeArm([stage.escrow, payload]) }]
}
