/**
 * What readers of the chain see of a download, and how it stands at the end.
 */
import { SEEDERS } from '../../models/checkpoint-download/cast.ts'
import { ESCROW, type WorldView } from '../../models/kit/trace.ts'
import type { ChainSide } from '../world/chainSide.ts'
import { paidTo } from '../world/money.ts'
import type { WorldStep } from '../world/records.ts'
import { type DownloadReading, hasEnded, seederAt } from './actors.ts'
import type { LedgerEntry } from './ledger.ts'
import type { WorldSetup } from './options.ts'
import type { EndState } from './worldRun.ts'

/** What all readers see alike. */
export function readDownload(view: WorldView, { terms }: WorldSetup): DownloadReading {
  const [download, ...others] = view.agreements
  const figures = download?.figures ?? {}
  const units = (name: string): bigint => figures[name] ?? 0n
  const bytes = (name: string): number => Number(units(name))
  const places = SEEDERS.slice(0, terms.seeders).map((_, at) => at)
  return {
    state: download?.state ?? 'None',
    ...{ checkpoint: bytes('checkpoint'), thresholdBytes: bytes('threshold') },
    ...{ segmentBytes: bytes('segment'), totalBytes: bytes('total'), billedBytes: bytes('billed') },
    ...{ dueUnits: units('due'), pendingUnits: units('pending'), lockedUnits: units('locked') },
    claimDownloaderUnits: units('claimDownloader'),
    deliveredBytes: places.map((at) => bytes(`delivered${at}`)),
    paidUnits: places.map((at) => units(`paid${at}`)),
    claimUnits: places.map((at) => units(`claim${at}`)),
    otherStates: others.map(({ state }) => state),
    otherPendingUnits: others.map((other) => other.figures.pending ?? 0n),
  }
}

/** Whether nothing is left that somebody will still do; `isGone` tells of each party. */
export function isOver(
  setup: WorldSetup,
  reading: DownloadReading,
  isGone: (actor: string) => boolean,
): boolean {
  const { policy } = setup
  const isThere = !isGone('downloader')
  const isFreeing = policy === 'hardened' && isThere && reading.otherStates.includes('Serving')
  if (!hasEnded(policy, reading) || isFreeing) return false
  const isWaited = (units: bigint, actor: string) => units > 0n && !isGone(actor)
  if (isWaited(reading.claimDownloaderUnits, 'downloader')) return false
  return !reading.claimUnits.some((units, at) => isWaited(units, seederAt(at)))
}

/** What still lies in the contract for the other downloads is no part of this one. */
export function endStateOf(
  side: ChainSide<DownloadReading>,
  steps: readonly WorldStep[],
  ledger: readonly LedgerEntry[],
  { agreement, terms }: WorldSetup,
): EndState {
  const { reading } = side
  const own = steps.filter(({ planned }) => planned.agreement === 0)
  const { downloader } = agreement.roles as { downloader: string }
  const sentUnits = own.reduce(
    (sum, { transfers }) =>
      transfers.reduce(
        (all, { to, amountUnits }) => (to === ESCROW ? all + amountUnits : all),
        sum,
      ),
    0n,
  )
  const claims = [reading.claimDownloaderUnits, ...reading.claimUnits]
  return {
    ...{ state: reading.state, checkpoint: reading.checkpoint, totalBytes: reading.totalBytes },
    ...{ billedBytes: reading.billedBytes, paidUnits: reading.paidUnits, sentUnits },
    receivedUnits: Array.from({ length: terms.seeders }, (_, at) => paidTo(own, seederAt(at))),
    refundedUnits: paidTo(own, downloader),
    claimUnits: claims.reduce((sum, each) => sum + each, 0n),
    heldUnits: ledger.at(-1)?.heldUnits ?? 0n,
  }
}
