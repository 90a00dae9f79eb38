/**
 * Reading the comparison by the gigabyte: quotients with their intervals, and what differs between
 * the protocols in words.
 *
 * Pure; terminal, tables and dashboard all take their numbers and sentences from here.
 */
import type { Gigabyte, Scope } from './record.ts'
import { type Ratio, ratioOf } from './statistics/ratios.ts'
import { groupDigits } from './stepRows.ts'

/** Bytes in a gigabyte (GB); a gibibyte has 2^30 and is never meant. */
export const GIGABYTE_BYTES = 1_000_000_000

export type GigabyteMeasure = Gigabyte['measures'][number]['name']

/** A measure for each gigabyte; null when it was not measured, or not a byte arrived. */
export function gigabyteRatio({ measures }: Gigabyte, name: GigabyteMeasure): Ratio | null {
  const found = measures.find((each) => each.name === name)
  if (found === undefined) return null
  const { runs: n, total, bytes, totalSquares: yy, bytesSquares: xx, products: xy } = found
  const ratio = ratioOf({ n, y: BigInt(total), x: BigInt(bytes), yy, xx, xy })
  if (ratio === null) return null
  const { value, interval } = ratio
  return {
    n,
    value: value * GIGABYTE_BYTES,
    interval:
      interval === null
        ? null
        : { low: Math.max(0, interval.low * GIGABYTE_BYTES), high: interval.high * GIGABYTE_BYTES },
  }
}

/** Base units for each gigabyte at a price of gas, rounded down; null without a byte. */
export function gigabyteCostUnits({ bytes, prices }: Gigabyte, gwei: number): bigint | null {
  const price = prices.find((each) => each.gwei === gwei)
  if (price === undefined || bytes === 0) return null
  return (price.costUnits * BigInt(GIGABYTE_BYTES)) / BigInt(bytes)
}

const digitsOf = (value: unknown) =>
  typeof value === 'bigint' || typeof value === 'number' ? groupDigits(value) : String(value)

/** What is locked and how is paid, and on which terms; a sentence for each protocol. */
export function lockSentences(entries: readonly Gigabyte[]): readonly string[] {
  const sentences = entries.map(({ protocol, locks, terms }) => {
    const named = Object.entries(terms).map(([name, value]) => {
      return `${name} ${digitsOf(value)}`
    })
    return `${protocol} locks ${locks}. Here with ${named.join(', ')}.`
  })
  return [...new Set(sentences)]
}

/** `payment-channel, hardened` */
export function machineText({ protocol, policy }: Pick<Scope, 'protocol' | 'policy'>): string {
  return `${protocol}, ${policy}`
}

/** `200 runs each`, or from the least to the most. */
export function runsText(entries: readonly Gigabyte[]): string {
  const all = entries.map(({ runs }) => runs)
  const [least, most] = [Math.min(...all), Math.max(...all)]
  return least === most ? `${most} runs each` : `${least} to ${most} runs each`
}
