/**
 * The metamorphic relations that hold for every protocol: M1 (moved times), M2 (scaled amounts), M4
 * (an agreement alone), M8 (repeated calls) and M9 (a meddling stranger).
 *
 * A protocol says what its shares are as text and what is special about its calls. Nothing here
 * knows a state, an action or an amount by name, and nothing asks the machine what must come out.
 */
import type { Agreement, PlannedStep, Trace, TraceStep } from '../../models/kit/trace.ts'
import type { Plan } from './plan.ts'
import type { Changed, Relation } from './relation.ts'

const SHIFT_SECONDS = 86_461
/** By how much M2 multiplies. */
export const SCALE_FACTOR = 7n
/** Amounts that M2 has scaled stay below this, so that no limit of 128 bits comes into play. */
export const SCALED_UNITS_MAX = 1n << 120n

/** What each agreement has come to at the end of a run, in the order of the agreements. */
export type Finally = (trace: Trace) => readonly string[]

/** Outcomes of steps as words, for comparing. */
export function outcomes(steps: readonly TraceStep[]): readonly string[] {
  return steps.map(({ observed }) => observed.outcome.error ?? 'accepted')
}

export function finalStates(trace: Trace): readonly string[] {
  const view = trace.steps.at(-1)?.observed.after ?? trace.initial
  return trace.agreements.map((_, index) => view.agreements[index]?.state ?? 'unknown')
}

/** The first difference of two lists of words. */
export function firstDifference(
  what: string,
  before: readonly string[],
  after: readonly string[],
): string | null {
  for (let index = 0; index < Math.max(before.length, after.length); index += 1) {
    if (before[index] !== after[index]) {
      const was = before[index] ?? 'none'
      return `${what} ${index + 1}: ${was} originally, ${after[index] ?? 'none'} changed`
    }
  }
  return null
}

/** Compares where two runs leave every agreement. @param noun what an agreement is called */
export function sameEnd(noun: string, shares: Finally): Relation['compare'] {
  return (original, changed) =>
    firstDifference(`state of ${noun}`, finalStates(original), finalStates(changed)) ??
    firstDifference(`shares of ${noun}`, shares(original), shares(changed))
}

/** Compares all outcomes, and then what `further` compares. */
export function sameOutcomes(further: Relation['compare']): Relation['compare'] {
  return (original, changed) =>
    firstDifference('outcome of step', outcomes(original.steps), outcomes(changed.steps)) ??
    further(original, changed)
}

/**
 * M1. `move` shifts the times that a call carries in its arguments, `moveTerms` those that an
 * agreement names in its terms.
 */
export function timeShift(options: {
  readonly noun: string
  readonly shares: Finally
  readonly move?: (args: PlannedStep['args'], bySeconds: number) => PlannedStep['args']
  readonly moveTerms?: (terms: Agreement['terms'], bySeconds: number) => Agreement['terms']
}): Relation {
  const { noun, shares, move = (args: PlannedStep['args']) => args } = options
  const { moveTerms = (terms: Agreement['terms']) => terms } = options
  return {
    id: 'M1',
    statement: 'Moving all times by the same amount changes no outcome and no share.',
    formula: 'run(t + c) = run(t), times apart',
    witness: 'any run',
    transform({ cast, steps }) {
      const moved = steps.map((step) => ({
        ...step,
        atSeconds: step.atSeconds + SHIFT_SECONDS,
        args: move(step.args, SHIFT_SECONDS),
      }))
      const agreements = cast.agreements.map((agreement) => {
        return { ...agreement, terms: moveTerms(agreement.terms, SHIFT_SECONDS) }
      })
      return { cast: { ...cast, agreements }, steps: moved }
    },
    compare: sameOutcomes(sameEnd(noun, shares)),
  }
}

/** M2. `scaled` gives null for runs in which an amount would meet a limit. */
export function amountScale(options: {
  readonly statement: string
  readonly formula: string
  readonly scaled: (plan: Plan, factor: bigint) => Changed | null
  /** How shares that are not `factor` times the others break the relation, or null. */
  readonly compareShares: (original: Trace, changed: Trace, factor: bigint) => string | null
}): Relation {
  const { statement, formula, scaled, compareShares } = options
  return {
    id: 'M2',
    statement,
    formula,
    witness: 'a run whose amounts can be scaled',
    transform: (plan) => scaled(plan, SCALE_FACTOR),
    compare: sameOutcomes((original, changed) => compareShares(original, changed, SCALE_FACTOR)),
  }
}

