/**
 * Goal: how small a parameter may be is answered as playing every run at every value would, with
 * the same bytes on any number of workers, judged on runs that the search never saw, and shown on
 * Anvil. Method: the proof window of token-job over a few seconds, where everything can be played.
 */
import { expect, test } from 'vitest'
import { MeterproofError } from '../../models/kit/error.ts'
import { stringifyJson } from '../../reports/json.ts'
import type { Smallest } from '../../reports/record.ts'
import { proportion } from '../../reports/statistics/proportion.ts'
import type { TraceFile } from '../../reports/traceFile.ts'
import { designAt, lossOf, parseSmallest, questionsOf } from '../../sim/smallest.ts'
import type { SimulatedWorld, SimulationSpec } from '../../sim/world/simulated.ts'
import { WORLDS, worldOf } from '../../sim/worlds.ts'
import { type ReplayResult, replayTrace } from '../replay.ts'
import { specsOf } from './records.ts'
import { findSmallest, type SmallestFinding } from './smallest.ts'
import {
  type SmallestRecord,
  type SmallestRecordOptions,
  shareOfAmount,
  smallestRecord,
  summaryOf,
} from './smallestRecord.ts'
import { type Losses, searchSmallest } from './smallestSearch.ts'

const world = worldOf('token-job')
const question = parseSmallest(world, 'proofWindowSeconds=0..20')
const DESIGN = {
  ...{ protocol: 'token-job', policies: ['hardened'] as const, regimes: ['none'] as const },
  ...{ profiles: ['l2'], seed: 1 },
}
const spec = specsOf(DESIGN)[0] as SimulationSpec
const point = { settings: {}, spec }
const RUNS = 16
const never = new AbortController().signal
const quiet = { signal: never, onProgress: () => {} }

function played(value: bigint, run: number): bigint {
  const design = designAt(question, spec, value)
  return lossOf(question, design, world.play(design, run, 'summary').facts(false))
}

function found(more: Partial<Parameters<typeof findSmallest>[0]> = {}) {
  const options = { question, points: [point], runs: RUNS, workers: 1, ...quiet }
  return findSmallest({ ...options, ...more })
}

test('smallest › is what playing every run at every value gives', async () => {
  const [finding] = (await found()) as [SmallestFinding]
  const values = Array.from({ length: 21 }, (_, value) => BigInt(value))
  const runs = Array.from({ length: RUNS }, (_, run) => run)
  const losing = values.filter((value) => runs.some((run) => played(value, run) > 0n))
  const highest = losing.at(-1) as bigint

  expect(finding.answer).toEqual({ kind: 'found', value: highest + 1n })
  expect(highest).toBeGreaterThan(0n)
  const tried = new Map<bigint, Losses>()
  const search = searchSmallest(question.range, RUNS, tried)
  let next = search.next()
  while (!next.done) {
    const { value, runs: asked } = next.value
    next = search.next(new Map(asked.map((run) => [run, played(value, run)])))
  }
  expect(finding.tried).toEqual(tried)
})

test('smallest › is judged on runs that the search has not seen', async () => {
  const [finding] = (await found()) as [SmallestFinding]
  const { answer, fresh, tried } = finding
  const value = answer !== null && 'value' in answer ? answer.value : -1n

  expect([...fresh.keys()]).toEqual(Array.from({ length: RUNS }, (_, index) => RUNS + index))
  for (const [run, loss] of fresh) expect(loss).toBe(played(value, run))
  for (const losses of tried.values()) expect(Math.max(...losses.keys())).toBeLessThan(RUNS)
})

test('smallest › an interruption leaves what was tried until then', async () => {
  const controller = new AbortController()
  const [finding, more] = await found({
    points: [point, point],
    signal: controller.signal,
    onProgress: ({ done }) => {
      if (done >= 2 * RUNS) controller.abort()
    },
  })

  expect(more).toBeUndefined()
  expect(finding?.answer).toBeNull()
  expect(finding?.tried.size).toBeGreaterThanOrEqual(1)
  expect(finding?.fresh.size).toBe(0)
})

test('loss › a run that was given up counts as losing all that is at stake', () => {
  const facts = world.play(spec, 0, 'summary').facts(false)
  const open = { ...facts, isStarted: true, isOver: false, samples: {} }

  expect(lossOf(question, spec, open)).toBe(question.most(spec))
  expect(lossOf(question, spec, { ...open, isStarted: false })).toBe(0n)
  expect(lossOf(question, spec, { ...facts, samples: { hostLoss: [3, 4n] } })).toBe(7n)
  expect(() => lossOf(question, spec, { ...facts, samples: { hostLoss: [1_001] } })).toThrow(
    'at stake',
  )
})

