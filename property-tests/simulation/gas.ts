/**
 * Gas of each action, measured on the real contracts: schedules of simulated runs are executed in
 * the batch lane, and every kind of call gets the median of what it used.
 *
 * The world says which deployments differ in gas, which runs show its rare actions, and which
 * actions must have been seen. Measured once for a simulation or a sweep; a few dozen runs show
 * every action.
 */
import { assert } from '../../models/kit/error.ts'
import type { Parameters, Policy } from '../../models/kit/trace.ts'
import {
  designOf,
  type PlayedRun,
  type SimulatedWorld,
  type SimulationSpec,
} from '../../sim/world/simulated.ts'
import { worldOf } from '../../sim/worlds.ts'
import { type Execution, executePlan } from '../kit/execute.ts'
import { planSteps } from '../kit/plan.ts'
import { openTestbed } from '../kit/testbed.ts'
import { playerOf } from '../players.ts'
import { checkedSubjects } from '../subjects.ts'
import { type GasByCall, type GasTable, gasCasesOf, tableKey } from './gasTable.ts'

const RUNS = 24
const SEED = 1

/**
 * Measures the contracts of a protocol on an Anvil of its own, which is gone afterwards.
 *
 * @throws MeterproofError `MP_WORLD_UNKNOWN`, `MP_PROTOCOL_UNKNOWN`, `MP_COMPILE_…`, `MP_ANVIL_…`
 */
export async function measureGas(protocol: string, policies: readonly Policy[]): Promise<GasTable> {
  const world = worldOf(protocol)
  const player = playerOf(protocol)
  const subjects = await checkedSubjects({ player, policies, path: null })
  const designs = Object.values(gasCasesOf(world).cases).map((parameters) => {
    return designOf(world, { parameters })
  })
  const cases = designs.map(({ parameters }) => parameters)
  const testbed = await openTestbed({ binding: player.binding, subjects, cases })
  try {
    const table: Record<string, GasByCall> = {}
    for (const subject of subjects) {
      for (const design of designs) {
        const execution = { testbed, lane: testbed.batch, player, subject }
        const { policy } = subject
        const head = { protocol, policy, regime: 'mixed', seed: SEED } as const
        const spec = { ...head, profile: world.defaultProfile, ...design }
        table[tableKey(world, policy, design.parameters)] = await measured(execution, world, spec)
      }
    }
    return table
  } finally {
    await testbed.close()
  }
}

/** Every other run is one that shows rare actions. */
function playedFor(world: SimulatedWorld, spec: SimulationSpec, run: number): PlayedRun {
  if (run % 2 === 0) return world.play(spec, run, 'summary')
  const calm: SimulationSpec = { ...spec, regime: 'none' }
  return world.playForGas?.(calm, run) ?? world.play(calm, run, 'summary')
}

async function measured(
  execution: Execution,
  world: SimulatedWorld,
  spec: SimulationSpec,
): Promise<GasByCall> {
  const { policy } = execution.subject
  const used = new Map<string, number[]>()
  const executed = Array.from({ length: RUNS }, async (_, run) => {
    const { agreements, steps } = playedFor(world, spec, run)
    const { protocol } = execution.player.binding
    const parameters: Parameters = spec.parameters
    return executePlan(execution, planSteps({ protocol, policy, parameters, agreements }, steps))
  })
  for (const { steps } of await Promise.all(executed)) {
    for (const { planned, observed, gasUsed } of steps) {
      const { accepted, error } = observed.outcome
      const call = accepted ? planned.action : `${planned.action}!${error ?? 'reverted'}`
      used.set(call, [...(used.get(call) ?? []), Number(gasUsed)])
    }
  }
  for (const action of world.gasActions) {
    assert(used.has(action), `the runs of ${world.protocol} show what ${action} uses`)
  }
  const calls = [...used].sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(calls.map(([call, gas]) => [call, median(gas)]))
}

function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[(sorted.length - 1) >> 1] as number
}
