/**
 * Design curves of attendance-hold: the threshold as a cliff. What the teacher is paid by the time
 * that the student attended, what one second more is worth, and how long is long enough.
 *
 * Pure. Every number is read from a play of the lifecycle machine; a test reads the same plays on
 * the contract and must get the same curves.
 */
import { divFloor } from '../../models/kit/money.ts'
import { POLICIES, type Policy, type StepAccount } from '../../models/kit/trace.ts'
import type { Curve } from '../../reports/record.ts'
import {
  CURVE_PARAMETERS,
  CURVE_TOKEN,
  type CurvePlay,
  type CurvePresence,
  PRESENCES,
  payoutOf,
  planPlay,
  playKey,
} from './curvePlays.ts'

type Series = Curve['series'][number]
type Point = Series['points'][number]

const PROTOCOL = 'attendance-hold'
const BOOKED_SECONDS = CURVE_PARAMETERS.sessionSeconds
const MINUTE_SECONDS = 60
const SECONDS = { unit: 'seconds', scale: 'linear' } as const
const UNITS = { unit: 'base units', scale: 'linear', token: CURVE_TOKEN } as const
const PRICED =
  'A lesson of 3,600 s for 100.00, threshold 20 %. As described the keeper decides by the figures.'

/** How a play is read: the accounts of its steps, predicted by the machine or observed. */
export type AccountsOf = (play: CurvePlay) => readonly StepAccount[]

const predicted: AccountsOf = (play) => planPlay(play).predictions.map(({ account }) => account)

/** What the teacher is paid in a play. */
type Payout = (play: CurvePlay) => bigint

/** All curves; those of the machine unless the accounts of somebody else are given. */
export function attendanceHoldCurves(accountsOf: AccountsOf = predicted): readonly Curve[] {
  const known = new Map<string, bigint>()
  const payout: Payout = (play) => {
    const key = playKey(play)
    const units = known.get(key) ?? payoutOf(accountsOf(play))
    known.set(key, units)
    return units
  }
  return [byAttendance(payout), oneSecondMore(payout), perMinute(payout), leastByLength(payout)]
}

/** Ways to be there that are drawn, with the name of their line. */
const WAYS: readonly (readonly [CurvePresence, name: string])[] = [
  ['whole', 'in one piece'],
  ['rejoins', 'one rejoin'],
  ['unseen', 'leave not seen'],
]

function playOf(policy: Policy, presence: CurvePresence, attendedSeconds: number): CurvePlay {
  const lastsSeconds = BOOKED_SECONDS
  return { policy, presence, attendedSeconds, lastsSeconds, isReferred: false }
}

/** Each minute of the lesson, and every second for a while around where the threshold can lie. */
function attendances(): readonly number[] {
  // Of two equal halves as described the second alone counts.
  const edges = [720, 1_440].flatMap((edge) =>
    [-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5].map((by) => edge + by),
  )
  const minutes = Array.from(
    { length: BOOKED_SECONDS / MINUTE_SECONDS + 1 },
    (_, minute) => minute * MINUTE_SECONDS,
  )
  // A rejoin takes ten seconds, which are not attended.
  const possible = [...minutes, ...edges].filter(
    (seconds) => seconds <= BOOKED_SECONDS - MINUTE_SECONDS,
  )
  return [...new Set(possible)].sort((one, other) => one - other)
}

/** A line for each way to be there, of both policies. */
function seriesOf(
  shape: Series['shape'],
  pointsOf: (playAt: (attendedSeconds: number) => CurvePlay) => readonly Point[],
): Series[] {
  return POLICIES.flatMap((policy) =>
    WAYS.map(([presence, name]): Series => {
      const points = [...pointsOf((attended) => playOf(policy, presence, attended))]
      return { name, policy, how: PRESENCES[presence], shape, points }
    }),
  )
}

