/**
 * The lifecycle of attendance-hold against its words: every action is answered in every state,
 * every refusal has a name and a meaning, and the worked examples of the README come out to the
 * unit.
 */
import { describe, expect, test } from 'vitest'
import { declaredEdges, declaredStates } from '../kit/edges.ts'
import { type Cast, predict, startPopulation } from '../kit/population.ts'
import { type PlannedStep, POLICIES, type Policy } from '../kit/trace.ts'
import { createAttendanceHoldMachine } from './machine.ts'
import { attendanceHoldParameters } from './parameters.ts'
import { attendanceHold } from './protocol.ts'
import { attendanceHoldErrors } from './words.ts'

const ACTIONS = attendanceHold.actions.map(({ name }) => name)
const ONLY: Readonly<Record<Policy, readonly string[]>> = {
  'as-described': ['NotAttestor', 'NotParty'],
  hardened: [
    'AttestationOver',
    'WrongIndex',
    'InvalidInterval',
    'InvalidAttestation',
    'InvalidEnd',
    'AttestationOpen',
    'TooEarly',
  ],
}

describe.each(POLICIES)('%s', (policy) => {
  const machine = createAttendanceHoldMachine(policy)
  const edges = declaredEdges(machine)

  test('every action is answered in every state, last of all without a condition', () => {
    for (const state of Object.values(machine.root.states)) {
      for (const action of ACTIONS) {
        const answers = state.transitions.get(action) ?? []
        expect(answers.length, `${state.key} ${action}`).toBeGreaterThan(0)
        expect(answers.at(-1)?.guard, `${state.key} ${action}`).toBeUndefined()
      }
      expect([...state.transitions.keys()].sort()).toEqual(ACTIONS.toSorted())
    }
  })

  test('refuses with names that have a meaning, and uses every name of its own', () => {
    const used = new Set(edges.flatMap(({ rejection }) => rejection ?? []))
    const others = POLICIES.filter((each) => each !== policy).flatMap((each) => ONLY[each])
    const promised = Object.keys(attendanceHoldErrors).filter((name) => !others.includes(name))
    expect([...used].sort()).toEqual(promised.sort())
  })

  test('has four states, and no way out of the last two', () => {
    expect(declaredStates(machine)).toEqual(['None', 'Held', 'Released', 'Refunded'])
    const accepted = edges.filter(({ rejection }) => rejection === null)
    const leaving = accepted.filter(({ from, to }) => from !== to).map(({ from }) => from)
    for (const terminal of attendanceHold.terminalStates) expect(leaving).not.toContain(terminal)
  })
})

const STARTS_AT = 1_000_000

interface Example {
  readonly policy: Policy
  readonly priceUnits?: bigint
  readonly hasReferrer?: boolean
  readonly token?: string
}

/** A hold that is bought a second before its start; `attempt` tries one action after that start. */
function heldLesson({ policy, priceUnits = 100_000_000n, hasReferrer, token }: Example) {
  const jobs = { platform: 'platform', attestor: 'attestor', keeper: 'keeper' }
  const referrer = hasReferrer === true ? { referrer: 'referrer0' } : {}
  const cast: Cast = {
    protocol: attendanceHold,
    policy,
    parameters: attendanceHoldParameters.parse({}),
    agreements: [
      {
        index: 0,
        roles: { student: 'student0', teacher: 'teacher0', ...referrer, ...jobs },
        token: token ?? 'plain6',
        terms: { priceUnits, startsAt: STARTS_AT, salt: 0n },
      },
    ],
  }
  let population = startPopulation(cast)
  const attempt = (
    afterSeconds: number,
    by: string,
    action: string,
    args: PlannedStep['args'] = {},
  ) => {
    const atSeconds = STARTS_AT + afterSeconds
    const step = { agreement: 0, action, by, atSeconds, args }
    const prediction = predict(cast, population, step)
    population = prediction.population
    return prediction.account
  }
  const outcome = (...given: Parameters<typeof attempt>) =>
    attempt(...given).outcome.error ?? 'accepted'
  const tell = (kind: 'joined' | 'left', at: number) =>
    outcome(at, 'attestor', 'recordAttendance', { kind, at: STARTS_AT + at })
  const record = (index: number, joinedAt: number, leftAt: number, afterSeconds = leftAt) =>
    outcome(afterSeconds, 'stranger', 'recordAttendance', {
      index,
      joinedAt: STARTS_AT + joinedAt,
      leftAt: STARTS_AT + leftAt,
      attestation: 'genuine',
    })
  const finish = (endedAt: number, afterSeconds = endedAt) =>
    outcome(afterSeconds, 'teacher0', 'finishSession', {
      endedAt: STARTS_AT + endedAt,
      attestation: 'genuine',
    })
  expect(outcome(-1, 'student0', 'purchase')).toBe('accepted')
  const hold = () => population.view.agreements[0] ?? { state: 'unknown', figures: {} }
  return { attempt, outcome, tell, record, finish, hold }
}