test('bound › nothing in n fresh runs is the rule of three, times what is at stake', () => {
  expect(shareOfAmount(proportion(0, 400).high, 10_000_000n)).toBe(74_614n)
  expect(shareOfAmount(proportion(0, 3_000).high, 10_000_000n)).toBeLessThanOrEqual(10_000n)
  expect(shareOfAmount(proportion(400, 400).high, 10_000_000n)).toBe(10_000_000n)
  expect(shareOfAmount(0.000000001, 1n)).toBe(1n)
  expect(shareOfAmount(0, 10n)).toBe(0n)
})

test('bound › of the mean covers it in at least 95 of 100 cases', () => {
  // Of runs that lose everything with a chance of 1 %, the mean loss is 1 % of what is at stake.
  const [runs, stake] = [200, 1_000n]
  let [state, covered] = [12_345, 0]
  const draw = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff
    return (state >>> 8) / 2 ** 23
  }
  for (let trial = 0; trial < 2_000; trial += 1) {
    const losing = Array.from({ length: runs }, draw).filter((each) => each < 0.01).length
    if (shareOfAmount(proportion(losing, runs).high, stake) >= 10n) covered += 1
  }

  expect(covered).toBeGreaterThanOrEqual(1_900)
})

const BAD_QUESTIONS = [
  { typed: 'window', code: 'MP_SWEEP_SMALLEST', names: ['window', 'proofWindowSeconds'] },
  { typed: '', code: 'MP_SWEEP_SMALLEST', names: ['(nothing)', 'proofWindowSeconds'] },
  { typed: 'hostBps', code: 'MP_SWEEP_SMALLEST', names: ['hostBps', 'proofWindowSeconds'] },
  { typed: 'profile', code: 'MP_SWEEP_SMALLEST', names: ['profile'] },
  { typed: 'proofWindowSeconds=', code: 'MP_SWEEP_VALUE', names: ['60..7200'] },
  { typed: 'proofWindowSeconds=5', code: 'MP_SWEEP_VALUE', names: ['60..7200'] },
  { typed: 'proofWindowSeconds=1.5..9', code: 'MP_SWEEP_VALUE', names: ['1.5..9'] },
  { typed: 'proofWindowSeconds=1..9:2', code: 'MP_SWEEP_VALUE', names: ['1..9:2'] },
  { typed: 'proofWindowSeconds=9..5', code: 'MP_SWEEP_RANGE_EMPTY', names: ['9..5'] },
  {
    ...{ typed: 'proofWindowSeconds=0..86401', code: 'MP_SWEEP_OUT_OF_RANGE' },
    names: ['86401', 'from 0 to 86400'],
  },
]

test.each(BAD_QUESTIONS)('question › "$typed" is refused with $code', ({ typed, code, names }) => {
  const thrown = caught(() => parseSmallest(world, typed))

  expect([thrown.code, thrown.class]).toEqual([code, 'usage'])
  for (const name of names) expect(thrown.format()).toContain(name)
})

test('question › without a range it is the whole one, and all worlds’ questions make sense', () => {
  expect(parseSmallest(world, 'proofWindowSeconds').range).toEqual({ least: 0n, most: 86_400n })
  const none: SimulatedWorld = { ...worldOf('session-escrow') }
  expect(caught(() => parseSmallest(none, 'feeBps')).format()).toContain(
    'nothing of session-escrow',
  )
  const asked = WORLDS.flatMap((each) => questionsOf(each).map(({ parameter }) => parameter))
  expect(asked).toEqual(expect.arrayContaining(['proofWindowSeconds', 'challengeSeconds']))
})

test('question › of several losses the first is meant, and any can be named', () => {
  const channel = worldOf('payment-channel')
  const lossIn = (loss: string | null) => parseSmallest(channel, 'challengeSeconds', loss).loss
  const thrown = caught(() => lossIn('gas'))

  expect([lossIn(null), lossIn('voucherLossOnline')]).toEqual(['voucherLoss', 'voucherLossOnline'])
  expect([thrown.code, thrown.class]).toEqual(['MP_SWEEP_SMALLEST', 'usage'])
  expect(thrown.format()).toContain('voucherLoss, voucherLossOnline')
})

const entry = (more: Partial<Smallest>): Smallest =>
  ({ ...{ parameter: 'p', least: 1, most: 9, runs: 5, regime: 'none' }, ...more }) as Smallest
