/**
 * Runs the plans of the paths campaign on the contract, one setup at a time.
 *
 * Where model and contract part in a run of several refusals, what follows was not tried in the
 * state in which it should be: then each of them is run by itself. Runs are numbered as if all of
 * that had been necessary, so that a number names the same plan whatever the contract does.
 */

import { assert } from '../../models/kit/error.ts'
import type { Policy, Trace } from '../../models/kit/trace.ts'
import { firstDivergence } from './compare.ts'
import { type ChunkResult, overlapping, summarise } from './conformance.ts'
import { type Execution, executePlan } from './execute.ts'
import { pathPlans } from './paths.ts'
import type { Plan } from './plan.ts'
import type { Player } from './player.ts'

export type PathsResult = ChunkResult
const OVERLAP = 16

interface NumberedTrace {
  readonly runIndex: number
  readonly trace: Trace
}

export async function runPaths(
  execution: Execution,
  options: { readonly setupIndex: number; readonly only: readonly string[] },
): Promise<PathsResult> {
  const { player, subject } = execution
  const plans = pathPlans(player, subject.policy, options.setupIndex)
  const numbers: number[] = []
  let count = 0
  for (const { apart } of plans) {
    numbers.push(count)
    count += 1 + apart.length
  }
  const traces: (readonly NumberedTrace[])[] = new Array(plans.length)
  await overlapping(plans.length, OVERLAP, async (index) => {
    const { plan, apart } = plans[index] as (typeof plans)[number]
    const runIndex = numbers[index] as number
    const trace = await executePlan(execution, plan)
    const hasParted = apart.length > 0 && firstDivergence(trace) !== null
    const further = hasParted ? await executeAll(execution, apart, runIndex + 1) : []
    traces[index] = [{ runIndex, trace }, ...further]
  })
  const all = traces.flat()
  const result = summarise(
    execution,
    options.only,
    all.map(({ trace }) => trace),
  )
  const findings = result.findings.map(({ runIndex, ...finding }) => {
    return { ...finding, runIndex: all[runIndex]?.runIndex ?? 0 }
  })
  return { ...result, findings }
}

function executeAll(execution: Execution, plans: readonly Plan[], fromRun: number) {
  return Promise.all(
    plans.map(async (plan, index): Promise<NumberedTrace> => {
      return { runIndex: fromRun + index, trace: await executePlan(execution, plan) }
    }),
  )
}

/** The plan that a run of `runPaths` has executed. */
export function pathPlanOf(
  player: Player,
  policy: Policy,
  place: { readonly setupIndex: number; readonly runIndex: number },
): Plan {
  const plans = pathPlans(player, policy, place.setupIndex)
  const plan = plans.flatMap((each) => [each.plan, ...each.apart])[place.runIndex]
  assert(plan !== undefined, `path ${place.runIndex} of setup ${place.setupIndex} exists`)
  return plan
}
