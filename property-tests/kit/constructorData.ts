/**
 * Constructor arguments of a deployment in which somebody else may stand in for a participant.
 */
import type { Hex } from 'viem'
import type { Binding, Stage } from '../../contracts/bindings/binding.ts'
import type { Parameters, Policy } from '../../models/kit/trace.ts'

/**
 * @param deployed.parameters may name participants: who stands in for each, null for nobody at all
 */
export function constructorData(
  binding: Binding,
  deployed: {
    readonly policy: Policy
    readonly parameters: Parameters
    readonly accounts: Stage['accounts']
  },
): Hex {
  const { policy, parameters, accounts } = deployed
  const standing = Object.entries(accounts).flatMap(([name, address]) => {
    const standIn = parameters[name]
    if (standIn === null) return []
    return [[name, typeof standIn === 'string' ? (accounts[standIn] ?? address) : address]]
  })
  const standIns = Object.fromEntries(standing)
  return binding.constructorArguments({ policy, parameters, accounts: standIns })
}
