/**
 * What a session costs on chain and what its signs of life protect, part of the exposure view: a
 * bar per regime at one price of gas, which the reader chooses.
 */
import { gweiText, livenessSentence, unitsPerRun } from '../../reports/costs.ts'
import type { Cost } from '../../reports/record.ts'
import { type CostRow, costBars } from '../charts/costBars.ts'
import { chartCard } from '../lib/chartCard.ts'
import { h } from '../lib/dom.ts'
import { compact, percent } from '../lib/format.ts'
import { legend, regimesOf } from '../lib/pieces.ts'

/** Parts that get a colour of their own; the rest is one part. */
const PARTS_MAX = 5
const REST = 'other calls'
const REFUSED = 'refused calls'
const GWEI_DEFAULT = 20

/** Anything with a cost at several prices of gas. */
interface Priced {
  readonly prices: readonly { readonly gwei: number }[]
}

/** Prices that a record has, ascending. */
export function pricesOf(costs: readonly Priced[]): readonly number[] {
  return [...new Set(costs.flatMap(({ prices }) => prices.map(({ gwei }) => gwei)))].sort(
    (a, b) => a - b,
  )
}

/** The price to show: the one that was asked for, else a usual one. */
export function priceOf(costs: readonly Priced[], asked: string | undefined): number | null {
  const prices = pricesOf(costs)
  const found = prices.find((gwei) => String(gwei) === asked)
  return found ?? (prices.includes(GWEI_DEFAULT) ? GWEI_DEFAULT : (prices[0] ?? null))
}

/** The card of one machine on one chain; null when nothing was measured. */
export function costCard(costs: readonly Cost[], gwei: number | null): HTMLElement | null {
  const own = regimesOf(costs)
    .flatMap((regime) => costs.filter((cost) => cost.regime === regime))
    .filter(({ runs, gas }) => runs > 0 && gas > 0)
  const [first] = own
  if (first === undefined || gwei === null) return null
  const { token } = first
  const names = partNames(own)
  const rows = own.map((cost) => rowOf(cost, names, gwei))
  const colours = new Map(names.map((name, index) => [name, index]))
  const dearest = [...own].sort((a, b) => meanCost(b, gwei) - meanCost(a, gwei))[0] as Cost
  const bps = priceIn(dearest, gwei)?.settledBps ?? null
  const beside = bps === null ? '' : `, ${percent(bps / 10_000)} of what is settled`
  const amount = `${compact(meanCost(dearest, gwei))} ${token.name}`
  const price = gweiText(gwei)
  const title = `At ${price} a session costs up to ${amount} (${dearest.regime}${beside})`
  const isAlive = own.some(({ protectedUnits }) => protectedUnits !== null)
  const sentences = own.flatMap((cost) => {
    const sentence = livenessSentence(cost)
    return sentence === null ? [] : [h('li', {}, `${cost.regime}: ${sentence}`)]
  })
  const tick = isAlive ? '; tick: what the signs of life protect' : ''
  return chartCard({
    ...{ title, fileName: `costs-${gwei}-gwei` },
    subtitle:
      `Gas as measured on the contract, 1 ether taken as ${first.tokensPerEther} tokens; ` +
      `mean of a session by action${tick}.`,
    legend: h(
      'div',
      {},
      legend([
        ...names.map((name, index) => [`cause-${index}`, name] as const),
        ...(isAlive ? [['worst-tick-swatch', 'protected by signs of life'] as const] : []),
      ]),
      sentences.length === 0 ? null : h('ul', { class: 'reasons' }, ...sentences),
    ),
    chart: costBars(rows, { ariaLabel: title, width: 900, token: token.name, colours }),
    table: {
      columns: [
        ...['regime', 'action', 'sign of life', 'calls', 'gas each', 'gas', 'runs'],
        `${token.name} a session`,
      ],
      rows: own.flatMap((cost) =>
        cost.actions.map(({ action, isLiveness, count, gasEach, gas }) => [
          ...[cost.regime, action, isLiveness ? 'yes' : 'no', count, gasEach, gas, cost.runs],
          (meanCost(cost, gwei) * gas) / cost.gas,
        ]),
      ),
    },
  })
}

const priceIn = ({ prices }: Cost, gwei: number) => prices.find((price) => price.gwei === gwei)

/** Base units as tokens, for drawing. */
function tokensOf(units: bigint, { token }: Cost): number {
  return Number(units) / 10 ** token.decimals
}

function meanCost(cost: Cost, gwei: number): number {
  return tokensOf(unitsPerRun(priceIn(cost, gwei)?.costUnits ?? 0n, cost), cost)
}

/** Calls of one part have one colour: refused ones together, unless they are signs of life. */
function partOf({ action, isLiveness }: Cost['actions'][number]): string {
  const [name = action, error] = action.split('!')
  return error === undefined || isLiveness ? name : REFUSED
}

/** Parts in the order of the stack: signs of life first, then by their gas. */
function partNames(costs: readonly Cost[]): readonly string[] {
  const gas = new Map<string, number>()
  const alive = new Set<string>()
  for (const each of costs.flatMap(({ actions }) => actions)) {
    const name = partOf(each)
    gas.set(name, (gas.get(name) ?? 0) + each.gas)
    if (each.isLiveness) alive.add(name)
  }
  const sorted = [...gas]
    .sort(([a, first], [b, second]) => {
      return Number(alive.has(b)) - Number(alive.has(a)) || second - first
    })
    .map(([name]) => name)
  return sorted.length <= PARTS_MAX + 1 ? sorted : [...sorted.slice(0, PARTS_MAX), REST]
}

function rowOf(cost: Cost, names: readonly string[], gwei: number): CostRow {
  const total = meanCost(cost, gwei)
  const parts = names.map((name) => {
    const isRest = (part: string) => (names.includes(part) ? part === name : name === REST)
    const own = cost.actions.filter((each) => isRest(partOf(each)))
    return { name, value: (total * own.reduce((sum, { gas }) => sum + gas, 0)) / cost.gas }
  })
  const { protectedUnits } = cost
  return {
    ...{ label: cost.regime, parts },
    protected: protectedUnits === null ? null : tokensOf(unitsPerRun(protectedUnits, cost), cost),
  }
}
