/**
 * The sweep explorer: which configurations are worth having, and what each costs.
 *
 * Scatter, parallel coordinates and table show one selection, made by brushing axes; two
 * configurations can be pinned and compared. The configuration in use is pinned at the start.
 */
import type { Sweep } from '../../reports/record.ts'
import { type ParallelAxis, parallelCoordinates } from '../charts/parallelCoordinates.ts'
import { paretoScatter } from '../charts/paretoScatter.ts'
import { chartCard } from '../lib/chartCard.ts'
import type { View, ViewContext } from '../lib/context.ts'
import { button, choice, h } from '../lib/dom.ts'
import { compact, counted } from '../lib/format.ts'
import { legend, missing, scopeText } from '../lib/pieces.ts'
import { smallestPart } from './smallestPart.ts'
import { type Configuration, configurationsOf, pinsFrom, type SweepAxis } from './sweepData.ts'
import { comparison, configurationText, selectionTable } from './sweepTable.ts'

const PARETO =
  'Worth having (Pareto): no other configuration that keeps every claim is at least as good in ' +
  'every objective'
const PINS = ['A', 'B'] as const

export function sweepView(context: ViewContext): View {
  const { record, params } = context
  const sweeps = record.sweep ?? []
  const index = Math.max(
    0,
    Math.min(sweeps.length - 1, Number.parseInt(params.sweep ?? '0', 10) || 0),
  )
  const sweep = sweeps[index]
  const questions = smallestPart(context)
  if (sweep === undefined || sweep.points.length === 0) {
    if (questions.length > 0) return { element: h('div', { class: 'view' }, ...questions) }
    const how =
      '`meterproof sweep` tries parameters over ranges and finds the settings worth having.'
    return { element: h('div', { class: 'view' }, missing('sweep', how)) }
  }
  const { axes, configurations, unplaced } = configurationsOf(sweep)
  const outcomes = axes.filter(({ isParameter }) => !isParameter)
  const named = (name: string | undefined) => outcomes.find((axis) => axis.name === name)
  const xAxis = named(params.x) ?? named(sweep.objectives?.[0]) ?? (outcomes[0] as SweepAxis)
  const yAxis = named(params.y) ?? named(sweep.objectives?.[1]) ?? outcomes[1] ?? xAxis
  const state: SweepState = {
    brushes: new Map(),
    flipped: new Set(),
    order: axes.map(({ name }) => name),
    pins: pinsFrom(sweep, configurations, params.pins),
    showDominated: params.dominated !== 'hidden',
    sortBy: xAxis.name,
  }
  const slots = {
    scatter: h('div', {}),
    parallel: h('div', {}),
    table: h('div', {}),
    pins: h('div', {}),
  }
  const draw = () =>
    drawAll({ context, sweep, axes, configurations, xAxis, yAxis, state, slots, draw })
  draw()
  const feasible = configurations.filter((configuration) => configuration.feasible).length
  const pareto = configurations.filter((configuration) => configuration.pareto).length
  const best = `${counted(pareto, 'configuration')} of ${configurations.length}`
  const broken = configurations.length - feasible
  const title = `${best} ${pareto === 1 ? 'is' : 'are'} worth having; ${broken} break a claim`
  const objectives = (sweep.objectives ?? []).join(', ')
  const left = unplaced > 0 ? ` ${counted(unplaced, 'point')} lack an objective: not shown.` : ''
  const pick = (name: 'x' | 'y', label: string, value: string) =>
    choice({
      label,
      value,
      options: outcomes.map((axis) => ({ value: axis.name, label: axis.label })),
      onChange: (chosen) => context.go('sweep', { ...params, [name]: chosen }),
    })
  return {
    element: h(
      'div',
      { class: 'view' },
      ...questions,
      h('h2', { class: 'section-title' }, title),
      h('p', { class: 'quiet' }, `${scopeText(sweep)}. ${PARETO} (${objectives}).${left}`),
      h(
        'div',
        { class: 'tools' },
        sweeps.length < 2
          ? null
          : choice({
              label: 'Sweep',
              value: String(index),
              options: sweeps.map((entry, at) => ({ value: String(at), label: scopeText(entry) })),
              onChange: (value) => context.go('sweep', { sweep: value }),
            }),
        pick('x', 'Across', xAxis.name),
        pick('y', 'Up', yAxis.name),
      ),
      h('div', { class: 'sweep-charts' }, slots.scatter, slots.parallel),
      slots.pins,
      slots.table,
    ),
  }
}

