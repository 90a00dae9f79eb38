/**
 * What campaigns reached beyond states and transitions: which of these followed each other, which
 * were taken under or after a fault, and which errors calls were refused with.
 */
import {
  type FaultFacts,
  faultFacts,
  type PairFacts,
  pairFacts,
  type RevertFacts,
  revertFacts,
  shareText,
} from '../../reports/coverageFacts.ts'
import type { Coverage } from '../../reports/record.ts'
import { h } from '../lib/dom.ts'
import { counted, grouped } from '../lib/format.ts'

/** Cards for what a record has of it; older records have none. */
export function furtherCoverage(coverage: Coverage): readonly HTMLElement[] {
  const [pairs, faults, reverts] = [
    pairFacts(coverage),
    faultFacts(coverage),
    revertFacts(coverage),
  ]
  return [
    ...(pairs === null ? [] : [pairCard(pairs)]),
    ...(faults === null ? [] : [faultCard(faults)]),
    ...(reverts === null ? [] : [revertCard(reverts)]),
  ]
}

const card = (title: string, ...content: readonly (HTMLElement | null)[]) =>
  h('section', { class: 'card' }, h('h2', {}, title), ...content)

const quiet = (text: string) => h('p', { class: 'quiet' }, text)

/** A list of names behind its count. */
export function listOf(what: string, names: readonly string[]): HTMLElement | null {
  if (names.length === 0) return null
  const items = names.map((name) => h('li', {}, h('code', {}, name)))
  return h(
    'details',
    { class: 'source' },
    h('summary', {}, `${what}: ${grouped(names.length)}`),
    h(
      'div',
      { class: 'scroll-y', tabindex: 0, role: 'region', 'aria-label': what },
      h('ul', { class: 'never-list' }, ...items),
    ),
  )
}

function pairCard({ accepted, refused, missed }: PairFacts): HTMLElement {
  const also = `${grouped(refused.reached)} of ${grouped(refused.of)} refusals`
  return card(
    `${accepted.reached} of ${accepted.of} adjacent transitions followed each other`,
    quiet(
      `Of one agreement, with ${also} tried right after a transition that leads to their state. ` +
        'Guards keep some pairs from ever following each other.',
    ),
    listOf('Pairs that never followed each other', missed),
  )
}

function faultCard({ accepted, during, refused, kinds }: FaultFacts): HTMLElement {
  const never = kinds.flatMap(({ kind, missed }) => missed.map((name) => `${kind}: ${name}`))
  const rows = kinds.map(({ kind, runs, accepted: own }) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, kind),
      h('td', { class: 'number' }, grouped(runs)),
      h('td', { class: 'number' }, shareText(own)),
    ),
  )
  const head = ['kind of fault', 'runs', 'transitions under or after it']
  const table = h(
    'table',
    {},
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        ...head.map((name, index) => h('th', { scope: 'col', class: index > 0 && 'number' }, name)),
      ),
    ),
    h('tbody', {}, ...rows),
  )
  return card(
    `${accepted.reached} of ${accepted.of} pairs of a transition and a kind of fault were met`,
    quiet(
      `In runs of the simulated world, in a block at or after the beginning of such a fault; ` +
        `${grouped(during)} of them while it was on. ${counted(refused, 'refusal')} met one. ` +
        'Its participants do not try everything, so some transitions are never taken there.',
    ),
    h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Transitions under faults' },
      table,
    ),
    listOf('Transitions that never met a kind of fault', never),
  )
}

function revertCard({ declared, missed, others }: RevertFacts): HTMLElement {
  const all = missed.length === 0
  const named = others.map(({ error, hits }) => `${error} (${grouped(hits)})`)
  return card(
    all
      ? `All ${declared.of} declared errors were provoked`
      : `${declared.reached} of ${declared.of} declared errors were provoked`,
    quiet(
      named.length === 0
        ? 'No call was refused with anything else.'
        : `Calls were also refused with ${named.join(', ')}.`,
    ),
    listOf('Errors that were never provoked', missed),
  )
}
