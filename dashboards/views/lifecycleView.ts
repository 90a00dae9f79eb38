/**
 * The lifecycle of each machine with the campaigns' coverage on it, and what was never reached.
 */
import {
  fallbackLayout,
  layoutKey,
  lifecycleGraph,
  mergedCoverage,
} from '../../reports/lifecycleGraph.ts'
import type { Coverage } from '../../reports/record.ts'
import { lifecycleChart } from '../charts/lifecycleChart.ts'
import { chartCard } from '../lib/chartCard.ts'
import type { View, ViewContext } from '../lib/context.ts'
import { choice, h } from '../lib/dom.ts'
import { counted, grouped } from '../lib/format.ts'
import { legend, missing, regimesOf } from '../lib/pieces.ts'
import { framesOf, type Story } from '../lib/story.ts'
import { furtherCoverage } from './furtherCoverage.ts'

const ALL = 'all regimes'

export function lifecycleView(context: ViewContext): View {
  const { record, params } = context
  if (record.coverage.length === 0) {
    const how = 'Coverage comes from the campaigns of `meterproof check` and `meterproof run`.'
    return { element: h('div', { class: 'view' }, missing('coverage of a lifecycle', how)) }
  }
  const keys = [...new Set(record.coverage.map(layoutKey))]
  const key = keys.find((candidate) => candidate === params.machine) ?? (keys[0] as string)
  const own = record.coverage.filter((coverage) => layoutKey(coverage) === key)
  const regimes = regimesOf(own)
  const regime = regimes.find((candidate) => candidate === params.regime) ?? ALL
  const shown = regime === ALL ? own : own.filter((coverage) => coverage.regime === regime)
  const coverage = mergedCoverage(shown) as Coverage
  const stories = context.stories.filter(({ scope }) => `${scope.protocol}/${scope.policy}` === key)
  const tools = h(
    'div',
    { class: 'tools' },
    choice({
      ...{ label: 'Machine', value: key, options: keys.map((value) => ({ value, label: value })) },
      onChange: (machine) => context.go('lifecycle', { ...params, machine }),
    }),
    choice({
      ...{ label: 'Regime', value: regime },
      options: [ALL, ...regimes].map((value) => ({ value, label: value })),
      onChange: (value) =>
        context.go('lifecycle', { ...params, regime: value === ALL ? '' : value }),
    }),
    choice({
      ...{ label: 'Play', value: params.play ?? '' },
      options: [
        { value: '', label: 'nothing' },
        ...stories.map(({ id, title, scope }) => ({
          value: id,
          label: `${title} (${scope.regime})`,
        })),
      ],
      onChange: (play) => context.go('lifecycle', { ...params, play, step: '' }),
    }),
  )
  const story = stories.find(({ id }) => id === params.play)
  const slot = h('div', {})
  const player = createPlayer(context, story, (played) =>
    slot.replaceChildren(lifecycleCard(context, coverage, key, played)),
  )
  const element = h(
    'div',
    { class: 'view' },
    tools,
    player.element,
    h('div', { class: 'with-detail' }, slot, uncovered(coverage)),
    ...furtherCoverage(coverage),
  )
  return { element, keys: player.keys }
}

type Played = { readonly edge: string | null; readonly state: string | null } | undefined

/** Steps a story over the chart. */
function createPlayer(
  context: ViewContext,
  story: Story | undefined,
  draw: (played: Played) => void,
) {
  if (story === undefined) {
    draw(undefined)
    return { element: null, keys: {} }
  }
  const frames = framesOf(story)
  let step = Math.max(
    0,
    Math.min(frames.length - 1, Number.parseInt(context.params.step ?? '1', 10) - 1 || 0),
  )
  const output = h('output', { for: 'play-step' })
  const scrubber = h('input', {
    type: 'range',
    id: 'play-step',
    min: 1,
    max: Math.max(1, frames.length),
    value: step + 1,
    input: () => go(Number(scrubber.value) - 1),
  })
  const go = (index: number) => {
    step = Math.max(0, Math.min(frames.length - 1, index))
    const frame = frames[step]
    scrubber.value = String(step + 1)
    output.textContent =
      frame === undefined
        ? 'no steps'
        : `${step + 1} of ${frames.length}: ${frame.by} ${frame.action}, ${frame.predicted}`
    draw({ edge: frame?.edge ?? null, state: frame?.stateModel ?? null })
    context.note({ ...context.params, step: String(step + 1) })
  }
  go(step)
  const element = h(
    'div',
    { class: 'tools' },
    h('label', { class: 'choice scrub' }, h('span', {}, 'Step'), scrubber),
    output,
  )
  return {
    element,
    keys: {
      j: () => go(step + 1),
      k: () => go(step - 1),
      ArrowRight: () => go(step + 1),
      ArrowLeft: () => go(step - 1),
    },
  }
}