/** Payouts as `to: units`. */
function payouts({ transfers }: ReturnType<ReturnType<typeof heldLesson>['attempt']>) {
  return Object.fromEntries(transfers.map(({ to, amountUnits }) => [to, amountUnits]))
}

describe('worked examples', () => {
  test.each([
    ['720 of 3,600 s release', 720, 3_600, 'Released'],
    ['719 of 3,600 s refund', 719, 3_600, 'Refunded'],
    ['1,080 of 5,400 s release', 1_080, 5_400, 'Released'],
    ['1,079 of 5,400 s refund', 1_079, 5_400, 'Refunded'],
    ['720 of 1,800 s release, as the session was booked for 3,600', 720, 1_800, 'Released'],
    ['719 of 1,800 s refund, though they are more than 20 %', 719, 1_800, 'Refunded'],
  ])('hardened: %s', (_, attended, lasted, state) => {
    const lesson = heldLesson({ policy: 'hardened' })
    expect(lesson.record(0, 0, 300)).toBe('accepted')
    expect(lesson.finish(lasted)).toBe('accepted')
    expect(lesson.record(1, 400, 400 + attended - 300, lasted + 899)).toBe('accepted')
    lesson.attempt(lasted + 900, 'keeper', 'process')
    expect(lesson.hold().state).toBe(state)
  })

  test.each(POLICIES)('%s: 100,000,001 units are 30,000,000 and 70,000,001', (policy) => {
    const lesson = heldLesson({ policy, priceUnits: 100_000_001n, hasReferrer: true })
    if (policy === 'hardened') lesson.record(0, 0, 3_600)
    lesson.finish(3_600)
    const paid = payouts(lesson.attempt(4_500, 'keeper', 'process', { release: true }))
    const commissionTo = policy === 'hardened' ? 'referrer0' : 'platform'
    expect(paid).toEqual({ teacher0: 70_000_001n, [commissionTo]: 30_000_000n })
  })

  test('without a referrer the whole price is the teacher’s', () => {
    const lesson = heldLesson({ policy: 'hardened' })
    lesson.record(0, 0, 3_600)
    lesson.finish(3_600)
    expect(payouts(lesson.attempt(4_500, 'keeper', 'process'))).toEqual({ teacher0: 100_000_000n })
  })
})

describe('as-described', () => {
  test('a rejoin forgets what was before, and a missing leave counts as nothing', () => {
    const lesson = heldLesson({ policy: 'as-described' })
    for (const [kind, at] of [
      ['joined', 0],
      ['left', 1_000],
      ['joined', 1_010],
    ] as const) {
      lesson.tell(kind, at)
    }
    expect(lesson.hold().figures.attendedSeconds).toBe(1_000n)
    lesson.tell('left', 1_110)
    expect(lesson.hold().figures.attendedSeconds).toBe(100n)
    lesson.tell('joined', 1_200)
    expect(lesson.hold().figures).toMatchObject({ attendedSeconds: 100n, intervals: 5n })
  })

  test('a leave that overtakes its join counts as nothing', () => {
    const lesson = heldLesson({ policy: 'as-described' })
    lesson.tell('left', 1_000)
    lesson.tell('joined', 0)
    expect(lesson.hold().figures.attendedSeconds).toBe(0n)
  })
})

