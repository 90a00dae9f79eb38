/**
 * Goal: a sweep that was interrupted ends with the same bytes as one that was not, whatever became
 * of its file of points; and what makes no sense is refused with its name and value.
 */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { MeterproofError } from '../../models/kit/error.ts'
import { stringifyJson } from '../../reports/json.ts'
import * as sweeps from '../../sim/sweep.ts'
import { designOf, type SimulatedWorld, type SimulationSpec } from '../../sim/world/simulated.ts'
import { worldOf } from '../../sim/worlds.ts'
import { measureGas } from './gas.ts'
import { gasFor, gasOf } from './gasTable.ts'
import { namedOutcomes } from './measures.ts'
import * as objectivesOf from './objectives.ts'
import { memoryPointStore, openPointStore, type PointStore } from './pointStore.ts'
import { specsOf } from './records.ts'
import { sweepGrid, sweepSection } from './sweep.ts'

const world = worldOf('session-escrow')
const parseAxis = (typed: string) => sweeps.parseAxis(world, typed)
const parseObjective = (typed: string) => objectivesOf.parseObjective(world, typed)
const gridOf = (spec: SimulationSpec, axes: readonly sweeps.SweepAxis[]) =>
  sweeps.gridOf(world, spec, axes)

const DESIGN: Parameters<typeof specsOf>[0] = {
  ...{ protocol: 'session-escrow', policies: ['hardened'], regimes: ['mixed'] },
  ...{ profiles: ['l2'], seed: 5 },
}
const base = specsOf(DESIGN)[0] as SimulationSpec
const axes = [parseAxis('silenceTimeoutSeconds=10,20'), parseAxis('feeBps=0..100:100')]
const objectives = [parseObjective('settle.p50'), parseObjective('payerExposure.p50:min')]
const common = { world, points: gridOf(base, axes), runs: 24, workers: 1, gas: {} }
const never = new AbortController().signal

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meterproof-sweep-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function swept(store: PointStore, pointsUntilAbort = Number.POSITIVE_INFINITY) {
  const controller = new AbortController()
  const grid = await sweepGrid({
    ...{ ...common, store, signal: controller.signal },
    onProgress({ done }) {
      if (done >= pointsUntilAbort * common.runs) controller.abort()
    },
  })
  const text = stringifyJson(sweepSection(grid.finished, { base, axes, objectives }))
  return { ...grid, text }
}

test('sweep › resumed after an abort gives the bytes of an uninterrupted one', async () => {
  const path = join(folder, 'out', 'points.jsonl')
  const whole = await swept(memoryPointStore())
  const first = await swept(openPointStore(path), 2)
  expect([first.finished.length, first.missing]).toEqual([2, 2])

  const resumed = await swept(openPointStore(path))
  const again = await swept(openPointStore(path))

  expect([resumed.known, resumed.missing]).toEqual([2, 0])
  expect(again.known).toBe(4)
  expect(resumed.text).toBe(whole.text)
  expect(again.text).toBe(whole.text)
  expect(readFileSync(path, 'utf8').trimEnd().split('\n')).toHaveLength(4)
})

test('sweep › broken and altered lines are named and computed again', async () => {
  const path = join(folder, 'points.jsonl')
  const whole = await swept(openPointStore(path))
  const [first = '', second = '', ...rest] = readFileSync(path, 'utf8').trimEnd().split('\n')
  const altered = second.replace(/"runs":\d+/, '"runs":9')
  writeFileSync(path, [first, altered, 'no json', ...rest].join('\n'))
  appendFileSync(path, '\n{"key":"half a li')

  const store = openPointStore(path)
  const repaired = await swept(store)

  expect(store.brokenLines).toEqual([2, 3, 6])
  expect(repaired.known).toBe(3)
  expect(repaired.text).toBe(whole.text)
  expect(openPointStore(path).brokenLines).toEqual([2, 3, 6])
  expect((await swept(openPointStore(path))).known).toBe(4)
})

