/**
 * The metamorphic campaign, in chunks: each drawn run is changed by every relation that applies to
 * it.
 */
import { createHash } from 'node:crypto'
import { type ChunkFinding, type ChunkOptions, chunkDraws, overlapping } from './conformance.ts'
import { lookForRelation } from './detect.ts'
import type { Execution } from './execute.ts'
import { planDraw } from './plan.ts'

export interface MetamorphicResult {
  readonly runs: number
  readonly steps: number
  readonly accepted: number
  /** Pairs of runs compared, by relation. */
  readonly witnesses: Readonly<Record<string, number>>
  readonly findings: readonly ChunkFinding[]
  readonly digest: string
}

const OVERLAP = 4

export async function runMetamorphicChunk(
  execution: Execution,
  options: ChunkOptions,
): Promise<MetamorphicResult> {
  const { player, subject } = execution
  const plans = chunkDraws(execution, options).map((draw) => planDraw(player, subject.policy, draw))
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
      const { trace, finding } = await lookForRelation(execution, plan, relation)
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
