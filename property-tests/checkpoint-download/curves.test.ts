/**
 * Goal: the design curves say what the contract does, at every point, and what the README claims.
 * Method: every play of every curve is executed on the real contract; the curves that are read from
 * its transfers and figures must be those of the machine.
 */
import { expect, test } from 'vitest'
import { POLICIES } from '../../models/kit/trace.ts'
import type { Plan } from '../kit/plan.ts'
import { describeCurvesOnContract, seriesIn } from '../testing/curveSuite.ts'
import { CURVE_PARAMETERS, planPlay, playKey } from './curvePlays.ts'
import { checkpointDownloadCurves } from './curves.ts'

const MEBIBYTE = 1_048_576
const plans = new Map<string, Plan>()
const curves = checkpointDownloadCurves((play) => {
  const plan = planPlay(play)
  plans.set(playKey(play), plan)
  return plan.predictions.map(({ account }) => account)
})
const seriesOf = seriesIn(curves)

const valuesOf = (id: string, policy: string, name: string) =>
  seriesOf(id, policy, name).points.map(({ y }) => y)
const mostOf = (values: readonly (number | bigint)[]) =>
  values.reduce((most, each) => (each > most ? each : most))

const FIRST = [5, 10, 20].map((mebibytes) => `first ${mebibytes} MiB`)

test.each(FIRST)('hardened, %s › a completed download is paid to the unit, of any size', (name) => {
  const { points } = seriesOf('unpaid-by-size', 'hardened', name)

  expect(points.length).toBeGreaterThan(100)
  expect(new Set(points.map(({ y }) => y))).toEqual(new Set([0]))
  expect([points[0]?.x, points.at(-1)?.x]).toEqual([1, 2 ** 30])
})

test('as described › a file below the first checkpoint is free, a tail always', () => {
  const { points } = seriesOf('unpaid-by-size', 'as-described', 'first 10 MiB')
  const at = (bytes: number) => points.find(({ x }) => x === bytes)?.y

  expect(points.filter(({ x }) => x < 10 * MEBIBYTE).every(({ y }) => y === 1_000_000)).toBe(true)
  expect([10, 30, 70, 150, 310, 630].map((mebibytes) => at(mebibytes * MEBIBYTE))).toEqual(
    Array.from({ length: 6 }, () => 0),
  )
  // One byte beyond a checkpoint is one byte for nothing: 1 / 10,485,761 is 0.1 millionths.
  expect(at(10 * MEBIBYTE + 1)).toBe(1)
  // 30 MiB less a byte of which 10 MiB are paid: two thirds, less a byte.
  expect(at(30 * MEBIBYTE - 1)).toBe(666_667)
  // Reported at the end, a GiB costs the first 10 MiB: 1,014 of 1,024.
  expect(valuesOf('unpaid-by-behaviour', 'as-described', 'one report').at(-1)).toBe(990_235)
  expect(mostOf(valuesOf('unpaid-by-behaviour', 'as-described', 'tail paid'))).toBe(0)
})

/** Base units at risk of a GB, by growth factor: what the cap is for. */
const AT_RISK: readonly (readonly [name: string, described: bigint, hardened: bigint])[] = [
  ['×1', 10_000_000_000_000_000n, 10_000_000_000_000_000n],
  ['×1.5', 256_289_062_500_000_000n, 50_000_000_000_000_000n],
  ['×2', 323_674_316_406_250_000n, 50_000_000_000_000_000n],
  ['×3', 553_674_316_406_250_000n, 50_000_000_000_000_000n],
  ['×4', 640_000_000_000_000_000n, 50_000_000_000_000_000n],
]

test.each(AT_RISK)('growth %s › as described %d are at risk, hardened %d', (name, ...worst) => {
  const found = POLICIES.map((policy) => mostOf(valuesOf('provider-at-risk-1-gb', policy, name)))

  expect(found).toEqual(worst)
})

test('sunk › smaller steps raise it to nearly the price; upfront and hardened it follows', () => {
  const sunk = (policy: string, name: string) =>
    mostOf(valuesOf('downloader-sunk-1-gb', policy, name))
  const price = 953_674_316_406_250_000n

  expect(sunk('hardened', '×1')).toBe(950_000_000_000_000_000n)
  expect(sunk('as-described', '×3')).toBe(400_000_000_000_000_000n)
  expect(sunk('as-described', 'upfront')).toBe(price)
  expect(sunk('hardened', 'upfront')).toBe((price * 9n) / 10n)
  expect(mostOf(valuesOf('downloader-prepaid', 'hardened', 'upfront, handed over'))).toBe(0n)
  expect(mostOf(valuesOf('downloader-prepaid', 'as-described', 'upfront, handed over'))).toBe(
    100n * 10n ** 15n,
  )
})

test('growth choice › doubling asks for 21 payments a gigabyte where one size asks for 96', () => {
  const paymentsOf = (policy: string) =>
    seriesOf('growth-choice', policy, 'at checkpoints').points.map(({ x, label }) => {
      return [label, x]
    })
  const far = seriesOf('growth-choice', 'hardened', 'beyond checkpoints')

  expect(paymentsOf('hardened')).toEqual([
    ...[
      ['×1', 96],
      ['×1.5', 22],
      ['×2', 21],
      ['×3', 21],
    ],
    ['×4', 21],
  ])
  expect(paymentsOf('as-described').map(([, x]) => x)).toEqual([95, 9, 6, 4, 4])
  // Beyond a checkpoint goes a segment less a byte, so twice the largest is the worst.
  expect(mostOf(far.points.map(({ y }) => y))).toBe(99_999_999_046_325_683n)
})

describeCurvesOnContract({
  protocol: 'checkpoint-download',
  parameters: CURVE_PARAMETERS,
  plans,
  playKey,
  curves,
  curvesOf: checkpointDownloadCurves,
  playsMin: 800,
})
