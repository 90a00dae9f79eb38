/**
 * What is true of a run at a time, whatever anybody believes: who held whom, who was there, who
 * would have suited. Reckoned from courses and behaviour, and apart from the participants' own
 * reckoning.
 */
import type { Span } from '../links.ts'
import type { Course, Stay, WorldRun } from './worldRun.ts'

const SECOND_MS = 1000

/** A time in which a request holds a tutor, by proposal, acceptance or match. */
export interface Hold extends Span {
  readonly request: number
  readonly tutor: number
  readonly state: string
  /** When it ends by itself; calls of the block in which another call ends it may come before. */
  readonly dueMs: number
}

const HOLDING: readonly string[] = ['Proposed', 'AwaitingDeposit', 'Matched']

function seconds(run: Pick<WorldRun, 'parameters'>, name: string): number {
  return run.parameters[name] as number
}

/** First true time in whose block a proposal or an acceptance of that block does not hold. */
export function timedEndMs(
  run: Pick<WorldRun, 'parameters' | 'epochSeconds'>,
  { acceptances }: Pick<Course, 'acceptances'>,
  { state, fromMs }: Stay,
): number {
  const secondMs = Math.floor(fromMs / SECOND_MS) * SECOND_MS
  if (state === 'Proposed') return secondMs + seconds(run, 'proposalTtlSeconds') * SECOND_MS
  if (state === 'Matched') return Number.POSITIVE_INFINITY
  const windowMs = secondMs + seconds(run, 'depositWindowSeconds') * SECOND_MS
  const accepted = acceptances.find(({ atMs }) => atMs === fromMs)
  const expirySeconds = accepted?.expirySeconds ?? null
  if (expirySeconds === null) return windowMs
  return Math.min(windowMs, (expirySeconds - run.epochSeconds) * SECOND_MS)
}

type Part = Pick<WorldRun, 'parameters' | 'epochSeconds' | 'courses'> & {
  readonly endState: { readonly nowMs: number }
}

/** All holds; each ends by its time, if nothing has ended it before. */
export function holdsOf(run: Part): readonly Hold[] {
  return run.courses.flatMap((course) =>
    course.stays
      .filter(({ state }) => HOLDING.includes(state))
      .map((stay) => {
        const dueMs = timedEndMs(run, course, stay)
        const endMs = Math.min(dueMs, stay.untilMs ?? run.endState.nowMs)
        const untilMs = Math.max(stay.fromMs, endMs)
        const { fromMs, tutor, state } = stay
        return { request: course.index, tutor, state, dueMs, fromMs, untilMs }
      }),
  )
}

/** The filters, but for who is there and free. */
export function suits(run: WorldRun, { index, maxRateUnits }: Course, tutor: number): boolean {
  const wanted = run.behaviour.requests[index] as WorldRun['behaviour']['requests'][number]
  const person = run.behaviour.tutors[tutor] as WorldRun['behaviour']['tutors'][number]
  if (wanted.language !== person.language || wanted.level > person.level) return false
  if (wanted.needsCredential && !person.hasCredential) return false
  return (run.listedRateUnits[tutor] as bigint) <= maxRateUnits
}

/** The parts of a span that none of the others covers. */
export function without(span: Span, others: readonly Span[]): readonly Span[] {
  return others.reduce<readonly Span[]>(
    (parts, { fromMs, untilMs }) =>
      parts.flatMap((part) =>
        [
          { fromMs: part.fromMs, untilMs: Math.min(part.untilMs, fromMs) },
          { fromMs: Math.max(part.fromMs, untilMs), untilMs: part.untilMs },
        ].filter((rest) => rest.untilMs > rest.fromMs),
      ),
    [span],
  )
}

/** The parts of a span that one of the others covers; these do not overlap. */
export function within(span: Span, others: readonly Span[]): readonly Span[] {
  return others
    .map(({ fromMs, untilMs }) => ({
      fromMs: Math.max(fromMs, span.fromMs),
      untilMs: Math.min(untilMs, span.untilMs),
    }))
    .filter(({ fromMs, untilMs }) => untilMs > fromMs)
}

/**
 * Times in which a request waits to be proposed to somebody although a tutor who suits it is there,
 * is held by nobody, and was not asked in this search.
 */
export function idleSpans(run: WorldRun, course: Course, holds: readonly Hold[]): readonly Span[] {
  const { nowMs } = run.endState
  return course.stays.flatMap((stay) => {
    if (!['Searching', 'Waitlisted', 'Booked'].includes(stay.state)) return []
    const dueMs = stay.state === 'Booked' ? (course.bookedForMs ?? 0) : 0
    const waiting = { fromMs: Math.max(stay.fromMs, dueMs), untilMs: stay.untilMs ?? nowMs }
    if (waiting.untilMs <= waiting.fromMs) return []
    const asked = course.stays
      .filter(({ state, search, fromMs }) => {
        return state === 'Proposed' && search === stay.search && fromMs < stay.fromMs
      })
      .map(({ tutor }) => tutor)
    const free = run.online.flatMap((shifts, tutor) => {
      if (asked.includes(tutor) || !suits(run, course, tutor)) return []
      const held = holds.filter((hold) => hold.tutor === tutor && hold.request !== course.index)
      return within(waiting, shifts).flatMap((part) => without(part, held))
    })
    return union(free)
  })
}

/** Overlapping and touching spans made one, in order of time. */
function union(spans: readonly Span[]): readonly Span[] {
  const merged: { fromMs: number; untilMs: number }[] = []
  for (const span of [...spans].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = merged.at(-1)
    if (last !== undefined && span.fromMs <= last.untilMs) {
      last.untilMs = Math.max(last.untilMs, span.untilMs)
    } else merged.push({ ...span })
  }
  return merged
}
