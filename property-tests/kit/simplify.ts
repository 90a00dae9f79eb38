/**
 * Makes a failing sequence of concrete attempts small: fewer attempts, then earlier ones, without
 * evidence, with rounder amounts.
 *
 * Attempts go block by block and then one by one, each also with the one before it moved to its
 * place in time. Amounts leap to those of the terms and are halved towards the least that still
 * fails. Must not know how a finding is looked for; effort is bounded by a count of looks, never by
 * a clock.
 */
import type { Cast } from '../../models/kit/population.ts'
import type { Agreement, PlannedStep } from '../../models/kit/trace.ts'
import type { Rung } from '../../reports/record.ts'
import { canonicalJson } from '../../sim/world/canonicalJson.ts'
import type { Finding } from './judge.ts'
import { climbed, rungOf } from './ladder.ts'
import { type Plan, planSteps } from './plan.ts'

/** Looks that dropping and simplifying single attempts may use. */
const LOOKS_MAX = 400
/** Halvings between an amount that fails and one that does not: to a thousandth of it. */
const HALVINGS_MAX = 10

/** Whether a plan shows the finding that is being kept. */
export type Look = (plan: Plan) => Promise<Finding | null>

export interface Simplified {
  readonly plan: Plan
  /** Sequences that were looked at. */
  readonly looks: number
  /** The start first. */
  readonly ladder: readonly Rung[]
}

/** The smallest plan that still shows the finding, from one that does. */
export async function simplify(start: Plan, look: Look): Promise<Simplified> {
  const state = new Simplifier(start, look)
  let ladder = climbed([], rungOf(start, 0))
  const climb = () => {
    ladder = climbed(ladder, rungOf(state.plan, state.looks))
  }
  await state.dropAgreements()
  climb()
  await state.dropBlocks()
  climb()
  do {
    await state.dropSingly()
    climb()
  } while ((await state.lowerAmounts()) && (await state.dropOnce()))
  await state.dismissIdle()
  climb()
  return { plan: state.plan, looks: state.looks, ladder }
}

class Simplifier {
  plan: Plan
  looks = 0
  readonly #look: Look
  readonly #tried = new Set<string>()

  constructor(start: Plan, look: Look) {
    this.plan = start
    this.#look = look
  }

  /** Takes the steps, up to the finding, if they still show it; nothing is looked at twice. */
  async #attempt(steps: readonly PlannedStep[], cast: Cast = this.plan.cast): Promise<boolean> {
    const key = `${cast.agreements.length} ${canonicalJson(steps)}`
    if (this.looks >= LOOKS_MAX || this.#tried.has(key)) return false
    this.#tried.add(key)
    this.looks += 1
    const candidate = planSteps(cast, steps)
    const finding = await this.#look(candidate)
    if (finding === null) return false
    this.plan = candidate
    await this.#attemptUpTo(finding)
    return true
  }

