/**
 * Runs the plans of the paths campaign on the contract, one setup at a time.
 */

import type { Trace } from '../../models/kit/trace.ts'
import type { ChunkResult } from './conformance.ts'
import { overlapping, summarise } from './conformance.ts'
import { type Execution, executePlan } from './execute.ts'
import { pathPlans } from './paths.ts'

export type PathsResult = ChunkResult
const OVERLAP = 4

export async function runPaths(
  execution: Execution,
  options: { readonly setupIndex: number; readonly only: readonly string[] },
): Promise<PathsResult> {
  const { player, subject } = execution
  const plans = pathPlans(player, subject.policy, options.setupIndex)
  const traces: Trace[] = new Array(plans.length)
  await overlapping(plans.length, OVERLAP, async (index) => {
    const plan = plans[index]
    if (plan !== undefined) traces[index] = await executePlan(execution, plan)
  })
  return summarise(execution, options.only, traces)
}
