/**
 * The world around attendance-hold in worked cases, to the second and to the base unit: rejoins,
 * cuts, webhooks that are late, doubled, lost or forged, keepers that are two, stale or gone.
 */
import { describe, expect, test } from 'vitest'
import type { Fault } from '../faults/fault.ts'
import { attendanceAllowance, dueRelease } from './allowance.ts'
import { CHEATS } from './behaviour.ts'
import { broken, downFor, lesson } from './testing/bookedLesson.ts'
import { presentMs } from './truth.ts'
import type { WorldRun } from './worldRun.ts'

const POLICIES = ['as-described', 'hardened'] as const
const PRICE = 100_000_000n
const SECOND_MS = 1000

const edges = ({ steps }: WorldRun) => steps.map(({ edge }) => edge)
const ofAction = (run: WorldRun, action: string) =>
  run.steps.filter(({ planned }) => planned.action === action)
const attended = ({ endState }: WorldRun) => endState.attendedSeconds
const fault = (
  kind: Fault['kind'],
  target: string,
  atMs: number,
  durationMs: number,
  magnitude = 1,
): Fault => ({ kind, target, atMs, durationMs, magnitude })

describe.each(POLICIES)('a lesson in which nothing goes wrong, %s', (policy) => {
  test('pays 70.00 to the teacher and 30.00 of commission', () => {
    const run = lesson(policy)
    const receiver = policy === 'hardened' ? 'referrerUnits' : 'platformUnits'
    expect(run.endState).toMatchObject({
      ...{ state: 'Released', teacherUnits: 70_000_000n, studentUnits: 0n, escrowUnits: 0n },
      [receiver]: 30_000_000n,
    })
    expect(broken(run)).toEqual(policy === 'hardened' ? [] : ['INV-W-REFERRER'])
  })

  test('pays all of it to a teacher whom nobody referred', () => {
    const run = lesson(policy, { isReferred: false })
    expect(run.endState).toMatchObject({ teacherUnits: PRICE, referrerUnits: 0n })
    expect(broken(run)).toEqual([])
  })

  test('is recorded to the second: who is noticed after half a second misses one at most', () => {
    const run = lesson(policy, { noticesMs: 500 })
    expect(presentMs(run)).toBeGreaterThan(3_599_900)
    expect(attended(run)).toBeGreaterThanOrEqual(3_599)
    expect(attended(run)).toBeLessThanOrEqual(3_600)
  })

  test('refunds a student who did not come', () => {
    const run = lesson(policy, { studentVisits: [] })
    expect(run.endState).toMatchObject({ state: 'Refunded', studentUnits: PRICE })
    expect([run.milestones.resolution, broken(run)]).toEqual(['refund', []])
  })

  test('refunds when nobody came, from an hour after the booked end on', () => {
    const run = lesson(policy, { studentVisits: [], teacherVisits: [] })
    expect([run.milestones.resolution, run.events]).toEqual(['unfinished', []])
    expect(run.milestones.resolvedMs).toBeGreaterThanOrEqual(7_800_000)
    expect(run.milestones.resolvedMs).toBeLessThan(7_800_000 + 150_000 + 10_000)
    expect(broken(run)).toEqual([])
  })

  test('is resolved by the faster of two keepers', () => {
    // The window is over at 5,102 s; rounds are at whole multiples of 300 s and 150 s after them.
    const phases = { phaseBps: 0, secondPhaseBps: 5_000 }
    const atMs = lesson(policy, phases).milestones.resolvedMs ?? 0
    const oneMs = lesson(policy, { ...phases, keepers: 'one' }).milestones.resolvedMs ?? 0
    const due = policy === 'hardened' ? [5_252, 5_402] : [4_352, 4_502]
    expect([atMs, oneMs]).toEqual(due.map((seconds) => seconds * SECOND_MS))
  })
})

describe('a student who comes back', () => {
  const twice = {
    studentVisits: [
      { fromBps: 0, untilBps: 5_000 },
      { fromBps: 5_100, untilBps: 6_000 },
    ],
  }

  test('as described, has only the second visit, and the teacher loses the lesson', () => {
    const run = lesson('as-described', twice)
    expect(presentMs(run)).toBe(1_800_000 + 324_000)
    expect(attended(run)).toBeLessThanOrEqual(324)
    expect(run.endState).toMatchObject({ state: 'Refunded', studentUnits: PRICE })
    expect(broken(run)).toEqual(['INV-W-ATTENDANCE', 'INV-W-THRESHOLD'])
  })

  test('hardened, has both', () => {
    const run = lesson('hardened', twice)
    expect(run.endState).toMatchObject({ state: 'Released', intervals: 2 })
    expect(attended(run)).toBeGreaterThanOrEqual(2_124 - 3)
    expect(broken(run)).toEqual([])
  })
})

