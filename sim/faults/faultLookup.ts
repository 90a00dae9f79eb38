/**
 * Questions that a world asks of its fault plan: is this down now, how much delay, which clock.
 *
 * Built once for a run. Spans of one kind and target are few, so a look-up walks a short array.
 */
import type { ClockJump, ClockSpec, DriftChange } from '../clocks.ts'
import type { Disturbance } from '../links.ts'
import { NO_DISTURBANCE } from '../links.ts'
import type { Fault, FaultKind, FaultPlan } from './fault.ts'
import { faultEndMs } from './fault.ts'

export interface FaultLookup {
  /**
   * The fault of this kind and target that is on at `atMs`; the strongest when there are several.
   */
  active(kind: FaultKind, target: string, atMs: number): Fault | undefined
  /** All faults of a kind and target, in order of time. */
  of(kind: FaultKind, target: string): readonly Fault[]
  /** Earliest time from `atMs` on at which no such fault is on. */
  endOf(kind: FaultKind, target: string, atMs: number): number
  disturbance(sender: string, atMs: number): Disturbance
  clockOf(participant: string): ClockSpec
  /** End of the last fault; 0 for an empty plan. */
  readonly healedMs: number
}

const NO_FAULTS: readonly Fault[] = []

function clockSpec(lookup: Pick<FaultLookup, 'of'>, participant: string): ClockSpec {
  const offsetMs = lookup.of('clock-offset', participant)[0]?.magnitude ?? 0
  const driftChanges: DriftChange[] = []
  for (const { atMs, durationMs, magnitude } of lookup.of('clock-drift', participant)) {
    const last = driftChanges[driftChanges.length - 1]
    if (last?.fromMs === atMs) driftChanges.pop()
    driftChanges.push({ fromMs: atMs, ppm: magnitude })
    if (durationMs > 0) driftChanges.push({ fromMs: atMs + durationMs, ppm: 0 })
  }
  const jumps: ClockJump[] = []
  for (const { atMs, durationMs, magnitude } of lookup.of('clock-jump', participant)) {
    jumps.push({ atMs, byMs: magnitude })
    if (durationMs > 0) jumps.push({ atMs: atMs + durationMs, byMs: -magnitude })
  }
  return { offsetMs, driftPpm: 0, driftChanges, jumps }
}

/** Indexes a plan by kind and target. */
export function createFaultLookup(plan: FaultPlan): FaultLookup {
  const byKind = new Map<FaultKind, Map<string, Fault[]>>()
  for (const fault of [...plan].sort((a, b) => a.atMs - b.atMs)) {
    const byTarget = byKind.get(fault.kind) ?? new Map<string, Fault[]>()
    byKind.set(fault.kind, byTarget)
    const list = byTarget.get(fault.target)
    if (list === undefined) byTarget.set(fault.target, [fault])
    else list.push(fault)
  }
  const of = (kind: FaultKind, target: string): readonly Fault[] =>
    byKind.get(kind)?.get(target) ?? NO_FAULTS
  const active = (kind: FaultKind, target: string, atMs: number): Fault | undefined => {
    const faults = of(kind, target)
    if (faults === NO_FAULTS) return undefined
    let strongest: Fault | undefined
    for (const fault of faults) {
      if (fault.atMs > atMs) break
      if (atMs >= faultEndMs(fault)) continue
      if (strongest === undefined || fault.magnitude > strongest.magnitude) strongest = fault
    }
    return strongest
  }
  const endOf = (kind: FaultKind, target: string, atMs: number): number => {
    let freeMs = atMs
    for (const fault of of(kind, target)) {
      if (fault.atMs <= freeMs && freeMs < faultEndMs(fault)) freeMs = faultEndMs(fault)
    }
    return freeMs
  }
  const isDisturbed = [...plan].some(({ kind }) => kind.startsWith('message-'))
  return {
    of,
    active,
    endOf,
    disturbance(sender, atMs) {
      if (!isDisturbed) return NO_DISTURBANCE
      return {
        extraDelayMs: active('message-delay', sender, atMs)?.magnitude ?? 0,
        reorderWindowMs: active('message-reordering', sender, atMs)?.magnitude ?? 0,
        duplicationBps: active('message-duplication', sender, atMs)?.magnitude ?? 0,
      }
    },
    clockOf: (participant) => clockSpec({ of }, participant),
    healedMs: plan.reduce((latest, fault) => Math.max(latest, faultEndMs(fault)), 0),
  }
}
