/**
 * What one step changed: the two bars, and every fact predicted beside observed.
 */
import { type StepRow, stepRows } from '../../reports/stepRows.ts'
import { progressBars } from '../charts/progressBars.ts'
import { h } from '../lib/dom.ts'
import { grouped, moment } from '../lib/format.ts'
import { progressAt } from '../lib/progress.ts'
import type { Frame, Story } from '../lib/story.ts'

export function stepFacts(
  story: Story,
  frames: readonly Frame[],
  step: number,
): readonly HTMLElement[] {
  const frame = frames[step]
  if (frame === undefined) return [h('p', { class: 'empty' }, 'This run has no steps.')]
  const row = story.trace === null ? undefined : stepRows(story.trace)[step]
  const bars = progressAt(story, step)
  return [
    h('h3', {}, `${step + 1}. ${frame.by}: `, h('code', {}, row?.call ?? frame.action)),
    h(
      'p',
      { class: 'quiet' },
      [
        `contract clock ${grouped(frame.atSeconds)} s`,
        frame.trueMs === null ? '' : `true time ${moment(frame.trueMs)}`,
        row === undefined ? '' : `${grouped(row.gasUsed)} gas`,
        `edge ${frame.edge}`,
      ]
        .filter((text) => text !== '')
        .join(', '),
    ),
    bars === null
      ? h('p', { class: 'quiet' }, 'Nothing is deposited yet.')
      : h(
          'div',
          { class: 'bars' },
          progressBars(bars, {
            ariaLabel: bars.bars.map(({ label, wholeText }) => `${label}: ${wholeText}`).join('; '),
          }),
        ),
    row === undefined ? worldFacts(frame) : factTable(row.facts),
  ]
}

function worldFacts(frame: Frame): HTMLElement {
  const rows = [
    ['model', frame.predicted],
    ['contract', frame.observed ?? 'not executed'],
    ...frame.transfers.map(({ from, to, amountUnits, token }) => [
      'transfer',
      `${grouped(amountUnits)} ${token} from ${from} to ${to}`,
    ]),
  ]
  return h(
    'table',
    { class: 'facts' },
    h(
      'tbody',
      {},
      ...rows.map(([name = '', text = '']) =>
        h('tr', {}, h('th', { scope: 'row' }, name), h('td', {}, text)),
      ),
    ),
  )
}

/** Predicted beside observed; what is the same is said once, over both columns. */
function factTable(facts: StepRow['facts']): HTMLElement {
  const cell = (text: string, colspan = 1) => h('td', { colspan }, text === '' ? 'none' : text)
  const rows = facts.map(({ label, before, predicted, observed, differs }) =>
    h(
      'tr',
      { class: differs ? 'differs' : false },
      h('th', { scope: 'row' }, label, differs ? h('strong', {}, ' ≠ differs') : null),
      h('td', {}, before ?? ''),
      ...(predicted === observed ? [cell(predicted, 2)] : [cell(predicted), cell(observed)]),
    ),
  )
  const head = ['what', 'before', 'model', 'contract'].map((name) =>
    h('th', { scope: 'col' }, name),
  )
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Predicted beside observed' },
    h('table', { class: 'facts' }, h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...rows)),
  )
}
