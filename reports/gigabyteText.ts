/**
 * What `simulate` and `run` print of downloads by the gigabyte: the protocols beside each other,
 * regime by regime, and what the numbers do not show.
 *
 * Pure. Half the width of a 95 % interval stands behind its number where there are enough runs.
 */
import {
  gigabyteCostUnits,
  gigabyteRatio,
  lockSentences,
  machineText,
  runsText,
} from './gigabyte.ts'
import type { Gigabyte, RunRecord } from './record.ts'
import type { Ratio } from './statistics/ratios.ts'
import { aligned, numberText, timeText, tokensText } from './worldTables.ts'

const NONE = '–'
const GWEI = 20

function withError(ratio: Ratio | null, text: (value: number) => string): string {
  if (ratio === null) return NONE
  const { value, interval } = ratio
  if (interval === null || value === 0) return text(value)
  const percent = ((interval.high - value) * 100) / value
  return `${text(value)} ±${percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`
}

const millions = (value: number) => (value / 1e6).toFixed(2)

function row(entry: Gigabyte): readonly string[] {
  const { payment, token } = entry
  const [gas, ofPayer] = [gigabyteRatio(entry, 'gas'), gigabyteRatio(entry, 'gasOfPayer')]
  const share =
    gas === null || ofPayer === null || gas.value === 0 ? null : ofPayer.value / gas.value
  const payments = gigabyteRatio(entry, 'payments')
  const cost = gigabyteCostUnits(entry, GWEI)
  return [
    machineText(entry),
    numberText(gigabyteRatio(entry, 'transactions')?.value),
    withError(gas, millions),
    share === null ? NONE : `${Math.round(share * 100)} %`,
    payments === null ? NONE : `${numberText(payments.value)} ${payment}s`,
    withError(gigabyteRatio(entry, 'waitedMs'), timeText),
    timeText(gigabyteRatio(entry, 'downloadMs')?.value),
    cost === null ? NONE : tokensText(cost, token.decimals).replace(/(\.\d\d)\d+$/, '$1'),
  ]
}

/** Nothing for a run without downloads. */
export function gigabyteText({ perGigabyte = [] }: RunRecord): readonly string[] {
  if (perGigabyte.length === 0) return []
  const places = new Map<string, Gigabyte[]>()
  for (const entry of perGigabyte) {
    const { regime, profile } = entry
    const place = `regime ${regime}${profile === undefined ? '' : `, chain ${profile}`}`
    places.set(place, [...(places.get(place) ?? []), entry])
  }
  const columns = ['transactions', 'million gas', 'by payer', 'payments', 'stood still']
  const rest = ['download', 'cost']
  return [
    `per gigabyte (10^9 bytes) that arrived, ${runsText(perGigabyte)}`,
    ...aligned(
      [...places].flatMap(([place, entries], index) => [
        [place, ...(index === 0 ? [...columns, ...rest] : [])],
        ...entries.map(row),
      ]),
    ),
    `  Cost in tokens at ${GWEI} gwei; times of downloads that all completed.`,
    ...lockSentences(perGigabyte).flatMap((sentences) => {
      const [locks, terms] = sentences.split(' Here with ')
      return [`  ${locks}`, `    with ${terms}`]
    }),
  ]
}
