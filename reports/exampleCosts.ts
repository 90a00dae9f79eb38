/**
 * Made-up service levels and costs, for tests and for working on a view. No result of any run.
 *
 * Signs of life are dear at 20 gwei and cheap at 0.01: both sentences of `costs.ts` can be seen.
 */
import type { Cost, Scope, ServiceLevel } from './record.ts'

const PROMISES = [
  { name: 'approved', stage: 'submit → confirmed', withinMs: 15_000, about: 'an example' },
  { name: 'settled', stage: 'end → settled', withinMs: 60_000, about: 'an example' },
] as const
const CHAINS = [
  { profile: 'l1', blockIntervalMs: 12_000 },
  { profile: 'l2', blockIntervalMs: 2_000 },
] as const

/** Service levels of one regime; `severity` 0 is the calm one. */
export function exampleServiceLevels(scope: Scope, severity: number): readonly ServiceLevel[] {
  return CHAINS.flatMap((chain, chainIndex) =>
    PROMISES.map((promise, index): ServiceLevel => {
      const n = 400
      const [failed, undecided] = [severity, index === 0 ? 0 : severity]
      const late = (1 - chainIndex) * 60 + 22 * severity
      const met = n - late - failed - undecided
      const value = met / n
      const half = 0.02 + 0.01 * severity
      const probability = { value, low: value - half, high: Math.min(1, value + half) }
      return { ...scope, ...chain, ...promise, n, met, late, failed, undecided, probability }
    }),
  )
}

const RUNS = 400
const UNITS_PER_GWEI_AND_GAS = 3
const GAS_EACH = { create: 180_000, heartbeat: 45_000, release: 62_000, settle: 84_000 } as const

/** Costs of one regime. Without signs of life there is nothing that they protect. */
export function exampleCost(scope: Scope, severity: number, hasHeartbeats = true): Cost {
  const times = { create: 1, heartbeat: hasHeartbeats ? 12 : 0, release: 3 + severity, settle: 1 }
  const actions = Object.entries(GAS_EACH).flatMap(([action, gasEach]) => {
    const count = RUNS * (times[action as keyof typeof times] ?? 0)
    const isLiveness = action === 'heartbeat'
    return count === 0 ? [] : [{ action, isLiveness, count, gasEach, gas: count * gasEach }]
  })
  const gas = actions.reduce((sum, each) => sum + each.gas, 0)
  const alive = actions.filter(({ isLiveness }) => isLiveness)
  const livenessGas = alive.reduce((sum, each) => sum + each.gas, 0)
  const settledUnits = BigInt(RUNS) * 90_000_000n
  const protectedUnits = hasHeartbeats ? BigInt(RUNS) * BigInt(4_000_000 * (1 + severity)) : null
  return {
    ...{ ...scope, profile: 'l1', runs: RUNS, token: { name: 'plain6', decimals: 6 } },
    ...{ tokensPerEther: 3_000n, settledUnits, actions, gas, livenessGas, protectedUnits },
    prices: [0.01, 1, 5, 20, 100].map((gwei) => {
      const unitsFor = (of: number) => BigInt(Math.floor(of * gwei * UNITS_PER_GWEI_AND_GAS))
      const [costUnits, livenessUnits] = [unitsFor(gas), unitsFor(livenessGas)]
      const ratio = protectedUnits === null ? null : Number(livenessUnits) / Number(protectedUnits)
      return {
        ...{ gwei, costUnits, livenessUnits, livenessPerProtected: ratio },
        settledBps: Number((costUnits * 10_000n) / settledUnits),
        exceedsProtection: protectedUnits !== null && livenessUnits > protectedUnits,
      }
    }),
  }
}