test('sweep › two workers give the bytes of one', async () => {
  const one = await swept(memoryPointStore())
  const two = await sweepGrid({
    ...{ ...common, workers: 2, store: memoryPointStore(), signal: never },
    onProgress: () => {},
  })

  expect(two.finished).toEqual(one.finished)
})

test('axis › values, ranges and mixtures', () => {
  expect(parseAxis('silenceTimeoutSeconds=10..30:5').values).toEqual([10, 15, 20, 25, 30])
  expect(parseAxis('feeBps=0,5..7,5,100').values).toEqual([0, 5, 6, 7, 100])
  expect(parseAxis('ratePerSecondUnits=10..30:10').values).toEqual([10n, 20n, 30n])
  expect(parseAxis('profile=l2,fast').values).toEqual(['l2', 'fast'])
  for (const { name } of sweeps.sweepParametersOf(world)) expect(name).not.toBe('')
})

const BAD_AXES = [
  { typed: 'heartbeat=5', code: 'MP_SWEEP_PARAMETER', names: ['heartbeat', 'heartbeatInterval'] },
  { typed: '', code: 'MP_SWEEP_PARAMETER', names: ['(nothing)'] },
  { typed: 'feeBps', code: 'MP_SWEEP_RANGE_EMPTY', names: ['feeBps'] },
  { typed: 'feeBps=', code: 'MP_SWEEP_RANGE_EMPTY', names: ['feeBps'] },
  { typed: 'feeBps=30..10:5', code: 'MP_SWEEP_RANGE_EMPTY', names: ['30..10:5'] },
  { typed: 'feeBps=10..30:0', code: 'MP_SWEEP_RANGE_EMPTY', names: ['10..30:0'] },
  { typed: 'feeBps=1e3', code: 'MP_SWEEP_VALUE', names: ['1e3', '10..30:5'] },
  { typed: 'feeBps=1.5', code: 'MP_SWEEP_VALUE', names: ['1.5'] },
  { typed: 'feeBps=2001', code: 'MP_SWEEP_OUT_OF_RANGE', names: ['feeBps', '2001', '0 to 2000'] },
  { typed: 'feeBps=-1', code: 'MP_SWEEP_OUT_OF_RANGE', names: ['-1'] },
  { typed: 'heartbeatIntervalSeconds=0', code: 'MP_SWEEP_OUT_OF_RANGE', names: ['1 to 60'] },
  { typed: 'profile=l3', code: 'MP_SWEEP_OUT_OF_RANGE', names: ['l3', 'l1, l2, fast'] },
  { typed: 'profile=l1..l2', code: 'MP_SWEEP_VALUE', names: ['l1..l2'] },
  { typed: 'depositUnits=0..999999999', code: 'MP_SWEEP_TOO_LARGE', names: ['10000'] },
]

test.each(BAD_AXES)('axis › $typed is refused with $code', ({ typed, code, names }) => {
  const thrown = caught(() => parseAxis(typed))

  expect([thrown.code, thrown.class]).toEqual([code, 'usage'])
  for (const name of names) expect(thrown.format()).toContain(name)
})

test('grid › refuses an axis given twice and a deposit that pays for nothing', () => {
  const twice = caught(() => gridOf(base, [parseAxis('feeBps=1'), parseAxis('feeBps=2')]))
  const poor = caught(() => gridOf(base, [parseAxis('depositUnits=9999')]))

  expect([twice.code, poor.code]).toEqual(['MP_SWEEP_PARAMETER', 'MP_SWEEP_OUT_OF_RANGE'])
  expect(poor.format()).toContain('9999')
})

test.each(['speed', 'leakage.p42', 'gas:up', 'feeRealised', 'leakage:min:max', '', 'toString'])(
  'objective › "%s" is refused',
  (typed) => {
    const thrown = caught(() => parseObjective(typed))

    expect([thrown.code, thrown.class]).toEqual(['MP_SWEEP_OBJECTIVE', 'usage'])
  },
)

