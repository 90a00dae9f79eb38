/**
 * Downloads by the gigabyte, part of the design view: the protocols that are paid for downloads
 * beside each other, under every regime.
 *
 * With one such protocol in the record its own numbers are shown.
 */
import { gweiText } from '../../reports/costs.ts'
import {
  type GigabyteMeasure,
  gigabyteCostUnits,
  gigabyteRatio,
  lockSentences,
  machineText,
  runsText,
} from '../../reports/gigabyte.ts'
import type { Gigabyte } from '../../reports/record.ts'
import { type GigabyteBar, gigabyteBars } from '../charts/gigabyteBars.ts'
import { chartCard } from '../lib/chartCard.ts'
import type { ViewContext } from '../lib/context.ts'
import { choice, h } from '../lib/dom.ts'
import { compact, duration, grouped } from '../lib/format.ts'
import { chainChoice, legend, regimesOf } from '../lib/pieces.ts'
import { priceOf, pricesOf } from './costs.ts'

interface Shown {
  readonly title: string
  /** Name and unit. */
  readonly axis: string
  readonly fileName: string
  format(value: number): string
  readonly isTime: boolean
  of(entry: Gigabyte): Pick<GigabyteBar, 'value' | 'low' | 'high'>
}

const NOTHING = { value: null, low: null, high: null } as const

function ratioOf(entry: Gigabyte, name: GigabyteMeasure) {
  const ratio = gigabyteRatio(entry, name)
  if (ratio === null) return NOTHING
  const scale = name.startsWith('gas') ? 1e-6 : 1
  const scaled = (value: number | undefined) => (value === undefined ? null : value * scale)
  const { value, interval } = ratio
  return { value: value * scale, low: scaled(interval?.low), high: scaled(interval?.high) }
}

const MEASURES: readonly (readonly [GigabyteMeasure, title: string, axis: string])[] = [
  ['transactions', 'Transactions', 'transactions per GB'],
  ['gas', 'Gas', 'million gas per GB'],
  ['gasOfPayer', 'Gas of the payer', 'million gas per GB'],
  ['gasOfProvider', 'Gas of the provider', 'million gas per GB'],
  ['payments', 'Payments', 'payments or vouchers per GB'],
  ['waitedMs', 'Standing still for a payment', 'time per GB'],
  ['downloadMs', 'Whole download', 'time per GB'],
]

function shownMeasures(gwei: number | null): readonly Shown[] {
  const measures = MEASURES.map(([name, title, axis]): Shown => {
    const isTime = name.endsWith('Ms')
    const format = isTime ? duration : (value: number) => compact(value)
    const fileName = `${name}-per-gb`
    return { title, axis, format, isTime, fileName, of: (entry) => ratioOf(entry, name) }
  })
  if (gwei === null) return measures
  const cost: Shown = {
    ...{
      title: `Cost at ${gweiText(gwei)}`,
      axis: 'tokens per GB',
      format: compact,
      isTime: false,
    },
    fileName: `cost-per-gb-${gwei}-gwei`,
    of(entry) {
      const units = gigabyteCostUnits(entry, gwei)
      if (units === null) return NOTHING
      return { value: Number(units) / 10 ** entry.token.decimals, low: null, high: null }
    },
  }
  return [...measures, cost]
}

/** What stands above the view, and the parts; null without downloads. */
export function gigabytePart(context: ViewContext) {
  const { record, params } = context
  const all = record.perGigabyte ?? []
  if (all.length === 0) return null
  const chain = chainChoice(context, 'design', all)
  const entries = all.filter((entry) => chain.isOn(entry))
  const gwei = priceOf(entries, params.gwei)
  const protocols = [...new Set(entries.map(({ protocol }) => protocol))]
  const looks = new Map(protocols.map((protocol, index) => [protocol, index]))
  const price =
    gwei === null
      ? null
      : choice({
          ...{ label: 'Gas price', value: String(gwei) },
          options: pricesOf(entries).map((each) => {
            return { value: String(each), label: gweiText(each) }
          }),
          onChange: (value) => context.go('design', { ...params, gwei: value }),
        })
  const machines = [...new Map(entries.map((entry) => [machineText(entry), entry])).values()]
  return {
    tools: [chain.element, price],
    parts: [
      h('h2', { class: 'section-title' }, finding(entries)),
      h(
        'p',
        { class: 'quiet' },
        'A gigabyte has 10^9 bytes. Sums over all runs by the bytes that arrived in them, with ' +
          `the 95 % interval of the quotient; ${runsText(entries)}. Times are of the ` +
          `${timedRuns(entries)} downloads that were completed in all of them. What comes once a ` +
          'download weighs the more, the smaller the file is.',
      ),
      h(
        'ul',
        { class: 'reasons' },
        ...lockSentences(entries).map((sentence) => h('li', {}, sentence)),
      ),
      legend(
        machines.map((entry) => {
          const { protocol, policy } = entry
          const outline = policy === 'as-described' ? ' outlined' : ''
          return [`cause-${looks.get(protocol) ?? 0}${outline}`, machineText(entry)] as const
        }),
      ),
      h(
        'div',
        { class: 'multiples' },
        ...shownMeasures(gwei).map((shown) => measureCard(shown, entries, looks)),
      ),
      overview(shownMeasures(gwei), entries),
    ],
  }
}