interface SweepState {
  readonly brushes: Map<string, readonly [number, number]>
  readonly flipped: Set<string>
  order: string[]
  pins: readonly string[]
  showDominated: boolean
  sortBy: string
}

interface DrawOptions {
  readonly context: ViewContext
  readonly sweep: Sweep
  readonly axes: readonly SweepAxis[]
  readonly configurations: readonly Configuration[]
  readonly xAxis: SweepAxis
  readonly yAxis: SweepAxis
  readonly state: SweepState
  readonly slots: Readonly<Record<'scatter' | 'parallel' | 'table' | 'pins', HTMLElement>>
  draw(): void
}

function drawAll(options: DrawOptions): void {
  const { context, configurations, state, slots, draw, axes, sweep } = options
  const selected = configurations.filter(({ values }) =>
    [...state.brushes].every(([name, [least, most]]) => {
      const value = values[name] ?? 0
      return value >= least && value <= most
    }),
  )
  const togglePin = (key: string) => {
    const rest = state.pins.filter((pin) => pin !== key)
    state.pins = rest.length < state.pins.length ? rest : [...rest.slice(-1), key]
    context.note({ ...context.params, pins: state.pins.join(',') })
    draw()
  }
  const pinOf = (key: string) => PINS[state.pins.indexOf(key)] ?? null
  const shared = { ...options, selected: new Set(selected.map(({ key }) => key)), togglePin, pinOf }
  slots.scatter.replaceChildren(scatterCard(shared))
  slots.parallel.replaceChildren(parallelCard(shared))
  const sort = (name: string) => {
    state.sortBy = name
    draw()
  }
  slots.table.replaceChildren(
    selectionTable({
      axes,
      selected,
      all: configurations.length,
      sortBy: state.sortBy,
      pinOf,
      onSort: sort,
      onPin: togglePin,
      onCopy: (key) => void copyConfiguration(options, key),
    }),
  )
  const pinned = state.pins.flatMap((pin) => configurations.filter(({ key }) => key === pin))
  slots.pins.replaceChildren(
    comparison(axes, pinned, sweep.current ?? null, (key) => void copyConfiguration(options, key)),
  )
}

async function copyConfiguration(
  { context, configurations }: DrawOptions,
  key: string,
): Promise<void> {
  const configuration = configurations.find((candidate) => candidate.key === key)
  if (configuration === undefined) return
  const text = configurationText(configuration)
  try {
    await navigator.clipboard.writeText(text)
    context.say('Copied the configuration as JSON.')
  } catch {
    context.say(`Copy it by hand: ${text}`)
  }
}

interface SharedOptions extends DrawOptions {
  readonly selected: ReadonlySet<string>
  togglePin(key: string): void
  pinOf(key: string): string | null
}

const describe = (configuration: Configuration, axes: readonly SweepAxis[]) => {
  const parts = axes.map(({ name, unit }) =>
    `${name} ${compact(configuration.values[name] ?? 0)} ${unit}`.trim(),
  )
  const verdict = configuration.feasible
    ? configuration.pareto
      ? 'Pareto-optimal'
      : 'dominated'
    : `breaks ${configuration.violated.join(', ')}`
  return `${verdict}: ${parts.join(', ')}`
}

function scatterCard(options: SharedOptions): HTMLElement {
  const { configurations, xAxis, yAxis, axes, selected, state, togglePin, pinOf, draw } = options
  const points = configurations.map((configuration) => ({
    ...{ key: configuration.key, feasible: configuration.feasible, pareto: configuration.pareto },
    ...{ x: configuration.values[xAxis.name] ?? 0, y: configuration.values[yAxis.name] ?? 0 },
    ...{ isSelected: selected.has(configuration.key), pin: pinOf(configuration.key) },
    text: describe(configuration, axes),
  }))
  const title = `${xAxis.name} against ${yAxis.name}`
  const toggle = button(state.showDominated ? 'Hide dominated' : 'Show dominated', () => {
    state.showDominated = !state.showDominated
    draw()
  })
  return chartCard({
    ...{ title, level: 3, fileName: 'sweep-scatter' },
    subtitle: 'Choose a point (or Enter) to pin it; two pins are compared below.',
    legend: h(
      'div',
      { class: 'legend-row' },
      legend([
        ['pareto-swatch', 'worth having'],
        ['dominated-swatch', 'dominated'],
        ['infeasible-swatch', 'breaks a claim'],
      ]),
      toggle,
    ),
    chart: paretoScatter(
      {
        points,
        xLabel: xAxis.label,
        yLabel: yAxis.label,
        xMore: xAxis.better === 'more',
        showDominated: state.showDominated,
      },
      { ariaLabel: title, onPick: togglePin },
    ),
    table: {
      columns: [xAxis.label, yAxis.label, 'verdict'],
      rows: configurations.map((configuration) => [
        configuration.values[xAxis.name] ?? 0,
        configuration.values[yAxis.name] ?? 0,
        describe(configuration, []),
      ]),
    },
  })
}

