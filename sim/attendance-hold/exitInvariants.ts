/**
 * Claims about time in the world of attendance-hold: release, the way out alone, the end.
 */
import { VACUOUS } from '../world/worldInvariant.ts'
import * as bounds from './allowance.ts'
import type { WorldInvariant } from './worldInvariants.ts'

const toSecond = (atMs: number) => Math.floor(atMs / 1000)

const releaseTime: WorldInvariant = {
  id: 'INV-W-RELEASE-TIME',
  statement:
    'With a keeper that runs, a hold is resolved within one interval of when it may be, and what ' +
    'its work, the chain, faults and its clock take; hardened never before.',
  formula: 'may ≤ resolved ≤ may + interval + work + inclusion + faults + behind',
  witness: 'a resolved hold, with a keeper that runs',
  unit: 'ms',
  judge(run) {
    const { resolvedMs } = run.milestones
    if (resolvedMs === null) return VACUOUS
    const mayMs = bounds.mayResolveMs(run)
    const isEarly = run.policy === 'hardened' && toSecond(resolvedMs) < toSecond(mayMs)
    if (isEarly) {
      const evidence = `resolved ${mayMs - resolvedMs} ms before it may be`
      return { witnesses: 1, violation: { atMs: resolvedMs, evidence } }
    }
    const bound = bounds.releaseBoundMs(run, { fromMs: mayMs, untilMs: resolvedMs })
    if (bound === null) return VACUOUS
    const observed = Math.max(0, resolvedMs - mayMs)
    const evidence = `resolved ${observed} ms after it might have been > ${bound} ms`
    const violation = observed > bound ? { atMs: resolvedMs, evidence } : null
    return { witnesses: 1, violation, observed, bound }
  },
}

const exit: WorldInvariant = {
  id: 'INV-W-EXIT',
  statement:
    'Student and teacher get out without any service: once it was the keeper’s turn for long ' +
    'enough, or nobody has finished the lesson in time, one of them alone resolves the hold.',
  formula: 'resolved − (f + W + K, unfinished: booked end + no-show) ≤ inclusion + faults + behind',
  witness: 'a hold that no keeper had resolved by then',
  unit: 'ms',
  judge(run) {
    const { purchasedMs, resolvedMs } = run.milestones
    if (purchasedMs === null) return VACUOUS
    const fromMs = bounds.aloneFromMs(run)
    if (resolvedMs === null) {
      const evidence = `${run.endState.escrowUnits} base units are held, and only a keeper helps`
      return { witnesses: 1, violation: { atMs: fromMs, evidence } }
    }
    if (resolvedMs <= fromMs) return VACUOUS
    const bound = bounds.aloneBoundMs(run, { fromMs, untilMs: resolvedMs })
    const observed = resolvedMs - fromMs
    const evidence = `resolved ${observed} ms after each could act alone > ${bound} ms`
    const violation = observed > bound ? { atMs: resolvedMs, evidence } : null
    return { witnesses: 1, violation, observed, bound }
  },
}

const liveness: WorldInvariant = {
  id: 'INV-W-LIVENESS',
  statement:
    'After the faults heal and the hold is due, every token leaves the escrow within a stated ' +
    'time (as described: if a keeper runs).',
  formula: 'over − max(healed, due) ≤ exit bound',
  witness: 'a hold that was bought',
  unit: 'ms',
  judge(run) {
    const { purchasedMs, overMs } = run.milestones
    const needsKeeper = run.policy === 'as-described' && bounds.runningKeepers(run).length === 0
    if (purchasedMs === null || needsKeeper) return VACUOUS
    const dueMs = bounds.exitDueFromMs(run)
    if (overMs === null) {
      const { escrowUnits, state } = run.endState
      const evidence = `${escrowUnits} base units remain in state ${state}`
      return { witnesses: 1, violation: { atMs: dueMs, evidence } }
    }
    const observed = Math.max(0, overMs - dueMs)
    const bound = bounds.exitBoundMs(run)
    const evidence = `over ${observed} ms after it was due > ${bound} ms`
    const violation = observed > bound ? { atMs: overMs, evidence } : null
    return { witnesses: 1, violation, observed, bound }
  },
}

export const exitInvariants: readonly WorldInvariant[] = [releaseTime, exit, liveness]
