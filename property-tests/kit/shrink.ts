/**
 * From a failing run to a counterexample that a person can read.
 *
 * fast-check shrinks the draw while the *same* finding remains: who takes part, on which terms, and
 * a shorter sequence. The result is then concrete attempts, which go block by block and then one by
 * one, and whose times, amounts and evidence are simplified as long as the finding stays. Effort is
 * bounded by a count of executions, never by a clock, so that
 * the same failure always shrinks to the same counterexample.
 */
import fc from 'fast-check'
import { assert } from '../../models/kit/error.ts'
import type { Agreement, PlannedStep, Trace } from '../../models/kit/trace.ts'
import { type ChunkOptions, chunkSeed, drawArbitrary } from './conformance.ts'
import { lookFor, predictsFinding } from './detect.ts'
import type { Execution } from './execute.ts'
import type { Finding } from './judge.ts'
import { type Draw, type Plan, planDraw, planSteps } from './plan.ts'

/** Executions that fast-check may use; it knows of agreements, blocks of attempts go faster. */
const DRAWN_EXECUTIONS_MAX = 40
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
  for (const agreement of plan.cast.agreements.keys()) {
    const others = plan.steps.filter((step) => step.agreement !== agreement)
    if (others.length < plan.steps.length) await attempt(others)
  }
  for (let size = plan.steps.length >> 1; size > 1; size >>= 1) {
    for (let end = plan.steps.length; end > 0; end -= size) {
      const from = Math.max(0, end - size)
      if (end <= plan.steps.length) await attempt(plan.steps.toSpliced(from, end - from))
    }
  }
  let progressed = true
  while (progressed) {
    progressed = false
    for (let index = plan.steps.length - 1; index >= 0; index -= 1) {
      for (const shorter of shorterSteps(plan.steps, index)) {
        if (!(await attempt(shorter))) continue
        progressed = true
        break
      }
    }
    for (let index = 0; index < plan.steps.length; index += 1) {
      for (const simpler of simplerSteps(plan, index)) {
        if (await attempt(simpler)) {
          progressed = true
          break
        }
      }
    }
  }
  return { finding: finding as Finding, trace, plan, executions }
}

/** The sequence without one attempt; or with the one before it made in its place in time. */
function* shorterSteps(steps: readonly PlannedStep[], index: number) {
  const dropped = steps[index]
  const before = steps[index - 1]
  if (dropped === undefined) return
  yield steps.toSpliced(index, 1)
  if (before === undefined || before.atSeconds === dropped.atSeconds) return
  yield steps.toSpliced(index - 1, 2, { ...before, atSeconds: dropped.atSeconds })
}

/**
 * Amounts below one, the largest leaps first: to the least, to an amount of the terms (limits are
 * often one of them), to the half, and ever less far.
 */
function smallerUnits(units: bigint, agreement: Agreement | undefined): readonly bigint[] {
  const named = Object.values(agreement?.terms ?? {}).filter((term) => typeof term === 'bigint')
  const nearer = [1n, 2n, 4n, 8n, 16n, 32n, 64n].map((shift) => units - (units >> shift))
  const leaps = [1n, ...named.sort((a, b) => (a < b ? -1 : 1)), ...nearer, units - 1n]
  return [...new Set(leaps)].filter((each) => each < units && each > 0n)
}

/** The sequence with one attempt made simpler: earlier, with a rounder amount, without evidence. */
function* simplerSteps({ cast, steps }: Plan, index: number) {
  const step = steps[index]
  if (step === undefined) return
  const agreement = cast.agreements[step.agreement]
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
    for (const units of smallerUnits(amountUnits, agreement)) {
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
