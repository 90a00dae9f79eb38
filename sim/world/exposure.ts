/**
 * Exposure over time: what each side would lose if the world ended now.
 *
 * The payer's is what is or could be billed beyond what was delivered; the provider's is what was
 * delivered beyond what can be billed. A protocol says both for one instant, and at which instants
 * something begins or ends: between them both must be linear, so that samples there (and just
 * before a jump) tell everything.
 */

import type { LockedSince } from './money.ts'

export interface ExposureSample {
  readonly atMs: number
  /** Deposit that lies in the escrow. */
  readonly lockedUnits: bigint
  /** Could be billed, not delivered; rounded down to base units. */
  readonly payerUnits: bigint
  /** Delivered, could not be billed; rounded down to base units. */
  readonly providerUnits: bigint
}

export interface ExposurePlan {
  /** What lay in the escrow, oldest first; each entry is an instant, and so is the one before. */
  readonly locked: readonly LockedSince[]
  /** Further instants, in any order. */
  readonly instants: Iterable<number>
  readonly at: (atMs: number) => Pick<ExposureSample, 'payerUnits' | 'providerUnits'>
}

/** Samples at every instant at which an exposure changes its course, in order of time. */
export function sampleExposure({ locked, instants, at }: ExposurePlan): readonly ExposureSample[] {
  const all = new Set<number>(instants)
  for (const { atMs } of locked) all.add(Math.max(0, atMs - 1)).add(atMs)
  return [...all]
    .sort((a, b) => a - b)
    .map((atMs) => {
      const lockedUnits = locked.findLast((entry) => entry.atMs <= atMs)?.units ?? 0n
      const { payerUnits, providerUnits } = at(atMs)
      return { atMs, lockedUnits, payerUnits, providerUnits }
    })
}

/** The newest of records in order of `signedMs` that was there at `atMs`. */
export function newestBefore<Item extends { readonly signedMs: number }>(
  items: readonly Item[],
  atMs: number,
): Item | undefined {
  let least = 0
  let most = items.length
  while (least < most) {
    const middle = (least + most) >> 1
    if ((items[middle] as Item).signedMs <= atMs) least = middle + 1
    else most = middle
  }
  return items[least - 1]
}
