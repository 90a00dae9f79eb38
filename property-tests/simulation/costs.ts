/**
 * What a session costs on chain, by action and at several prices of gas, and what its signs of life
 * protect.
 *
 * Counts are of included transactions of the parties, gas is what the contract used in the
 * measurement. Gas is summed before it is priced, so each amount is rounded once, and down.
 */
import type { Cost } from '../../reports/record.ts'
import type { SimulatedWorld } from '../../sim/world/simulated.ts'
import { actionOf, gasOf } from './gasTable.ts'
import { TOKENS_PER_ETHER, unitsFor } from './measures.ts'
import { placeOfPart, type SimulatedPart, tokenOfPart, worldOfPart } from './part.ts'

/** Prices of gas that are looked at, in units of 0.01 gwei, ascending. */
export const CENTIGWEI = [1, 100, 500, 2_000, 10_000] as const
export const WEI_PER_CENTIGWEI = 10_000_000n
const BPS_PER_WHOLE = 10_000n

type Actions = Cost['actions']

/** Every kind of call that was included, by name. */
function actionsOf(part: SimulatedPart, { livenessActions }: SimulatedWorld): Actions {
  const counts = new Map<string, number>()
  for (const { transactions } of part.result.facts) {
    for (const [call, n] of Object.entries(transactions)) {
      counts.set(call, (counts.get(call) ?? 0) + n)
    }
  }
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([action, count]) => {
      const gasEach = gasOf(part.gas, action)
      const isLiveness = livenessActions.includes(actionOf(action))
      return { action, isLiveness, count, gasEach, gas: count * gasEach }
    })
}

const gasOfAll = (actions: Actions) => actions.reduce((sum, { gas }) => sum + gas, 0)

/** What the signs of life kept from being paid without service, over all runs. */
function protectedBy(part: SimulatedPart, { livenessActions }: SimulatedWorld): bigint | null {
  const amounts = part.result.facts.map(({ protectedUnits }) => protectedUnits)
  if (livenessActions.length === 0) return null
  if (amounts.every((units) => units === null)) return null
  return amounts.reduce<bigint>((sum, units) => sum + (units ?? 0n), 0n)
}

/** The cost of the part's runs; nothing without any. */
export function costSections(part: SimulatedPart): readonly Cost[] {
  return costsIn(part, worldOfPart(part))
}

/** The same, with the signs of life of a world that is given. */
export function costsIn(part: SimulatedPart, world: SimulatedWorld): readonly Cost[] {
  const { facts } = part.result
  if (facts.length === 0) return []
  const token = tokenOfPart(part)
  const actions = actionsOf(part, world)
  const gas = gasOfAll(actions)
  const livenessGas = gasOfAll(actions.filter(({ isLiveness }) => isLiveness))
  const settledUnits = facts.reduce((sum, { grossUnits }) => sum + grossUnits, 0n)
  const protectedUnits = protectedBy(part, world)
  const prices = CENTIGWEI.map((centigwei): Cost['prices'][number] => {
    const weiPerGas = BigInt(centigwei) * WEI_PER_CENTIGWEI
    const costUnits = unitsFor(BigInt(gas) * weiPerGas, token.name)
    const livenessUnits = unitsFor(BigInt(livenessGas) * weiPerGas, token.name)
    return {
      ...{ gwei: centigwei / 100, costUnits, livenessUnits },
      settledBps: settledUnits === 0n ? null : Number((costUnits * BPS_PER_WHOLE) / settledUnits),
      livenessPerProtected:
        protectedUnits === null || protectedUnits === 0n
          ? null
          : Number((livenessUnits * BPS_PER_WHOLE) / protectedUnits) / 10_000,
      exceedsProtection: protectedUnits !== null && livenessUnits > protectedUnits,
    }
  })
  return [
    {
      ...{ ...placeOfPart(part), runs: facts.length, token, tokensPerEther: TOKENS_PER_ETHER },
      ...{ settledUnits, actions, gas, livenessGas, protectedUnits, prices },
    },
  ]
}
