/**
 * From a failing run to a counterexample that a person can read.
 *
 * fast-check shrinks the draw while the *same* finding remains: who takes part, on which terms, and
 * a shorter sequence. What is left are concrete attempts, which `simplify.ts` makes few and plain.
 * A finding that the model foretells is shrunk without the contract, which is asked in the end; a
 * finding that only the contract shows is looked for in every candidate. Effort is bounded by a
 * count of looks, never by a clock, so that the same failure always shrinks alike.
 */
import fc from 'fast-check'
import { assert } from '../../models/kit/error.ts'
import type { Trace } from '../../models/kit/trace.ts'
import type { Rung } from '../../reports/record.ts'
import { type ChunkOptions, chunkDraws, chunkSeed, drawArbitrary } from './conformance.ts'
import { lookFor, predictedFinding } from './detect.ts'
import type { Execution } from './execute.ts'
import type { Finding } from './judge.ts'
import { climbed, rungOf } from './ladder.ts'
import { findingPlace } from './place.ts'
import { type Draw, type Plan, planDraw, planSteps } from './plan.ts'
import { type Look, simplify } from './simplify.ts'

/** Looks that fast-check may use; it knows of agreements, blocks of attempts go faster. */
const DRAWN_LOOKS_MAX = 16

export interface Shrunk {
  readonly finding: Finding
  readonly trace: Trace
  /** Sizes of the run on its way down, the original first. */
  readonly ladder: readonly Rung[]
  /** Sequences that were looked at. */
  readonly executions: number
}

export interface ShrinkOptions extends ChunkOptions {
  readonly runIndex: number
  readonly id: string
}

/** Shrinks the run `runIndex` of a chunk, keeping the finding `id`. */
export async function shrinkRun(execution: Execution, options: ShrinkOptions): Promise<Shrunk> {
  const { player, subject } = execution
  const draw = chunkDraws(execution, options)[options.runIndex]
  assert(draw !== undefined, `run ${options.runIndex} is part of the chunk`)
  const original = planDraw(player, subject.policy, draw)
  const { id, runIndex } = options
  const repeated = { seed: chunkSeed(execution, options), runIndex }
  return shrinkBy(execution, original, id, (look) => shrinkDraws(execution, repeated, look))
}

/** Shrinks a plan that is concrete already, keeping the finding `id`. */
export async function shrinkPlan(execution: Execution, plan: Plan, id: string): Promise<Shrunk> {
  const start = { plan, looks: 0, ladder: [rungOf(plan, 0)] }
  return shrinkBy(execution, plan, id, async () => start)
}

interface Drawn {
  readonly plan: Plan
  readonly looks: number
  readonly ladder: readonly Rung[]
}

async function shrinkBy(
  execution: Execution,
  original: Plan,
  id: string,
  drawn: (look: Look) => Promise<Drawn>,
): Promise<Shrunk> {
  const predicted = predictedFinding(execution, original, id)
  const first = predicted ?? (await lookFor(execution, original, id)).finding
  assert(first !== null, 'a failing run fails when it is repeated')
  const place = findingPlace(original, first)
  const here = (plan: Plan, finding: Finding | null) =>
    finding !== null && findingPlace(plan, finding) === place ? finding : null
  const foretold: Look = async (plan) => here(plan, predictedFinding(execution, plan, id))
  const executed: Look = async (plan) => here(plan, (await lookFor(execution, plan, id)).finding)
  // A candidate that breaks the claim even as predicted would be a flaw of the plan (an exit torn
  // apart, for instance) and not of the contract.
  const sound: Look = async (plan) =>
    predictedFinding(execution, plan, id) === null ? executed(plan) : null
  const shrunkBy = async (look: Look) => shrunk(execution, { id, place }, await drawn(look), look)
  const isForetold = predicted !== null
  const found =
    (isForetold ? await shrunkBy(foretold) : null) ??
    (await shrunkBy(isForetold ? executed : sound))
  assert(found !== null, 'the smallest failing plan fails')
  return found
}

/** The smallest sequence, executed; null when the contract does not show the finding after all. */
async function shrunk(
  execution: Execution,
  { id, place }: { readonly id: string; readonly place: string },
  drawn: Drawn,
  look: Look,
): Promise<Shrunk | null> {
  const simplified = await simplify(drawn.plan, look)
  const { plan, looks } = simplified
  const { trace, finding } = await lookFor(execution, plan, id)
  if (finding === null || findingPlace(plan, finding) !== place) return null
  const ladder = simplified.ladder.reduce(
    (all, rung) => climbed(all, { ...rung, executions: drawn.looks + rung.executions }),
    drawn.ladder,
  )
  return { finding, trace, ladder, executions: drawn.looks + looks }
}

/** What fast-check makes of a failing draw, up to the finding. */
async function shrinkDraws(
  { player, subject }: Execution,
  options: { readonly seed: number; readonly runIndex: number },
  look: Look,
): Promise<Drawn> {
  let looks = 0
  let smallest: Plan | null = null
  let ladder: readonly Rung[] = []
  const property = fc.asyncProperty(drawArbitrary(player), async (draw: Draw) => {
    if (looks >= DRAWN_LOOKS_MAX) return true
    looks += 1
    const plan = planDraw(player, subject.policy, draw)
    const finding = await look(plan)
    if (finding === null) return true
    const upTo = planSteps(plan.cast, plan.steps.slice(0, finding.stepIndex + 1))
    if (ladder.length === 0) ladder = [rungOf(plan, looks)]
    if (smallest === null || upTo.steps.length <= smallest.steps.length) {
      ladder = climbed(ladder, rungOf(upTo, looks))
      smallest = upTo
    }
    return false
  })
  const { seed, runIndex } = options
  const path = String(runIndex)
  await fc.check(property, { seed, path, numRuns: runIndex + 1, endOnFailure: false })
  assert(smallest !== null, `run ${runIndex} shows the finding again when it is repeated`)
  return { plan: smallest, looks, ladder }
}

/** Whether the mined lane shows the same finding for this trace. */
export async function confirmOnMined(
  execution: Execution,
  trace: Trace,
  id: string,
): Promise<boolean> {
  const { testbed, player } = execution
  const { protocol } = player.binding
  const { policy, parameters, agreements } = trace
  const cast = { protocol, policy, parameters, agreements }
  const plan = planSteps(
    cast,
    trace.steps.map(({ planned }) => planned),
  )
  const looked = await lookFor({ ...execution, lane: testbed.mined }, plan, id)
  return looked.finding !== null
}
