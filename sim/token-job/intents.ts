/**
 * What participants of a job ask of the contract, with the arguments of the step.
 */
import type { Policy } from '../../models/kit/trace.ts'
import type { Action, Intent, PresentedProof } from './actors.ts'

/** A call without arguments. */
export function plainIntent(action: Action, key: string = action): Intent {
  return { action, key, args: {} }
}

export function approveIntent(key: string, amountUnits: bigint): Intent {
  return { action: 'approve', key, args: { amountUnits } }
}

export function payoutIntent(
  action: 'withdrawEarnings' | 'withdrawTreasury' | 'claim',
  to: string,
): Intent {
  return { action, key: action, args: { to } }
}

/** A proof; a higher one under the same key is another payload. Receipts exist only hardened. */
export function proofIntent(policy: Policy, key: string, proof: PresentedProof): Intent {
  const { tokens, receipt } = proof
  const cumulativeTokens = BigInt(tokens)
  const args = policy === 'hardened' ? { cumulativeTokens, receipt } : { cumulativeTokens }
  return { action: 'submitProof', key, args, payloadKey: String(tokens) }
}
