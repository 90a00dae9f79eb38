/**
 * The metamorphic campaign, in chunks: each drawn run is changed by every relation that applies to
 * it.
 */
import { createHash } from 'node:crypto'
import type { Trace } from '../../models/kit/trace.ts'
import { type ChunkFinding, type ChunkOptions, chunkPlans, overlapping } from './conformance.ts'
import { brokenRelation } from './detect.ts'
import { type Execution, executePlan } from './execute.ts'
import type { Plan } from './plan.ts'

export interface MetamorphicResult {
  readonly runs: number
  readonly steps: number
  readonly accepted: number
  /** Pairs of runs compared, by relation. */
  readonly witnesses: Readonly<Record<string, number>>
  readonly findings: readonly ChunkFinding[]
  readonly digest: string
}

const OVERLAP = 16

export async function runMetamorphicChunk(
  execution: Execution,
  options: ChunkOptions,
): Promise<MetamorphicResult> {
  const { player } = execution
  const plans = chunkPlans(execution, options)
  // All relations compare with the same runs.
  const unchanged = new Map<Plan, Promise<Trace>>()
  const traceOf = (plan: Plan): Promise<Trace> => {
    const trace = unchanged.get(plan) ?? executePlan(execution, plan)
    unchanged.set(plan, trace)
    return trace
  }
  const witnesses: Record<string, number> = {}
  const findings: ChunkFinding[] = []
  const texts: string[] = []
  let steps = 0
  let accepted = 0
  for (const relation of player.relations) {
    const found: ChunkFinding[] = []
    let compared = 0
    await overlapping(plans.length, OVERLAP, async (runIndex) => {
      const plan = plans[runIndex]
      if (plan === undefined || relation.transform(plan) === null) return
      const trace = await traceOf(plan)
      const finding = await brokenRelation(execution, { plan, trace }, relation)
      compared += 1
      steps += trace.steps.length
      accepted += trace.steps.filter(({ observed }) => observed.outcome.accepted).length
      if (finding !== null) found.push({ ...finding, runIndex })
    })
    witnesses[relation.id] = compared
    const first = found.toSorted((a, b) => a.runIndex - b.runIndex)[0]
    if (first !== undefined) findings.push(first)
    texts.push(`${relation.id};${compared};${first?.evidence ?? ''}`)
  }
  const digest = createHash('sha256')
    .update(`${texts.join('\n')}\n${steps}`)
    .digest('hex')
  return { runs: plans.length, steps, accepted, witnesses, findings, digest }
}
