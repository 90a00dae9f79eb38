/**
 * What both the drawn commands and the alphabet of checkpoint-download are made of.
 */
import type { AnyMachineSnapshot } from 'xstate'
import {
  DOWNLOAD_STARTING_UNITS,
  DOWNLOAD_TOKENS,
  seedersOf,
} from '../../models/checkpoint-download/cast.ts'
import type { DownloadContext } from '../../models/checkpoint-download/machineTypes.ts'
import {
  DOWNLOAD_MODES,
  downloadTermsDefault,
} from '../../models/checkpoint-download/parameters.ts'
import { nextSegmentBytes, tailUnits } from '../../models/checkpoint-download/rules.ts'
import { AMOUNT_UNITS_MAX } from '../../models/kit/money.ts'
import { predict } from '../../models/kit/population.ts'
import type { Agreement, AgreementView } from '../../models/kit/trace.ts'
import type { Moment } from '../kit/player.ts'

export const TOKEN_KINDS = DOWNLOAD_TOKENS.map(({ kind }) => kind)
export const MEBIBYTE = 1n << 20n
export const BYTES_MAX = (1n << 64n) - 1n
const UINT32_MAX = 2 ** 32 - 1

/**
 * A checkpoint of 10 MiB costs downloader1 two fifths of what it has, so the second is too much.
 */
const STRETCHING_PRICE = DOWNLOAD_STARTING_UNITS.downloader1 / 25n
/** The second is one unit a byte, so that nothing is ever rounded. */
const PRICES = [
  downloadTermsDefault.pricePerMebibyteUnits,
  MEBIBYTE,
  333_333n,
  STRETCHING_PRICE,
  1n,
  10n,
  1n << 100n,
  AMOUNT_UNITS_MAX,
  0n,
] as const
/** Its place among the prices. */
export const STRETCHING = PRICES.indexOf(STRETCHING_PRICE)
/** Places among modes and files. */
export const UPFRONT = DOWNLOAD_MODES.indexOf('upfront')
const FIRST_MEBIBYTES = [10, 1, 5, 20, 1_000, 0, UINT32_MAX] as const
/** The second makes segments that are no whole number of bytes, before they are rounded. */
const GROWTHS_BPS = [20_000, 12_345, 10_000, 100_000, 9_999, 100_001] as const
const SEEDER_COUNTS = [1, 2, 3, 8] as const
/** From one seeder of a download to its next; all of them come round to all eight. */
const STRIDES = [1, 7, 3] as const

/** Positions in what a download is drawn as. */
export interface DrawnDownload {
  readonly downloader: number
  readonly count: number
  /** Who is the first seeder, and how the others follow. */
  readonly first: number
  readonly stride: number
  /** What is wrong with the seeders; nothing for zero. */
  readonly fault: number
  readonly token: number
  readonly file: number
  readonly price: number
  readonly mode: number
  readonly firstMebibytes: number
  readonly growth: number
}

/** Files by a small integer: the default, around the first two checkpoints, the limits. */
function fileOf(drawn: number, firstBytes: bigint): bigint {
  const second = firstBytes * 3n
  const files = [
    downloadTermsDefault.fileBytes,
    firstBytes,
    firstBytes * 2n,
    firstBytes - 1n,
    firstBytes + 1n,
    second,
    second + 1n,
    second - 1n,
    1n,
    downloadTermsDefault.fileBytes + 1n,
    firstBytes * 100n,
    BYTES_MAX,
    0n,
  ]
  const bytes = files[drawn] as bigint
  return bytes < 0n ? 0n : bytes
}

function drawnSeeders(
  { count, first, stride, fault }: DrawnDownload,
  downloader: string,
): string[] {
  const step = STRIDES[stride] as number
  const following = (length: number) =>
    Array.from({ length }, (_, at) => `seeder${(first + at * step) % 8}`)
  const valid = following(SEEDER_COUNTS[count] as number)
  const [leading = ''] = valid
  switch (fault) {
    case 1:
      return []
    case 2:
      return valid.with(-1, downloader)
    case 3:
      return [leading, ...valid.slice(1, -1), valid.at(-2) ?? leading]
    case 4:
      return valid.with(-1, 'escrow')
    case 5:
      return valid.with(-1, 'nobody')
    case 6:
      return [...following(8), 'stranger']
    default:
      return valid
  }
}

