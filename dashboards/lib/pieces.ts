/**
 * Small pieces that several views use: badges, scopes, legends, notes for what is not there.
 */
import type { Scope } from '../../reports/record.ts'
import type { OutcomeLook } from '../../reports/verdict.ts'
import type { ViewContext } from './context.ts'
import { choice, h } from './dom.ts'

export function badge({ tone, glyph, text }: OutcomeLook): HTMLElement {
  return h('span', { class: `badge ${tone}` }, `${glyph} ${text}`)
}

/** A scope, and the chain where a record tells several apart. */
export type Place = Scope & { readonly profile?: string | undefined }

export const scopeText = ({ protocol, policy, regime, profile }: Place) =>
  `${protocol}, ${policy}, regime ${regime}${profile === undefined ? '' : `, chain ${profile}`}`

/** Regimes in the order of the presets; others follow as they came. */
const REGIME_ORDER = ['none', 'disconnect', 'skew', 'congestion', 'mixed']

export function regimesOf(items: readonly Pick<Scope, 'regime'>[]): readonly string[] {
  const all = [...new Set(items.map(({ regime }) => regime))]
  const rank = (regime: string) => {
    const index = REGIME_ORDER.indexOf(regime)
    return index === -1 ? REGIME_ORDER.length : index
  }
  return all.sort((a, b) => rank(a) - rank(b))
}

/** Class of a regime's colour; `none` is grey. */
export function seriesOf(regime: string): string {
  const index = REGIME_ORDER.indexOf(regime)
  return `series-${index === -1 ? REGIME_ORDER.length : index}`
}

export function legend(entries: readonly (readonly [className: string, label: string])[]) {
  return h(
    'ul',
    { class: 'legend' },
    ...entries.map(([className, label]) =>
      h('li', {}, h('span', { class: `swatch ${className}`, 'aria-hidden': 'true' }), label),
    ),
  )
}

/** A section that this run does not have, and how to get one. */
export function missing(what: string, how: string): HTMLElement {
  return h(
    'div',
    { class: 'card empty-card' },
    h('h2', {}, `This run has no ${what}.`),
    h('p', { class: 'quiet' }, how),
  )
}

export interface ScopeChoice {
  readonly protocol: string
  readonly policy: string
}

/** Distinct protocol and policy pairs. */
export function machinesOf(items: readonly Scope[]): readonly ScopeChoice[] {
  const keys = new Map(
    items.map(({ protocol, policy }) => [`${protocol}/${policy}`, { protocol, policy }]),
  )
  return [...keys.values()]
}

/** Chains of the items, in the order in which they came; none in records that do not say. */
export function chainsOf(items: readonly Place[]): readonly string[] {
  return [...new Set(items.flatMap(({ profile }) => profile ?? []))]
}

/** Which chain of a machine is shown, and the choice among them where there are several. */
export function chainChoice(context: ViewContext, view: string, items: readonly Place[]) {
  const { params } = context
  const chains = chainsOf(items)
  const chain = chains.find((candidate) => candidate === params.chain) ?? chains[0]
  const element =
    chains.length < 2
      ? null
      : choice({
          ...{ label: 'Chain', value: chain ?? '' },
          options: chains.map((value) => ({ value, label: value })),
          onChange: (value) => context.go(view, { ...params, chain: value }),
        })
  return { element, isOn: ({ profile }: Place) => profile === undefined || profile === chain }
}