test('objective › a bare measure means its usual statistic and direction', () => {
  expect(parseObjective('gas:min')).toEqual({ name: 'gas.mean', better: 'less' })
  expect(parseObjective('leakage')).toEqual({ name: 'leakage.p95', better: 'less' })
  expect(parseObjective('feeRealised:max')).toEqual({ name: 'feeRealised.mean', better: 'more' })
  expect([...namedOutcomes(world).keys()]).toContain('falseStop.rate')
})

test('gas › is what the contract uses; a fee and evidence cost extra', async () => {
  const table = await measureGas('session-escrow', ['as-described', 'hardened'])
  const hardened = gasFor(table, base)
  const withFee = gasFor(table, { ...base, parameters: { ...base.parameters, feeBps: 100 } })
  const described = gasFor(table, { ...base, policy: 'as-described' })

  for (const action of ['deposit', 'join', 'topUp', 'stop', 'settle', 'cancel']) {
    expect(gasOf(hardened, action)).toBeGreaterThan(21_000)
  }
  expect(gasOf(withFee, 'settle')).toBeGreaterThan(gasOf(hardened, 'settle'))
  expect(gasOf(hardened, 'stop')).toBeGreaterThan(gasOf(described, 'stop'))
  expect(gasOf(hardened, 'settle!NotSeenBefore')).toBe(gasOf(hardened, 'settle!NotStopped'))
})

/** A world like the real one, whose deployment has fields of every kind. */
const oddWorld: SimulatedWorld = {
  ...world,
  protocol: 'odd',
  parameters: z.strictObject({
    mode: z.enum(['upfront', 'constant']).default('constant').describe('when it is paid'),
    totalUnits: z.bigint().min(1n).max(10n).default(5n).describe('all of it'),
    isLate: z.boolean().default(false).describe('whether it may be late'),
    rows: z.array(z.string()).default([]).describe('nothing to sweep over'),
  }),
  terms: [
    {
      ...{ name: 'tokens', about: 'asked for', unit: 'tokens', kind: 'integer' },
      ...{ default: 100, least: 1, most: 5_000 },
    },
  ],
}

test('axis › words, amounts, truth values and terms of any world', () => {
  const spec = { ...base, protocol: 'odd', ...designOf(oddWorld) }
  const names = sweeps.sweepParametersOf(oddWorld).map(({ name }) => name)
  const set = (typed: string) => sweeps.withSetting(oddWorld, spec, typed)

  expect(names).toEqual(['mode', 'totalUnits', 'isLate', 'tokens', 'profile'])
  expect(set('mode=upfront').parameters.mode).toBe('upfront')
  expect(set('totalUnits=7').parameters.totalUnits).toBe(7n)
  expect(set('isLate=true').parameters.isLate).toBe(true)
  expect(set('tokens=2450').terms).toEqual({ tokens: 2_450 })
  expect(
    sweeps.gridOf(oddWorld, spec, [sweeps.parseAxis(oddWorld, 'mode=upfront,constant')]),
  ).toHaveLength(2)
  for (const typed of ['mode=sometimes', 'totalUnits=11', 'isLate=1', 'tokens=0', 'rows=1']) {
    expect(caught(() => set(typed)).class).toBe('usage')
  }
})

test('setting › one value, checked together with the others', () => {
  const settings = (...typed: readonly string[]) => specsOf({ ...DESIGN, settings: typed })
  const codes = [['feeBps=1,2'], ['feeBps=2001'], ['fee=1'], ['depositUnits=1']].map((typed) => {
    return caught(() => settings(...typed)).code
  })

  expect(settings('feeBps=250')[0]?.parameters.feeBps).toBe(250)
  expect(settings('depositUnits=1', 'ratePerSecondUnits=1')).toHaveLength(1)
  expect(codes).toEqual([
    ...['MP_SWEEP_VALUE', 'MP_SWEEP_OUT_OF_RANGE'],
    ...['MP_SWEEP_PARAMETER', 'MP_SWEEP_OUT_OF_RANGE'],
  ])
})

function caught(action: () => unknown): MeterproofError {
  try {
    action()
  } catch (error) {
    if (error instanceof MeterproofError) return error
    throw error
  }
  throw new Error('nothing was refused')
}
