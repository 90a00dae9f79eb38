/**
 * For whoever designs a protocol or chooses one: what downloads take for each gigabyte, and curves
 * that show what a parameter does to each side.
 */
import type { Curve } from '../../reports/record.ts'
import { type CurveSeries, curveLines } from '../charts/curveLines.ts'
import { chartCard } from '../lib/chartCard.ts'
import type { View, ViewContext } from '../lib/context.ts'
import { axisLabel, curveAxis, drawn, exactText, shortText } from '../lib/curveAxes.ts'
import { choice, h } from '../lib/dom.ts'
import { legend, missing } from '../lib/pieces.ts'
import { gigabytePart } from './gigabytePart.ts'

/** Colours that lines can have. */
const LOOKS = 6

export function designView(context: ViewContext): View {
  const { record, params } = context
  const all = record.curves ?? []
  const downloads = gigabytePart(context)
  if (all.length === 0 && downloads === null) {
    const how =
      'Design curves, and downloads by the gigabyte, come from `meterproof run` or `simulate` ' +
      'over protocols that are paid for downloads.'
    return { element: h('div', { class: 'view' }, missing('design curves', how)) }
  }
  const protocols = [...new Set(all.map(({ protocol }) => protocol))]
  const protocol = protocols.find((candidate) => candidate === params.protocol) ?? protocols[0]
  const curves = all.filter((curve) => curve.protocol === protocol)
  const choose =
    protocols.length < 2
      ? null
      : choice({
          ...{ label: 'Protocol of the curves', value: protocol ?? '' },
          options: protocols.map((value) => ({ value, label: value })),
          onChange: (value) => context.go('design', { ...params, protocol: value }),
        })
  const tools = [...(downloads?.tools ?? []), choose].filter((tool) => tool !== null)
  return {
    element: h(
      'div',
      { class: 'view' },
      tools.length === 0 ? null : h('div', { class: 'tools' }, ...tools),
      ...(downloads?.parts ?? []),
      ...curves.flatMap(curveSection),
    ),
  }
}

type Series = Curve['series'][number]

/** A curve: one picture for each policy, or one for all where every mark is a design. */
function curveSection(curve: Curve): readonly HTMLElement[] {
  const { title, about, series, protocol } = curve
  const isChoice = series.every(({ shape }) => shape === 'points')
  const policies = [...new Set(series.map(({ policy }) => policy))]
  const cards = isChoice
    ? [curveCard(curve, series)]
    : policies.map((policy) =>
        curveCard(
          curve,
          series.filter((each) => each.policy === policy),
        ),
      )
  return [
    h('h2', { class: 'section-title' }, title),
    h('p', { class: 'quiet' }, `${protocol}. ${about}`),
    h('div', { class: 'multiples wide' }, ...cards),
  ]
}

const mostOf = ({ points }: Series) =>
  points.reduce<number | bigint>((most, { y }) => (y > most ? y : most), 0)

/** The largest value of the worst line, and of the best one. */
function finding({ y }: Curve, series: readonly Series[], nameOf: NameOf): string {
  const ranked = [...series].sort((a, b) => (mostOf(a) < mostOf(b) ? -1 : 1))
  const [least, most] = [ranked[0], ranked.at(-1)]
  if (least === undefined || most === undefined) return 'no points'
  const text = (of: Series) => {
    const value = drawn(y, mostOf(of))
    if (value === 0) return 'nothing'
    return [shortText(y, value), y.token?.name].filter((part) => part !== undefined).join(' ')
  }
  const [best, worst] = [text(least), text(most)]
  if (best === worst) return `${worst === 'nothing' ? '' : 'up to '}${worst}, whatever is chosen`
  return `up to ${worst} (${nameOf(most)}), at best ${best} (${nameOf(least)})`
}

type NameOf = (series: Series) => string

function curveCard(curve: Curve, series: readonly Series[]): HTMLElement {
  const { id, x, y } = curve
  const isChoice = series.every(({ shape }) => shape === 'points')
  const nameOf: NameOf = ({ name, policy }) => (isChoice ? `${policy}, ${name}` : name)
  const looks = series.map((each, index): CurveSeries => {
    const { shape, points } = each
    return {
      ...{ name: nameOf(each), shape, look: (index + 1) % LOOKS },
      points: points.map((point) => ({
        ...{ x: drawn(x, point.x), y: drawn(y, point.y), label: point.label ?? '' },
        text: [
          [nameOf(each), point.label].filter((part) => part !== undefined).join(', '),
          `${exactText(y, point.y)} at ${exactText(x, point.x)}`,
        ].join(': '),
      })),
    }
  })
  const every = curve.series.flatMap(({ points }) => points)
  const policy = series[0]?.policy ?? ''
  const found = finding(curve, series, nameOf)
  const title = isChoice ? `All designs: ${found}` : `${policy}: ${found}`
  return chartCard({
    ...{ title, level: 3, fileName: isChoice ? id : `${id}-${policy}` },
    subtitle: `${y.name}, against ${x.name}`,
    legend: isChoice
      ? legend(
          looks.map(({ name, look }, index) => {
            return [`series-${look}`, `${name}: ${series[index]?.how ?? ''}`] as const
          }),
        )
      : behaviours(series),
    chart: curveLines(
      {
        ...{
          x: curveAxis(
            x,
            every.map((point) => point.x),
          ),
          series: looks,
        },
        y: curveAxis(
          y,
          every.map((point) => point.y),
        ),
        namedAt: y.unit === 'millionths' ? 'end' : 'peak',
      },
      { ariaLabel: title, ...(isChoice ? { height: 350 } : {}) },
    ),
    table: {
      columns: ['policy', 'series', ...(isChoice ? ['design'] : []), axisText(x), axisText(y)],
      rows: series.flatMap(({ name, policy: of, points }) =>
        points.map(({ x: first, y: second, label }) => [
          ...[of, name, ...(isChoice ? [label ?? ''] : [])],
          ...[first, second],
        ]),
      ),
    },
  })
}

/** Who does what, where that is what the lines differ in. */
function behaviours(series: readonly Series[]): HTMLElement | null {
  if (new Set(series.map(({ how }) => how)).size < 2) return null
  const items = series.map(({ name, how }) => h('li', {}, `${name}: ${how}`))
  return h('ul', { class: 'reasons' }, ...items)
}

const axisText = (axis: Curve['x']) => {
  const { name, unit } = axis
  return unit === 'payments' ? axisLabel({ ...axis, scale: 'linear' }) : `${name} (${unit})`
}
