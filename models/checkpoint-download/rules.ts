/**
 * The arithmetic of checkpoint-download: prices, segments, what is due and to whom, as pure
 * functions.
 *
 * The machine calls these from its guards and actions. The oracle must not: it judges from the
 * outside, with formulas of its own.
 */
import { bpsShareFloor, divFloor, minBig } from '../kit/money.ts'
import type { Policy } from '../kit/trace.ts'
import type { DownloadContext, DownloadInput } from './machineTypes.ts'

const BYTES_PER_MEBIBYTE = 1n << 20n
/** Where segments of as-described stop to grow (uint64), in bytes. */
const SEGMENT_BYTES_LIMIT = (1n << 64n) - 1n

/** From a segment that stays as it is to one of ten times its size. */
const GROWTH_BPS = { least: 10_000, most: 100_000 } as const

export function growthIsValid({ growthBps }: DownloadInput): boolean {
  return growthBps >= GROWTH_BPS.least && growthBps <= GROWTH_BPS.most
}

/** What so many bytes cost, rounded down: the odd part of a unit is the downloader's. */
export function priceUnits(
  { pricePerMebibyteUnits }: Pick<DownloadInput, 'pricePerMebibyteUnits'>,
  bytes: bigint,
): bigint {
  return divFloor(bytes * pricePerMebibyteUnits, BYTES_PER_MEBIBYTE)
}

const sum = (amounts: readonly bigint[]) => amounts.reduce((total, each) => total + each, 0n)

/** The largest segment that a policy allows. */
export function segmentBytesMax(policy: Policy, input: DownloadInput): bigint {
  if (policy === 'as-described') return SEGMENT_BYTES_LIMIT
  return BigInt(input.maxCheckpointMebibytes) * BYTES_PER_MEBIBYTE
}

export function firstSegmentBytes(context: DownloadContext): bigint {
  if (context.mode === 'upfront') return 0n
  return minBig(BigInt(context.firstMebibytes) * BYTES_PER_MEBIBYTE, context.segmentBytesMax)
}

/** The segment that follows the present one, rounded down to a byte. */
export function nextSegmentBytes(context: DownloadContext): bigint {
  const { mode, segmentBytes, growthBps } = context
  if (mode !== 'exponential') return segmentBytes
  return minBig(bpsShareFloor(segmentBytes, BigInt(growthBps)), context.segmentBytesMax)
}

/** What is delivered by all once a seeder stands at `bytes`. */
export function totalBytesAfter(context: DownloadContext, seeder: number, bytes: bigint): bigint {
  return context.totalBytes - (context.deliveredBytes[seeder] ?? 0n) + bytes
}

type Progress = Pick<DownloadContext, 'deliveredBytes' | 'totalBytes'>

/** What is delivered once a seeder stands at `bytes`. */
export function progress(context: DownloadContext, seeder: number, bytes: bigint): Progress {
  return {
    deliveredBytes: context.deliveredBytes.with(seeder, bytes),
    totalBytes: totalBytesAfter(context, seeder, bytes),
  }
}

/**
 * What each seeder has delivered and was not paid for. Below nothing only, in as-described, for the
 * last one, who takes what is left of each payment.
 */
function unpaidUnits(context: DownloadContext): readonly bigint[] {
  const { deliveredBytes, paidUnits } = context
  return deliveredBytes.map((bytes, at) => priceUnits(context, bytes) - (paidUnits[at] ?? 0n))
}

/** What falls due at the opening. */
export function dueAtOpeningUnits(context: DownloadContext): bigint {
  return context.mode === 'upfront' ? priceUnits(context, context.fileBytes) : 0n
}

/** What falls due by a report after which things stand as in `context`; often nothing. */
export const dueUnits: Readonly<Record<Policy, (context: DownloadContext) => bigint>> = {
  'as-described': (context) => {
    if (context.mode === 'upfront' || context.totalBytes < context.thresholdBytes) return 0n
    return priceUnits(context, context.segmentBytes)
  },
  hardened: (context) => {
    const { mode, totalBytes, thresholdBytes, fileBytes } = context
    const reached = totalBytes >= thresholdBytes || totalBytes === fileBytes
    return mode === 'upfront' || !reached ? 0n : sum(unpaidUnits(context))
  },
}

/** as-described: what the downloader may pay for the end of the file, if it likes. */
export function tailUnits(context: DownloadContext): bigint {
  const { mode, totalBytes, fileBytes, billedBytes } = context
  if (mode === 'upfront' || totalBytes !== fileBytes) return 0n
  return priceUnits(context, totalBytes - billedBytes)
}

/** hardened: whether with so much reported a checkpoint would be skipped. */
export function isBeyondSegment(context: DownloadContext, totalBytes: bigint): boolean {
  if (context.mode === 'upfront') return false
  return totalBytes >= context.thresholdBytes + nextSegmentBytes(context)
}

/** What a payment gives to each seeder, of the amount that was sent. */
export const sharesUnits: Readonly<
  Record<Policy, (context: DownloadContext, sentUnits: bigint) => readonly bigint[]>
> = {
  'as-described': (context, sentUnits) => {
    const wanted =
      context.mode === 'upfront'
        ? context.paidUnits.map(() => divFloor(sentUnits, BigInt(context.seederCount)))
        : unpaidUnits(context)
    let leftUnits = sentUnits
    return wanted.map((units, at) => {
      const share = at === wanted.length - 1 ? leftUnits : minBig(units, leftUnits)
      leftUnits -= share
      return share
    })
  },
  /** In mode upfront the payment stays locked, and nothing was delivered yet. */
  hardened: unpaidUnits,
}

/** What a payment leaves in the contract. */
export function keptUnits(movedUnits: bigint, shares: readonly bigint[]): bigint {
  return movedUnits - sum(shares)
}

/** hardened, mode upfront: what is a seeder's out of what is locked, by its last report. */
export function releasableUnits(context: DownloadContext, seeder: number): bigint {
  if (context.mode !== 'upfront') return 0n
  return (
    priceUnits(context, context.deliveredBytes[seeder] ?? 0n) - (context.paidUnits[seeder] ?? 0n)
  )
}

type Schedule = Pick<
  DownloadContext,
  'checkpoint' | 'billedBytes' | 'dueUnits' | 'pendingUnits' | 'segmentBytes' | 'thresholdBytes'
>

/** The schedule once a payment is credited. */
export function advance(policy: Policy, context: DownloadContext): Schedule {
  const segmentBytes = nextSegmentBytes(context)
  const from = policy === 'hardened' ? context.thresholdBytes : context.totalBytes
  return {
    checkpoint: context.checkpoint + 1,
    billedBytes: context.totalBytes,
    dueUnits: 0n,
    pendingUnits: 0n,
    segmentBytes,
    thresholdBytes: context.mode === 'upfront' ? 0n : from + segmentBytes,
  }
}