describe('a line that is cut', () => {
  test.each(POLICIES)('%s: for less than the room waits, it is no absence', (policy) => {
    const run = lesson(policy, {}, { faults: [downFor('student', 2_000_000, 8_000)] })
    expect(run.presence.student.length).toBe(2)
    expect(run.events.filter(({ noticedMs }) => noticedMs < 4_199_000).length).toBe(2)
    expect(attended(run)).toBeGreaterThanOrEqual(3_599)
  })

  test('for longer, it is absence from ten seconds later on, which the bound allows', () => {
    const faults = [downFor('student', 2_000_000, 600_000)]
    const run = lesson('hardened', {}, { faults })
    const surplusMs = attended(run) * SECOND_MS - presentMs(run)
    expect(surplusMs).toBeGreaterThan(8_000)
    expect(surplusMs).toBeLessThan(attendanceAllowance(run).overMs)
    expect(attendanceAllowance(run).overMs).toBeLessThan(13_000)
    expect(broken(run)).toEqual([])
  })

  test('a call platform that hears no silence is told from a sound one', () => {
    const faults = [downFor('student', 2_000_000, 600_000)]
    const run = lesson('hardened', {}, { faults, defects: { roomHearsNoSilence: true } })
    expect(broken(run)).toEqual(['INV-W-ATTENDANCE'])
  })

  test('a client that crashes comes back by itself', () => {
    const faults = [fault('process-crash', 'student', 2_000_000, 60_000)]
    const run = lesson('hardened', {}, { faults })
    const own = run.events.filter(({ who }) => who === 'student').slice(0, 3)
    expect(own.map(({ kind }) => kind)).toEqual([
      ...['participant_joined', 'participant_left', 'participant_joined'],
    ])
    expect(broken(run)).toEqual([])
  })
})

describe('who has to be there', () => {
  const alone = { teacherVisits: [] }

  test('as described, a student who waits for a teacher who never comes pays', () => {
    const run = lesson('as-described', { ...alone, isReferred: false })
    expect([run.endState.state, run.served]).toEqual(['Released', []])
  })

  test('hardened, it has its money back', () => {
    const run = lesson('hardened', alone)
    expect([run.endState.state, attended(run)]).toEqual(['Refunded', 0])
    expect(broken(run)).toEqual([])
    const wrong = lesson('hardened', alone, { defects: { attestorCountsStudentAlone: true } })
    expect(broken(wrong)).toEqual(['INV-W-ATTENDANCE', 'INV-W-THRESHOLD'])
  })
})

describe('the threshold', () => {
  const until = (untilBps: number) => ({ studentVisits: [{ fromBps: 0, untilBps }] })

  test.each([
    [1_900, false, 'Refunded'],
    [2_000, null, 'Released'],
    [2_100, true, 'Released'],
  ] as const)('%s basis points of presence', (bps, due, state) => {
    const run = lesson('hardened', until(bps))
    expect([dueRelease(run), run.endState.state]).toEqual([due, state])
    expect(broken(run)).toEqual([])
  })

  test('is of the length as it was when that was longer than booked', () => {
    const long = {
      ...until(2_200),
      ...{ teacherVisits: [{ fromBps: 0, untilBps: 12_000 }], curfewMs: 900_000 },
    }
    const run = lesson('hardened', long)
    expect([run.endState.lengthSeconds, run.endState.state]).toEqual([4_320, 'Refunded'])
    expect(broken(run)).toEqual([])
    expect(broken(lesson('as-described', { ...long, isReferred: false }))).toEqual([
      'INV-W-THRESHOLD',
    ])
  })
})

