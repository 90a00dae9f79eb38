/**
 * LCOV, which genhtml, editors and CI services read: `coverage.lcov`.
 *
 * Each policy's contract is a test of its own (`TN`), so that a tool which adds them up has what
 * any of them reached. Hits are transactions. Names of tests may hold only letters, digits and `_`.
 */
import type { RunRecord, SolidityCoverage } from './record.ts'

export function coverageLcov({ solidityCoverage = [] }: RunRecord): string {
  const lines = solidityCoverage.flatMap((entry) =>
    entry.files.flatMap((file) => fileLines(testName(entry), file)),
  )
  return lines.map((line) => `${line}\n`).join('')
}

const testName = ({ contract, policy }: SolidityCoverage) =>
  `${contract}_${policy}`.replace(/[^A-Za-z0-9_]/g, '_')

const hitOf = (items: readonly number[]) => items.filter((hits) => hits > 0).length

function fileLines(test: string, file: SolidityCoverage['files'][number]): readonly string[] {
  const { lines, functions, branches } = file
  const names = uniqueNames(functions)
  const ways = branches.flatMap(({ whenTrue, whenFalse }) => [whenTrue, whenFalse])
  return [
    `TN:${test}`,
    `SF:${file.file}`,
    ...functions.map(({ line }, index) => `FN:${line},${names[index]}`),
    ...functions.map(({ hits }, index) => `FNDA:${hits},${names[index]}`),
    `FNF:${functions.length}`,
    `FNH:${hitOf(functions.map(({ hits }) => hits))}`,
    ...branches.flatMap(({ line, whenTrue, whenFalse }, block) => {
      // A branch whose condition nothing evaluated is marked as such, by a dash.
      const taken = (hits: number) => (whenTrue + whenFalse === 0 ? '-' : hits)
      return [whenTrue, whenFalse].map((hits, way) => `BRDA:${line},${block},${way},${taken(hits)}`)
    }),
    `BRF:${ways.length}`,
    `BRH:${hitOf(ways)}`,
    ...lines.map(({ line, hits }) => `DA:${line},${hits}`),
    `LF:${lines.length}`,
    `LH:${hitOf(lines.map(({ hits }) => hits))}`,
    'end_of_record',
  ]
}

/** Overloaded functions share a name; LCOV tells functions of a file apart by nothing else. */
function uniqueNames(functions: readonly { readonly name: string; readonly line: number }[]) {
  return functions.map(({ name, line }) => {
    const isShared = functions.filter((each) => each.name === name).length > 1
    return isShared ? `${name}.${line}` : name
  })
}
