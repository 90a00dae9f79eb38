/**
 * How long a participant takes at most to get a call included: chain, faults and its own clock.
 *
 * The parts of every bound about time that are the same for all protocols. A fault takes its own
 * duration within the span that is asked about, and a tail: a look is repeated (1 s), a pause after
 * errors runs out (16 s), a bid that was swallowed is sent again. A reorg puts a bid back into the
 * pool: one more inclusion.
 */
import type { ChainProfile } from '../chain/modelProfiles.ts'
import { DRIFT_PPM_MAX, offsetRange, TRUE_CLOCK } from '../clocks.ts'
import { type Fault, faultEndMs } from '../faults/fault.ts'
import type { Span } from '../links.ts'
import type { CommonRun } from './records.ts'
import { BACKOFF_MOST_MS } from './wallet.ts'

const PPM = 1_000_000
/**
 * Slots in which an eligible bid is included, but for one case in 10^10 (0.15^12 and empty slots).
 */
const INCLUSION_SLOTS = 20
/** A look follows its block after 150 ms, is repeated after 1 s, and seconds are whole. */
const NOTICE_MS = 2_200

/** What a slow clock loses in a time; twice, for a deadline that was reckoned with a fast one. */
export function driftMs(timeMs: number): number {
  return Math.ceil((2 * timeMs * DRIFT_PPM_MAX) / PPM)
}

/** Time in which the chain includes a bid that keeps being raised, faults of the chain aside. */
export function inclusionBoundMs({ profile }: { readonly profile: ChainProfile }): number {
  return INCLUSION_SLOTS * profile.blockIntervalMs + profile.resendAfterMs + NOTICE_MS
}

/** By how much somebody's wall clock was behind the true time at most, up to a time. */
export function behindMs(
  { clocks }: Pick<CommonRun, 'clocks'>,
  actor: string,
  untilMs: number,
): number {
  const spec = clocks[actor] ?? TRUE_CLOCK
  return Math.max(0, -offsetRange(spec, { fromMs: 0, untilMs }).leastMs)
}

function delays({ kind, target }: Fault, actor: string): boolean {
  if (kind.startsWith('clock-') || kind.startsWith('message-')) return false
  return [actor, `${actor}.up`, `${actor}.down`, 'chain'].includes(target)
}

/** Time that faults take from somebody who wants to get a call included within a span. */
export function lostMs(
  run: Pick<CommonRun, 'faults' | 'profile'>,
  actor: string,
  { fromMs, untilMs }: Span,
): number {
  const { resendAfterMs, blockIntervalMs } = run.profile
  const tailMs = BACKOFF_MOST_MS + resendAfterMs + NOTICE_MS
  return run.faults
    .filter((fault) => delays(fault, actor))
    .reduce((sum, fault) => {
      const { atMs, kind, magnitude } = fault
      const againMs = kind === 'reorg' ? magnitude * blockIntervalMs + inclusionBoundMs(run) : 0
      const endMs = faultEndMs(fault) + tailMs + againMs
      return sum + Math.max(0, Math.min(endMs, untilMs) - Math.max(atMs, fromMs))
    }, 0)
}