function byAttendance(payout: Payout): Curve {
  const referred = POLICIES.map((policy): Series => {
    const points = attendances().map((x) => {
      return { x, y: payout({ ...playOf(policy, 'whole', x), isReferred: true }) }
    })
    return { name: 'referred', policy, how: PRESENCES.whole, shape: 'step', points }
  })
  return {
    ...{ protocol: PROTOCOL, id: 'payout-by-attendance' },
    title: 'What is the teacher paid, by how long the student was there?',
    about: `${PRICED} With a referrer 30 % are commission.`,
    x: { ...SECONDS, name: 'attended' },
    y: { ...UNITS, name: 'paid to the teacher' },
    series: [
      ...seriesOf('step', (playAt) => attendances().map((x) => ({ x, y: payout(playAt(x)) }))),
      ...referred,
    ],
  }
}

function oneSecondMore(payout: Payout): Curve {
  return {
    ...{ protocol: PROTOCOL, id: 'one-second-more' },
    title: 'What is one second more worth to the teacher?',
    about: `Payout less that of a second less; the largest is the height of the cliff. ${PRICED}`,
    x: { ...SECONDS, name: 'attended' },
    y: { ...UNITS, name: 'more than with a second less' },
    series: seriesOf('line', (playAt) =>
      attendances()
        .filter((x) => x > 0)
        .map((x) => ({ x, y: payout(playAt(x)) - payout(playAt(x - 1)) })),
    ),
  }
}

function perMinute(payout: Payout): Curve {
  return {
    ...{ protocol: PROTOCOL, id: 'price-per-minute' },
    title: 'What does a minute cost the student, by how long it was there?',
    about: `Payout by attended minutes, rounded down to a base unit. ${PRICED}`,
    x: { ...SECONDS, name: 'attended' },
    y: { ...UNITS, name: 'paid for each minute' },
    series: seriesOf('line', (playAt) =>
      attendances()
        .filter((x) => x > 0)
        .map((x) => {
          const forMinutes = payout(playAt(x)) * BigInt(MINUTE_SECONDS)
          return { x, y: divFloor(forMinutes, BigInt(x)) }
        }),
    ),
  }
}

/** Lessons from one that ends when the threshold is reached to one of twice what was booked. */
const LENGTHS_SECONDS = [720, 900, 1_800, 2_700, 3_600, 4_500, 5_400, 6_300, 7_200] as const

/** Least attendance that releases, by halving; null when not even all of the lesson does. */
function leastSeconds(isReleased: (attendedSeconds: number) => boolean, most: number) {
  if (!isReleased(most)) return null
  let [refunded, released] = [-1, most]
  while (released - refunded > 1) {
    const between = Math.floor((refunded + released) / 2)
    if (isReleased(between)) released = between
    else refunded = between
  }
  return released
}

function leastByLength(payout: Payout): Curve {
  const pointsOf = (policy: Policy, presence: CurvePresence): readonly Point[] =>
    LENGTHS_SECONDS.flatMap((lastsSeconds) => {
      const isReleased = (attendedSeconds: number) =>
        payout({ policy, presence, attendedSeconds, lastsSeconds, isReferred: false }) > 0n
      // A rejoin takes ten seconds, which are not attended.
      const most = presence === 'rejoins' ? lastsSeconds - 10 : lastsSeconds
      const least = leastSeconds(isReleased, most)
      return least === null ? [] : [{ x: lastsSeconds, y: least }]
    })
  return {
    ...{ protocol: PROTOCOL, id: 'least-by-length' },
    title: 'How long must the student be there for a release, by how long the lesson was?',
    about:
      'Least number of attended seconds that releases; no point where not even the whole lesson ' +
      'does. Hardened a lesson that ends early is measured by what was booked, 3,600 s.',
    x: { ...SECONDS, name: 'length of the lesson' },
    y: { ...SECONDS, name: 'least attendance that releases' },
    series: POLICIES.flatMap((policy) =>
      WAYS.map(([presence, name]): Series => {
        const points = [...pointsOf(policy, presence)]
        return { name, policy, how: PRESENCES[presence], shape: 'line', points }
      }).filter(({ points }) => points.length > 0),
    ),
  }
}
