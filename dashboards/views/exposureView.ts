/**
 * What each party could lose over time, against its bound; where the leakage comes from; what a
 * session costs; how tight the bounds are; and whether every unit is still there.
 */
import { gweiText } from '../../reports/costs.ts'
import type { Exposure, Leakage, Metric, RunRecord } from '../../reports/record.ts'
import { boundTightness } from '../charts/boundTightness.ts'
import { conservationResidual } from '../charts/conservationResidual.ts'
import { exposureOverTime } from '../charts/exposureOverTime.ts'
import { leakageBars, leakageText } from '../charts/leakageBars.ts'
import { chartCard } from '../lib/chartCard.ts'
import type { View, ViewContext } from '../lib/context.ts'
import { choice, h } from '../lib/dom.ts'
import { compact, counted, grouped, percent, tokens } from '../lib/format.ts'
import { chainChoice, legend, machinesOf, missing, type Place, regimesOf } from '../lib/pieces.ts'
import { costCard, priceOf, pricesOf } from './costs.ts'

const UNITS = { name: 'base units', decimals: 0 } as const

export function exposureView(context: ViewContext): View {
  const { record, params } = context
  const exposure = record.exposure ?? []
  const leakage = record.leakage ?? []
  if (exposure.length + leakage.length + (record.bounds ?? []).length === 0) {
    const how =
      'Exposure and leakage come from the simulated world: `meterproof run` or `simulate`.'
    return { element: h('div', { class: 'view' }, missing('exposure', how)) }
  }
  const machines = machinesOf([...exposure, ...leakage]).map(
    ({ protocol, policy }) => `${protocol}/${policy}`,
  )
  const machine = machines.find((candidate) => candidate === params.machine) ?? machines[0] ?? ''
  const isMachine = ({ protocol, policy }: { protocol: string; policy: string }) =>
    `${protocol}/${policy}` === machine
  const placed = [...exposure, ...(record.costs ?? [])].filter(isMachine)
  const chain = chainChoice(context, 'exposure', placed)
  const isOwn = (entry: Place) => isMachine(entry) && chain.isOn(entry)
  const costs = (record.costs ?? []).filter(isOwn)
  const gwei = priceOf(costs, params.gwei)
  const parties = [...new Set(exposure.filter(isOwn).map(({ party }) => party))]
  const party = parties.find((candidate) => candidate === params.party) ?? parties[0]
  const own = exposure.filter((entry) => isOwn(entry) && entry.party === party)
  const entries = regimesOf(own).flatMap((regime) => own.filter((entry) => entry.regime === regime))
  const tools = h(
    'div',
    { class: 'tools' },
    choice({
      label: 'Machine',
      value: machine,
      options: machines.map((value) => ({ value, label: value })),
      onChange: (value) => context.go('exposure', { ...params, machine: value }),
    }),
    parties.length === 0
      ? null
      : choice({
          label: 'Party at risk',
          value: party ?? '',
          options: parties.map((value) => ({ value, label: value })),
          onChange: (value) => context.go('exposure', { ...params, party: value }),
        }),
    chain.element,
    gwei === null
      ? null
      : choice({
          ...{ label: 'Gas price', value: String(gwei) },
          options: pricesOf(costs).map((each) => {
            return { value: String(each), label: gweiText(each) }
          }),
          onChange: (value) => context.go('exposure', { ...params, gwei: value }),
        }),
  )
  return {
    element: h(
      'div',
      { class: 'view' },
      tools,
      entries.length === 0 ? null : h('h2', { class: 'section-title' }, exposureFinding(entries)),
      entries.length === 0
        ? null
        : legend([
            ['median', 'median run'],
            ['band-swatch', '5 % to 95 % of the runs'],
            ['worst-swatch', 'worst run'],
            ['limit-swatch', 'bound'],
            ['breach-swatch', 'beyond the bound'],
          ]),
      h(
        'div',
        { class: 'multiples wide' },
        ...entries.map((entry) => exposureCard(entry, entries)),
      ),
      leakageCard(leakage.filter(isOwn)),
      costCard(costs, gwei),
      tightnessCard(record, isOwn),
      metricsTable(record, isOwn),
      ...conservationCards(record, isOwn),
    ),
  }
}

