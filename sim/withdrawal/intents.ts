/**
 * What participants of a withdrawal ask of the contract, with the arguments of the step.
 */
import type { Action, Intent } from './actors.ts'

/** A call without arguments. */
export function plainIntent(action: Action, withdrawal: number): Intent {
  return { action, key: `${action}:${withdrawal}`, args: {}, agreement: withdrawal }
}

export function creditIntent(key: string, withdrawal: number, grossUnits: bigint): Intent {
  return { action: 'credit', key, args: { grossUnits }, agreement: withdrawal }
}

export function completeIntent(withdrawal: number, reference: bigint): Intent {
  const args = { reference }
  return { action: 'complete', key: `complete:${withdrawal}`, args, agreement: withdrawal }
}

export function payoutIntent(
  action: 'withdrawCommission' | 'claim',
  withdrawal: number,
  to: string,
): Intent {
  return { action, key: `${action}:${withdrawal}`, args: { to }, agreement: withdrawal }
}