describe('webhooks', () => {
  const broke = {
    studentVisits: [
      { fromBps: 0, untilBps: 4_000 },
      { fromBps: 6_000, untilBps: 10_000 },
    ],
  }

  test('that are late are waited for, within half of the window', () => {
    const late = { ...broke, webhookMs: 400_000 }
    expect(attended(lesson('hardened', late))).toBeGreaterThanOrEqual(2_880 - 3)
    const tooLate = lesson('hardened', { ...broke, late: [{ event: 3, byMs: 3_000_000 }] })
    expect(attended(tooLate)).toBeLessThan(1_500)
    expect(broken(tooLate)).toEqual([])
  })

  test('an attestor that does not wait loses them', () => {
    // The first join, an hour late, arrives after the finish; what comes later is signed by then.
    const late = { ...broke, late: [{ event: 0, byMs: 3_700_000 }] }
    const sound = lesson('hardened', late)
    expect([attended(sound) >= 2_880 - 3, broken(sound)]).toEqual([true, []])
    const wrong = lesson('hardened', late, { defects: { attestorWaitsForNothing: true } })
    expect([attended(wrong) < 1_500, broken(wrong)]).toEqual([true, ['INV-W-ATTENDANCE']])
  })

  test('are repeated until the attestor is there again', () => {
    const faults = [fault('process-crash', 'attestor', 590_000, 240_000)]
    const run = lesson('hardened', {}, { faults })
    const [first] = run.events
    expect((first?.arrivedMs ?? 0) - (first?.noticedMs ?? 0)).toBeGreaterThan(200_000)
    expect(run.endState.state).toBe('Released')
    expect(broken(run)).toEqual([])
  })

  const doubled = { ...broke, copies: [{ event: 0, afterBps: 7_000 }], isReferred: false }

  test('that come twice move the join back as described, and nothing hardened', () => {
    const described = lesson('as-described', doubled)
    expect(broken(described)).toContain('INV-W-EVENT-ONCE')
    const run = lesson('hardened', doubled)
    expect(run.events.some(({ arrivals }) => arrivals > 1)).toBe(true)
    expect(broken(run)).toEqual([])
  })

  test('a leave that is never told counts until the room is finished, for the student', () => {
    const early = { studentVisits: [{ fromBps: 0, untilBps: 1_000 }], lostLeaves: [0] }
    const run = lesson('hardened', early)
    expect([presentMs(run), run.endState.state]).toEqual([360_000, 'Released'])
    expect(attended(run)).toBeGreaterThan(3_590)
    expect(broken(run)).toEqual([])
    expect(attended(lesson('as-described', early))).toBe(0)
  })

  test('an end that is never told is taken for the booked one, half an hour later', () => {
    const run = lesson('hardened', { losesFinish: true })
    expect(run.milestones.finishedMs).toBe(6_002_000)
    expect(run.endState).toMatchObject({ state: 'Released', lengthSeconds: 3_600 })
    expect(broken(run)).toEqual([])
  })

  const forgeries = [{ atBps: 3_000, ofBps: 0, kind: 'joined' as const, connection: 0 }]

  test('that are forged count as described, and not hardened', () => {
    const absent = { studentVisits: [], forgeries, isReferred: false }
    const finished = [...forgeries, { atBps: 4_000, ofBps: 3_000, kind: 'left' as const }].map(
      (each) => ({ connection: 0, ...each }),
    )
    const described = lesson('as-described', { ...absent, forgeries: finished })
    expect(described.endState.state).toBe('Released')
    expect(broken(described)).toEqual([...['INV-W-ATTENDANCE', 'INV-W-THRESHOLD', 'INV-W-FORGED']])
    const run = lesson('hardened', { ...absent, forgeries: finished })
    expect([run.endState.state, run.forgedCount, broken(run)]).toEqual(['Refunded', 2, []])
  })

  test('an attestor that believes anybody is told from a sound one', () => {
    const run = lesson('hardened', { forgeries }, { defects: { attestorTakesForged: true } })
    expect(broken(run)).toEqual([])
    const late = { forgeries, studentVisits: [{ fromBps: 5_000, untilBps: 10_000 }] }
    const wrong = lesson('hardened', late, { defects: { attestorTakesForged: true } })
    expect(broken(wrong)).toContain('INV-W-ATTENDANCE')
  })

  test.each(CHEATS.filter((cheat) => cheat !== 'no'))(
    'a teacher gains nothing by %s attestations',
    (cheats) => {
      const run = lesson('hardened', { cheats, studentVisits: [] })
      expect(edges(run)).toContain('Held|recordAttendance|!InvalidAttestation')
      expect([run.endState.state, broken(run)]).toEqual(['Refunded', []])
    },
  )
})

