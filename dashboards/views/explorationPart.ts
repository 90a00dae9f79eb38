/**
 * How far each lifecycle was explored, and what that says; only for a record of `explore`.
 */

import { deadlineText, type LeavingRow, leavingRows, longestText } from '../../reports/leaving.ts'
import type { Exploration, RunRecord } from '../../reports/record.ts'
import { h } from '../lib/dom.ts'
import { counted, grouped } from '../lib/format.ts'

const HEAD = ['protocol', 'policy', 'explored', 'depth', 'states', 'transitions', 'calls', 'answer']

/** A table with a row for each explored world; nothing for other records. */
export function explorationSection({ exploration = [] }: RunRecord): readonly HTMLElement[] {
  if (exploration.length === 0) return []
  const broken = exploration.flatMap(({ found }) => found.filter(isUnexpected))
  const title =
    broken.length === 0
      ? 'No unexpected counterexample exists within the bounds'
      : `${counted(broken.length, 'shortest counterexample')} in the exploration`
  const table = h(
    'table',
    {},
    h('thead', {}, h('tr', {}, ...HEAD.map((text) => h('th', { scope: 'col' }, text)))),
    h('tbody', {}, ...exploration.map(row)),
  )
  const region = { tabindex: 0, role: 'region', 'aria-label': 'Explored worlds' }
  return [
    h(
      'section',
      { class: 'card' },
      h('h2', {}, title),
      h(
        'p',
        { class: 'quiet' },
        'Every order of attempts was tried, up to the depth that is shown.',
      ),
      h('div', { class: 'scroll', ...region }, table),
    ),
    ...leavingSection(leavingRows(exploration)),
  ]
}

const LEAVING_HEAD = 'protocol,policy,party,stated,longest shown,states,not from'.split(',')

/** How long each party needs to leave alone; nothing for records without such facts. */
function leavingSection(rows: readonly LeavingRow[]): readonly HTMLElement[] {
  if (rows.length === 0) return []
  const head = h('tr', {}, ...LEAVING_HEAD.map((text) => h('th', { scope: 'col' }, text)))
  const table = h('table', {}, h('thead', {}, head), h('tbody', {}, ...rows.map(leavingRow)))
  const region = { tabindex: 0, role: 'region', 'aria-label': 'How long parties need to leave' }
  const about =
    'From every state that holds a party, it was let go by its own calls alone. The time is that ' +
    'of a way that was shown; a quicker one may exist.'
  return [
    h(
      'section',
      { class: 'card' },
      h('h2', {}, 'Leaving alone, against the stated deadline'),
      h('p', { class: 'quiet' }, about),
      h('div', { class: 'scroll', ...region }, table),
    ),
  ]
}

function leavingRow(row: LeavingRow): HTMLElement {
  const counts = [row.states, row.missed].map(grouped)
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, row.protocol),
    ...[row.policy, row.party, deadlineText(row), longestText(row)].map((text) =>
      h('td', {}, text),
    ),
    ...counts.map((text) => h('td', { class: 'number' }, text)),
  )
}

const isUnexpected = ({ expected }: Exploration['found'][number]) => expected === 'held'

function row(entry: Exploration): HTMLElement {
  const { protocol, policy, about, explored, asked, depths, onContract } = entry
  const sum = (of: 'states' | 'accepted' | 'calls') =>
    depths.reduce((all, depth) => all + depth[of], 0)
  const counts = [1 + sum('states'), sum('accepted')].map(grouped)
  const calls = onContract ? grouped(sum('calls')) : 'model only'
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, protocol),
    h('td', {}, policy),
    h('td', {}, about),
    ...[`${explored} of ${asked}`, ...counts, calls].map((text) =>
      h('td', { class: 'number' }, text),
    ),
    h('td', {}, answer(entry)),
  )
}

function answer({ found, ending }: Exploration): string {
  const listed = found.map(({ invariant, attempts, expected }) => {
    return `${invariant} in ${attempts}${expected === 'refuted' ? ', as expected' : ''}`
  })
  if (listed.length > 0) return listed.join('; ')
  return ending === 'exhausted' ? 'none, and no state is left' : 'none within these bounds'
}