  /** What comes after a finding goes, unless the claim is one about the end of a run. */
  async #attemptUpTo({ stepIndex }: Finding): Promise<void> {
    const { steps } = this.plan
    if (stepIndex + 1 < steps.length) await this.#attempt(steps.slice(0, stepIndex + 1))
  }

  async #attemptAny(candidates: Iterable<readonly PlannedStep[]>): Promise<boolean> {
    for (const steps of candidates) if (await this.#attempt(steps)) return true
    return false
  }

  async dropAgreements(): Promise<void> {
    for (const agreement of this.plan.cast.agreements.keys()) {
      const others = this.plan.steps.filter((step) => step.agreement !== agreement)
      if (others.length < this.plan.steps.length) await this.#attempt(others)
    }
  }

  /** Agreements that nothing is tried on any more go out of the cast, all at once. */
  async dismissIdle(): Promise<void> {
    const { cast, steps } = this.plan
    const busy = [...new Set(steps.map(({ agreement }) => agreement))].sort((a, b) => a - b)
    if (busy.length === cast.agreements.length) return
    const agreements = busy.map((old, index) => ({
      ...(cast.agreements[old] as Agreement),
      index,
    }))
    const moved = steps.map((step) => ({ ...step, agreement: busy.indexOf(step.agreement) }))
    await this.#attempt(moved, { ...cast, agreements })
  }

  /** Halves, quarters and so on, the last ones first. */
  async dropBlocks(): Promise<void> {
    for (let size = this.plan.steps.length >> 1; size > 1; size >>= 1) {
      for (let end = this.plan.steps.length; end > 0; end -= size) {
        const from = Math.max(0, end - size)
        if (end > this.plan.steps.length) continue
        await this.#attempt(this.plan.steps.toSpliced(from, end - from))
      }
    }
  }

  async dropSingly(): Promise<void> {
    while (await this.dropOnce()) {
      // Again, until nothing can go any more.
    }
  }

  /** Each attempt once: without it, or else earlier or plainer. */
  async dropOnce(): Promise<boolean> {
    let progressed = false
    for (let index = this.plan.steps.length - 1; index >= 0; index -= 1) {
      if (await this.#attemptAny(shorterSteps(this.plan.steps, index))) progressed = true
    }
    for (let index = 0; index < this.plan.steps.length; index += 1) {
      if (await this.#attemptAny(plainerSteps(this.plan.steps, index))) progressed = true
    }
    return progressed
  }

  /** Each amount once: an amount of the terms, then towards the least that still fails. */
  async lowerAmounts(): Promise<boolean> {
    let progressed = false
    for (let index = 0; index < this.plan.steps.length; index += 1) {
      if (await this.#lowerAmount(index)) progressed = true
    }
    return progressed
  }

  async #lowerAmount(index: number): Promise<boolean> {
    const from = unitsOf(this.plan.steps[index])
    const agreement = this.plan.cast.agreements[this.plan.steps[index]?.agreement ?? 0]
    const tryUnits = (units: bigint) => this.#attempt(withUnits(this.plan.steps, index, units))
    let soundUnits = 0n
    for (const units of leaps(from, agreement)) {
      if (await tryUnits(units)) break
      soundUnits = units
    }
    for (let count = 0; count < HALVINGS_MAX; count += 1) {
      const units = unitsOf(this.plan.steps[index])
      if (units - soundUnits <= 1n) break
      // Rounded down, so that it lies between the two.
      const middle = (soundUnits + units) / 2n
      if (!(await tryUnits(middle))) soundUnits = middle
    }
    return unitsOf(this.plan.steps[index]) < from
  }
}

/**
 * The sequence without one attempt; or with the one before it made in its place in time; or with
 * what it asked for asked by the next of its kind, and so on: reports are cumulative, and a later
 * one alone would be too much.
 */
function* shorterSteps(steps: readonly PlannedStep[], index: number) {
  const dropped = steps[index]
  const before = steps[index - 1]
  if (dropped === undefined) return
  yield steps.toSpliced(index, 1)
  if (before !== undefined && before.atSeconds !== dropped.atSeconds) {
    yield steps.toSpliced(index - 1, 2, { ...before, atSeconds: dropped.atSeconds })
  }
  const handed = handedOn(steps, index)
  if (handed !== null) yield handed
}

/** Without one attempt, whose arguments the next of its kind takes; null when there is none. */
function handedOn(steps: readonly PlannedStep[], index: number): readonly PlannedStep[] | null {
  const dropped = steps[index] as PlannedStep
  let { args } = dropped
  const isSameKind = ({ agreement, action, by }: PlannedStep) =>
    agreement === dropped.agreement && action === dropped.action && by === dropped.by
  const later = steps.slice(index + 1).map((step) => {
    if (!isSameKind(step)) return step
    const taken = { ...step, args }
    args = step.args
    return taken
  })
  return args === dropped.args ? null : [...steps.slice(0, index), ...later]
}

/** The sequence with one attempt made simpler: earlier, without evidence, without a purpose. */
function* plainerSteps(steps: readonly PlannedStep[], index: number) {
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
  for (const [key, value] of Object.entries(step.args)) {
    if (typeof value !== 'object' || value === null) continue
    yield steps.with(index, { ...step, args: { ...step.args, [key]: null } })
  }
  if (step.purpose === 'exit') {
    const { purpose: _, ...plain } = step
    yield steps.with(index, plain)
  }
}

/** An attempt's amount in base units; 0 for one without. */
function unitsOf(step: PlannedStep | undefined): bigint {
  const units = step?.args.amountUnits
  return typeof units === 'bigint' ? units : 0n
}

function withUnits(steps: readonly PlannedStep[], index: number, amountUnits: bigint) {
  return steps.map((step, at) =>
    at === index ? { ...step, args: { ...step.args, amountUnits } } : step,
  )
}

/** Amounts below one: the least, and those of the terms (limits are often one of them). */
function leaps(units: bigint, agreement: Agreement | undefined): readonly bigint[] {
  const named = Object.values(agreement?.terms ?? {}).filter((term) => typeof term === 'bigint')
  const below = [1n, ...named].filter((each) => each > 0n && each < units)
  return [...new Set(below)].sort((a, b) => (a < b ? -1 : 1))
}
