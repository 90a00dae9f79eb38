/**
 * Goal: every format tells what was reached and what never was, and an older record stays silent.
 */
import { expect, test } from 'vitest'
import { coverageCsv } from './coverageCsv.ts'
import { faultFacts, missedLines, pairFacts, revertFacts } from './coverageFacts.ts'
import { coverageLcov } from './coverageLcov.ts'
import { furtherCoverage } from './coverageText.ts'
import { withExampleCoverage } from './exampleCoverage.ts'
import { exampleRecord } from './exampleRecord.ts'
import { mergedCoverage } from './lifecycleGraph.ts'
import { formatRunRecord, parseRunRecord } from './readRun.ts'
import type { Coverage } from './record.ts'
import { formatSummary } from './summary.ts'

const record = withExampleCoverage(exampleRecord())
const [coverage] = record.coverage as readonly [Coverage]

test('a record with all of it comes back as it was written', () => {
  expect(parseRunRecord(formatRunRecord(record), 'run.json')).toEqual(record)
})

test('an older record says nothing, and no zeros', () => {
  const [older] = exampleRecord().coverage as readonly [Coverage]
  expect([pairFacts(older), faultFacts(older), revertFacts(older)]).toEqual([null, null, null])
  expect(furtherCoverage(older)).toEqual([])
  expect(formatSummary(exampleRecord(), { width: 100, colour: false })).not.toContain('Solidity')
})

test('the terminal tells counts, and names what was never reached', () => {
  const text = formatSummary(record, { width: 120, colour: false })
  expect(text).toContain(
    [
      '  edge pairs   accepted 2 of 2 adjacent   refused 1 of 2 adjacent',
      '  faults       2/6 edges × kinds of fault, 1 during one',
      '  errors       1/2 declared   never NotStopped   undeclared: Panic(uint256) (2)',
      '  conformance',
    ].join('\n'),
  )
  expect(text).toContain(
    [
      'Solidity, from execution traces',
      '  SessionEscrow   lines 2/3   branches 3/6   in 90 calls',
      '    SessionEscrow.sol:21  if never true: if (paid > cap) {',
      '    SessionEscrow.sol:22  never reached: require(<b>paid</b> == cap);',
      '',
    ].join('\n'),
  )
})

test('coverages of one machine add up by edge, in whatever order their edges stand', () => {
  const turned: Coverage = { ...coverage, edges: coverage.edges.toReversed() }
  const last = coverage.edges.length - 1
  const place = (edge: number) => last - edge
  const same: Coverage = {
    ...turned,
    pairs: (coverage.pairs ?? []).map(({ first, next, hits }) => {
      return { first: place(first), next: place(next), hits }
    }),
    faults: (coverage.faults ?? []).map(({ edges, ...fault }) => {
      return { ...fault, edges: edges.map(({ edge, ...each }) => ({ edge: place(edge), ...each })) }
    }),
  }
  const merged = mergedCoverage([coverage, same]) as Coverage
  expect(merged.pairs).toEqual(coverage.pairs?.map((pair) => ({ ...pair, hits: pair.hits * 2 })))
  expect(merged.faults?.[0]?.runs).toBe(24)
  expect(merged.faults?.[0]?.edges).toEqual(
    coverage.faults?.[0]?.edges.map(({ edge, during, after }) => {
      return { edge, during: during * 2, after: after * 2 }
    }),
  )
  expect(pairFacts(merged)).toEqual(pairFacts(coverage))
  expect(merged.reverts?.map(({ hits }) => hits)).toEqual([154, 0, 4])
})

test('coverage.csv has a row for everything that can be reached', () => {
  const rows = coverageCsv(record).trimEnd().split('\n')
  const { states, edges, pairs = [], reverts = [] } = coverage
  const accepting = edges.filter(({ rejection }) => rejection === null).length
  const refusedUnderFaults = faultFacts(coverage)?.refused ?? 0
  const faults = 2 * accepting + refusedUnderFaults
  const solidity = 3 + 2 + 3 * 2
  const machine = states.length + edges.length + pairs.length + reverts.length + faults
  expect(rows).toHaveLength(1 + machine + solidity)
  expect(rows).toContain('session-escrow,as-described,none,state,Cancelled,,0,')
  expect(rows).toContain(
    'session-escrow,as-described,none,fault,link-down,Funded|cancel|Cancelled,0,0',
  )
  expect(rows).toContain(
    'session-escrow,hardened,,branch,contracts/src/SessionEscrow.sol:21,if true,0,',
  )
})

test('coverage.lcov is what its readers expect', () => {
  const lines = [
    ...['TN:SessionEscrow_hardened', 'SF:contracts/src/SessionEscrow.sol'],
    ...['FN:20,stop.20', 'FN:28,stop.28', 'FNDA:40,stop.20', 'FNDA:12,stop.28', 'FNF:2', 'FNH:2'],
    // Nothing evaluated the last condition, which LCOV writes as a dash.
    ...['BRDA:21,0,0,0', 'BRDA:21,0,1,40', 'BRDA:30,1,0,7', 'BRDA:30,1,1,5'],
    ...['BRDA:22,2,0,-', 'BRDA:22,2,1,-', 'BRF:6', 'BRH:3'],
    ...['DA:21,40', 'DA:22,0', 'DA:30,12', 'LF:3', 'LH:2', 'end_of_record'],
  ]
  expect(coverageLcov(record)).toBe(`${lines.join('\n')}\n`)
})

test('a line that is reached is missed for the way that it never went', () => {
  const [entry] = record.solidityCoverage ?? []
  if (entry === undefined) throw new Error('the example has lines of Solidity')
  expect(missedLines(entry).map(({ line, what }) => `${line} ${what}`)).toEqual([
    '21 if never true',
    '22 never reached',
  ])
})
