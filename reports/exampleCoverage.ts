/**
 * Made-up parts of a coverage for the example record, for tests and for working on a format. No
 * result of any run; small enough to be counted by hand.
 */
import type { Coverage, RunRecord, SolidityCoverage } from './record.ts'

/** Pairs, faults and errors that fit edges, with gaps at regular places. */
export function withExampleParts(coverage: Coverage): Coverage {
  const { edges } = coverage
  const pairs = edges.flatMap(({ to, rejection }, first) => {
    if (rejection !== null) return []
    return edges.flatMap(({ from }, next) => (from === to ? [{ first, next }] : []))
  })
  const errors = [...new Set(edges.flatMap(({ rejection }) => rejection ?? []))]
  const taken = edges.flatMap(({ hits }, edge) => (hits > 0 ? [edge] : []))
  return {
    ...coverage,
    pairs: pairs.map((pair, index) => ({ ...pair, hits: index % 3 === 2 ? 0 : 10 + index })),
    faults: ['link-down', 'reorg'].map((kind, at) => ({
      kind,
      runs: 12 - at,
      edges: taken
        .filter((_, index) => index % 2 === at)
        .map((edge) => ({ edge, during: at === 0 ? 4 : 0, after: 3 })),
    })),
    reverts: [
      ...errors.map((error, index) => ({ error, declared: true, hits: index % 4 === 1 ? 0 : 77 })),
      { error: 'Panic(uint256)', declared: false, hits: 2 },
    ],
  }
}

const solidity: SolidityCoverage = {
  protocol: 'session-escrow',
  policy: 'hardened',
  contract: 'SessionEscrow',
  compiled: 'without the optimiser, under which some lines and branches have no code of their own',
  plans: 12,
  plansInAll: 40,
  steps: 90,
  stepsAsPredicted: 90,
  transactions: 104,
  files: [
    {
      file: 'contracts/src/SessionEscrow.sol',
      lines: [
        { line: 21, hits: 40 },
        { line: 22, hits: 0 },
        { line: 30, hits: 12 },
      ],
      functions: [
        { line: 20, name: 'stop', hits: 40 },
        { line: 28, name: 'stop', hits: 12 },
      ],
      branches: [
        { line: 21, kind: 'if', whenTrue: 0, whenFalse: 40 },
        { line: 30, kind: 'ternary', whenTrue: 7, whenFalse: 5 },
        { line: 22, kind: 'require', whenTrue: 0, whenFalse: 0 },
      ],
      missed: [
        { line: 21, text: 'if (paid > cap) {' },
        { line: 22, text: 'require(<b>paid</b> == cap);' },
      ],
    },
  ],
}

/** The record with everything about coverage that a run can have. */
export function withExampleCoverage(record: RunRecord): RunRecord {
  return {
    ...record,
    coverage: record.coverage.map(withExampleParts),
    solidityCoverage: [solidity],
  }
}
