/**
 * Promises of time, part of the latency view: for each, the chance that it is kept under every
 * regime and on every chain that was simulated.
 */
import type { ServiceLevel } from '../../reports/record.ts'
import { serviceLevelDots } from '../charts/serviceLevelDots.ts'
import { chartCard } from '../lib/chartCard.ts'
import { h } from '../lib/dom.ts'
import { duration, percent } from '../lib/format.ts'
import { legend, regimesOf } from '../lib/pieces.ts'

/** Cards of one machine; nothing when its description promises nothing. */
export function serviceLevelSection(levels: readonly ServiceLevel[]): readonly HTMLElement[] {
  if (levels.length === 0) return []
  const names = [...new Set(levels.map(({ name }) => name))]
  const cards = names.map((name) => levelCard(levels.filter((level) => level.name === name)))
  return [
    h('h2', { class: 'section-title' }, 'Service levels'),
    legend([['interval', 'share that was in time, with its exact 95 % interval']]),
    h('div', { class: 'multiples wide' }, ...cards),
  ]
}

/** Rows in the order of regimes, and within one in the order of chains. */
function ordered(levels: readonly ServiceLevel[]): readonly ServiceLevel[] {
  return regimesOf(levels).flatMap((regime) => levels.filter((level) => level.regime === regime))
}

function levelCard(levels: readonly ServiceLevel[]): HTMLElement {
  const chains = new Set(levels.map(({ profile }) => profile))
  const own = ordered(levels)
  const labelOf = ({ regime, profile }: ServiceLevel) =>
    chains.size > 1 ? `${regime}, ${profile}` : regime
  const { name, stage, withinMs, about } = own[0] as ServiceLevel
  const measured = own.filter(({ probability }) => probability !== null)
  const [worst] = [...measured].sort(
    (a, b) => (a.probability?.value ?? 0) - (b.probability?.value ?? 0),
  )
  const promise = `${name} within ${duration(withinMs)}`
  const share = worst?.probability?.value ?? 0
  const title =
    worst === undefined
      ? `${promise}: nothing to measure`
      : `${promise}: kept ${percent(share)} of the time under ${labelOf(worst)}, at worst`
  const open = own.reduce((sum, { failed, undecided }) => sum + failed + undecided, 0)
  const apart = open > 0 ? `; ${open} that failed or stayed undecided count as not kept` : ''
  const blocks = [...new Set(own.map(({ blockIntervalMs }) => duration(blockIntervalMs)))]
  return chartCard({
    ...{ title, level: 3, fileName: `service-level-${name}`.replace(/\W+/g, '-') },
    subtitle: `${stage}; blocks of ${blocks.join(', ')}; ${about}${apart}`,
    chart: measured.length === 0 ? null : serviceLevelDots(own.map(rowOf), { ariaLabel: title }),
    empty: 'No operation of this stage began.',
    table: {
      columns: [
        ...['regime', 'chain', 'within (ms)', 'n', 'met', 'late', 'failed', 'undecided'],
        ...['share in time', 'low', 'high'],
      ],
      rows: own.map(({ regime, profile, n, met, late, failed, undecided, probability }) => [
        ...[regime, profile ?? '', withinMs, n, met, late, failed, undecided],
        ...[probability?.value ?? null, probability?.low ?? null, probability?.high ?? null],
      ]),
    },
  })

  function rowOf(level: ServiceLevel) {
    const { met, n, probability } = level
    return { label: labelOf(level), met, n, probability }
  }
}
