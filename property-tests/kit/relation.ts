/**
 * Metamorphic relations: what must stay the same when a run is changed in a known way.
 *
 * They need no oracle at all, so they are a third opinion beside the machine and the invariants:
 * both runs are executed on the contract and their observations are compared with each other.
 */
import type { Cast } from '../../models/kit/population.ts'
import type { PlannedStep, Trace } from '../../models/kit/trace.ts'
import type { Plan } from './plan.ts'

/** A changed run, and which of its steps stand for which steps of the original. */
export interface Changed {
  readonly cast: Cast
  readonly steps: readonly PlannedStep[]
}

export interface Relation {
  /** `M1`, `M2`, … as the catalogue has them. */
  readonly id: string
  readonly statement: string
  readonly formula: string
  readonly witness: string
  /** The changed run, or null when the relation says nothing about this plan. */
  transform(plan: Plan): Changed | null
  /** How the two observations break the relation, or null. */
  compare(original: Trace, changed: Trace): string | null
}