function lifecycleCard(
  context: ViewContext,
  coverage: Coverage,
  key: string,
  played: Played,
): HTMLElement {
  const graph = lifecycleGraph(coverage)
  const layout = context.layouts[key] ?? fallbackLayout(graph)
  const disagreed = new Set(
    context.record.failures.flatMap(({ invariant, trace, stepIndex, protocol, policy }) => {
      if (invariant !== 'DIVERGENCE' || `${protocol}/${policy}` !== key || stepIndex === null)
        return []
      return trace.steps[stepIndex]?.edge ?? []
    }),
  )
  const accepting = graph.edges.filter(({ hits }) => hits > 0).length
  const reached = graph.nodes.filter(({ hits }) => hits > 0).length
  const states = `${reached} of ${graph.nodes.length} states`
  const transitions = `${accepting} of ${graph.edges.length} transitions`
  const title = `${key}: ${states} and ${transitions} were reached`
  const note = layout.fallback ? ' The layout engine failed, so the states stand in a column.' : ''
  const chart = lifecycleChart(
    { graph, layout, disagreed, ...(played === undefined ? {} : { played }) },
    { ariaLabel: title, onEdge: (id) => context.say(edgeSentence(context, key, id)) },
  )
  return chartCard({
    ...{ title, chart, fileName: `lifecycle-${key.replace('/', '-')}` },
    subtitle: `Hits of each transition, then refusals of the same action (⊘).${note}`,
    legend: legend([
      ['heat-low', 'few hits'],
      ['heat-high', 'many hits (log)'],
      ['never', 'never hit'],
    ]),
    table: {
      columns: ['from', 'action', 'to', 'refused with', 'hits'],
      rows: coverage.edges.map(({ from, action, to, rejection, hits }) => [
        from,
        action,
        rejection === null ? to : from,
        rejection ?? '',
        hits,
      ]),
    },
  })
}

/** Which kept runs took an edge. */
function edgeSentence({ stories }: ViewContext, key: string, id: string): string {
  const taken = stories.filter(
    (story) =>
      `${story.scope.protocol}/${story.scope.policy}` === key &&
      framesOf(story).some(({ edge }) => edge === id),
  )
  if (taken.length === 0) return 'None of the kept runs took this transition.'
  return `Taken in ${counted(taken.length, 'kept run')}: ${taken
    .slice(0, 5)
    .map(({ title }) => title)
    .join(', ')}`
}

/** What nothing reached, as text: the alternative to the chart's dashes. */
function uncovered({ edges, states }: Coverage): HTMLElement {
  const refusals = edges.filter(({ rejection }) => rejection !== null)
  const never = [
    ...states.filter(({ hits }) => hits === 0).map(({ name }) => `state ${name}`),
    ...edges
      .filter(({ hits }) => hits === 0)
      .map(
        ({ from, action, to, rejection }) =>
          `${from} ${action} ${rejection === null ? `→ ${to}` : `⊘ ${rejection}`}`,
      ),
  ]
  const hitRefusals = refusals.filter(({ hits }) => hits > 0).length
  const list = h(
    'ul',
    { class: 'never-list' },
    ...never.map((text) => h('li', {}, h('code', {}, text))),
  )
  return h(
    'aside',
    { class: 'card detail', 'aria-label': 'Never reached' },
    h(
      'h2',
      {},
      never.length === 0 ? 'Nothing was left out' : `Never reached: ${grouped(never.length)}`,
    ),
    h(
      'p',
      { class: 'quiet' },
      `${hitRefusals} of ${counted(refusals.length, 'kind')} of refusal were provoked.`,
    ),
    never.length === 0
      ? null
      : h(
          'div',
          {
            class: 'scroll-y',
            tabindex: 0,
            role: 'region',
            'aria-label': 'States and transitions never reached',
          },
          list,
        ),
  )
}
