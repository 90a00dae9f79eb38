/**
 * What a claim about a world is: judged on a run's ground truth, with its witnesses.
 *
 * A pure function of a run. It says how often it was put to the test, what it observed and which
 * bound it held that against, so that a report can show how tight a bound is.
 */
import type { Policy } from '../../models/kit/trace.ts'

export interface WorldViolation {
  /** True time at which it shows. */
  readonly atMs: number
  readonly evidence: string
}

export interface WorldJudgement {
  readonly witnesses: number
  readonly violation: WorldViolation | null
  /** Worst value of the run and its bound, in `unit`; absent for claims without a number. */
  readonly observed?: number
  readonly bound?: number
}

/** A claim about the runs of one protocol's world. */
export interface WorldInvariantOf<Run> {
  readonly id: string
  readonly statement: string
  readonly formula: string
  readonly witness: string
  readonly unit?: 'ms' | 'tokens' | 'bytes' | 'base units'
  /** Policies that the claim speaks of; both when absent. */
  readonly policies?: readonly Policy[]
  judge(run: Run): WorldJudgement
}

/** A run that says nothing about a claim. */
export const VACUOUS: WorldJudgement = { witnesses: 0, violation: null }
