/**
 * Mutants of CheckpointDownload that live, and why.
 */
import type { Explanation } from './explanation.ts'
import { addsNothing, firstShare } from './gaps.ts'

const BASE = 'CheckpointDownloadBase.sol'

/** Hardened, a payment is taken at once, so that none waits for the seeders' word. */
const nonePending = (within: string, before: string, after: string): Explanation => ({
  ...{ file: BASE, policy: 'hardened', within, before, after, equivalent: true },
  reason: 'In this policy no payment is ever pending, and nothing comes of a confirmation.',
})

/** A place among the seeders, which are looked through from zero on, one by one. */
const counted = (within: string, before: string, after: string): Explanation => ({
  ...{ file: BASE, within, before, after, equivalent: true },
  reason: 'The place is counted up from zero to the number of seeders, and no further.',
})

const noShare = (after: string): Explanation => ({
  ...{ file: BASE, within: '_paySeeders', before: 'shares[i] > 0', after, equivalent: true },
  reason: 'Nothing is added for a share of nothing, and nothing is pushed.',
})

export const checkpointDownloadExplanations: readonly Explanation[] = [
  nonePending('confirm', 'd.pending', 'd.locked'),
  nonePending('confirm', 'uint32 checkpoint = d.checkpoint;', 'uint32 checkpoint;'),
  nonePending('confirm', 'd.checkpoint', 'd.growthBps'),
  nonePending('confirm', 'd.pending = 0;', '{}'),
  { ...nonePending('confirm', '0', '1'), operator: 'boundary' },
  nonePending('confirm', '_credit(d);', '{}'),
  nonePending('confirm', 'emit Confirmed(id, checkpoint);', '{}'),
  nonePending('_end', 'd.pending = 0;', '{}'),
  nonePending('_end', 'd.pending', 'd.locked'),
  {
    ...{ file: BASE, policy: 'hardened', within: '_credit', operator: 'guard', equivalent: true },
    reason: 'Paid upfront, segment and threshold are zero, and growing leaves them so.',
  },
  {
    ...{ file: BASE, within: 'reportProgress', before: 'seeder >= d.seederCount' },
    after: 'seeder == d.seederCount',
    equivalent: false,
    reason: 'Places further behind the last seeder are named by callers who are refused anyway.',
  },
  ...addsNothing(BASE, '_refund'),
  ...addsNothing(BASE, '_paySeeder'),
  firstShare(BASE, '_refund', 'd.claimDownloader'),
  noShare('true'),
  noShare('shares[i] >= 0'),
  counted('_placeOf', 'place < count', '(place != count)'),
  counted('_isSeeder', '_placeOf(d, who) < d.seederCount', '_placeOf(d, who) != d.seederCount'),
  {
    ...{ file: BASE, within: '_takeClaim', before: '_isSeeder(d, msg.sender)', after: 'true' },
    equivalent: false,
    reason: 'A place of their own, for those who are no seeders, lacks only where eight are.',
  },
]
