/**
 * Looks for one finding in a plan: an invariant, a difference of model and contract, or a broken
 * metamorphic relation. Shrinking and replay both stand on this.
 */
import type { Trace } from '../../models/kit/trace.ts'
import { type Execution, executePlan } from './execute.ts'
import { type Finding, judgeTrace } from './judge.ts'
import { type Plan, planSteps } from './plan.ts'
import type { Relation } from './relation.ts'

export interface Looked {
  readonly trace: Trace
  readonly finding: Finding | null
}

/** Executes the plan and says whether the claim `id` is broken. */
export async function lookFor(execution: Execution, plan: Plan, id: string): Promise<Looked> {
  const { player } = execution
  const relation = player.relations.find((each) => each.id === id)
  if (relation !== undefined) return lookForRelation(execution, plan, relation)
  const trace = await executePlan(execution, plan)
  const { invariants } = player.binding.protocol
  const only = invariants.filter((invariant) => invariant.id === id)
  const { findings } = judgeTrace(trace, only)
  return { trace, finding: findings.find((each) => each.id === id) ?? null }
}

/** Runs the original and the changed run; a relation without a changed run finds nothing. */
export async function lookForRelation(
  execution: Execution,
  plan: Plan,
  relation: Relation,
): Promise<Looked> {
  const trace = await executePlan(execution, plan)
  const changed = relation.transform(plan)
  if (changed === null || changed.steps.length === 0) return { trace, finding: null }
  const other = await executePlan(execution, planSteps(changed.cast, changed.steps))
  const evidence = relation.compare(trace, other)
  if (evidence === null) return { trace, finding: null }
  return { trace, finding: { id: relation.id, stepIndex: trace.steps.length - 1, evidence } }
}