describe('keepers', () => {
  test('two of them share an account, and one call of both is enough', () => {
    const run = lesson('hardened', { phaseBps: 5_000, secondPhaseBps: 5_000, worksMs: 1_000 })
    const processes = ofAction(run, 'process')
    expect(processes.map(({ edge }) => edge)).toEqual(['Held|process|Released'])
    expect(run.transactions.filter(({ sender }) => sender === 'secondKeeper')).toEqual([])
    expect(broken(run)).toEqual([])
  })

  test('a second call of theirs is refused, and nothing is paid twice', () => {
    // The first one's call waits for its crash to end, when the other's is through.
    const faults = [fault('process-crash', 'secondKeeper', 5_250_200, 30_000)]
    const run = lesson('hardened', { phaseBps: 5_030, secondPhaseBps: 5_000 }, { faults })
    expect(run.endState).toMatchObject({ state: 'Released', teacherUnits: 70_000_000n })
    expect(broken(run)).toEqual([])
  })

  test('as described, a decision that is stale is carried out all the same', () => {
    // The keeper reads before the last leave is on chain: so far nothing is attended.
    const run = lesson('as-described', {
      ...{
        isReferred: false,
        phaseBps: 340,
        secondPhaseBps: 5_000,
        worksMs: 60_000,
        keepers: 'one',
      },
      late: [{ event: 2, byMs: 30_000 }],
    })
    expect(run.milestones.closedMs).toBeGreaterThan(4_200_000)
    expect(run.endState.state).toBe('Refunded')
    expect(broken(run)).toContain('INV-W-THRESHOLD')
  })

  test('as described nobody gets out without one', () => {
    const run = lesson('as-described', { keepers: 'none' })
    expect(run.endState).toMatchObject({ state: 'Held', escrowUnits: PRICE })
    expect(broken(run)).toEqual(['INV-W-EXIT'])
  })

  test.each(['student', 'teacher'] as const)('hardened the %s does it alone', (helps) => {
    const run = lesson('hardened', { keepers: 'none', helps })
    expect(ofAction(run, 'process').map(({ planned }) => planned.by)).toEqual([`${helps}0`])
    // Finished at 4,202 s; the windows of 900 s and 600 s are over.
    expect(run.milestones.resolvedMs).toBeGreaterThanOrEqual(5_702_000)
    expect(run.milestones.resolvedMs).toBeLessThan(5_710_000)
    expect(broken(run)).toEqual([])
  })

  test('keepers that do nothing, and sides that do nothing, are told from sound ones', () => {
    const idle = lesson('hardened', {}, { defects: { keepersIdle: true } })
    expect(broken(idle)).toEqual(['INV-W-RELEASE-TIME'])
    const defects = { keepersIdle: true, nobodyHelpsThemselves: true }
    expect(broken(lesson('hardened', {}, { defects }))).toEqual(['INV-W-EXIT', 'INV-W-LIVENESS'])
  })
})

describe('services that are gone', () => {
  test('a teacher brings what the attestor has signed when it cannot', () => {
    const faults = [fault('relayer-outage', 'attestor', 4_600_000, 900_000)]
    const run = lesson('hardened', { noticesMs: 500 }, { faults })
    expect(ofAction(run, 'recordAttendance').map(({ planned }) => planned.by)).toContain('teacher0')
    expect([run.endState.state, broken(run)]).toEqual(['Released', []])
  })

  test('an attestor that is gone for the whole of its time leaves the student the refund', () => {
    const faults = [fault('process-crash', 'attestor', 4_100_000, 4_000_000)]
    const run = lesson('hardened', {}, { faults })
    expect([run.milestones.resolution, run.endState.studentUnits]).toEqual(['unfinished', PRICE])
    expect(broken(run)).toEqual([])
    const wrong = lesson('hardened', {}, { defects: { attestorRecordsNothing: true } })
    expect(broken(wrong)).toEqual(['INV-W-ATTENDANCE', 'INV-W-THRESHOLD'])
  })

  test('a keeper whose clock is ahead is refused, and loses nothing but a call', () => {
    const faults = ['keeper', 'secondKeeper'].map((keeper) =>
      fault('clock-offset', keeper, 0, 0, 200_000),
    )
    const run = lesson('hardened', {}, { faults })
    expect(edges(run)).toContain('Held|process|!AttestationOpen')
    expect([run.endState.state, broken(run)]).toEqual(['Released', []])
  })

  test('a clock of the platform that is wrong is in the bound, and not more', () => {
    const faults = [fault('clock-offset', 'room', 0, 0, -20_000)]
    const run = lesson(
      'hardened',
      { studentVisits: [{ fromBps: -100, untilBps: 10_000 }] },
      { faults },
    )
    const missingMs = presentMs(run) - attended(run) * SECOND_MS
    expect(missingMs).toBeGreaterThan(18_000)
    expect(attendanceAllowance(run).underMs).toBeLessThan(25_000)
    expect(broken(run)).toEqual([])
  })
})

test('a hold that was resolved twice, or not paid whole, would be noticed', () => {
  const run = lesson('hardened')
  const twice = { ...run, steps: [...run.steps, ...ofAction(run, 'process')] }
  expect(broken(twice)).toEqual(['INV-W-ONCE'])
  const short = { ...run, endState: { ...run.endState, teacherUnits: 69_999_999n } }
  expect(broken(short)).toEqual(['INV-W-ONCE'])
})

test('the same setup gives the same run, byte for byte', () => {
  const hash = () => lesson('hardened', {}, { regime: 'mixed', faults: undefined }).hash
  expect(hash()).toBe(hash())
})
