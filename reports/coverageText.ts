/**
 * Lines of the terminal about coverage, beside those about states and edges.
 */
import {
  faultFacts,
  missedLines,
  pairFacts,
  revertFacts,
  type Share,
  shareText,
  solidityShares,
} from './coverageFacts.ts'
import type { Coverage, RunRecord, SolidityCoverage } from './record.ts'

/** Lines that nothing reached and that are named; the report and coverage.csv have all. */
const MISSED_SHOWN_MAX = 5

const ofAdjacent = ({ reached, of }: Share) => `${reached} of ${of} adjacent`

/** Pairs, edges under faults and errors, in one line each; none for older records. */
export function furtherCoverage(coverage: Coverage): readonly (readonly [string, string])[] {
  const pairs = pairFacts(coverage)
  const faults = faultFacts(coverage)
  const reverts = revertFacts(coverage)
  const others = (reverts?.others ?? []).map(({ error, hits }) => `${error} (${hits})`)
  return [
    ...(pairs === null
      ? []
      : ([
          [
            'edge pairs',
            `accepted ${ofAdjacent(pairs.accepted)}   refused ${ofAdjacent(pairs.refused)}`,
          ],
        ] as const)),
    ...(faults === null
      ? []
      : ([
          [
            'faults',
            `${shareText(faults.accepted)} edges × kinds of fault, ${faults.during} during one`,
          ],
        ] as const)),
    ...(reverts === null
      ? []
      : ([
          [
            'errors',
            [
              `${shareText(reverts.declared)} declared`,
              ...(reverts.missed.length > 0 ? [`never ${reverts.missed.join(', ')}`] : []),
              ...(others.length > 0 ? [`undeclared: ${others.join(', ')}`] : []),
            ].join('   '),
          ],
        ] as const)),
  ]
}

/** Lines and branches of each contract, and the first lines that nothing reached. */
export function solidityLines({ solidityCoverage = [] }: RunRecord): readonly string[] {
  if (solidityCoverage.length === 0) return []
  return ['Solidity, from execution traces', ...solidityCoverage.flatMap(contractLines)]
}

/** Names of Solidity files are unique in a project, and a terminal is narrow. */
const nameOf = (file: string) => file.split('/').at(-1) ?? file

function contractLines(entry: SolidityCoverage): readonly string[] {
  const { contract, files, steps, stepsAsPredicted } = entry
  const { lines, branches } = solidityShares(files)
  const counts = `lines ${shareText(lines)}   branches ${shareText(branches)}`
  const asPredicted = steps === stepsAsPredicted ? '' : `, ${stepsAsPredicted} as predicted`
  const missed = missedLines(entry)
  const shown = missed.slice(0, MISSED_SHOWN_MAX)
  const hidden = missed.length - shown.length
  return [
    `  ${contract}   ${counts}   in ${steps} calls${asPredicted}`,
    ...shown.map(({ file, line, what, text }) => `    ${nameOf(file)}:${line}  ${what}: ${text}`),
    ...(hidden > 0 ? [`    … and ${hidden} more in coverage.csv`] : []),
  ]
}
