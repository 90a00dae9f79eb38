/**
 * A run as the record has it: what is said of each request stands under a name of its own, what a
 * view draws as service are the calls.
 */
import type { Span } from '../links.ts'
import type { WorldRun } from './worldRun.ts'

/** From the match to the report of the end. */
function calls({ courses, endState }: WorldRun): readonly Span[] {
  return courses
    .flatMap(({ stays }) => stays)
    .filter(({ state }) => state === 'Matched')
    .map(({ fromMs, untilMs }) => ({ fromMs, untilMs: untilMs ?? endState.nowMs }))
}

function named<Value>(name: string, values: readonly Value[]): Record<string, Value> {
  return Object.fromEntries(values.map((value, at) => [`${name}${at}`, value]))
}

/** Plain data for the record's scenarios. */
export function reportOf(run: WorldRun): Readonly<Record<string, unknown>> {
  const { states, ...endState } = run.endState
  const milestones = run.courses.map(
    ({ wantedMs, unfundedMs, requestedMs, stays, acceptances, deposits, ...course }) => ({
      ...{ wantedMs, unfundedMs, requestedMs },
      proposedMs: stays.find(({ state }) => state === 'Proposed')?.fromMs ?? null,
      acceptedMs: acceptances.at(-1)?.atMs ?? null,
      matchedMs: deposits[0]?.atMs ?? null,
      ...{ impatientMs: course.impatientMs, endedMs: course.endedMs, end: course.end },
    }),
  )
  return {
    ...run,
    profile: run.profile.name,
    served: calls(run),
    milestones: { ...named('request', milestones), healedMs: run.healedMs },
    endState: { ...named('request', states), ...endState },
  }
}
