/**
 * Runs everything that can happen next in a state on the contract, and judges it.
 *
 * Refusals change nothing, so all of a state share one run; each accepted attempt has a run of its
 * own after the state's shortest way, and so has each party's way out. Where model and contract
 * part in a shared run, its attempts are tried one by one. What has happened on the way to the
 * state was judged when the search came by, and is not told again.
 */
import type { Invariant } from '../../models/invariants/invariant.ts'
import type { PlannedStep, Trace } from '../../models/kit/trace.ts'
import { DIVERGENCE } from '../kit/compare.ts'
import { overlapping } from '../kit/conformance.ts'
import { predictedTrace } from '../kit/detect.ts'
import { type Execution, executePlan } from '../kit/execute.ts'
import { type Finding, judgeTrace } from '../kit/judge.ts'
import { extended, type Plan } from '../kit/plan.ts'
import { EXIT_CLAIM, type Exit } from './exits.ts'
import type { Edge, Expansion } from './expand.ts'

/** A finding and the attempts that lead to it. */
export interface Found extends Finding {
  readonly steps: readonly PlannedStep[]
}

/**
 * How plans become traces: on the contract, or on the model alone.
 *
 * @param knownSteps steps at the beginning that were run before and went as predicted
 */
export type Tracer = (plan: Plan, knownSteps: number) => Promise<Trace>

export const onContract =
  (execution: Execution): Tracer =>
  (plan, knownSteps) =>
    executePlan({ ...execution, knownSteps }, plan)
export const onModel: Tracer = async (plan) => predictedTrace(plan)

export interface Looked {
  readonly found: readonly Found[]
  readonly witnesses: Readonly<Record<string, number>>
  readonly runs: number
  readonly calls: number
  /** Edges after which the contract is not where the model is. */
  readonly parted: ReadonlySet<Edge>
  /** Ways out by which the party did not get out in time. */
  readonly blocked: ReadonlySet<Exit>
}

/** Runs at once: the batch lane sends together what is asked for together. */
const OVERLAP = 24

/**
 * Tries what an expansion has, and says what is wrong with it.
 *
 * @param hasParted whether model and contract parted on the way to the state already
 */
export async function lookAt(
  { plan, edges, refused, exits }: Expansion,
  hasParted: boolean,
  { trace, invariants }: { readonly trace: Tracer; readonly invariants: readonly Invariant[] },
): Promise<Looked> {
  const before = plan.steps.length
  const knownSteps = hasParted ? 0 : before
  const together = refused.steps.length > before ? [refused] : []
  const plans = [...together, ...[...edges, ...exits].map((each) => each.plan)]
  const all = new Array<readonly Judged[]>(plans.length)
  const run = async (asked: Plan, isShared = false) =>
    judge(await trace(asked, knownSteps), invariants, { plan: asked, before, isShared })
  await overlapping(plans.length, OVERLAP, async (index) => {
    const asked = plans[index] as Plan
    const isShared = index < together.length
    const judged = await run(asked, isShared)
    const isSplit = isShared && (hasParted || judged.hasParted)
    all[index] = isSplit ? await Promise.all(apart(asked, plan).map((each) => run(each))) : [judged]
  })
  const runs = all.flat()
  const witnesses: Record<string, number> = {}
  for (const each of runs) {
    for (const [id, count] of Object.entries(each.witnesses)) {
      witnesses[id] = (witnesses[id] ?? 0) + count
    }
  }
  const parted = edges.filter((_, index) => {
    return hasParted || all[together.length + index]?.some((each) => each.hasParted)
  })
  const afterEdges = together.length + edges.length
  const blocked = exits.filter((_, index) =>
    all[afterEdges + index]?.some(({ found }) => found.some(({ id }) => id === EXIT_CLAIM)),
  )
  return {
    found: shortestOf(runs.flatMap(({ found }) => found)),
    witnesses,
    runs: runs.length,
    calls: runs.reduce((sum, { calls }) => sum + calls, 0),
    parted: new Set(parted),
    blocked: new Set(blocked),
  }
}

interface Judged {
  readonly found: readonly Found[]
  readonly hasParted: boolean
  readonly witnesses: Readonly<Record<string, number>>
  readonly calls: number
}

interface Asked {
  readonly plan: Plan
  /** Steps on the way to the state: what they show is known. */
  readonly before: number
  /** Whether the further steps are refusals that have nothing to do with each other. */
  readonly isShared: boolean
}

function judge(trace: Trace, invariants: readonly Invariant[], asked: Asked): Judged {
  const { steps } = asked.plan
  const { findings, witnesses } = judgeTrace(trace, invariants)
  const fresh = findings.filter(({ stepIndex }) => stepIndex >= asked.before)
  return {
    found: fresh.map((finding) => shownBy(finding, asked)),
    hasParted: fresh.some(({ id }) => id === DIVERGENCE),
    witnesses,
    calls: steps.length,
  }
}

/** What comes after a finding goes, and of refusals that share a run the others. */
function shownBy(finding: Finding, { plan: { steps }, before, isShared }: Asked): Found {
  const last = finding.stepIndex
  if (!isShared) return { ...finding, steps: steps.slice(0, last + 1) }
  const alone = [...steps.slice(0, before), steps[last] as PlannedStep]
  return { ...finding, stepIndex: before, steps: alone }
}

/** Each attempt of a shared run by itself. */
const apart = (shared: Plan, plan: Plan): readonly Plan[] =>
  shared.steps.slice(plan.steps.length).map((planned) => extended(plan, [planned]))

/** For each claim the first of its shortest counterexamples. */
export function shortestOf(found: readonly Found[]): readonly Found[] {
  const shortest = new Map<string, Found>()
  for (const each of found) {
    const known = shortest.get(each.id)
    if (known === undefined || each.steps.length < known.steps.length) shortest.set(each.id, each)
  }
  return [...shortest.values()]
}
