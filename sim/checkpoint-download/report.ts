/**
 * A run as the record has it: what each seeder was paid stands under a name of its own, and the
 * arrivals are told as spans in which bytes kept coming.
 */
import type { Span } from '../links.ts'
import type { WorldRun } from './worldRun.ts'

/** Bytes that come further apart than this belong to two spans. */
const GAP_MS = 5_000

function servedOf({ received }: WorldRun): readonly Span[] {
  const spans: { fromMs: number; untilMs: number }[] = []
  for (const { signedMs } of received) {
    const last = spans.at(-1)
    if (last === undefined || signedMs - last.untilMs > GAP_MS) {
      spans.push({ fromMs: signedMs, untilMs: signedMs + 1 })
    } else {
      last.untilMs = signedMs + 1
    }
  }
  return spans
}

/** Plain data for the record's scenarios. */
export function reportOf(run: WorldRun): Readonly<Record<string, unknown>> {
  const { paidUnits, receivedUnits, ...endState } = run.endState
  const named = (name: string, amounts: readonly bigint[]) =>
    Object.fromEntries(amounts.map((units, at) => [`${name}${at}Units`, units]))
  return {
    ...run,
    profile: run.profile.name,
    served: servedOf(run),
    endState: { ...endState, ...named('paid', paidUnits), ...named('received', receivedUnits) },
  }
}
