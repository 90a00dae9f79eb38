/**
 * Exposure of a download over time: what each side would lose if the world ended now.
 *
 * The downloader's is what it has paid beyond what has reached it; hardened in mode upfront, while
 * the download runs, also what lies locked and seeders could still report. The seeders' is what has
 * reached the downloader and is not paid, each counted for itself: one that was paid too much does
 * not make up for another. Both jump, and are constant in between.
 */
import type { Policy } from '../../models/kit/trace.ts'
import { type ExposureSample, newestBefore } from '../world/exposure.ts'
import type { LedgerEntry } from './ledger.ts'
import { type DownloadTerms, priceOf } from './options.ts'
import type { Count, SourceRecord } from './worldRun.ts'

export interface ExposureInput {
  readonly policy: Policy
  readonly terms: DownloadTerms
  readonly sources: readonly SourceRecord[]
  readonly ledger: readonly LedgerEntry[]
}

/** The number that was reached by a time. */
export function reachedBy(course: readonly Count[], atMs: number): number {
  return newestBefore(course, atMs)?.bytes ?? 0
}

interface Jump {
  readonly atMs: number
  /** Of a seeder's bytes, or of the books. */
  readonly reached?: { readonly seeder: number; readonly bytes: number }
  readonly entry?: LedgerEntry
}

const positive = (units: bigint) => (units > 0n ? units : 0n)

function jumpsOf({ sources, ledger }: ExposureInput): readonly Jump[] {
  const jumps: Jump[] = ledger.map((entry) => ({ atMs: entry.atMs, entry }))
  for (const [seeder, { reached }] of sources.entries()) {
    for (const { signedMs: atMs, bytes } of reached)
      jumps.push({ atMs, reached: { seeder, bytes } })
  }
  // Sorting is stable: what happened at the same time keeps its order.
  return jumps.sort((a, b) => a.atMs - b.atMs)
}

const ENDED = ['Completed', 'Cancelled']

/** A sample after the jumps of each instant, and one just before them. */
export function exposureOf(input: ExposureInput): readonly ExposureSample[] {
  const { policy, terms, sources } = input
  const isLocking = policy === 'hardened' && terms.mode === 'upfront'
  const worth = sources.map(() => 0n)
  let paid: readonly bigint[] = sources.map(() => 0n)
  let [owedUnits, paidUnits, heldUnits] = [0n, 0n, 0n]
  const came = sources.map(() => 0)
  let cameBytes = 0
  let isOpen = false
  const owed = (at: number) => positive((worth[at] as bigint) - (paid[at] as bigint))
  const at = (atMs: number): ExposureSample => {
    const couldGoUnits = isLocking && isOpen ? paidUnits + heldUnits : paidUnits
    // What all of it is worth; shares round down by themselves, in the downloader's favour.
    const worthUnits = priceOf(terms.pricePerMebibyteUnits, cameBytes)
    const payerUnits = positive(couldGoUnits - worthUnits)
    return { atMs, lockedUnits: heldUnits, payerUnits, providerUnits: owedUnits }
  }
  const samples: ExposureSample[] = []
  const jumps = jumpsOf(input)
  for (const [index, { atMs, reached, entry }] of jumps.entries()) {
    const last = samples.at(-1)
    if (last !== undefined && last.atMs < atMs - 1) samples.push({ ...last, atMs: atMs - 1 })
    if (reached !== undefined) {
      const { seeder, bytes } = reached
      cameBytes += bytes - (came[seeder] as number)
      came[seeder] = bytes
      owedUnits -= owed(seeder)
      worth[seeder] = priceOf(terms.pricePerMebibyteUnits, bytes)
      owedUnits += owed(seeder)
    }
    if (entry !== undefined) {
      paid = entry.paidUnits
      paidUnits = paid.reduce((sum, each) => sum + each, 0n)
      owedUnits = worth.reduce((sum, _, index) => sum + owed(index), 0n)
      heldUnits = entry.heldUnits
      isOpen = !ENDED.includes(entry.state)
    }
    // Between the calls of one block nobody can stop.
    if (jumps[index + 1]?.atMs !== atMs) samples.push(at(atMs))
  }
  return samples
}
