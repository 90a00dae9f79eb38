/**
 * The table `coverage.csv`: one row for all that a campaign can reach, with how often it did.
 *
 * For edges under faults `hits` are steps during such a fault, and `hitsAfter` those after one; for
 * lines and branches they are transactions.
 */
import { edgeName } from './coverageFacts.ts'
import { type Row, table } from './csv.ts'
import type { Coverage, RunRecord, SolidityCoverage } from './record.ts'

const COLUMNS = ['protocol', 'policy', 'regime', 'kind', 'name', 'second', 'hits', 'hitsAfter']

export function coverageCsv({ coverage, solidityCoverage = [] }: RunRecord): string {
  const rows = [...coverage.flatMap(machineRows), ...solidityCoverage.flatMap(solidityRows)]
  return table(COLUMNS, rows)
}

function machineRows(coverage: Coverage): readonly Row[] {
  const { protocol, policy, regime, states, edges, pairs = [], reverts = [] } = coverage
  const names = edges.map(edgeName)
  const nameAt = (place: number) => names[place] ?? ''
  const rows: readonly Row[] = [
    ...states.map(({ name, hits }) => ({ kind: 'state', name, hits })),
    ...edges.map(({ rejection, hits }, place) => {
      return { kind: rejection === null ? 'edge' : 'refusal', name: nameAt(place), hits }
    }),
    ...pairs.map(({ first, next, hits }) => {
      return { kind: 'pair', name: nameAt(first), second: nameAt(next), hits }
    }),
    ...faultRows(coverage, nameAt),
    ...reverts.map(({ error, declared, hits }) => {
      return { kind: 'error', name: error, second: declared ? 'declared' : 'undeclared', hits }
    }),
  ]
  return rows.map((row) => ({ protocol, policy, regime, ...row }))
}

/** Accepting edges under every kind of fault, and the refusals that there were. */
function faultRows({ edges, faults = [] }: Coverage, nameAt: (place: number) => string): Row[] {
  return faults.flatMap(({ kind, edges: taken }) => {
    const known = new Map(taken.map((each) => [each.edge, each]))
    return edges.flatMap(({ rejection }, place) => {
      const counts = known.get(place)
      if (counts === undefined && rejection !== null) return []
      const { during = 0, after = 0 } = counts ?? {}
      const hits = { hits: during, hitsAfter: after }
      return [{ kind: 'fault', name: kind, second: nameAt(place), ...hits }]
    })
  })
}

function solidityRows({ protocol, policy, files }: SolidityCoverage): readonly Row[] {
  return files.flatMap(({ file, lines, functions, branches }) => {
    const place = (line: number) => ({ protocol, policy, regime: '', name: `${file}:${line}` })
    return [
      ...lines.map(({ line, hits }) => ({ ...place(line), kind: 'line', hits })),
      ...functions.map(({ line, name, hits }) => {
        return { ...place(line), kind: 'function', second: name, hits }
      }),
      ...branches.flatMap(({ line, kind, whenTrue, whenFalse }) => [
        { ...place(line), kind: 'branch', second: `${kind} true`, hits: whenTrue },
        { ...place(line), kind: 'branch', second: `${kind} false`, hits: whenFalse },
      ]),
    ]
  })
}