/** Downloads that times are of: the same in all entries on a chain. */
function timedRuns(entries: readonly Gigabyte[]): number {
  const timed = entries.flatMap(({ measures }) =>
    measures.filter(({ name }) => name === 'downloadMs').map(({ runs }) => runs),
  )
  return Math.max(0, ...timed)
}

/** What a gigabyte takes of each protocol, in the calmest regime and the policy that is sound. */
function finding(entries: readonly Gigabyte[]): string {
  const [regime] = regimesOf(entries)
  const calm = entries.filter((entry) => entry.regime === regime)
  const hardened = calm.filter(({ policy }) => policy === 'hardened')
  const shown = hardened.length > 0 ? hardened : calm
  const sentences = shown.map((entry) => {
    const transactions = gigabyteRatio(entry, 'transactions')?.value ?? 0
    const waitedMs = gigabyteRatio(entry, 'waitedMs')?.value
    const still = waitedMs === undefined ? '' : ` and stands still for ${duration(waitedMs)}`
    return `${entry.protocol} takes ${compact(transactions)} transactions${still}`
  })
  const where = regime === 'none' ? 'without faults' : `under ${regime}`
  return `For a gigabyte ${where} ${sentences.join('; ')}`
}

function measureCard(
  shown: Shown,
  entries: readonly Gigabyte[],
  looks: ReadonlyMap<string, number>,
): HTMLElement {
  const { title: name, axis, fileName, format, isTime } = shown
  const regimes = regimesOf(entries)
  const rows = regimes.map((label) => ({
    label,
    bars: entries
      .filter(({ regime }) => regime === label)
      .map((entry): GigabyteBar => {
        const { protocol, policy } = entry
        const look = looks.get(protocol) ?? 0
        const isOutlined = policy === 'as-described'
        return { name: machineText(entry), look, isOutlined, ...shown.of(entry) }
      }),
  }))
  const values = rows.flatMap(({ bars }) => bars.flatMap(({ value }) => value ?? []))
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const range = least === most ? format(most) : `${format(least)} to ${format(most)}`
  const title = values.length === 0 ? `${name}: not measured` : `${name}: ${range} (${axis})`
  return chartCard({
    ...{
      title,
      fileName,
      level: 3,
      subtitle: 'A bar for each protocol and policy, a line for its interval.',
    },
    chart:
      values.length === 0 ? null : gigabyteBars(rows, { ariaLabel: title, axis, format, isTime }),
    empty: 'No run says anything about it.',
    table: {
      columns: ['regime', 'protocol and policy', axis, 'low', 'high', 'runs', 'bytes'],
      rows: entries.map((entry) => {
        const { value, low, high } = shown.of(entry)
        const place = [entry.regime, machineText(entry)]
        return [...place, value, low, high, grouped(entry.runs), grouped(entry.bytes)]
      }),
    },
  })
}

/** Every number once, a row a regime, protocol and policy. */
function overview(measures: readonly Shown[], entries: readonly Gigabyte[]): HTMLElement {
  const head = ['regime', 'protocol and policy', ...measures.map(({ title }) => title)]
  const ordered = regimesOf(entries).flatMap((regime) =>
    entries.filter((entry) => entry.regime === regime),
  )
  const rows = ordered.map((entry) => {
    const cells = measures.map((shown) => {
      const { value, low, high } = shown.of(entry)
      if (value === null) return h('td', { class: 'number quiet' }, '–')
      const interval =
        low === null || high === null ? '' : `${shown.format(low)} to ${shown.format(high)}`
      const quiet = interval === '' ? null : h('span', { class: 'quiet' }, interval)
      return h(
        'td',
        { class: 'number' },
        shown.format(value),
        quiet === null ? null : h('br'),
        quiet,
      )
    })
    const name = h('th', { scope: 'row' }, machineText(entry))
    return h('tr', {}, h('td', {}, entry.regime), name, ...cells)
  })
  const columns = head.map((name, index) =>
    h('th', { scope: 'col', class: index > 1 && 'number' }, name),
  )
  const axes = measures.map(({ title, axis }) => `${title}: ${axis}`).join('; ')
  return h(
    'details',
    { class: 'card' },
    h('summary', {}, 'All of it for a gigabyte, as one table'),
    h(
      'p',
      { class: 'quiet' },
      `Below each value its interval, where there are runs enough. ${axes}.`,
    ),
    h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Downloads by the gigabyte' },
      h(
        'table',
        { class: 'matrix-wide' },
        h('thead', {}, h('tr', {}, ...columns)),
        h('tbody', {}, ...rows),
      ),
    ),
  )
}
