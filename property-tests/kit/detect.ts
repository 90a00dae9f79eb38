/**
 * Looks for one finding in a plan: an invariant, a difference of model and contract, or a broken
 * metamorphic relation. Shrinking and replay both stand on this.
 */
import type { Trace } from '../../models/kit/trace.ts'
import { DEPLOYMENT, lookAtDeployment } from './deployments.ts'
import { type Execution, executePlan } from './execute.ts'
import { type Finding, judgeTrace } from './judge.ts'
import { type Plan, planSteps } from './plan.ts'
import type { Judged } from './player.ts'
import type { Relation } from './relation.ts'

export interface Looked {
  readonly trace: Trace
  readonly finding: Finding | null
}

/** Executes the plan and says whether the claim `id` is broken. */
export async function lookFor(
  execution: Execution<Judged>,
  plan: Plan,
  id: string,
): Promise<Looked> {
  const { player } = execution
  if (id === DEPLOYMENT) return lookAtDeployment(execution, plan.cast.parameters)
  const relation = player.relations.find((each) => each.id === id)
  const trace = await executePlan(execution, plan)
  if (relation !== undefined) {
    return { trace, finding: await brokenRelation(execution, { plan, trace }, relation) }
  }
  const { invariants } = player.binding.protocol
  const only = invariants.filter((invariant) => invariant.id === id)
  const { findings } = judgeTrace(trace, only)
  return { trace, finding: findings.find((each) => each.id === id) ?? null }
}

/** How the plan breaks the invariant if the contract does exactly what is predicted, or null. */
export function predictedFinding(
  { player }: Execution<Judged>,
  plan: Plan,
  id: string,
): Finding | null {
  const { protocol } = player.binding
  const invariant = protocol.invariants.find((each) => each.id === id)
  const violation = invariant?.judge(predictedTrace(plan)).violation ?? null
  return violation === null ? null : { id, ...violation }
}

/** The trace of a contract that does what the model says. */
export function predictedTrace({ cast, start, steps, predictions }: Plan): Trace {
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

/** Compares a run with the changed one; a relation without a changed run finds nothing. */
export async function brokenRelation(
  execution: Execution<Judged>,
  { plan, trace }: { readonly plan: Plan; readonly trace: Trace },
  relation: Relation,
): Promise<Finding | null> {
  const changed = relation.transform(plan)
  if (changed === null || changed.steps.length === 0) return null
  const other = await executePlan(execution, planSteps(changed.cast, changed.steps))
  const evidence = relation.compare(trace, other)
  if (evidence === null) return null
  return { id: relation.id, stepIndex: trace.steps.length - 1, evidence }
}
