/**
 * What `explore` prints and writes as a table: how far each lifecycle was explored, and the answer.
 *
 * An answer names its bounds: nothing is said about attempts beyond the alphabet or the depth.
 */
import { type Row, table } from './csv.ts'
import { deadlineText, leavingRows, longestText } from './leaving.ts'
import type { Exploration, RunRecord } from './record.ts'
import { groupDigits } from './stepRows.ts'
import { VERDICT_LOOKS } from './verdict.ts'
import { aligned } from './worldTables.ts'

const sumOf = ({ depths }: Exploration, of: keyof Exploration['depths'][number]) =>
  depths.reduce((sum, depth) => sum + depth[of], 0)

/** All states that were reached, the first among them. */
export const statesOf = (entry: Exploration) => 1 + sumOf(entry, 'states')
/** Attempts that the model accepted, or whose refusal a claim remembers. */
export const transitionsOf = (entry: Exploration) => sumOf(entry, 'accepted')

const ENDINGS: Readonly<Record<Exploration['ending'], string>> = {
  depth: '',
  exhausted: ', no state is left',
  counterexample: ', stopped at a counterexample',
  budget: ', the time was up',
  interrupted: ', interrupted',
}

/** How deep, and why no deeper. */
export function depthText({ explored, asked, ending }: Exploration): string {
  return `${explored} of ${asked}${ENDINGS[ending]}`
}

/** The answer of one world in a sentence. */
export function answerText(entry: Exploration): string {
  const { found, explored, ending } = entry
  const listed = found.map(({ invariant, attempts, expected }) => {
    const known = expected === 'refuted' ? ', as expected' : ''
    return `${invariant} in ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}${known}`
  })
  if (found.length > 0) return `shortest counterexamples: ${listed.join('; ')}`
  if (ending === 'exhausted') return 'no counterexample exists within this alphabet, at any depth'
  return `no counterexample exists within these bounds (depth ${explored})`
}

const HEAD = ['explored', 'depth', 'states', 'transitions', 'refusals', 'calls', 'exits']

/** One block for each protocol and policy; nothing for a record without an exploration. */
export function explorationText({ exploration = [] }: Pick<RunRecord, 'exploration'>) {
  const machines = [...new Set(exploration.map(({ protocol, policy }) => `${protocol}, ${policy}`))]
  return machines.flatMap((machine) => {
    const own = exploration.filter(({ protocol, policy }) => `${protocol}, ${policy}` === machine)
    const rows = own.map((entry) => [
      entry.about,
      depthText(entry),
      groupDigits(statesOf(entry)),
      groupDigits(transitionsOf(entry)),
      groupDigits(sumOf(entry, 'refused')),
      entry.onContract ? groupDigits(sumOf(entry, 'calls')) : 'model only',
      exitsText(entry),
    ])
    const answers = own.map((entry) => `  ${entry.about}: ${answerText(entry)}`)
    return ['', machine, ...aligned([HEAD, ...rows]), ...answers, ...leavingLines(own)]
  })
}

/** How long each party needs to leave alone, against the deadline that is stated. */
function leavingLines(own: readonly Exploration[]): readonly string[] {
  return leavingRows(own).map((row) => {
    const { party, states, missed } = row
    if (states + missed === 0) return `  ${party} leaves alone: no state held it`
    const most = states === 0 ? '' : `, at most ${longestText(row)}`
    const shown = `shown from ${groupDigits(states)} states${most}`
    const open = missed === 0 ? '' : `; not from ${groupDigits(missed)}`
    return `  ${party} leaves alone, stated ${deadlineText(row)}: ${shown}${open}`
  })
}

/** All of the result but its verdict. */
export function explorationLines(record: RunRecord): readonly string[] {
  const replays = record.failures.map(({ invariant, policy, expected, replayCommand }) => {
    const known = expected === 'refuted' ? ', as expected' : ''
    return `  ${invariant} (${policy}${known}): ${replayCommand}`
  })
  return [
    ...explorationText(record),
    '',
    ...(replays.length === 0 ? [] : ['replay', ...replays, '']),
    ...record.notes.map((note) => `note: ${note}`),
    ...record.summary.reasons.map((reason) => `- ${reason}`),
  ]
}

/** The last line: the answer with its bounds. */
export function explorationVerdict({ summary, exploration = [], wall }: RunRecord): string {
  const unexpected = exploration.flatMap(({ found }) =>
    found.filter(({ expected }) => expected === 'held').map(({ attempts }) => attempts),
  )
  const depths = exploration.map(({ explored }) => explored)
  const [least, most] = [Math.min(...depths), Math.max(...depths)]
  const expected = summary.refutedAsExpected
  const other = expected > 0 ? 'other ' : ''
  const none = `no ${other}counterexample exists within these bounds`
  const { glyph, text } = VERDICT_LOOKS[summary.verdict]
  const answer = [
    unexpected.length === 0
      ? none
      : `a shortest counterexample: ${Math.min(...unexpected)} attempts`,
    ...(expected === 0 ? [] : [`${expected} refuted as expected`]),
    `depth ${least === most ? least : `${least} to ${most}`}`,
  ]
  const seconds = (wall.durationMs / 1000).toFixed(1)
  return `${glyph} ${text}: ${answer.join(', ')} in ${seconds} s   exit ${summary.exitCode}`
}

function exitsText({ exits, longestExitSeconds }: Exploration): string {
  return exits === 0 ? '–' : `${groupDigits(exits)}, ≤ ${groupDigits(longestExitSeconds)} s`
}

const COLUMNS = [
  'protocol',
  'policy',
  'world',
  'about',
  'contract',
  'onContract',
  'asked',
  'explored',
  'ending',
  'depth',
  'states',
  'accepted',
  'refused',
  'followed',
  'runs',
  'calls',
  'found',
]

/** One row for each depth of each world, and the counterexamples that have that many attempts. */
export function explorationsCsv({ exploration = [] }: Pick<RunRecord, 'exploration'>): string {
  const rows = exploration.flatMap((entry) =>
    entry.depths.map((depth, index): Row => {
      const { protocol, policy, world, about, contract, onContract, asked, explored } = entry
      const found = entry.found.filter(({ attempts }) => attempts === index + 1)
      return {
        ...{ protocol, policy, world, about, contract, onContract, asked, explored },
        ending: entry.ending,
        depth: index + 1,
        ...depth,
        found: found.map(({ invariant }) => invariant).join(' '),
      }
    }),
  )
  return table(COLUMNS, rows)
}

const LEAVING_COLUMNS = [
  'protocol',
  'policy',
  'party',
  'formula',
  'deadlineSeconds',
  'states',
  'missed',
  'longestSeconds',
  'longestCalls',
  'longestFrom',
  'confirmedOnMinedLane',
]

/** One row for each party that must be able to leave alone. */
export function leavingCsv({ exploration = [] }: Pick<RunRecord, 'exploration'>): string {
  const rows = leavingRows(exploration).map(({ longest, ...row }): Row => {
    const { seconds = null, calls = null, from = null } = longest ?? {}
    const confirmedOnMinedLane = longest?.confirmedOnMinedLane ?? null
    return {
      ...row,
      ...{ longestSeconds: seconds, longestCalls: calls, longestFrom: from, confirmedOnMinedLane },
    }
  })
  return table(LEAVING_COLUMNS, rows)
}
