/**
 * What traces reached beyond states and single edges: pairs of edges, errors, edges under faults.
 *
 * Pure counting; `reports/coverageSchema.ts` says what each count means.
 */
import type { TraceStep } from '../../models/kit/trace.ts'
import { type Fault, faultEndMs } from '../../sim/faults/fault.ts'
import { WORLD_EPOCH_SECONDS } from '../../sim/world/setup.ts'

type Step = Pick<TraceStep, 'edge' | 'planned' | 'observed'>
type Add = (key: string) => void

/** Stands in keys between the parts of a count; no name of a state, action or error has it. */
const THEN = ' > '

export const pairKey = (first: string, next: string) => `${first}${THEN}${next}`

/** Whether an edge is a refusal, by its name. */
export const isRefusal = (edge: string) => edge.includes('|!')

/**
 * Counts pairs in one trace: each step with the accepted step before it of the same agreement.
 * Refusals leave an agreement as it is, so those in between are passed over.
 */
export function createPairCounter(add: Add): (step: Step) => void {
  const lastAccepted = new Map<number, string>()
  return ({ edge, planned: { agreement } }) => {
    const first = lastAccepted.get(agreement)
    if (first !== undefined) add(pairKey(first, edge))
    if (!isRefusal(edge)) lastAccepted.set(agreement, edge)
  }
}

/** Half-open span of true time in which a fault is on. */
interface Span {
  readonly fromMs: number
  readonly untilMs: number
}

/**
 * When a fault is on. A clock that is wrong for no duration stays wrong, from the start of the
 * world if it is an offset; a reorg happens in an instant; anything else without a duration never
 * happens.
 */
export function faultSpan(fault: Fault): Span | null {
  const { kind, atMs, durationMs } = fault
  if (kind === 'clock-offset') return { fromMs: 0, untilMs: Infinity }
  if (kind === 'reorg') return { fromMs: atMs, untilMs: atMs }
  if (durationMs > 0) return { fromMs: atMs, untilMs: faultEndMs(fault) }
  return kind.startsWith('clock-') ? { fromMs: atMs, untilMs: Infinity } : null
}

/** Plain data: crosses threads and adds up. */
export interface FaultCounts {
  /** Runs in whose plan a kind of fault was, by kind. */
  readonly runs: Readonly<Record<string, number>>
  /** Steps by `faultKey`. */
  readonly during: Readonly<Record<string, number>>
  readonly after: Readonly<Record<string, number>>
}

export const faultKey = (kind: string, edge: string) => `${kind}${THEN}${edge}`

/** Counts the steps of one run of the world by the faults that were on, or over, at their block. */
export function countUnderFaults(
  plan: readonly Fault[],
  steps: readonly Step[],
  add: { readonly runs: Add; readonly during: Add; readonly after: Add },
): void {
  const spans = new Map<string, Span[]>()
  for (const fault of plan) {
    const span = faultSpan(fault)
    if (span !== null) spans.set(fault.kind, [...(spans.get(fault.kind) ?? []), span])
  }
  for (const [kind, ofKind] of spans) {
    add.runs(kind)
    for (const { edge, planned } of steps) {
      const atMs = (planned.atSeconds - WORLD_EPOCH_SECONDS) * 1000
      const begun = ofKind.filter(({ fromMs }) => fromMs <= atMs)
      if (begun.length === 0) continue
      const isOn = begun.some(({ untilMs }) => atMs < untilMs)
      add[isOn ? 'during' : 'after'](faultKey(kind, edge))
    }
  }
}