function exposureFinding(entries: readonly Exposure[]): string {
  const worst = [...entries].sort((a, b) => (a.worstUnits < b.worstUnits ? 1 : -1))[0] as Exposure
  const { name, decimals } = worst.token ?? UNITS
  const amount = `${tokens(worst.worstUnits, decimals)} ${name}`
  const breached = entries.filter(
    ({ boundUnits, worstUnits }) => boundUnits !== null && worstUnits > boundUnits,
  )
  if (breached.length > 0) {
    const where = breached.map(({ regime }) => regime).join(', ')
    return `The ${worst.party} can lose ${amount}, beyond the bound under ${where}`
  }
  if (worst.boundUnits === null)
    return `The ${worst.party} can lose ${amount}; the parameters imply no bound`
  const share =
    worst.boundUnits === 0n
      ? ''
      : ` (${percent(Number(worst.worstUnits) / Number(worst.boundUnits))} of it)`
  return `The ${worst.party} never stands to lose more than ${amount}, within the bound${share}`
}

function exposureCard(entry: Exposure, entries: readonly Exposure[]): HTMLElement {
  const token = entry.token ?? UNITS
  const times = entries.flatMap(({ points, worstRun }) =>
    [...points, ...(worstRun?.points ?? [])].map(({ atMs }) => atMs),
  )
  const tops = entries.flatMap(({ worstUnits, boundUnits }) => [worstUnits, boundUnits ?? 0n])
  const mostUnits = tops.reduce((most, units) => (units > most ? units : most), 0n)
  const title = `${entry.regime}: worst ${tokens(entry.worstUnits, token.decimals)} ${token.name}`
  const runs = entry.runs === undefined ? '' : `${counted(entry.runs, 'run')}`
  const breaches =
    (entry.breaches ?? 0) > 0 ? `, ${counted(entry.breaches ?? 0, 'run')} beyond the bound` : ''
  const chart =
    entry.points.length === 0
      ? null
      : exposureOverTime(
          {
            points: entry.points,
            worst: entry.worstRun?.points ?? [],
            boundUnits: entry.boundUnits,
            token,
            timeMs: [Math.min(...times), Math.max(...times)],
            mostUnits,
          },
          { ariaLabel: `${title}, ${runs}${breaches}` },
        )
  const scenario = entry.worstRun?.scenario
  return chartCard({
    ...{ title, chart, level: 3, fileName: `exposure-${entry.party}-${entry.regime}` },
    subtitle: `${runs}${breaches}`,
    empty: 'No samples were kept.',
    legend:
      scenario === null || scenario === undefined
        ? null
        : h(
            'p',
            {},
            h(
              'a',
              { href: `#/counterexample?id=${encodeURIComponent(scenario)}` },
              'The worst run, step by step',
            ),
          ),
    table: {
      columns: ['time (ms)', 'p5 (base units)', 'median (base units)', 'p95 (base units)'],
      rows: entry.points.map(({ atMs, lowUnits, medianUnits, highUnits }) => [
        atMs,
        lowUnits,
        medianUnits,
        highUnits,
      ]),
    },
  })
}

function leakageCard(entries: readonly Leakage[]): HTMLElement | null {
  if (entries.length === 0) return null
  const rows = regimesOf(entries)
    .flatMap((regime) => entries.filter((entry) => entry.regime === regime))
    .map(({ regime, n, causes, postDropMax, allowance }) => ({
      ...{ label: regime, n, max: postDropMax, allowance },
      causes: causes.map(({ cause, total }) => ({ cause, mean: n === 0 ? 0 : total / n })),
    }))
  const worst = [...entries].sort((a, b) => b.postDropMax - a.postDropMax)[0] as Leakage
  const { unit, allowance, about = 'Billed after the drop' } = worst
  const bound =
    allowance === null
      ? 'nothing in the parameters bounds it'
      : `${leakageText(allowance, unit)} are allowed`
  const most = `${leakageText(worst.postDropMax, unit)} are still billed (${worst.regime})`
  const title = `After the last service, up to ${most}; ${bound}`
  const causes = entries[0]?.causes.map(({ cause }) => cause) ?? []
  return chartCard({
    ...{ title, fileName: 'leakage' },
    subtitle: `${about}; mean by cause; long tick: worst run, dashed tick: what is allowed.`,
    legend: legend(causes.map((cause, index) => [`cause-${index}`, cause] as const)),
    chart: leakageBars(rows, { ariaLabel: title, width: 900, unit }),
    table: {
      columns: [
        ...['regime', 'drops', 'cause'],
        ...['total', 'mean', 'p95', 'max'].map((name) => `${name} (${unit})`),
      ],
      rows: entries.flatMap(({ regime, n, causes: all }) =>
        all.map(({ cause, total, p95, max }) => [
          ...[regime, n, cause, total],
          ...[n === 0 ? null : total / n, p95, max],
        ]),
      ),
    },
  })
}

