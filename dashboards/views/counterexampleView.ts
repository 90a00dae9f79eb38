/**
 * One story step by step: list, sequence diagram, and what each step changed.
 *
 * Everything follows one selected step: the list, the outline in the diagram, the scrubber, the
 * facts, the two bars, and the address, so that a link leads to the very step.
 */

import { sequenceDiagram } from '../charts/sequenceDiagram.ts'
import { chartCard } from '../lib/chartCard.ts'
import type { View, ViewContext } from '../lib/context.ts'
import { button, h, segmented } from '../lib/dom.ts'
import { counted, duration, grouped, moment } from '../lib/format.ts'
import { missing } from '../lib/pieces.ts'
import { sequenceOf } from '../lib/sequence.ts'
import { type Frame, framesOf, originalOf, type Story } from '../lib/story.ts'

import { stepFacts } from './stepFacts.ts'
import { copyReplay, storyHead } from './storyHead.ts'

const STEPS_LISTED_MAX = 500

export function counterexampleView(context: ViewContext): View {
  const { stories, params } = context
  const asked = stories.find(({ id }) => id === params.id)
  const shrunk = asked ?? stories[0]
  if (shrunk === undefined) {
    const how =
      'Nothing failed and no run was kept. `meterproof check` keeps a sample of every campaign.'
    return { element: h('div', { class: 'view' }, missing('counterexample', how)) }
  }
  const story = params.version === 'original' ? originalOf(shrunk) : shrunk
  const unknown = params.id !== undefined && asked === undefined
  const stage = createStage(context, story)
  const element = h(
    'div',
    { class: 'view story' },
    unknown
      ? h(
          'p',
          { class: 'problem', role: 'status' },
          `There is no run "${params.id}"; this is the first one.`,
        )
      : null,
    storyHead(context, shrunk),
    stage.element,
  )
  return { element, keys: stage.keys }
}

interface Stage {
  readonly element: HTMLElement
  readonly keys: Readonly<Record<string, () => void>>
}

/** List, diagram and facts around one selected step. */
function createStage(context: ViewContext, story: Story): Stage {
  const frames = framesOf(story)
  const clamp = (step: number) => Math.max(0, Math.min(frames.length - 1, step))
  const asked = Number.parseInt(context.params.step ?? '', 10)
  let step = clamp(Number.isNaN(asked) ? (story.brokenStep ?? 0) : asked - 1)
  let axis: 'ordinal' | 'true' = context.params.axis === 'true' ? 'true' : 'ordinal'
  const diagram = h('div', { class: 'stage-diagram' })
  const facts = h('section', { class: 'card stage-facts', 'aria-label': 'What the step changed' })
  const list = stepList(story, frames, (index) => select(index))
  const scrubber = h('input', {
    ...{ type: 'range', min: 1, max: Math.max(1, frames.length), value: step + 1, id: 'scrubber' },
    input: () => select(Number(scrubber.value) - 1),
  })
  const place = h('output', { for: 'scrubber' })
  const draw = () => {
    const frame = frames[step]
    place.textContent = frame === undefined ? 'no steps' : `step ${step + 1} of ${frames.length}`
    scrubber.value = String(step + 1)
    diagram.replaceChildren(diagramCard(story, { step, axis, onStep: select }))
    facts.replaceChildren(...stepFacts(story, frames, step))
    markStep(list, step)
    diagram.querySelector('.row.selected')?.scrollIntoView({ block: 'nearest' })
  }
  const select = (index: number) => {
    step = clamp(index)
    draw()
    context.note({
      ...context.params,
      id: story.id,
      step: String(step + 1),
      axis: axis === 'true' ? axis : '',
    })
  }
  draw()
  const nextBroken = () => {
    const isBroken = (frame: Frame, index: number) => frame.differs || index === story.brokenStep
    const all = frames.flatMap((frame, index) => (isBroken(frame, index) ? [index] : []))
    const next = all.find((index) => index > step) ?? all[0]
    if (next === undefined) context.say('Model and contract agree at every step.')
    else select(next)
  }
  const controls = stageControls(
    { select, nextBroken, scrubber, place, at: () => step },
    axis,
    (value) => {
      axis = value
      select(step)
    },
  )
  const forward = () => select(step + 1)
  const back = () => select(step - 1)
  return {
    element: h(
      'div',
      { class: 'stage' },
      controls,
      h(
        'div',
        { class: 'stage-panes' },
        h('nav', { class: 'stage-list', 'aria-label': 'Steps', tabindex: 0 }, list),
        diagram,
        facts,
      ),
    ),
    keys: {
      j: forward,
      ArrowDown: forward,
      ArrowRight: forward,
      k: back,
      ArrowUp: back,
      ArrowLeft: back,
      n: nextBroken,
      c: () => void copyReplay(context, story),
      Home: () => select(0),
      End: () => select(frames.length - 1),
    },
  }
}

interface ControlParts {
  readonly scrubber: HTMLInputElement
  readonly place: HTMLElement
  select(step: number): void
  nextBroken(): void
  at(): number
}

