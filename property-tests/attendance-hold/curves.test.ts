/**
 * Goal: the design curves say what the contract does, at every point, and what the README claims.
 * Method: every play of every curve is executed on the real contract; the curves that are read from
 * its transfers must be those of the machine.
 */
import { expect, test } from 'vitest'
import { POLICIES } from '../../models/kit/trace.ts'
import type { Plan } from '../kit/plan.ts'
import { describeCurvesOnContract, seriesIn } from '../testing/curveSuite.ts'
import { CURVE_PARAMETERS, planPlay, playKey } from './curvePlays.ts'
import { attendanceHoldCurves } from './curves.ts'

const plans = new Map<string, Plan>()
const curves = attendanceHoldCurves((play) => {
  const plan = planPlay(play)
  plans.set(playKey(play), plan)
  return plan.predictions.map(({ account }) => account)
})
const seriesOf = seriesIn(curves)

const PRICE = 100_000_000n

/** The seconds at which the payout changes, and by how much. */
function cliffs(policy: string, name: string) {
  const { points } = seriesOf('one-second-more', policy, name)
  expect(points.length).toBeGreaterThan(70)
  return points.filter(({ y }) => y !== 0n).map(({ x, y }) => [x, y])
}

test.each(['in one piece', 'one rejoin', 'leave not seen'])(
  'hardened, %s › the 720th second is worth the whole price, every other one nothing',
  (name) => {
    expect(cliffs('hardened', name)).toEqual([[720, PRICE]])
  },
)

test('as described › a rejoin moves the cliff twice as far, a leave that is lost to never', () => {
  expect(cliffs('as-described', 'in one piece')).toEqual([[720, PRICE]])
  expect(cliffs('as-described', 'one rejoin')).toEqual([[1_439, PRICE]])
  expect(cliffs('as-described', 'leave not seen')).toEqual([])
})

test.each(POLICIES)(
  '%s › with a referrer the teacher has 70 of 100, from the same second',
  (policy) => {
    const { points } = seriesOf('payout-by-attendance', policy, 'referred')

    expect(points.filter(({ y }) => y !== 0n).map(({ x }) => x)[0]).toBe(720)
    expect(new Set(points.map(({ y }) => y))).toEqual(new Set([0n, 70_000_000n]))
  },
)

test('a minute is dearest on the edge: 8.33 there, 1.69 for nearly all of the lesson', () => {
  const { points } = seriesOf('price-per-minute', 'hardened', 'in one piece')
  const at = (seconds: number) => points.find(({ x }) => x === seconds)?.y

  expect([at(719), at(720), at(3_540)]).toEqual([0n, 8_333_333n, 1_694_915n])
})

test('hardened › ending early makes no release easier, and a longer lesson asks for more', () => {
  const least = (policy: string, name: string) =>
    seriesOf('least-by-length', policy, name).points.map(({ y }) => y)

  expect(least('hardened', 'in one piece')).toEqual([
    720, 720, 720, 720, 720, 900, 1_080, 1_260, 1_440,
  ])
  expect(least('hardened', 'leave not seen')).toEqual(least('hardened', 'in one piece'))
  expect(new Set(least('as-described', 'in one piece'))).toEqual(new Set([720]))
})

describeCurvesOnContract({
  protocol: 'attendance-hold',
  parameters: CURVE_PARAMETERS,
  plans,
  playKey,
  curves,
  curvesOf: attendanceHoldCurves,
  playsMin: 600,
})