describe('hardened', () => {
  test('the edges of every window belong to the side that the README says', () => {
    const lesson = heldLesson({ policy: 'hardened' })
    expect(lesson.outcome(7_199, 'student0', 'refundUnfinished')).toBe('TooEarly')
    lesson.finish(3_600, 7_300)
    expect(lesson.outcome(7_300, 'student0', 'refundUnfinished')).toBe('AlreadyFinished')
    expect(lesson.outcome(8_199, 'keeper', 'process')).toBe('AttestationOpen')
    expect(lesson.record(0, 0, 3_600, 8_199)).toBe('accepted')
    expect(lesson.record(1, 3_600, 3_601, 8_199)).toBe('InvalidInterval')
    expect(lesson.record(1, 3_600, 3_601, 8_200)).toBe('AttestationOver')
    expect(lesson.outcome(8_799, 'teacher0', 'process')).toBe('NotKeeper')
    expect(lesson.outcome(8_800, 'teacher0', 'process')).toBe('accepted')
    expect(lesson.outcome(8_800, 'keeper', 'process')).toBe('NotHeld')
  })

  test('a hold that nobody finishes is the student’s a session and an hour after the start', () => {
    const lesson = heldLesson({ policy: 'hardened' })
    const paid = payouts(lesson.attempt(7_200, 'student0', 'refundUnfinished'))
    expect(paid).toEqual({ student0: 100_000_000n })
  })

  test('records ascend, lie in the session so far, and come in their turn', () => {
    const lesson = heldLesson({ policy: 'hardened' })
    expect(lesson.record(1, 0, 100)).toBe('WrongIndex')
    expect(lesson.record(0, -1, 100)).toBe('InvalidInterval')
    expect(lesson.record(0, 0, 101, 100)).toBe('InvalidInterval')
    expect(lesson.record(0, 300, 400)).toBe('accepted')
    expect(lesson.record(0, 300, 400)).toBe('WrongIndex')
    expect(lesson.record(1, 399, 500)).toBe('InvalidInterval')
    expect(lesson.record(1, 400, 400)).toBe('InvalidInterval')
    expect(lesson.record(1, 400, 500)).toBe('accepted')
    expect(lesson.finish(499, 600)).toBe('InvalidEnd')
    expect(lesson.hold().figures).toMatchObject({ attendedSeconds: 200n })
  })

  test.each([
    [300, 2n],
    [301, 1n],
  ])('who joins %i s after the start is %i, whatever comes later', (joinedAt, attendance) => {
    const lesson = heldLesson({ policy: 'hardened' })
    lesson.record(0, joinedAt, 400)
    lesson.record(1, 500, 600)
    expect(lesson.hold().figures.attendance).toBe(attendance)
  })

  test('a share that cannot be pushed waits for its owner, and keeps nobody else waiting', () => {
    const token = 'refusesProviders'
    const lesson = heldLesson({ policy: 'hardened', hasReferrer: true, token })
    lesson.record(0, 0, 3_600)
    lesson.finish(3_600)
    const paid = payouts(lesson.attempt(4_500, 'keeper', 'process'))
    expect(paid).toEqual({ referrer0: 30_000_000n })
    expect(lesson.hold().figures.claimTeacher).toBe(70_000_000n)
    const own = lesson.outcome(4_500, 'teacher0', 'claim', { to: 'teacher0' })
    expect(own).toBe('ClaimFailed')
    const claimed = payouts(lesson.attempt(4_500, 'teacher0', 'claim', { to: 'elsewhere' }))
    expect(claimed).toEqual({ elsewhere: 70_000_000n })
  })
})