/** A download by small integers; zeros mean downloader0, seeder0, a plain token, default terms. */
export function agreementOf(index: number, drawn: DrawnDownload): Agreement {
  const downloader = `downloader${drawn.downloader}`
  const seeders = drawnSeeders(drawn, downloader).map((each, at) => [`seeder${at}`, each] as const)
  const firstMebibytes = FIRST_MEBIBYTES[drawn.firstMebibytes] as number
  return {
    index,
    roles: { downloader, ...Object.fromEntries(seeders) },
    token: TOKEN_KINDS[drawn.token] as string,
    terms: {
      fileBytes: fileOf(drawn.file, BigInt(firstMebibytes) * MEBIBYTE),
      pricePerMebibyteUnits: PRICES[drawn.price] as bigint,
      mode: DOWNLOAD_MODES[drawn.mode] as string,
      firstMebibytes,
      growthBps: GROWTHS_BPS[drawn.growth] as number,
      salt: BigInt(index),
    },
  }
}

const hopeless = new WeakMap<AnyMachineSnapshot, boolean>()

/** Whether nobody could ever open this download: it is enough to see that refused now and then. */
export function isHopeless({ cast, population, nowSeconds }: Moment, index: number): boolean {
  const snapshot = population.snapshots[index] as AnyMachineSnapshot
  const known = hopeless.get(snapshot)
  if (known !== undefined) return known
  const by = cast.agreements[index]?.roles.downloader as string
  const opening = { agreement: index, action: 'open', by, atSeconds: nowSeconds, args: {} }
  const isRefused = !predict(cast, population, opening).account.outcome.accepted
  hopeless.set(snapshot, isRefused)
  return isRefused
}

/** A move that brings the download forward, who would make it, and in which other download. */
export type Move = readonly [action: string, by: string, on?: number | undefined]

/** Who has a share to claim. */
export function claimants(agreement: Agreement, { figures }: AgreementView): readonly Move[] {
  const moves: Move[] = []
  const add = (figure: string, owner: string) => {
    if ((figures[figure] ?? 0n) > 0n) moves.push(['claim', owner])
  }
  add('claimDownloader', agreement.roles.downloader as string)
  for (const [at, seeder] of seedersOf(agreement).entries()) add(`claim${at}`, seeder)
  return moves
}

/** Where a download stands, as far as attempts depend on it. */
export interface Course {
  readonly isHardened: boolean
  readonly fileBytes: bigint
  readonly totalBytes: bigint
  readonly isWhole: boolean
  readonly isPending: boolean
  /** What a report aims at: the next checkpoint, or the end of the file where there is none. */
  readonly goalBytes: bigint
  /** By how much a report may go beyond the goal; zero when that is the end of the file. */
  readonly segmentBytes: bigint
  readonly checkpoint: number
  readonly dueUnits: bigint
}

/** What a download is about to do; planning asks the machine, as its figures tell less. */
export function courseOf({ cast, population }: Moment, index: number): Course {
  const context = population.snapshots[index]?.context as DownloadContext
  const { fileBytes, totalBytes, thresholdBytes, checkpoint, pendingUnits } = context
  const isAhead = thresholdBytes > totalBytes && thresholdBytes < fileBytes
  const isServing = population.view.agreements[index]?.state === 'Serving'
  return {
    isHardened: cast.policy === 'hardened',
    fileBytes,
    totalBytes,
    isWhole: totalBytes === fileBytes,
    isPending: pendingUnits > 0n,
    goalBytes: isAhead ? thresholdBytes : fileBytes,
    segmentBytes: isAhead ? nextSegmentBytes(context) : 0n,
    checkpoint,
    dueUnits: isServing ? tailUnits(context) : context.dueUnits,
  }
}
