/**
 * From a failing run to a counterexample that a person can read.
 *
 * fast-check shrinks the draw while the *same* finding remains; the result is then concrete
 * attempts, from which single attempts are dropped and times, amounts and evidence simplified as
 * long as the finding stays. Effort is bounded by a count of executions, never by a clock, so that
 * the same failure always shrinks to the same counterexample.
 */
import fc from 'fast-check'
import { assert } from '../../models/kit/error.ts'
import type { PlannedStep, Trace } from '../../models/kit/trace.ts'
import { type ChunkOptions, chunkSeed, drawArbitrary } from './conformance.ts'
import { lookFor, predictsFinding } from './detect.ts'
import type { Execution } from './execute.ts'
import type { Finding } from './judge.ts'
import { type Draw, type Plan, planDraw, planSteps } from './plan.ts'

/** Executions that fast-check may use; what it leaves is left to single attempts. */
const DRAWN_EXECUTIONS_MAX = 150
/** Executions that dropping and simplifying single attempts may use. */
const SINGLE_EXECUTIONS_MAX = 600

export interface Shrunk {
  readonly finding: Finding
  readonly trace: Trace
  readonly plan: Plan
  /** Lengths of the sequence on its way down, the original first. */
  readonly ladder: readonly number[]
  readonly executions: number
}

/** Shrinks the run `runIndex` of a chunk, keeping the finding `id`. */
export async function shrinkRun(
  execution: Execution,
  options: ChunkOptions & { readonly runIndex: number; readonly id: string },
): Promise<Shrunk> {
  const { player, subject } = execution
  let executions = 0
  const ladder: number[] = []
  let smallest: Plan | null = null
  const property = fc.asyncProperty(drawArbitrary(player), async (draw: Draw) => {
    if (executions >= DRAWN_EXECUTIONS_MAX) return true
    executions += 1
    const plan = planDraw(player, subject.policy, draw)
    const { finding } = await lookFor(execution, plan, options.id)
    if (finding === null) return true
    const upTo = planSteps(plan.cast, plan.steps.slice(0, finding.stepIndex + 1))
    if (ladder.length === 0) ladder.push(plan.steps.length)
    if (smallest === null || upTo.steps.length <= smallest.steps.length) {
      if (upTo.steps.length < (ladder.at(-1) ?? 0)) ladder.push(upTo.steps.length)
      smallest = upTo
    }
    return false
  })
  const seed = chunkSeed(execution, options)
  const path = String(options.runIndex)
  await fc.check(property, { seed, path, numRuns: options.runIndex + 1, endOnFailure: false })
  assert(smallest !== null, `run ${options.runIndex} shows ${options.id} again when it is repeated`)
  const simplified = await simplify(execution, smallest, options.id)
  if (simplified.plan.steps.length < (ladder.at(-1) ?? 0)) ladder.push(simplified.plan.steps.length)
  return { ...simplified, ladder, executions: executions + simplified.executions }
}

/** Drops and simplifies single attempts until nothing more can go. */
async function simplify(execution: Execution, start: Plan, id: string) {
  let executions = 0
  let plan = start
  let { trace, finding } = await lookFor(execution, plan, id)
  assert(finding !== null, 'the smallest failing plan fails')
  // A candidate that breaks the claim even as predicted would be a flaw of the plan (an exit torn
  // apart, for instance) and not of the contract.
  const sound = !predictsFinding(execution, plan, id)
  const attempt = async (steps: readonly PlannedStep[]): Promise<boolean> => {
    if (executions >= SINGLE_EXECUTIONS_MAX) return false
    executions += 1
    const candidate = planSteps(plan.cast, steps)
    if (sound && predictsFinding(execution, candidate, id)) return false
    const seen = await lookFor(execution, candidate, id)
    if (seen.finding === null) return false
    const kept = steps.slice(0, seen.finding.stepIndex + 1)
    plan = kept.length === steps.length ? candidate : planSteps(plan.cast, kept)
    trace = kept.length === steps.length ? seen.trace : (await lookFor(execution, plan, id)).trace
    finding = seen.finding
    return true
  }
  let progressed = true
  while (progressed) {
    progressed = false
    for (let index = plan.steps.length - 1; index >= 0; index -= 1) {
      if (index >= plan.steps.length) continue
      progressed = (await attempt(plan.steps.toSpliced(index, 1))) || progressed
    }
    for (let index = 0; index < plan.steps.length; index += 1) {
      for (const simpler of simplerSteps(plan.steps, index)) {
        if (await attempt(simpler)) {
          progressed = true
          break
        }
      }
    }
  }
  return { finding: finding as Finding, trace, plan, executions }
}

/** The sequence with one attempt made simpler: earlier, with a rounder amount, without evidence. */
function* simplerSteps(steps: readonly PlannedStep[], index: number) {
  const step = steps[index]
  if (step === undefined) return
  const before = steps[index - 1]?.atSeconds ?? step.atSeconds
  for (const gap of new Set([0, Math.floor((step.atSeconds - before) / 2)])) {
    const shift = step.atSeconds - before - gap
    if (shift <= 0) continue
    yield steps.map((each, at) =>
      at < index ? each : { ...each, atSeconds: each.atSeconds - shift },
    )
  }
  const { amountUnits } = step.args
  if (typeof amountUnits === 'bigint' && amountUnits > 1n) {
    for (const units of [amountUnits / 2n, amountUnits - 1n]) {
      yield steps.with(index, { ...step, args: { ...step.args, amountUnits: units } })
    }
  }
  for (const [key, value] of Object.entries(step.args)) {
    if (typeof value !== 'object' || value === null) continue
    yield steps.with(index, { ...step, args: { ...step.args, [key]: null } })
  }
  if (step.purpose === 'exit') {
    const { purpose: _, ...plain } = step
    yield steps.with(index, plain)
  }
}

/** Shrinks a plan that is concrete already, keeping the finding `id`. */
export async function shrinkPlan(execution: Execution, plan: Plan, id: string): Promise<Shrunk> {
  const simplified = await simplify(execution, plan, id)
  const lengths = [plan.steps.length, simplified.plan.steps.length]
  return { ...simplified, ladder: [...new Set(lengths)] }
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
