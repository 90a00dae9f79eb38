/**
 * Small tools for writing invariants: walk a trace, count witnesses, stop at the first violation.
 */
import type { AgreementView, Trace, TraceStep, WorldView } from '../kit/trace.ts'
import type { Judgement } from './invariant.ts'

/** One step as an invariant sees it. */
export interface Moment {
  readonly trace: Trace
  readonly step: TraceStep
  readonly stepIndex: number
  /** The observed picture before the step. */
  readonly before: WorldView
  /** The observed picture after the step. */
  readonly after: WorldView
  /** Index of the agreement that the step acts on. */
  readonly index: number
  readonly viewBefore: AgreementView
  readonly viewAfter: AgreementView
}

/** What a check of one moment says. */
export interface Finding {
  readonly witnesses: number
  readonly evidence: string | null
}

export const NOT_EXERCISED: Finding = { witnesses: 0, evidence: null }
export const EXERCISED: Finding = { witnesses: 1, evidence: null }

/** A finding that exercised the claim once: broken with evidence, or fine with null. */
export function exercised(evidence: string | null): Finding {
  return { witnesses: 1, evidence }
}

/** Checks every step in order and stops at the first that breaks the claim. */
export function judgeSteps(trace: Trace, check: (moment: Moment) => Finding): Judgement {
  let witnesses = 0
  let before = trace.initial
  for (const [stepIndex, step] of trace.steps.entries()) {
    const after = step.observed.after
    const index = step.planned.agreement
    const viewBefore = before.agreements[index] as AgreementView
    const viewAfter = after.agreements[index] as AgreementView
    const moment = { trace, step, stepIndex, before, after, index, viewBefore, viewAfter }
    const finding = check(moment)
    witnesses += finding.witnesses
    if (finding.evidence !== null) {
      return { witnesses, violation: { stepIndex, evidence: finding.evidence } }
    }
    before = after
  }
  return { witnesses, violation: null }
}

/** A figure of an agreement; zero when the contract does not show it. */
export function figure(view: AgreementView, name: string): bigint {
  return view.figures[name] ?? 0n
}