/** M4. Runs in which agreements are tied to each other by something else are left out. */
export function independence(options: {
  readonly noun: string
  readonly isTied?: (plan: Plan, kept: readonly PlannedStep[]) => boolean
  /** Steps whose outcome others may change, such as withdrawals from a common account. */
  readonly isShared?: (step: PlannedStep) => boolean
}): Relation {
  const { noun, isTied = () => false, isShared = () => false } = options
  const isOwn = (step: PlannedStep, agreement: number | undefined) =>
    step.agreement === agreement && !isShared(step)
  return {
    id: 'M4',
    statement: `A ${noun} goes the same way with and without the other ${noun}s beside it.`,
    formula: 'run(all)|i = run(steps of i)',
    witness: `a run with steps on at least two ${noun}s`,
    transform(plan) {
      const { cast, steps } = plan
      const first = steps.find((step) => !isShared(step))
      const kept = steps.filter((step) => isOwn(step, first?.agreement))
      if (kept.length === 0 || kept.length === steps.length || isTied(plan, kept)) return null
      return { cast, steps: kept }
    },
    compare(original, changed) {
      const index = changed.steps[0]?.planned.agreement
      const own = original.steps.filter(({ planned }) => isOwn(planned, index))
      return firstDifference('outcome of step', outcomes(own), outcomes(changed.steps))
    },
  }
}

/** M8. `isNew` tells calls that mean something new each time, such as another payment. */
export function replayedCalls(options: {
  readonly noun: string
  readonly shares: Finally
  /** What is left out, as a clause behind the formula. */
  readonly exception?: string
  readonly isNew?: (plan: Plan, stepIndex: number) => boolean
}): Relation {
  const { noun, shares, exception, isNew = () => false } = options
  const formula = 'run(c₁ c₁ c₂ c₂ …) = run(c₁ c₂ …), every repeat refused'
  return {
    id: 'M8',
    statement: 'Sending every accepted call twice changes nothing.',
    formula: exception === undefined ? formula : `${formula}; ${exception}`,
    witness: 'a run with an accepted call',
    transform(plan) {
      const { cast, steps, predictions } = plan
      const doubled = steps.flatMap((step, index) => {
        const accepted = predictions[index]?.account.outcome.accepted === true
        return accepted && !isNew(plan, index) ? [step, step] : [step]
      })
      return doubled.length === steps.length ? null : { cast, steps: doubled }
    },
    compare: sameEnd(noun, shares),
  }
}

/** M9. Only agreements that ended are compared: where they stand is nobody's choice any more. */
export function strangersCalls(options: {
  readonly noun: string
  /** What the stranger tries, in words. */
  readonly tries: string
  readonly ended: readonly string[]
  /** What each party has won or lost. */
  readonly gains: Finally
  readonly attempts: (step: PlannedStep, plan: Plan) => readonly Attempt[]
  /** Runs in which a call that is anybody's comes too late for somebody. */
  readonly isLeftOut?: (plan: Plan) => boolean
}): Relation {
  const { noun, tries, ended, gains, attempts, isLeftOut = () => false } = options
  return {
    id: 'M9',
    statement: `A stranger who tries to ${tries} before every step harms nobody.`,
    formula: `gain(run with strangers’ calls) = gain(run), for every party of an ended ${noun}`,
    witness: `a run with a ${noun} that ended`,
    transform(plan) {
      const { cast, steps, predictions } = plan
      const last = predictions.at(-1)?.population.view.agreements ?? []
      if (!last.some(({ state }) => ended.includes(state)) || isLeftOut(plan)) return null
      const meddled = steps.flatMap((step): PlannedStep[] => {
        const { agreement, atSeconds } = step
        const meddling = attempts(step, plan).map(([action, args = {}]): PlannedStep => {
          return { agreement, action, by: 'stranger', atSeconds, args }
        })
        return [...meddling, step]
      })
      return { cast, steps: meddled }
    },
    compare(original, changed) {
      const states = finalStates(original)
      const after = gains(changed)
      for (const [index, gain] of gains(original).entries()) {
        if (!ended.includes(states[index] ?? '')) continue
        if (gain !== after[index]) {
          return `${noun} ${index}: ${gain}; with strangers: ${after[index]}`
        }
      }
      return null
    },
  }
}

/** An action and its arguments. */
export type Attempt = readonly [action: string, args?: PlannedStep['args']]