const SAFE = entry({
  outcome: 'found',
  value: 4,
  fresh: { runs: 5, losing: 0 } as Smallest['fresh'],
})
const UNSAFE = { ...SAFE, fresh: { ...SAFE.fresh, losing: 2 } as Smallest['fresh'] }
const NONE = entry({ outcome: 'none', losing: { run: 3, loss: 8n } as Smallest['losing'] })

test('summary › answered, without a safe value, different from the contract, interrupted', () => {
  const codes = (smallest: readonly Smallest[], divergence: string | null = null, cut = false) => {
    const { verdict, exitCode, reasons } = summaryOf(smallest, [null, { divergence }], cut)
    return [verdict, exitCode, reasons.length]
  }

  expect(codes([SAFE])).toEqual(['held', 0, 0])
  expect(codes([SAFE, UNSAFE])).toEqual(['inconclusive', 2, 1])
  expect(codes([NONE])).toEqual(['inconclusive', 2, 1])
  expect(codes([SAFE], 'paid 1, not 2')).toEqual(['violated', 1, 1])
  expect(codes([SAFE], null, true)).toEqual(['interrupted', 130, 0])
  expect(summaryOf([NONE], [], false).reasons[0]).toContain('run 3 loses 8 even at 9')
  expect(summaryOf([UNSAFE], [], false).reasons[0]).toContain('not safe: 2 of 5 fresh ones lose')
})

const RECORD: SmallestRecordOptions = {
  ...{ ...DESIGN, question, runs: RUNS, axes: [], workers: 1, ...quiet },
  replayCommand: (file) => `npx meterproof replay ${file}`,
}
/** Starts Anvil. */
const RECORD_MS = 120_000
let known: Promise<SmallestRecord> | null = null
/** Made once, and not before it is needed: a busy event loop would keep Anvil from starting. */
function whole(): Promise<SmallestRecord> {
  known ??= smallestRecord(RECORD)
  return known
}

test(
  'record › has the same bytes on two workers, but for the wall',
  async () => {
    const [one, two] = [await whole(), await smallestRecord({ ...RECORD, workers: 2 })]
    const bytes = ({ record, traceFiles }: typeof one) =>
      stringifyJson([{ ...record, wall: null }, ...traceFiles])

    expect(bytes(two)).toBe(bytes(one))
  },
  RECORD_MS,
)

test(
  'record › the losing run is a scenario, executed on Anvil, with the same run at the answer',
  async () => {
    const { record, traceFiles } = await whole()
    const [answer] = record.smallest as [Smallest]
    const { losing, value } = answer
    const [first, second, ...rest] = record.scenarios ?? []

    expect(losing).toMatchObject({ value: Number(value) - 1, confirmedOnMinedLane: true })
    expect(losing?.loss).toBe(played(BigInt(Number(value) - 1), losing?.run ?? -1))
    expect(first).toMatchObject({ id: losing?.scenario, kind: 'counterexample', run: losing?.run })
    expect(second).toMatchObject({ id: losing?.safeScenario, kind: 'sample', run: losing?.run })
    expect(first?.replayCommand).toBe(losing?.replayCommand)
    expect(first?.trace?.steps.length).toBe(first?.steps.length)
    expect(rest).toEqual([])
    expect([...traceFiles.keys()]).toEqual([losing?.traceFile])
  },
  RECORD_MS,
)

test(
  'trace › replays with the same loss, and is refused when the world plays differently',
  async () => {
    const { traceFiles } = await whole()
    const [file] = [...traceFiles.values()] as [TraceFile]
    const replay = (each: TraceFile): Promise<ReplayResult> =>
      replayTrace(each, { lane: 'mined', contract: null, signal: never })
    const { simulation } = file
    const safe = { ...file, parameters: { ...file.parameters, proofWindowSeconds: 20 } }
    const other = { ...file, simulation: { ...simulation, loss: 'nothing' } } as TraceFile

    expect(await replay(file)).toMatchObject({
      ...{ sameVerdict: true, recorded: 'violated', observed: 'violated', sameBytecode: true },
      evidence: `hostLoss: ${file.finding?.evidence}`,
    })
    await expect(replay(safe)).rejects.toMatchObject({ code: 'MP_TRACE_WORLD' })
    await expect(replay(other)).rejects.toMatchObject({ code: 'MP_TRACE_WORLD' })
  },
  RECORD_MS,
)

test('record › a range whose ends make no sense in the design is refused', async () => {
  const axes = [{ name: 'depositUnits', values: [1n] }]

  await expect(smallestRecord({ ...RECORD, axes })).rejects.toMatchObject({
    code: 'MP_SWEEP_OUT_OF_RANGE',
  })
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
