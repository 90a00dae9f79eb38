/**
 * Judges a trace: every invariant that the policy promises, and model against contract.
 *
 * Findings come ordered by step; at the same step an invariant goes before a bare difference, as it
 * says more. Judging never runs anything.
 */
import type { Invariant } from '../../models/invariants/invariant.ts'
import type { Policy, Trace } from '../../models/kit/trace.ts'
import { DIVERGENCE, firstDivergence } from './compare.ts'

/** Something that a trace shows to be wrong. */
export interface Finding {
  /** `INV-…` or `DIVERGENCE`. */
  readonly id: string
  readonly stepIndex: number
  readonly evidence: string
}

export interface TraceVerdict {
  readonly findings: readonly Finding[]
  /** Witnesses by invariant id. */
  readonly witnesses: Readonly<Record<string, number>>
}

/** The invariants that a policy promises, optionally only some of them. */
export function promisedBy(
  invariants: readonly Invariant[],
  policy: Policy,
  only: readonly string[] = [],
): readonly Invariant[] {
  return invariants.filter(
    ({ id, policies }) =>
      (policies === undefined || policies.includes(policy)) &&
      (only.length === 0 || only.includes(id)),
  )
}

export function judgeTrace(trace: Trace, invariants: readonly Invariant[]): TraceVerdict {
  const findings: Finding[] = []
  const witnesses: Record<string, number> = {}
  for (const invariant of invariants) {
    const judgement = invariant.judge(trace)
    witnesses[invariant.id] = judgement.witnesses
    if (judgement.violation !== null) findings.push({ id: invariant.id, ...judgement.violation })
  }
  const divergence = firstDivergence(trace)
  if (divergence !== null) findings.push({ id: DIVERGENCE, ...divergence })
  return { findings: findings.toSorted((a, b) => a.stepIndex - b.stepIndex), witnesses }
}
