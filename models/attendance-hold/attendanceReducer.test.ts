/**
 * Goal: what the attestor signs is presence, whatever way the webhooks took.
 * Method: presence is drawn second by second, told as events, which are shuffled, repeated and
 * mixed with forged ones; the records must come back to exactly those seconds.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Attendee,
  attendanceOf,
  type CallEvent,
  forwarded,
  type Presence,
  presenceSeconds,
  recordsLeft,
} from './attendanceReducer.ts'

const STARTS_AT = 100
const ENDS_AT = 160

/** A connection of somebody, in a window that is wider than the session. */
const connection = fc
  .tuple(
    fc.constantFrom<Attendee>('student', 'teacher'),
    fc.integer({ min: 80, max: ENDS_AT - 1 }),
    fc.integer({ min: 1, max: 60 }),
    fc.boolean(),
  )
  .map(([who, joinedAt, lasts, isSeenLeaving]) => {
    // Nobody stays in a room that is finished.
    const leftAt = isSeenLeaving ? Math.min(joinedAt + lasts, ENDS_AT) : ENDS_AT
    return { who, joinedAt, leftAt, isSeenLeaving }
  })
type Connection = Parameters<Parameters<typeof connection.map>[0]>[0]

function eventsOf(connections: readonly Connection[]): CallEvent[] {
  const finished: CallEvent = {
    id: 'end',
    kind: 'room_finished',
    who: null,
    connection: '',
    atSeconds: ENDS_AT,
    isSigned: true,
  }
  const told = connections.flatMap(({ who, joinedAt, leftAt, isSeenLeaving }, at) => {
    const common = { who, connection: `c${at}`, isSigned: true }
    const joined: CallEvent = {
      ...common,
      id: `j${at}`,
      kind: 'participant_joined',
      atSeconds: joinedAt,
    }
    const left: CallEvent = {
      ...common,
      id: `l${at}`,
      kind: 'participant_left',
      atSeconds: leftAt,
    }
    return isSeenLeaving ? [joined, left] : [joined]
  })
  return [...told, finished]
}

/** Deliveries: some events several times, all in any order. */
const delivered = fc
  .tuple(fc.array(connection, { maxLength: 6 }), fc.array(fc.nat(20), { maxLength: 8 }))
  .chain(([connections, repeats]) => {
    const events = eventsOf(connections)
    const again = repeats.map((at) => events[at % events.length] as CallEvent)
    const all = [...events, ...again]
    return fc
      .shuffledSubarray(all, { minLength: all.length })
      .map((arrivals) => ({ connections, events, arrivals }))
  })

/** The seconds of the session in which all of `present` were there, counted one by one. */
function seconds(connections: readonly Connection[], present: readonly Attendee[]): number[] {
  const all = Array.from({ length: ENDS_AT - STARTS_AT }, (_, at) => STARTS_AT + at)
  return all.filter((second) =>
    present.every((who) =>
      connections.some(
        (each) => each.who === who && each.joinedAt <= second && second < each.leftAt,
      ),
    ),
  )
}

function secondsOf(records: readonly Presence[]): number[] {
  return records.flatMap(({ joinedAtSeconds, leftAtSeconds }) =>
    Array.from({ length: leftAtSeconds - joinedAtSeconds }, (_, at) => joinedAtSeconds + at),
  )
}

const options = { startsAtSeconds: STARTS_AT, present: ['student'] as const }
const together = { startsAtSeconds: STARTS_AT, present: ['student', 'teacher'] as const }

describe('attendanceOf', () => {
  test('any order and any duplicates give the records of each event once', () => {
    let repeated = 0
    fc.assert(
      fc.property(delivered, ({ events, arrivals }) => {
        repeated += arrivals.length - events.length
        for (const each of [options, together]) {
          expect(attendanceOf(arrivals, each)).toEqual(attendanceOf(events, each))
        }
      }),
      { seed: 1, numRuns: 500 },
    )
    expect(repeated).toBeGreaterThan(500)
  })

  test('the records are exactly the seconds of presence in the session', () => {
    let present = 0
    fc.assert(
      fc.property(delivered, ({ connections, arrivals }) => {
        for (const each of [options, together]) {
          const { records, endedAtSeconds } = attendanceOf(arrivals, each)
          const truth = seconds(connections, each.present)
          present += truth.length
          expect(secondsOf(records)).toEqual(truth)
          expect(presenceSeconds(records)).toBe(truth.length)
          expect(endedAtSeconds).toBe(ENDS_AT)
        }
      }),
      { seed: 2, numRuns: 500 },
    )
    expect(present).toBeGreaterThan(5_000)
  })

  test('a forged event changes nothing, even under the id of a genuine one', () => {
    const forged = fc.tuple(connection, fc.nat(6), fc.boolean()).map(([given, at, isLate]) => ({
      events: eventsOf([given]).map((event) => ({
        ...event,
        id: `${event.id[0]}${at}`,
        isSigned: false,
      })),
      isLate,
    }))
    fc.assert(
      fc.property(delivered, forged, ({ arrivals }, { events, isLate }) => {
        const mixed = isLate ? [...arrivals, ...events] : [...events, ...arrivals]
        expect(attendanceOf(mixed, options)).toEqual(attendanceOf(arrivals, options))
      }),
      { seed: 3, numRuns: 300 },
    )
  })

  test('until somebody says that the room is finished, an open connection does not count', () => {
    const events = eventsOf([{ who: 'student', joinedAt: 110, leftAt: 130, isSeenLeaving: false }])
    const open = attendanceOf(events.slice(0, 1), options)

    expect(open).toEqual({ endedAtSeconds: null, records: [] })
    expect(attendanceOf(events, options).records).toEqual([
      { joinedAtSeconds: 110, leftAtSeconds: ENDS_AT },
    ])
  })
})

describe('recordsLeft', () => {
  test('what is signed stays, and only time behind it is added', () => {
    const early: Connection = { who: 'student', joinedAt: 100, leftAt: 110, isSeenLeaving: true }
    const late: Connection = { who: 'student', joinedAt: 105, leftAt: 130, isSeenLeaving: true }
    const last: Connection = { who: 'student', joinedAt: 140, leftAt: 150, isSeenLeaving: true }
    const attendance = attendanceOf(eventsOf([early, late, last]), options)

    expect(recordsLeft(attendance, 110)).toEqual([
      { joinedAtSeconds: 110, leftAtSeconds: 130 },
      { joinedAtSeconds: 140, leftAtSeconds: 150 },
    ])
    expect(recordsLeft(attendance, 150)).toEqual([])
  })
})

describe('forwarded', () => {
  test('as described every event of the student is passed on, forged ones too', () => {
    const [joined, left, finished] = eventsOf([
      { who: 'student', joinedAt: 110, leftAt: 130, isSeenLeaving: true },
    ]) as [CallEvent, CallEvent, CallEvent]

    expect(forwarded({ ...joined, isSigned: false })).toEqual({
      action: 'recordAttendance',
      kind: 'joined',
      at: 110,
    })
    expect(forwarded(left)).toEqual({ action: 'recordAttendance', kind: 'left', at: 130 })
    expect(forwarded(finished)).toEqual({ action: 'finishSession' })
    expect(forwarded({ ...joined, who: 'teacher' })).toBeNull()
  })
})
