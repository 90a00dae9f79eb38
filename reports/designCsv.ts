/**
 * The tables of designs: `per-gigabyte.csv` and `curves.csv`.
 *
 * Sums are exact integers, amounts base units as decimal strings. A cell is empty where nothing was
 * measured, or where there are too few runs for an interval.
 */
import { table } from './csv.ts'
import { gigabyteCostUnits, gigabyteRatio } from './gigabyte.ts'
import { gigabyteMeasureSchema } from './gigabyteSchema.ts'
import type { RunRecord } from './record.ts'
import { PLACE_COLUMNS, placeCells } from './worldCsv.ts'

const MEASURES = gigabyteMeasureSchema.shape.name.options

/**
 * One row for each protocol, policy, regime and chain: sums over the runs, the same for each
 * gigabyte (10^9 bytes) with the ends of its interval, and the cost at each price of gas.
 */
export function gigabytesCsv({ perGigabyte = [] }: RunRecord): string {
  const prices = perGigabyte.flatMap((entry) => entry.prices.map(({ gwei }) => gwei))
  const gweis = [...new Set(prices)]
  const columns = MEASURES.flatMap((name) => [
    ...[name, `${name}Runs`, `${name}PerGb`, `${name}PerGbLow`, `${name}PerGbHigh`],
  ])
  const priced = gweis.map((gwei) => `costUnitsPerGbAt${gwei}Gwei`)
  return table(
    [...PLACE_COLUMNS, 'runs', 'bytes', 'payment', 'locks', ...columns, 'token', ...priced],
    perGigabyte.map((entry) => {
      const { runs, bytes, payment, locks, token, measures } = entry
      const cells = measures.flatMap(({ name, total, runs: n }) => {
        const ratio = gigabyteRatio(entry, name)
        return [
          [name, total] as const,
          [`${name}Runs`, n] as const,
          [`${name}PerGb`, ratio?.value ?? null] as const,
          [`${name}PerGbLow`, ratio?.interval?.low ?? null] as const,
          [`${name}PerGbHigh`, ratio?.interval?.high ?? null] as const,
        ]
      })
      const costs = gweis.map((gwei) => {
        return [`costUnitsPerGbAt${gwei}Gwei`, gigabyteCostUnits(entry, gwei)] as const
      })
      return {
        ...{ ...placeCells(entry), runs, bytes, payment, locks, token: token.name },
        ...Object.fromEntries(cells),
        ...Object.fromEntries(costs),
      }
    }),
  )
}

/** One row for each point of each series of each curve. */
export function curvesCsv({ curves = [] }: RunRecord): string {
  return table(
    [
      ...['protocol', 'curve', 'policy', 'series', 'how', 'shape', 'label'],
      ...['xName', 'xUnit', 'x', 'yName', 'yUnit', 'y'],
    ],
    curves.flatMap(({ protocol, id: curve, x: xAxis, y: yAxis, series: all }) =>
      all.flatMap(({ name: series, policy, how, shape, points }) =>
        points.map(({ x, y, label = '' }) => ({
          ...{ protocol, curve, policy, series, how, shape, label, x, y },
          ...{ xName: xAxis.name, xUnit: xAxis.unit, yName: yAxis.name, yUnit: yAxis.unit },
        })),
      ),
    ),
  )
}
