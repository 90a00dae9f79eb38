/**
 * Claims about times, each with a bound of its own: the nearest to its bound, or the first that is
 * broken.
 */
import { VACUOUS, type WorldJudgement } from './worldInvariant.ts'

/** A time that something took, or had not taken when the run was over. */
export interface Timed {
  readonly fromMs: number
  readonly untilMs: number | null
  readonly bound: number
  readonly what: string
}

/** Each time against its own bound: the one that comes nearest to it, or passes it furthest. */
export function within(all: readonly Timed[], nowMs: number): WorldJudgement {
  if (all.length === 0) return VACUOUS
  const judged = all.map(({ fromMs, untilMs, bound, what }) => {
    const observed = Math.max(0, (untilMs ?? nowMs) - fromMs)
    const isBroken = untilMs === null || observed > bound
    const since = untilMs === null ? 'not at all' : `${observed} ms > ${bound} ms`
    const evidence = isBroken ? `${what}: ${since}` : null
    return { observed, bound, evidence, atMs: untilMs ?? nowMs, ratio: observed / bound }
  })
  const broken = judged.find(({ evidence }) => evidence !== null)
  const worst = broken ?? judged.reduce((a, b) => (b.ratio > a.ratio ? b : a))
  const { observed, bound, atMs, evidence } = worst
  const violation = evidence === null ? null : { atMs, evidence }
  return { witnesses: all.length, violation, observed, bound }
}