type IsOwn = (entry: Place) => boolean

function tightnessCard({ bounds = [] }: RunRecord, isOwn: IsOwn): HTMLElement | null {
  const own = bounds.filter(isOwn)
  if (own.length === 0) return null
  const rows = own.map(({ invariant, regime, observed, bound, unit, n }) => ({
    label: `${invariant.replace(/^INV-(W-)?/, '').toLowerCase()}, ${regime}`,
    observed,
    bound,
    unit,
    n,
  }))
  const share = ({ observed, bound }: (typeof rows)[number]) => (bound === 0 ? 0 : observed / bound)
  const [closest] = [...rows].sort((a, b) => share(b) - share(a))
  const nearest = closest === undefined ? '' : percent(share(closest))
  const beyond = rows.filter((row) => row.observed > row.bound)
  const title =
    beyond.length > 0
      ? `${counted(beyond.length, 'bound')} exceeded: ${beyond[0]?.label}`
      : `The worst run comes to ${nearest} of its bound (${closest?.label})`
  return chartCard({
    ...{ title, fileName: 'bounds', chart: boundTightness(rows, { ariaLabel: title, width: 900 }) },
    subtitle: 'A bound that no run comes near holds, but is not tight.',
    table: {
      columns: ['claim', 'regime', 'observed', 'bound', 'unit', 'runs'],
      rows: own.map(({ invariant, regime, observed, bound, unit, n }) => [
        invariant,
        regime,
        observed,
        bound,
        unit,
        n,
      ]),
    },
  })
}

/** A row per metric and a column per regime, so that regimes can be compared at a glance. */
function metricsTable({ metrics = [] }: RunRecord, isOwn: IsOwn): HTMLElement | null {
  const own = metrics.filter(isOwn)
  if (own.length === 0) return null
  const regimes = regimesOf(own)
  const rows = [...new Set(own.map(({ metric }) => metric))].map((metric) => {
    const cells = regimes.map((regime) =>
      metricCell(own.find((entry) => entry.metric === metric && entry.regime === regime)),
    )
    return h('tr', {}, h('th', { scope: 'row' }, metric), ...cells)
  })
  const head = ['metric', ...regimes].map((name, index) =>
    h('th', { scope: 'col', class: index > 0 && 'number' }, name),
  )
  const [thead, tbody] = [h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...rows)]
  const table = h('table', { class: 'matrix-wide' }, thead, tbody)
  const label = 'Rates and overheads by regime'
  return h(
    'section',
    { class: 'card' },
    h('h2', {}, 'Rates and overheads'),
    h('p', { class: 'quiet' }, 'Below each value its interval, where the sample carries one.'),
    h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': label }, table),
  )
}

function metricCell(metric: Metric | undefined): HTMLElement {
  if (metric === undefined) return h('td', { class: 'number quiet' }, '–')
  const { value, low, high, unit, n } = metric
  const interval = low === null || high === null ? 'too few' : `${compact(low)} to ${compact(high)}`
  return h(
    'td',
    { class: 'number', title: `n = ${grouped(n)}` },
    `${compact(value)} ${unit}`,
    h('br'),
    h('span', { class: 'quiet' }, `${interval}, n = ${grouped(n)}`),
  )
}

function conservationCards({ conservation = [] }: RunRecord, isOwn: IsOwn): readonly HTMLElement[] {
  const own = conservation.filter(isOwn)
  if (own.length === 0) return []
  const cards = own.map(({ regime, token, runs, points }) => {
    const broken = points.filter(({ residualUnits }) => residualUnits !== 0n).length
    const title =
      broken === 0
        ? `${regime}: nothing made, nothing lost`
        : `${regime}: the books do not balance at ${counted(broken, 'moment')}`
    const times = points.map(({ atMs }) => atMs)
    return chartCard({
      ...{ title, level: 3, fileName: `conservation-${token}-${regime}` },
      subtitle: `${token}: in less out less what is still there, ${counted(runs, 'run')}`,
      empty: 'No samples were kept.',
      chart:
        points.length === 0
          ? null
          : conservationResidual(
              { points, timeMs: [Math.min(...times), Math.max(...times)] },
              { ariaLabel: title },
            ),
      table: {
        columns: ['time (ms)', 'residual (base units)'],
        rows: points.map(({ atMs, residualUnits }) => [atMs, residualUnits]),
      },
    })
  })
  return [
    h('h2', { class: 'section-title' }, 'Conservation of value'),
    h('div', { class: 'multiples wide' }, ...cards),
  ]
}
