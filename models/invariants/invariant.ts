/**
 * What an invariant is: a claim with an id that is judged on a trace.
 *
 * `judge` is a pure function of what was *observed* (and attempted); it never asks the machine and
 * shares no accounting code with it, so that model and invariant are two independent oracles. It
 * says how often the claim was really put to the test (witnesses): a claim without witnesses is
 * vacuous and makes a run inconclusive.
 */
import type { Policy, Trace } from '../kit/trace.ts'

/** The claim is broken at this step, with evidence in words and numbers. */
export interface Violation {
  readonly stepIndex: number
  /** The broken relation with its numbers, for instance `paid 347 > owed 300`. */
  readonly evidence: string
}

export interface Judgement {
  /** How often the claim was exercised on this trace. */
  readonly witnesses: number
  readonly violation: Violation | null
}

export interface Invariant {
  /** `INV-…`, stable for ever. */
  readonly id: string
  /** The claim as a sentence. */
  readonly statement: string
  /** The claim as mathematics, in the notation of the protocol's README. */
  readonly formula: string
  /** What counts as a witness. */
  readonly witness: string
  /** Policies that promise it; all when absent. */
  readonly policies?: readonly Policy[]
  judge(trace: Trace): Judgement
}
