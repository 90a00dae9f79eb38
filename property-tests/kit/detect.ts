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

/** Whether the plan breaks the invariant even if the contract does exactly what is predicted. */
export function predictsFinding({ player }: Execution, plan: Plan, id: string): boolean {
  const { protocol } = player.binding
  const invariant = protocol.invariants.find((each) => each.id === id)
  if (invariant === undefined) return false
  return invariant.judge(predictedTrace(plan)).violation !== null
}

/** The trace of a contract that does what the model says. */
function predictedTrace({ cast, start, steps, predictions }: Plan): Trace {
  const { protocol, policy, parameters, agreements } = cast
  return {
    protocol: protocol.id,
    policy,
    parameters,
    agreements,
    initial: start.view,
    steps: steps.flatMap((planned, index) => {
      const prediction = predictions[index]
      if (prediction === undefined) return []
      const { role, edge, account } = prediction
      return { planned, role, edge, predicted: account, observed: account, gasUsed: 0n }
    }),
  }
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