function stageControls(
  { scrubber, place, select, nextBroken, at }: ControlParts,
  axis: 'ordinal' | 'true',
  onAxis: (axis: 'ordinal' | 'true') => void,
): HTMLElement {
  const axisSwitch = segmented({
    ...{ label: 'Time axis', value: axis },
    options: [
      { value: 'ordinal', label: 'one row an event' },
      { value: 'true', label: 'true time' },
    ],
    onChange: (value) => onAxis(value === 'true' ? 'true' : 'ordinal'),
  })
  return h(
    'div',
    { class: 'tools stage-tools' },
    button('‹', () => select(at() - 1), { 'aria-label': 'Step back' }),
    h('label', { class: 'choice scrub' }, h('span', {}, 'Step'), scrubber),
    button('›', () => select(at() + 1), { 'aria-label': 'Step on' }),
    place,
    button('Next divergence', nextBroken),
    axisSwitch,
  )
}

function stepList(story: Story, frames: readonly Frame[], onStep: (index: number) => void) {
  const shown = frames.slice(0, STEPS_LISTED_MAX)
  const first = frames[0]?.atSeconds ?? 0
  const items = shown.map((frame, index) => {
    const isBroken = frame.differs || index === story.brokenStep
    const isRefused = frame.predicted !== 'accepted'
    const when =
      frame.trueMs === null ? `${grouped(frame.atSeconds - first)} s` : moment(frame.trueMs)
    return h(
      'li',
      { class: isBroken ? 'broken' : false },
      button('', () => onStep(index), { class: 'step-button' }),
      h('span', { class: 'step-number' }, index + 1),
      h('span', { class: 'step-call' }, `${frame.by} ${frame.action}`),
      h('span', { class: 'step-time' }, when),
      h(
        'span',
        { class: 'step-result' },
        isRefused ? `⊘ ${frame.predicted}` : frame.stateModel,
        isBroken ? h('strong', {}, frame.differs ? ' ≠ differs' : ' ✗ broken here') : null,
      ),
    )
  })
  const hidden = frames.length - shown.length
  for (const item of items) {
    const [control, ...texts] = [...item.childNodes] as [HTMLElement, ...Node[]]
    control.append(...texts)
  }
  return h(
    'ol',
    { class: 'steps' },
    ...items,
    hidden > 0
      ? h('li', { class: 'quiet' }, `and ${counted(hidden, 'more step')} in the trace file`)
      : null,
  )
}

function markStep(list: HTMLElement, step: number): void {
  list.querySelectorAll('.step-button').forEach((control, index) => {
    if (index === step) {
      control.setAttribute('aria-current', 'step')
      control.scrollIntoView({ block: 'nearest' })
    } else control.removeAttribute('aria-current')
  })
}

interface DiagramOptions {
  readonly step: number
  readonly axis: 'ordinal' | 'true'
  onStep(step: number): void
}

function diagramCard(story: Story, { step, axis, onStep }: DiagramOptions): HTMLElement {
  const data = sequenceOf(story)
  const title = story.scenario === null ? 'Who called what' : worldTitle(story)
  const hidden =
    data.hidden > 0 ? ` ${counted(data.hidden, 'event')} after that are not drawn.` : ''
  const faultCount = counted(data.bands.length, 'fault')
  const messages = messagesText(story)
  const clocks =
    story.scenario === null
      ? 'Time is the block’s.'
      : `True time beside the contract’s clock; ${faultCount}, ${messages}.`
  const chart =
    data.events.length === 0
      ? null
      : sequenceDiagram(data, {
          ariaLabel: `${title}. ${clocks}`,
          selectedStep: step,
          brokenStep: story.brokenStep,
          axis,
          onStep,
        })
  const rows = data.events.map((event) => {
    if (event.kind === 'call')
      return [
        event.atMs,
        event.kind,
        event.from,
        event.to,
        `${event.frame.action}: ${event.frame.predicted}`,
      ]
    if (event.kind === 'message')
      return [
        event.atMs,
        event.kind,
        event.from,
        event.to,
        `${event.label}${event.lost === null ? '' : `, lost: ${event.lost}`}`,
      ]
    return [event.atMs, event.kind, '', '', event.label]
  })
  const faults = data.bands.map(({ fromMs, lanes, label }) => [
    fromMs,
    'fault',
    lanes.join(' '),
    '',
    label,
  ])
  return chartCard({
    ...{ title, chart, level: 3, fileName: `sequence-${story.id}` },
    subtitle: `${clocks}${hidden}`,
    empty: 'This run has no steps.',
    table: { columns: ['time (ms)', 'kind', 'from', 'to', 'what'], rows: [...rows, ...faults] },
  })
}

/** How many messages there were, and how many of them the record kept. */
function messagesText({ scenario }: Story): string {
  const [all, kept] = [scenario?.messageCount ?? 0, scenario?.messages.length ?? 0]
  const text = counted(all, 'message')
  return kept < all ? `${text}, of which the record keeps ${grouped(kept)}` : text
}

function worldTitle({ scenario, finding }: Story): string {
  const { billedMs, deliveredMs } = scenario?.leakage ?? {}
  if (typeof billedMs !== 'number' || typeof deliveredMs !== 'number') return finding
  if (billedMs === 0) return finding
  return `Billed ${duration(billedMs)} for ${duration(deliveredMs)} of service`
}
