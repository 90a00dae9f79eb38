/**
 * A run as the record has it: what is said of each teacher or withdrawal stands under a name of its
 * own, what a view draws as service is the time in which the bank had tokens and had not paid yet.
 */
import type { Span } from '../links.ts'
import type { WorldRun } from './worldRun.ts'

/** From the tokens at the bank to the money on the account. */
function settling({ courses, endState }: WorldRun): readonly Span[] {
  return courses.flatMap(({ end, endedMs, claimedMs, paidMs }) => {
    const fromMs = claimedMs ?? endedMs
    if (end !== 'Completed' || fromMs === null) return []
    const untilMs = Math.max(fromMs, paidMs ?? endState.nowMs)
    return [{ fromMs, untilMs }]
  })
}

function named<Value>(name: string, values: readonly Value[], suffix = ''): Record<string, Value> {
  return Object.fromEntries(values.map((value, at) => [`${name}${at}${suffix}`, value]))
}

/** Plain data for the record's scenarios. */
export function reportOf(run: WorldRun): Readonly<Record<string, unknown>> {
  const { states, availableUnits, pendingUnits, ...endState } = run.endState
  const milestones = run.courses.map(
    ({ wantedMs, requestedMs, decidedMs, approvedMs, impatientMs, endedMs, end, paidMs }) => ({
      ...{ wantedMs, requestedMs, decidedMs, approvedMs, impatientMs, endedMs, end, paidMs },
    }),
  )
  return {
    ...run,
    profile: run.profile.name,
    served: settling(run),
    milestones: { ...named('withdrawal', milestones), healedMs: run.healedMs },
    endState: {
      ...named('withdrawal', states),
      ...named('available', availableUnits, 'Units'),
      ...named('pending', pendingUnits, 'Units'),
      ...endState,
    },
  }
}
