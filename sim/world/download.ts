/**
 * What is downloaded over which lines: the same for every protocol that is paid for a download.
 *
 * Drawn from streams that bear no protocol's name, so that two protocols under one (seed, run) meet
 * the same people with the same lines and can be compared on the same downloads. Rates are
 * assumptions of ours [A]: a home line of 16 to 160 Mbit/s down, sources of 4 to 80 Mbit/s up.
 */
import { logUniformMs } from '../kernel/distributions.ts'
import { type RunKey, streamsOf } from '../kernel/random.ts'

/** Sources that a download can have at most. */
export const SOURCES_MAX = 8

/** Bytes in a mebibyte (MiB); a megabyte (MB) has 10^6 and is never meant here. */
export const MEBIBYTE_BYTES = 1_048_576

/** Bytes in a gigabyte (GB), the unit of comparisons; a gibibyte has 2^30 and is never meant. */
export const GIGABYTE_BYTES = 1_000_000_000

/** How a download goes when nothing fails. */
export interface Download {
  /** From the start of the world to the opening. */
  readonly beginsAtMs: number
  /** What the receiver's line takes, in bytes per second. */
  readonly downBytesPerSecond: number
  /** What each possible source can send, in bytes per second. */
  readonly upBytesPerSecond: readonly number[]
}

/** The download of one run. */
export function drawDownload(key: RunKey): Download {
  const streams = streamsOf(key)
  const between = (purpose: string, least: number, most: number) =>
    // The same inverse function serves for any positive integer.
    logUniformMs(streams(`download/${purpose}`).unit(), { leastMs: least, mostMs: most })
  return {
    beginsAtMs: between('begin', 1, 10_000),
    downBytesPerSecond: between('down', 2_000_000, 20_000_000),
    upBytesPerSecond: Array.from({ length: SOURCES_MAX }, (_, index) =>
      between(`up/${index}`, 500_000, 10_000_000),
    ),
  }
}

/**
 * Bytes per second that one of `sources` sends, which share the receiver's line evenly; rounded
 * down, at least 1.
 */
export function rateOf(download: Download, source: number, sources: number): number {
  const { downBytesPerSecond, upBytesPerSecond } = download
  const shareBytes = Math.floor(downBytesPerSecond / Math.max(1, sources))
  return Math.max(1, Math.min(shareBytes, upBytesPerSecond[source] ?? 1))
}

/** Time that a piece takes at a rate, in whole milliseconds, rounded up. */
export function pieceMs(bytes: number, bytesPerSecond: number): number {
  return Math.ceil((bytes * 1000) / bytesPerSecond)
}
