/**
 * Gas of each action, measured on the real contract: schedules of simulated sessions are executed
 * in the batch lane, and every kind of call gets the median of what it used.
 *
 * A fee of more than 0 adds a transfer to the platform, so both cases are measured. Measured once
 * for a simulation or a sweep; a few dozen sessions show every action.
 */
import { assert } from '../../models/kit/error.ts'
import type { Policy } from '../../models/kit/trace.ts'
import { sessionEscrowParameters } from '../../models/session-escrow/parameters.ts'
import { runWorld } from '../../sim/session-escrow/world.ts'
import { type Execution, executePlan } from '../kit/execute.ts'
import { planSteps } from '../kit/plan.ts'
import { openTestbed } from '../kit/testbed.ts'
import { playerOf } from '../players.ts'
import { checkedSubjects } from '../subjects.ts'
import { type GasByCall, type GasTable, tableKey } from './gasTable.ts'

const SESSIONS = 24
const SEED = 1
const CASES = [{ feeBps: 0 }, { feeBps: 250 }].map((each) => sessionEscrowParameters.parse(each))

/**
 * Measures on an Anvil of its own, which is gone afterwards.
 *
 * @throws MeterproofError `MP_COMPILE_…`, `MP_ANVIL_…`
 */
export async function measureGas(policies: readonly Policy[]): Promise<GasTable> {
  const player = playerOf('session-escrow')
  const subjects = await checkedSubjects({ player, policies, path: null })
  const testbed = await openTestbed({ binding: player.binding, subjects, cases: CASES })
  try {
    const table: Record<string, GasByCall> = {}
    for (const subject of subjects) {
      for (const parameters of CASES) {
        const execution = { testbed, lane: testbed.batch, player, subject }
        const key = tableKey(subject.policy, parameters.feeBps)
        table[key] = await measured(execution, parameters)
      }
    }
    return table
  } finally {
    await testbed.close()
  }
}

async function measured(
  execution: Execution,
  parameters: (typeof CASES)[number],
): Promise<GasByCall> {
  const { policy } = execution.subject
  const used = new Map<string, number[]>()
  const sessions = Array.from({ length: SESSIONS }, async (_, run) => {
    // Every other session has a deposit for six minutes only, no faults, and adds to it.
    const short = {
      regime: 'none' as const,
      depositUnits: 3_600_000n,
      behaviour: { topsUp: true, callMs: 600_000, studentComes: true, tutorComes: true },
    }
    const setting = run % 2 === 0 ? { regime: 'mixed' as const } : short
    const world = runWorld({ policy, seed: SEED, run, parameters, ...setting })
    const { protocol } = execution.player.binding
    const cast = { protocol, policy, parameters, agreements: world.agreements }
    const plan = planSteps(
      cast,
      world.steps.map(({ planned }) => planned),
    )
    return executePlan(execution, plan)
  })
  for (const { steps } of await Promise.all(sessions)) {
    for (const { planned, observed, gasUsed } of steps) {
      const { accepted, error } = observed.outcome
      const call = accepted ? planned.action : `${planned.action}!${error ?? 'reverted'}`
      used.set(call, [...(used.get(call) ?? []), Number(gasUsed)])
    }
  }
  for (const action of ['deposit', 'join', 'topUp', 'stop', 'settle']) {
    assert(used.has(action), `the sessions show what ${action} uses`)
  }
  const calls = [...used].sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(calls.map(([call, gas]) => [call, median(gas)]))
}

function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[(sorted.length - 1) >> 1] as number
}
