/**
 * What downloads take for each gigabyte: transactions, gas, payments and time, as exact sums.
 *
 * Of worlds that say what they download. A run belongs to it as soon as service was due in it: what
 * a download costs that then brings not a single byte has to be borne by those that do.
 */
import type { Gigabyte } from '../../reports/record.ts'
import { pairSums } from '../../reports/statistics/ratios.ts'
import type { DownloadInfo } from '../../sim/world/downloadInfo.ts'
import type { RunFacts } from '../../sim/world/facts.ts'
import type { SimulatedWorld } from '../../sim/world/simulated.ts'
import { CENTIGWEI, WEI_PER_CENTIGWEI } from './costs.ts'
import { actionOf, type GasByCall, gasOf } from './gasTable.ts'
import { TOKENS_PER_ETHER, unitsFor } from './measures.ts'
import { placeOfPart, type SimulatedPart, tokenOfPart, worldOfPart } from './part.ts'

type Measure = Gigabyte['measures'][number]
type Calls = readonly (readonly [call: string, count: number])[]

const countOf = (calls: Calls) => calls.reduce((sum, [, count]) => sum + count, 0)

/** Calls of the senders of one side. */
function callsOf({ transactionsBy }: RunFacts, isSide: (sender: string) => boolean): Calls {
  return Object.entries(transactionsBy).flatMap(([sender, calls]) =>
    isSide(sender) ? Object.entries(calls) : [],
  )
}

const sampleOf = ({ samples }: RunFacts, name: string): number | null => {
  const [value] = samples[name] ?? []
  return value === undefined ? null : Number(value)
}

type IsTimed = (facts: RunFacts) => boolean

/** A download that somebody left stood still for want of the other, and not of a payment. */
const isComplete: IsTimed = (facts) => sampleOf(facts, 'downloadMs') !== null

function paymentsOf(facts: RunFacts, { payment }: DownloadInfo): number | null {
  const { from } = payment
  if ('sample' in from) return sampleOf(facts, from.sample)
  const accepted = Object.entries(facts.transactions).filter(
    ([call]) => actionOf(call) === call && from.actions.includes(call),
  )
  return countOf(accepted)
}

/** Each measure of one run; null when the run says nothing about it. */
function measuresOf(
  download: DownloadInfo,
  gas: GasByCall,
  isTimed: IsTimed,
): Readonly<Record<Measure['name'], (facts: RunFacts) => number | null>> {
  const isPayer = (sender: string) => download.payers.includes(sender)
  const ofPayer = (facts: RunFacts) => callsOf(facts, isPayer)
  const ofProvider = (facts: RunFacts) => callsOf(facts, (sender) => !isPayer(sender))
  const gasUsed = (calls: Calls) => calls.reduce((sum, [call, n]) => sum + n * gasOf(gas, call), 0)
  return {
    transactions: ({ transactions }) => countOf(Object.entries(transactions)),
    transactionsOfPayer: (facts) => countOf(ofPayer(facts)),
    transactionsOfProvider: (facts) => countOf(ofProvider(facts)),
    gas: ({ transactions }) => gasUsed(Object.entries(transactions)),
    gasOfPayer: (facts) => gasUsed(ofPayer(facts)),
    gasOfProvider: (facts) => gasUsed(ofProvider(facts)),
    payments: (facts) => paymentsOf(facts, download),
    waitedMs: (facts) => (isTimed(facts) ? sampleOf(facts, 'waitedMs') : null),
    downloadMs: (facts) => (isTimed(facts) ? sampleOf(facts, 'downloadMs') : null),
  }
}

/**
 * What downloads take in each part; nothing where nothing is downloaded.
 *
 * Times are over the runs that were completed in every part on the same chain: slower downloads are
 * left more often, and a protocol or a regime in which they are would look the faster for it.
 */
export function gigabyteSections(parts: readonly SimulatedPart[]): readonly Gigabyte[] {
  const own = parts.filter((part) => worldOfPart(part).download && part.result.facts.length > 0)
  const completedIn = own.map(({ spec, result }) => {
    const runs = result.facts.filter(isComplete).map(({ run }) => run)
    return { profile: spec.profile, runs: new Set(runs) }
  })
  return own.flatMap((part) => {
    const alike = completedIn.filter(({ profile }) => profile === part.spec.profile)
    const isTimed: IsTimed = ({ run }) => alike.every(({ runs }) => runs.has(run))
    return gigabytesIn(part, worldOfPart(part), isTimed)
  })
}

/** What one part of a world takes. */
export function gigabytesIn(
  part: SimulatedPart,
  { download }: Pick<SimulatedWorld, 'download'>,
  isTimed: IsTimed = isComplete,
): readonly Gigabyte[] {
  if (download === undefined) return []
  const runs = part.result.facts.flatMap((facts) => {
    const bytes = sampleOf(facts, 'downloadedBytes')
    return bytes === null ? [] : [{ facts, bytes: BigInt(bytes) }]
  })
  if (runs.length === 0) return []
  const measures = Object.entries(measuresOf(download, part.gas, isTimed)).map(
    ([name, of]): Measure => {
      const pairs = runs.flatMap(({ facts, bytes }) => {
        const value = of(facts)
        return value === null ? [] : [[BigInt(value), bytes] as const]
      })
      const { n, y, x, yy, xx, xy } = pairSums(pairs)
      const squares = { totalSquares: yy, bytesSquares: xx, products: xy }
      return {
        name: name as Measure['name'],
        runs: n,
        total: Number(y),
        bytes: Number(x),
        ...squares,
      }
    },
  )
  const gas = measures.find(({ name }) => name === 'gas')?.total ?? 0
  const token = tokenOfPart(part)
  return [
    {
      ...{ ...placeOfPart(part), runs: runs.length, token, tokensPerEther: TOKENS_PER_ETHER },
      bytes: Number(runs.reduce((sum, { bytes }) => sum + bytes, 0n)),
      ...{
        terms: part.spec.terms,
        payment: download.payment.name,
        locks: download.locks,
        measures,
      },
      prices: CENTIGWEI.map((centigwei) => {
        const wei = BigInt(gas) * BigInt(centigwei) * WEI_PER_CENTIGWEI
        return { gwei: centigwei / 100, costUnits: unitsFor(wei, token.name) }
      }),
    },
  ]
}
