/**
 * What became of the mutants of each contract, and every survivor as a diff; only for a record of
 * `mutate`.
 */
import {
  isUnexplained,
  operatorCounts,
  percentText,
  SURVIVOR_CLASSES,
} from '../../reports/mutationFacts.ts'
import type { Mutation, RunRecord } from '../../reports/record.ts'
import type { OutcomeLook } from '../../reports/verdict.ts'
import { h } from '../lib/dom.ts'
import { counted, grouped } from '../lib/format.ts'
import { badge } from '../lib/pieces.ts'

type Mutant = Mutation['mutants'][number]

const OPEN: OutcomeLook = { glyph: '?', text: 'unexplained', tone: 'undecided' }
const EQUIVALENT: OutcomeLook = { glyph: '=', text: 'equivalent', tone: 'held' }
const GAP: OutcomeLook = { glyph: '○', text: 'known gap', tone: 'refuted' }

/** A table of contracts and a list of survivors; nothing for other records. */
export function mutantsSection({ mutations = [] }: RunRecord): readonly HTMLElement[] {
  if (mutations.length === 0) return []
  const sum = (of: (mutation: Mutation) => number) =>
    mutations.reduce((all, mutation) => all + of(mutation), 0)
  const killed = sum(({ counts }) => counts.killed)
  const due =
    killed + sum(({ counts, explainedEquivalent }) => counts.survived - explainedEquivalent)
  return [
    h(
      'section',
      { class: 'card' },
      h('h2', {}, `${grouped(killed)} of ${grouped(due)} mutants were killed`),
      h(
        'p',
        { class: 'quiet' },
        'A mutant is a contract with one small change. Those that nothing can tell from the ' +
          'contract are left out of the score.',
      ),
      table(
        'Mutants by contract',
        ['contract', 'policy', 'score', 'due', 'killed', 'by an invariant', 'survived', 'tried'],
        mutations.map(contractRow),
      ),
      ...mutations.flatMap(survivorsOf),
    ),
  ]
}

function contractRow(mutation: Mutation): HTMLElement {
  const { contract, policy, score, threshold, counts, killedByInvariant } = mutation
  const numbers = [
    percentText(score),
    percentText(threshold),
    ...[counts.killed, killedByInvariant, counts.survived].map(grouped),
    grouped(counts.killed + counts.survived),
  ]
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, contract),
    h('td', {}, policy),
    ...numbers.map((text) => h('td', { class: 'number' }, text)),
  )
}

function survivorsOf(mutation: Mutation): readonly HTMLElement[] {
  const { contract, mutants } = mutation
  const survivors = mutants.filter(({ survivor }) => survivor !== null)
  const ordered = [
    ...survivors.filter(isUnexplained),
    ...survivors.filter((mutant) => !isUnexplained(mutant)),
  ]
  const operators = operatorCounts(mutation).map(({ operator, tried, survived }) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, operator),
      h('td', { class: 'number' }, grouped(tried)),
      h('td', { class: 'number' }, grouped(survived)),
    ),
  )
  return [
    h('h3', {}, `${contract}: ${counted(ordered.length, 'mutant')} survived`),
    h(
      'details',
      { class: 'source' },
      h('summary', {}, 'By kind of change'),
      table(`Mutants of ${contract} by operator`, ['operator', 'tried', 'survived'], operators),
    ),
    ...ordered.flatMap(survivorItem),
  ]
}

function survivorItem({ survivor, id, within }: Mutant): readonly HTMLElement[] {
  if (survivor === null) return []
  const { explanation, diff } = survivor
  const look = explanation === null ? OPEN : explanation.equivalent ? EQUIVALENT : GAP
  const item = h(
    'details',
    { class: 'source', open: explanation === null },
    h('summary', {}, badge(look), ' ', h('code', {}, id), ` in ${within}`),
    h(
      'pre',
      { class: 'diff', tabindex: 0, role: 'region', 'aria-label': `Change of ${id}` },
      ...diff.map((line) => h(line.startsWith('-') ? 'del' : 'ins', {}, `${line}\n`)),
    ),
    h('p', { class: 'quiet' }, explanation?.reason ?? SURVIVOR_CLASSES[survivor.class]),
  )
  return [item]
}

function table(label: string, head: readonly string[], rows: readonly HTMLElement[]): HTMLElement {
  const textColumns = rows[0]?.querySelectorAll(':not(.number)').length ?? 1
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': label },
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
            h('th', { scope: 'col', class: index >= textColumns && 'number' }, name),
          ),
        ),
      ),
      h('tbody', {}, ...rows),
    ),
  )
}