function parallelCard(options: SharedOptions): HTMLElement {
  const { axes, configurations, selected, state, togglePin, pinOf, draw } = options
  const ordered = state.order.flatMap((name) => axes.filter((axis) => axis.name === name))
  const drawn = ordered.map((axis): ParallelAxis => {
    const { name, unit, isParameter, isInteger } = axis
    return {
      name,
      unit,
      isParameter,
      isInteger,
      isFlipped: state.flipped.has(name),
      brushed: state.brushes.get(name) ?? null,
    }
  })
  const lines = configurations.map((configuration) => ({
    ...{ key: configuration.key, values: configuration.values, feasible: configuration.feasible },
    ...{ pareto: configuration.pareto, isSelected: selected.has(configuration.key) },
    ...{ pin: pinOf(configuration.key), text: describe(configuration, axes) },
  }))
  const title =
    state.brushes.size === 0
      ? 'Parameters on the left, what they lead to on the right'
      : `${counted(selected.size, 'configuration')} inside the brushes`
  const onBrush = (name: string, range: readonly [number, number] | null) => {
    if (range === null) state.brushes.delete(name)
    else state.brushes.set(name, range)
    draw()
  }
  return chartCard({
    ...{ title, level: 3, fileName: 'sweep-parallel' },
    subtitle: 'Drag along an axis to keep what lies inside; click the axis to let go.',
    legend: axisControls(options),
    chart: parallelCoordinates(
      { axes: drawn, lines },
      { ariaLabel: title, onBrush, onPick: togglePin, width: Math.max(640, axes.length * 118) },
    ),
    table: {
      columns: axes.map(({ label }) => label),
      rows: configurations.map(({ values }) => axes.map(({ name }) => values[name] ?? null)),
    },
  })
}

/** Order, direction and range of the axes without a mouse. */
function axisControls({ axes, state, draw }: SharedOptions): HTMLElement {
  const rows = state.order.map((name, index) => {
    const axis = axes.find((candidate) => candidate.name === name) as SweepAxis
    const move = (by: number) => {
      const order = state.order.filter((other) => other !== name)
      order.splice(Math.max(0, index + by), 0, name)
      state.order = order
      draw()
    }
    const flip = () => {
      if (!state.flipped.delete(name)) state.flipped.add(name)
      draw()
    }
    const [least = '', most = ''] = (state.brushes.get(name) ?? []).map((value) =>
      compact(value, 6),
    )
    const bound = (label: string, value: string, at: 0 | 1) =>
      h('input', {
        type: 'number',
        step: 'any',
        value,
        'aria-label': `${label} of ${name}`,
        placeholder: label,
        change: (event) => {
          const text = (event.target as HTMLInputElement).value
          const known = state.brushes.get(name) ?? [
            Number.NEGATIVE_INFINITY,
            Number.POSITIVE_INFINITY,
          ]
          const limit =
            text === ''
              ? at === 0
                ? Number.NEGATIVE_INFINITY
                : Number.POSITIVE_INFINITY
              : Number(text)
          const range: readonly [number, number] = at === 0 ? [limit, known[1]] : [known[0], limit]
          if (range.every((value) => !Number.isFinite(value))) state.brushes.delete(name)
          else state.brushes.set(name, range)
          draw()
        },
      })
    return h(
      'li',
      {},
      h('span', {}, axis.label),
      button('←', () => move(-1), { 'aria-label': `Move ${name} left` }),
      button('→', () => move(1), { 'aria-label': `Move ${name} right` }),
      button('Turn', flip, {
        'aria-label': `Turn ${name} over`,
        'aria-pressed': String(state.flipped.has(name)),
      }),
      bound('least', least, 0),
      bound('most', most, 1),
    )
  })
  const clear = button('Clear all ranges', () => {
    state.brushes.clear()
    draw()
  })
  return h(
    'details',
    { class: 'axis-controls' },
    h('summary', {}, 'Axes: order, direction, ranges'),
    h('ul', {}, ...rows),
    clear,
  )
}
