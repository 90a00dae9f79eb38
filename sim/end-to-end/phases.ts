/**
 * The phases of a journey, and which faults of its regime acted on each: a regime whose faults all
 * fall beside the phases has tested none of them.
 */
import { type Fault, faultEndMs } from '../faults/fault.ts'
import type { Span } from '../links.ts'
import type { JourneyRun } from './journeyRun.ts'

export const PHASES = ['match', 'call', 'rating', 'withdrawal'] as const
export type Phase = (typeof PHASES)[number]

const ACTORS_OF: Readonly<Record<Phase, readonly string[]>> = {
  match: ['student', 'tutor', 'matchmaker'],
  call: ['student', 'tutor', 'service', 'relayer'],
  rating: ['student', 'tutor'],
  withdrawal: ['teacher', 'admin0', 'admin1', 'bank', 'rail'],
}

/** When a phase ran in true time; null when the journey did not come to it. */
function spanOf(run: JourneyRun, phase: Phase): Span | null {
  const { requestedMs, matchedMs, settledMs, ratedMs, askedMs, paidMs } = run.milestones
  const endMs = run.steps.at(-1)?.includedMs ?? 0
  const spans: Record<Phase, readonly [number | null, number | null]> = {
    match: [requestedMs, matchedMs],
    call: [matchedMs, settledMs],
    rating: [settledMs, ratedMs],
    withdrawal: [askedMs, paidMs],
  }
  const [fromMs, untilMs] = spans[phase]
  return fromMs === null ? null : { fromMs, untilMs: Math.max(fromMs, untilMs ?? endMs) }
}

function acts(fault: Fault, phase: Phase, { fromMs, untilMs }: Span): boolean {
  const target = fault.target.split('.')[0] ?? fault.target
  if (target !== 'chain' && !ACTORS_OF[phase].includes(target)) return false
  if (fault.kind === 'clock-offset') return fault.magnitude !== 0
  return fault.atMs < untilMs && faultEndMs(fault) >= fromMs
}

/** Faults of the regime that acted on a phase; the drop that every journey has is none of them. */
export function faultsIn(run: JourneyRun, phase: Phase): number {
  const span = spanOf(run, phase)
  if (span === null) return 0
  const { side, atMs } = run.behaviour.drop
  const isDrop = ({ kind, target, ...fault }: Fault) =>
    kind === 'link-down' && target === side && fault.atMs === atMs
  return run.faults.filter((fault) => !isDrop(fault) && acts(fault, phase, span)).length
}

/** Whether the call ended with its own drop. */
export function isCut({ milestones, behaviour }: JourneyRun): boolean {
  return milestones.servedUntilMs === behaviour.drop.atMs
}
