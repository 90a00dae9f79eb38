/**
 * Which lines and branches of the Solidity sources were executed, by file, and those that were not.
 */
import { missedLines, shareText, solidityShares } from '../../reports/coverageFacts.ts'
import type { RunRecord, SolidityCoverage } from '../../reports/record.ts'
import { h } from '../lib/dom.ts'
import { grouped } from '../lib/format.ts'
import { missing } from '../lib/pieces.ts'
import { listOf } from './furtherCoverage.ts'

export function soliditySection({ solidityCoverage = [] }: RunRecord): HTMLElement {
  if (solidityCoverage.length === 0) {
    return missing(
      'coverage of Solidity lines',
      'Add `--solidity-coverage` to `meterproof check` to trace which lines are executed.',
    )
  }
  const { lines, branches } = solidityShares(solidityCoverage.flatMap(({ files }) => files))
  const title = `${lines.reached} of ${lines.of} lines of Solidity were executed`
  const ways = `${branches.reached} of ${branches.of} branches were taken`
  const calls = solidityCoverage.reduce((sum, { steps }) => sum + steps, 0)
  return h(
    'section',
    { class: 'card' },
    h('h2', {}, title),
    h(
      'p',
      { class: 'quiet' },
      `${ways}, in ${grouped(calls)} traced calls. A file counts once for each contract that has ` +
        'code of it; a branch is one way out of an if, a require, a ternary, a loop or a try.',
    ),
    fileTable(solidityCoverage),
    ...solidityCoverage.map((entry) =>
      listOf(
        `Never reached in ${entry.contract}`,
        missedLines(entry).map(({ file, line, what, text }) => `${file}:${line} ${what}: ${text}`),
      ),
    ),
  )
}

function fileTable(all: readonly SolidityCoverage[]): HTMLElement {
  const rows = all.flatMap(({ contract, files }) =>
    files.map((file) => {
      const { lines, branches, functions } = solidityShares([file])
      return h(
        'tr',
        {},
        h('th', { scope: 'row' }, h('code', {}, file.file)),
        h('td', {}, contract),
        ...[lines, branches, functions].map((share) =>
          h('td', { class: 'number' }, shareText(share)),
        ),
      )
    }),
  )
  const head = ['file', 'in contract', 'lines', 'branches', 'functions']
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Lines and branches by file' },
    h(
      'table',
      {},
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          ...head.map((name, index) =>
            h('th', { scope: 'col', class: index > 1 && 'number' }, name),
          ),
        ),
      ),
      h('tbody', {}, ...rows),
    ),
  )
}
