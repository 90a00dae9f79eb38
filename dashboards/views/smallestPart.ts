/**
 * The smallest safe value of a parameter, part of the sweep view: the answer of each design, what
 * loses one below it, the bounds above it, and what was tried on the way.
 */
import type { RunRecord, Smallest } from '../../reports/record.ts'
import {
  answerSentence,
  effortSentence,
  freshSentence,
  intervalText,
  isSafe,
  losingSentence,
  lossText,
  notMonotoneSentence,
  rangeText,
  type Sentence,
  settingsText,
  settingText,
  shareText,
  type Tone,
} from '../../reports/smallest.ts'
import type { OutcomeLook } from '../../reports/verdict.ts'
import { losingShares } from '../charts/losingShares.ts'
import { chartCard } from '../lib/chartCard.ts'
import type { ViewContext } from '../lib/context.ts'
import { choice, h } from '../lib/dom.ts'
import { counted, grouped } from '../lib/format.ts'
import { badge, legend, scopeText } from '../lib/pieces.ts'

const LOOKS: Readonly<Record<Tone, OutcomeLook>> = {
  good: { tone: 'held', glyph: '✓', text: 'safe' },
  bad: { tone: 'violated', glyph: '✗', text: 'loses' },
  open: { tone: 'undecided', glyph: '!', text: 'note' },
}

const placeText = (entry: Smallest) => `${scopeText(entry)}${settingsText(entry)}`

/** Nothing when nobody asked. */
export function smallestPart(context: ViewContext): readonly HTMLElement[] {
  const { record, params } = context
  const all = record.smallest ?? []
  const asked = Number.parseInt(params.smallest ?? '0', 10) || 0
  const index = Math.max(0, Math.min(all.length - 1, asked))
  const entry = all[index]
  if (entry === undefined) return []
  const { parameter, loss } = entry
  const answer = answerSentence(entry)
  return [
    h('h2', { class: 'section-title' }, answer.text),
    h(
      'p',
      { class: 'quiet' },
      `${placeText(entry)}. Smallest ${parameter} ${rangeText(entry)}; loss: ${loss.about}.`,
    ),
    ...(all.length < 2 ? [] : [designChoice(context, all, index)]),
    answerCard(record, entry),
    triedCard(entry),
    ...(all.length < 2 ? [] : [allAnswers(all)]),
  ]
}

function designChoice(
  { go, params }: ViewContext,
  all: readonly Smallest[],
  index: number,
): HTMLElement {
  const options = all.map((each, at) => ({ value: String(at), label: placeText(each) }))
  const onChange = (value: string) => go('sweep', { ...params, smallest: value })
  const chosen = choice({ label: 'Design', value: String(index), options, onChange })
  return h('div', { class: 'tools' }, chosen)
}

function sentenceItem(sentence: Sentence | null, ...more: readonly (HTMLElement | null)[]) {
  if (sentence === null) return null
  const { tone, text } = sentence
  return h('li', {}, badge(LOOKS[tone]), ` ${text}. `, ...more)
}

/** To the step that decided: the last one that was accepted. */
function storyLink({ scenarios = [] }: RunRecord, id: string | null, text: string) {
  const scenario = scenarios.find((each) => each.id === id)
  if (scenario === undefined) return null
  const step = scenario.steps.findLastIndex(({ outcome }) => outcome.accepted) + 1
  return h(
    'a',
    { href: `#/counterexample?id=${encodeURIComponent(scenario.id)}&step=${step}` },
    text,
  )
}

function answerCard(record: RunRecord, entry: Smallest): HTMLElement {
  const { losing } = entry
  const links = [
    storyLink(record, losing?.scenario ?? null, 'Step through the losing run'),
    storyLink(record, losing?.safeScenario ?? null, 'The same run at the answer'),
  ].flatMap((link) => (link === null ? [] : [link, h('span', {}, ' ')]))
  return h(
    'section',
    { class: 'card', 'aria-label': 'The answer' },
    h('h3', {}, 'One below, and above'),
    h(
      'ul',
      { class: 'answer' },
      sentenceItem(answerSentence(entry)),
      sentenceItem(losingSentence(entry), ...links),
      sentenceItem(freshSentence(entry)),
      sentenceItem(notMonotoneSentence(entry)),
    ),
    losing === null ? null : h('p', { class: 'replay' }, h('code', {}, losing.replayCommand)),
  )
}

function triedCard(entry: Smallest): HTMLElement {
  const { tried, runs, value, parameter, loss } = entry
  const losing = tried.filter((each) => each.losing > 0)
  const last = losing.at(-1)
  const title =
    last === undefined
      ? `Nothing loses at any of ${counted(tried.length, 'tried value')}`
      : `The largest tried value that loses is ${settingText(entry, last.value)}`
  const rows = tried.map((each) => ({
    ...{ label: settingText(entry, each.value), losing: each.losing, n: runs, share: each.share },
    isAnswer: each.value === value,
  }))
  return chartCard({
    ...{ title, level: 3, fileName: `smallest-${parameter}` },
    subtitle: `Runs 0 to ${grouped(runs - 1)} at each value; ${effortSentence(entry)}.`,
    legend: legend([
      ['infeasible-swatch', 'some run loses'],
      ['dominated-swatch', 'no run loses'],
      ['interval', 'exact 95 % interval'],
    ]),
    chart: rows.length === 0 ? null : losingShares(rows, { ariaLabel: title }),
    empty: 'No value was tried with all runs yet.',
    table: {
      columns: [parameter, 'losing', 'runs', 'share', 'low', 'high', `largest loss (${loss.unit})`],
      rows: tried.map(({ value: at, losing: count, share, worstLoss }) => [
        ...[Number(at), count, runs, share.value, share.low, share.high],
        Number(worstLoss),
      ]),
    },
  })
}

function allAnswers(all: readonly Smallest[]): HTMLElement {
  const heads = [
    'design',
    'smallest',
    'one below',
    'fresh',
    'chance',
    'mean loss at most',
    'verdict',
  ]
  const rows = all.map((entry) => {
    const { value, losing, fresh, outcome } = entry
    const cells = [
      value === null ? outcome : settingText(entry, value),
      losing === null ? '–' : `run ${losing.run}: ${lossText(entry, losing.loss)}`,
      fresh === null ? '–' : `${fresh.losing} of ${grouped(fresh.runs)}`,
      fresh === null ? '–' : `${shareText(fresh.share.value)} ${intervalText(fresh.share)}`,
      fresh === null ? '–' : lossText(entry, fresh.meanLossMost),
      isSafe(entry) ? '✓ safe' : '✗ not safe',
    ]
    return h(
      'tr',
      {},
      h('th', { scope: 'row' }, placeText(entry)),
      ...cells.map((cell) => h('td', { class: 'number' }, cell)),
    )
  })
  return h(
    'section',
    { class: 'card' },
    h('h3', {}, 'All answers'),
    h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'All answers' },
      h(
        'table',
        {},
        h('thead', {}, h('tr', {}, ...heads.map((name) => h('th', { scope: 'col' }, name)))),
        h('tbody', {}, ...rows),
      ),
    ),
  )
}
