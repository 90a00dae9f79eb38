/**
 * Latency of a stage under every regime: over time with the faults above, and as a distribution;
 * and how often promises of time are kept.
 *
 * All regimes share their scales, so that a taller line is a longer wait. Operations that failed or
 * were never decided are counted apart and never enter a percentile.
 */
import type { Latency, RegimeFacts } from '../../reports/record.ts'
import { latencyEcdf } from '../charts/latencyEcdf.ts'
import { latencyOverTime } from '../charts/latencyOverTime.ts'
import { chartCard } from '../lib/chartCard.ts'
import type { View, ViewContext } from '../lib/context.ts'
import { choice, h } from '../lib/dom.ts'
import { counted, duration, grouped, percent, quantileName } from '../lib/format.ts'
import { chainChoice, legend, machinesOf, missing, regimesOf, seriesOf } from '../lib/pieces.ts'
import { serviceLevelSection } from './serviceLevels.ts'

export function latencyView(context: ViewContext): View {
  const { record, params } = context
  const all = record.latency ?? []
  if (all.length === 0) {
    const how =
      'Latencies come from the simulated world: `meterproof run` or `meterproof simulate`.'
    return { element: h('div', { class: 'view' }, missing('latencies', how)) }
  }
  const machines = machinesOf(all).map(({ protocol, policy }) => `${protocol}/${policy}`)
  const machine =
    machines.find((candidate) => candidate === params.machine) ?? (machines[0] as string)
  const isOwn = ({ protocol, policy }: { protocol: string; policy: string }) =>
    `${protocol}/${policy}` === machine
  const chain = chainChoice(context, 'latency', all.filter(isOwn))
  const own = all.filter((entry) => isOwn(entry) && chain.isOn(entry))
  const levels = (record.serviceLevels ?? []).filter(isOwn)
  const stages = [...new Set(own.map(({ stage }) => stage))]
  const stage = stages.find((candidate) => candidate === params.stage) ?? (stages[0] as string)
  const entries = regimesOf(own).flatMap((regime) =>
    own.filter((entry) => entry.stage === stage && entry.regime === regime),
  )
  const tools = h(
    'div',
    { class: 'tools' },
    choice({
      label: 'Machine',
      value: machine,
      options: machines.map((value) => ({ value, label: value })),
      onChange: (value) => context.go('latency', { ...params, machine: value }),
    }),
    choice({
      label: 'Stage',
      value: stage,
      options: stages.map((value) => ({ value, label: value })),
      onChange: (value) => context.go('latency', { ...params, stage: value }),
    }),
    chain.element,
  )
  const windowed = entries.filter(({ windows }) => windows !== undefined && windows.length > 0)
  return {
    element: h(
      'div',
      { class: 'view' },
      tools,
      h('h2', { class: 'section-title' }, finding(stage, entries)),
      summaryTable(entries),
      h('h2', { class: 'section-title' }, 'Distribution by regime'),
      legend([
        ['reference', 'no faults, for comparison'],
        ['interval', 'quantile with its rank interval'],
      ]),
      h('div', { class: 'multiples' }, ...entries.map((entry) => distributionCard(entry, entries))),
      ...serviceLevelSection(levels),
      h('h2', { class: 'section-title' }, 'Over time'),
      windowed.length === 0
        ? h('p', { class: 'empty' }, 'This run kept no windows over time.')
        : h(
            'div',
            { class: 'multiples wide' },
            ...windowed.map((entry) => overTimeCard(context, entry, windowed)),
          ),
    ),
  }
}

const quantileOf = ({ quantiles }: Latency, q: number) => quantiles.find((entry) => entry.q === q)

/** The slowest regime against the reference, in words. */
function finding(stage: string, entries: readonly Latency[]): string {
  const reference = entries.find(({ regime }) => regime === 'none')
  const ranked = entries.filter((entry) => quantileOf(entry, 0.95) !== undefined)
  ranked.sort((a, b) => (quantileOf(b, 0.95)?.valueMs ?? 0) - (quantileOf(a, 0.95)?.valueMs ?? 0))
  const worst = ranked[0]
  if (worst === undefined) return `${stage}: too few samples for a 95th percentile`
  const worstMs = quantileOf(worst, 0.95)?.valueMs ?? 0
  const baseMs = reference === undefined ? undefined : quantileOf(reference, 0.95)?.valueMs
  const against =
    baseMs === undefined || worst === reference || baseMs === 0
      ? ''
      : `, ${(worstMs / baseMs).toFixed(1)} times the ${duration(baseMs)} without faults`
  return `${stage}: p95 is worst under ${worst.regime} with ${duration(worstMs)}${against}`
}

function summaryTable(entries: readonly Latency[]): HTMLElement {
  const qs = [...new Set(entries.flatMap(({ quantiles }) => quantiles.map(({ q }) => q)))].sort(
    (a, b) => a - b,
  )
  const head = ['regime', 'n', 'failed', 'undecided', ...qs.map(quantileName)]
  const rows = entries.map((entry) => {
    const cells = qs.map((q) => {
      const found = quantileOf(entry, q)
      if (found === undefined) return h('td', { class: 'number quiet' }, 'too few')
      const { valueMs, lowMs, highMs } = found
      const interval =
        lowMs === null || highMs === null ? '' : ` [${duration(lowMs)}, ${duration(highMs)}]`
      return h(
        'td',
        { class: 'number' },
        duration(valueMs),
        h('span', { class: 'quiet' }, interval),
      )
    })
    const counts = [entry.n, entry.failed, entry.undecided]
    return h(
      'tr',
      {},
      h(
        'th',
        { scope: 'row' },
        h('span', { class: `swatch ${seriesOf(entry.regime)}`, 'aria-hidden': 'true' }),
        entry.regime,
      ),
      ...counts.map((count) => h('td', { class: 'number' }, grouped(count))),
      ...cells,
    )
  })
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Percentiles by regime' },
    h(
      'table',
      {},
      h(
        'caption',
        {},
        'Percentiles with order-statistic intervals; none that the sample cannot carry.',
      ),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          ...head.map((name, index) =>
            h('th', { scope: 'col', class: index > 0 && 'number' }, name),
          ),
        ),
      ),
      h('tbody', {}, ...rows),
    ),
  )
}

