/**
 * Gas of each call as a table, and how to read it. Pure: `gas.ts` measures it on the contract.
 */
import type { Parameters, Policy } from '../../models/kit/trace.ts'
import type { GasCases, SimulatedWorld, SimulationSpec } from '../../sim/world/simulated.ts'
import { worldOf } from '../../sim/worlds.ts'

/** Gas by action; a refused call is `action!error`. */
export type GasByCall = Readonly<Record<string, number>>

/** By protocol, policy, and case of the deployment, see `tableKey`. */
export type GasTable = Readonly<Record<string, GasByCall>>

const ONE_CASE: GasCases = { of: () => 'default', cases: { default: {} } }

/** The deployments that gas is measured in. */
export function gasCasesOf({ gasCases = ONE_CASE }: SimulatedWorld): GasCases {
  return gasCases
}

/** Name of the part of the table for a policy of a world and a deployment. */
export function tableKey(world: SimulatedWorld, policy: Policy, parameters: Parameters): string {
  return [world.protocol, policy, gasCasesOf(world).of(parameters)].join(', ')
}

/** The part of the table that is about a design. */
export function gasFor(table: GasTable, spec: SimulationSpec): GasByCall {
  const { protocol, policy, parameters } = spec
  return table[tableKey(worldOf(protocol), policy, parameters)] ?? {}
}

/** The action of a call, whether it was accepted or refused. */
export function actionOf(call: string): string {
  return call.split('!')[0] ?? call
}

/**
 * Gas of a call: as measured; of a refusal that the measurement did not see, the largest refusal of
 * its action, else what the action costs when it is accepted.
 */
export function gasOf(gas: GasByCall, call: string): number {
  const exact = gas[call]
  if (exact !== undefined) return exact
  const action = actionOf(call)
  const refused = Object.entries(gas).filter(([key]) => key.startsWith(`${action}!`))
  return Math.max(0, ...refused.map(([, used]) => used)) || (gas[action] ?? 0)
}
