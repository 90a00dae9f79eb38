/**
 * Gas of each call as a table, and how to read it. Pure: `gas.ts` measures it on the contract.
 */
import type { Policy } from '../../models/kit/trace.ts'
import type { SimulationSpec } from '../../sim/simulate.ts'

/** Gas by action; a refused call is `action!error`. */
export type GasByCall = Readonly<Record<string, number>>

/** By policy, and by whether the platform takes a fee. */
export type GasTable = Readonly<Record<string, GasByCall>>

/** Name of the part of the table for a policy and a platform fee. */
export function tableKey(policy: Policy, feeBps: number): string {
  return `${policy}, ${feeBps > 0 ? 'with fee' : 'no fee'}`
}

/** The part of the table that is about a design. */
export function gasFor(table: GasTable, { policy, parameters }: SimulationSpec): GasByCall {
  return table[tableKey(policy, parameters.feeBps)] ?? {}
}

/**
 * Gas of a call: as measured; of a refusal that the measurement did not see, the largest refusal of
 * its action, else what the action costs when it is accepted.
 */
export function gasOf(gas: GasByCall, call: string): number {
  const exact = gas[call]
  if (exact !== undefined) return exact
  const [action = ''] = call.split('!')
  const refused = Object.entries(gas).filter(([key]) => key.startsWith(`${action}!`))
  return Math.max(0, ...refused.map(([, used]) => used)) || (gas[action] ?? 0)
}