/** A range that all regimes share, with a little room. */
function domainOf(values: readonly number[]): readonly [number, number] {
  const positive = values.filter((value) => value > 0)
  if (positive.length === 0) return [1, 10]
  const [least, most] = [Math.min(...positive), Math.max(...positive)]
  return [least / 1.15, most * 1.15]
}

function distributionCard(entry: Latency, entries: readonly Latency[]): HTMLElement {
  const reference = entries.find(({ regime }) => regime === 'none')
  const domainMs = domainOf(
    entries.flatMap(({ histogram }) =>
      histogram.flatMap(({ fromMs, toMs }) => [Math.max(fromMs, toMs / 4), toMs]),
    ),
  )
  const median = quantileOf(entry, 0.5)
  const title =
    median === undefined
      ? `${entry.regime}: too few samples`
      : `${entry.regime}: half within ${duration(median.valueMs)}`
  const open = entry.failed + entry.undecided
  const total = entry.n + open
  const failed = counted(entry.failed, 'failed', 'failed')
  const undecided = counted(entry.undecided, 'undecided', 'undecided')
  const apart = `; apart from that ${failed}, ${undecided} (${percent(open / total)})`
  const subtitle = `n = ${grouped(entry.n)}${open === 0 ? '' : apart}`
  const isReference = reference === undefined || reference === entry
  const chart =
    entry.histogram.length === 0
      ? null
      : latencyEcdf(
          {
            histogram: entry.histogram,
            reference: isReference ? null : reference.histogram,
            quantiles: entry.quantiles,
            domainMs,
            series: seriesOf(entry.regime),
          },
          { ariaLabel: `${title}. ${subtitle}` },
        )
  return chartCard({
    ...{
      title,
      subtitle,
      chart,
      level: 3,
      fileName: `latency-${entry.stage}-${entry.regime}`.replace(/\W+/g, '-'),
    },
    empty: 'No operation of this stage ended.',
    table: {
      columns: ['from (ms)', 'to (ms)', 'operations'],
      rows: entry.histogram.map(({ fromMs, toMs, count }) => [fromMs, toMs, count]),
    },
  })
}

function overTimeCard(
  context: ViewContext,
  entry: Latency,
  entries: readonly Latency[],
): HTMLElement {
  const windows = entry.windows ?? []
  const facts = context.record.regimes?.find(
    ({ protocol, policy, regime, profile }) =>
      protocol === entry.protocol &&
      policy === entry.policy &&
      regime === entry.regime &&
      profile === entry.profile,
  )
  const all = entries.flatMap((other) => other.windows ?? [])
  const values = all.flatMap(({ quantiles }) => quantiles.map(({ valueMs }) => valueMs))
  const limitMs = entry.limitMs ?? null
  const worst = Math.max(
    0,
    ...windows.flatMap(({ quantiles }) => quantiles.map(({ valueMs }) => valueMs)),
  )
  const title = `${entry.regime}: slowest ${duration(worst)}`
  const subtitle = `By the time at which the operation began, n = ${grouped(entry.n)}.`
  const chart = latencyOverTime(
    {
      windows,
      strips: facts?.faults ?? [],
      runs: facts?.runs ?? 0,
      limitMs,
      domainMs: domainOf(limitMs === null ? values : [...values, limitMs]),
      timeMs: [
        Math.min(...all.map(({ fromMs }) => fromMs)),
        Math.max(...all.map(({ untilMs }) => untilMs)),
      ],
    },
    { ariaLabel: title },
  )
  const qs = [...new Set(windows.flatMap(({ quantiles }) => quantiles.map(({ q }) => q)))].sort(
    (a, b) => a - b,
  )
  return chartCard({
    ...{
      title,
      subtitle,
      chart,
      level: 3,
      fileName: `latency-over-time-${entry.stage}-${entry.regime}`.replace(/\W+/g, '-'),
    },
    legend: h('div', {}, ...regimeNotes(facts), worstLink(entry)),
    table: {
      columns: [
        'from (ms)',
        'until (ms)',
        'n',
        'failed',
        'undecided',
        ...qs.map((q) => `${quantileName(q)} (ms)`),
      ],
      rows: windows.map((window) => [
        window.fromMs,
        window.untilMs,
        window.n,
        window.failed,
        window.undecided,
        ...qs.map((q) => window.quantiles.find((entry) => entry.q === q)?.valueMs ?? null),
      ]),
    },
  })
}

/** What the regime does, and where its numbers are from. */
function regimeNotes(facts: RegimeFacts | undefined): readonly HTMLElement[] {
  if (facts === undefined) return []
  const source = h('details', { class: 'source' }, h('summary', {}, 'Where its numbers come from'))
  source.append(h('p', { class: 'quiet' }, facts.source))
  return [h('p', { class: 'quiet' }, `Faults: ${facts.summary}.`), source]
}

function worstLink({ worst }: Latency): HTMLElement | null {
  const id = worst?.scenario
  if (id === null || id === undefined) return null
  const href = `#/counterexample?id=${encodeURIComponent(id)}`
  return h('p', {}, h('a', { href }, 'The slowest run, step by step'))
}
