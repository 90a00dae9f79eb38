/**
 * The attestor's side of attendance-hold: from webhooks of the call platform to what it records.
 *
 * Webhooks are delivered at least once, late, in any order, and anybody can send one. So the result
 * must depend on the set of genuine events alone, and on nothing about their arrival. That is why
 * everything is computed anew from all events that are known; a fold over arrivals, as the policy
 * as described has it, is what goes wrong. Pure: who signs what, and when, is the world's business.
 */
import { assert } from '../kit/error.ts'

export type Attendee = 'student' | 'teacher'

/** One webhook. Its content is the call platform's if `isSigned`, and anybody's otherwise. */
export interface CallEvent {
  /** The same for every delivery of one event. */
  readonly id: string
  readonly kind: 'participant_joined' | 'participant_left' | 'room_finished'
  /** Whom it is about; null for the room. */
  readonly who: Attendee | null
  /** The same for the join and the leave of one connection; empty for the room. */
  readonly connection: string
  /** When it happened, by the platform's clock, in seconds. */
  readonly atSeconds: number
  readonly isSigned: boolean
}

/** A span of presence: from the first of these seconds up to the other. */
export interface Presence {
  readonly joinedAtSeconds: number
  readonly leftAtSeconds: number
}

export interface Attendance {
  /** When the room was finished; null as long as nothing says so. */
  readonly endedAtSeconds: number | null
  /** Ascending, disjoint and not touching each other; each is one record. */
  readonly records: readonly Presence[]
}

/**
 * hardened: what the attestor can sign, given all events that have arrived by now.
 *
 * Forged events are dropped. An event that comes again adds nothing, since a union does not grow by
 * what it has. A connection that nobody has seen leave is closed when the room is finished, and a
 * leave without a join says nothing.
 *
 * @param options.present who has to be there for a second to count
 */
export function attendanceOf(
  events: readonly CallEvent[],
  options: { readonly startsAtSeconds: number; readonly present: readonly Attendee[] },
): Attendance {
  const { startsAtSeconds, present } = options
  const genuine = events.filter(({ isSigned }) => isSigned)
  const finishes = genuine
    .filter(({ kind }) => kind === 'room_finished')
    .map(({ atSeconds }) => atSeconds)
    .toSorted((one, other) => one - other)
  const last = finishes.at(-1) ?? null
  const endedAtSeconds = last !== null && last > startsAtSeconds ? last : null
  const session = {
    joinedAtSeconds: startsAtSeconds,
    leftAtSeconds: endedAtSeconds ?? Number.MAX_SAFE_INTEGER,
  }
  const records = present
    .map((who) => union(connectionsOf(genuine, who, finishes)))
    .reduce(intersection, [session])
  return { endedAtSeconds, records }
}

/** What can still be signed when the records up to the last signed leave cannot be changed. */
export function recordsLeft(
  { records }: Attendance,
  lastSignedLeaveSeconds: number,
): readonly Presence[] {
  const open = {
    joinedAtSeconds: lastSignedLeaveSeconds,
    leftAtSeconds: Number.MAX_SAFE_INTEGER,
  }
  return intersection(records, [open])
}

/** as-described: what becomes of one webhook as it arrives; null when it is about nothing. */
export function forwarded(
  event: CallEvent,
):
  | { readonly action: 'recordAttendance'; readonly kind: 'joined' | 'left'; readonly at: number }
  | { readonly action: 'finishSession' }
  | null {
  if (event.kind === 'room_finished') return { action: 'finishSession' }
  if (event.who !== 'student') return null
  const kind = event.kind === 'participant_joined' ? 'joined' : 'left'
  return { action: 'recordAttendance', kind, at: event.atSeconds }
}

/** Seconds of presence in all. The spans must not overlap. */
export function presenceSeconds(spans: readonly Presence[]): number {
  return spans.reduce((sum, span) => sum + span.leftAtSeconds - span.joinedAtSeconds, 0)
}

/** The connections of one attendee, in no order. Those that are still open are left out. */
function connectionsOf(
  events: readonly CallEvent[],
  who: Attendee,
  finishes: readonly number[],
): readonly Presence[] {
  const leaves = new Map<string, number>()
  for (const { kind, who: whose, connection, atSeconds } of events) {
    if (kind === 'participant_left' && whose === who) leaves.set(connection, atSeconds)
  }
  return events.flatMap(({ kind, who: whose, connection, atSeconds: joinedAtSeconds }) => {
    if (kind !== 'participant_joined' || whose !== who) return []
    const closedAt = finishes.find((atSeconds) => atSeconds >= joinedAtSeconds)
    const leftAtSeconds = leaves.get(connection) ?? closedAt
    if (leftAtSeconds === undefined || leftAtSeconds <= joinedAtSeconds) return []
    return [{ joinedAtSeconds, leftAtSeconds }]
  })
}

/** Spans in ascending order, those that overlap or touch made one. */
function union(spans: readonly Presence[]): readonly Presence[] {
  const joined: Presence[] = []
  for (const span of spans.toSorted((one, other) => one.joinedAtSeconds - other.joinedAtSeconds)) {
    const last = joined.at(-1)
    if (last === undefined || span.joinedAtSeconds > last.leftAtSeconds) {
      joined.push(span)
      continue
    }
    const leftAtSeconds = Math.max(last.leftAtSeconds, span.leftAtSeconds)
    joined[joined.length - 1] = { ...last, leftAtSeconds }
  }
  return joined
}

/** What two ascending lists of disjoint spans have in common; empty spans are left out. */
function intersection(ones: readonly Presence[], others: readonly Presence[]): Presence[] {
  const common = ones.flatMap((one) =>
    others.map((other) => ({
      joinedAtSeconds: Math.max(one.joinedAtSeconds, other.joinedAtSeconds),
      leftAtSeconds: Math.min(one.leftAtSeconds, other.leftAtSeconds),
    })),
  )
  const spans = common.filter((span) => span.joinedAtSeconds < span.leftAtSeconds)
  assert(
    spans.every((span, at) => span.joinedAtSeconds >= (spans[at - 1]?.leftAtSeconds ?? 0)),
    'spans ascend',
  )
  return spans
}
