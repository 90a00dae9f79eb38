/**
 * Goal: pairs of edges, errors and edges under faults are counted as by hand.
 */
import { expect, test } from 'vitest'
import { declaredEdges } from '../../models/kit/edges.ts'
import { pairFacts, revertFacts } from '../../reports/coverageFacts.ts'
import { exampleRecord } from '../../reports/exampleRecord.ts'
import type { Coverage } from '../../reports/record.ts'
import { summarise as summariseRun } from '../../reports/verdict.ts'
import type { Fault } from '../../sim/faults/fault.ts'
import { WORLD_EPOCH_SECONDS } from '../../sim/world/setup.ts'
import { uncovered } from '../kit/buildRecord.ts'
import { counter, summarise } from '../kit/conformance.ts'
import { predictedTrace } from '../kit/detect.ts'
import type { Execution } from '../kit/execute.ts'
import { planSteps } from '../kit/plan.ts'
import { tallyOf } from '../kit/tally.ts'
import { sessionEscrowPlayer as player } from '../session-escrow/player.ts'
import { coverageParts } from './coverageParts.ts'
import { countUnderFaults, faultSpan } from './reached.ts'
import { twoSessions } from './testing/twoSessions.ts'

const DEPOSIT = 'Idle|deposit|Funded'
const JOIN = 'Funded|join|Funded'
const BEGIN = 'Funded|join|Active'

test('pairs are those of one agreement, and a refusal leaves the edge before it in place', () => {
  const { cast, steps } = twoSessions()
  const subject = { name: 'none', policy: 'as-described', bytecode: '0x' } as const
  const execution = { player, subject } as unknown as Execution
  const trace = predictedTrace(planSteps(cast, steps))
  const result = summarise(execution, ['INV-CONSERVATION'], [trace])
  expect(trace.steps.map(({ edge }) => edge)).toEqual([
    ...[DEPOSIT, DEPOSIT, 'Funded|join|!NotParty', JOIN, JOIN],
    ...['Funded|join|!AlreadyJoined', BEGIN, BEGIN],
  ])
  expect(result.pairs).toEqual({
    [`${DEPOSIT} > Funded|join|!NotParty`]: 1,
    [`${DEPOSIT} > ${JOIN}`]: 2,
    [`${JOIN} > Funded|join|!AlreadyJoined`]: 1,
    [`${JOIN} > ${BEGIN}`]: 2,
  })
  expect(result.reverts).toEqual({ NotParty: 1, AlreadyJoined: 1 })

  const job = { kind: 'paths', policy: 'as-described', setupIndex: 0, only: [] } as const
  const { campaigns } = tallyOf(
    [job, job],
    [
      { kind: 'paths', result, notices: [] },
      { kind: 'paths', result, notices: [] },
    ],
  )
  const edges = declaredEdges(player.binding.protocol.machines['as-described'])
  const coverage = { edges, ...coverageParts(edges, campaigns) } as unknown as Coverage
  const facts = pairFacts(coverage)
  // What the machine declares, counted apart from `coverageParts`.
  const accepting = edges.filter(({ rejection }) => rejection === null)
  const adjacent = accepting.map(({ to }) => accepting.filter(({ from }) => from === to).length)
  expect(facts?.accepted).toEqual({ reached: 2, of: adjacent.reduce((sum, each) => sum + each) })
  expect(facts?.refused.reached).toBe(2)
  expect(facts?.missed).toContain('Funded join → Funded, then cancel → Cancelled')
  // Two jobs with the same trace, in the order in which the machine declares its edges.
  expect(coverage.pairs?.map(({ hits }) => hits).filter((hits) => hits > 0)).toEqual([2, 4, 2, 4])
  const reverts = revertFacts(coverage)
  expect(reverts?.declared.reached).toBe(2)
  expect(reverts?.missed).toContain('NotStopped')
  expect(reverts?.others).toEqual([])
})

test('an edge that nothing reached makes a run inconclusive, by its name', () => {
  const { coverage, claims } = exampleRecord()
  const held = claims.filter(({ verdict, witnesses }) => verdict === 'held' && witnesses > 0)
  const none = { failures: [], canaries: [], interrupted: false }
  const inconclusive = uncovered(coverage)
  expect(inconclusive).toEqual([
    'Edges never reached in session-escrow as-described: Funded cancel Cancelled and 1 more.',
  ])
  const verdictOf = (sentences: readonly string[]) =>
    summariseRun({ ...none, claims: held, inconclusive: sentences })
  expect(verdictOf(inconclusive)).toMatchObject({ exitCode: 2, reasons: inconclusive })
  const reached = coverage.map((each) => ({
    ...each,
    edges: each.edges.map((edge) => ({ ...edge, hits: 1 })),
  }))
  expect(verdictOf(uncovered(reached)).exitCode).toBe(0)
})

const fault = (kind: Fault['kind'], atMs: number, durationMs: number): Fault => {
  return { kind, target: 'student', atMs, durationMs, magnitude: 1 }
}

test('an edge is during a fault from its beginning to before its end, and after it then', () => {
  const { cast, steps } = twoSessions()
  const [first] = predictedTrace(planSteps(cast, steps)).steps
  if (first === undefined) throw new Error('the sessions have steps')
  const stepAt = (seconds: number) => {
    const planned = { ...first.planned, atSeconds: WORLD_EPOCH_SECONDS + seconds }
    return { ...first, planned, edge: `at ${seconds}` }
  }
  const counts = { runs: counter(), during: counter(), after: counter() }
  const plan = [
    fault('link-down', 10_000, 5_000),
    fault('link-down', 20_000, 1),
    fault('reorg', 15_000, 0),
    fault('clock-jump', 20_000, 0),
    fault('clock-offset', 99_000, 0),
    fault('process-crash', 0, 0),
  ]
  countUnderFaults(plan, [9, 10, 15, 20, 21].map(stepAt), {
    ...{ runs: counts.runs.add, during: counts.during.add, after: counts.after.add },
  })
  // A fault of no duration is none, unless it is an instant or lasts for good.
  expect(faultSpan(fault('process-crash', 0, 0))).toBeNull()
  expect(counts.runs.all).toEqual({
    ...{ 'link-down': 1, reorg: 1, 'clock-jump': 1, 'clock-offset': 1 },
  })
  const keys = (all: Record<string, number>, kind: string) =>
    Object.keys(all).filter((key) => key.startsWith(`${kind} > `))
  expect(keys(counts.during.all, 'link-down')).toEqual(['link-down > at 10', 'link-down > at 20'])
  expect(keys(counts.after.all, 'link-down')).toEqual(['link-down > at 15', 'link-down > at 21'])
  expect(keys(counts.after.all, 'reorg')).toEqual([
    'reorg > at 15',
    'reorg > at 20',
    'reorg > at 21',
  ])
  expect(keys(counts.during.all, 'reorg')).toEqual([])
  expect(keys(counts.during.all, 'clock-jump')).toHaveLength(2)
  expect(keys(counts.during.all, 'clock-offset')).toHaveLength(5)
})
