/**
 * Mutants of CheckpointDownload that live, and why.
 */
import type { Explanation } from './explanation.ts'
import { addsNothing, firstShare, idle } from './gaps.ts'

const BASE = 'CheckpointDownloadBase.sol'
const DESCRIBED = 'CheckpointDownloadAsDescribed.sol'

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

const NOTHING_LOCKED =
  'In this policy nothing is locked: a refund and what is deferred of it are zero.'

/** As described, nothing is locked, so that nothing is refunded and nothing of it deferred. */
const nothingLocked = (
  within: string,
  befores: readonly string[],
  change: Partial<Explanation> = {},
): Explanation[] =>
  idle({ file: BASE, within }, befores, NOTHING_LOCKED).map((each) => ({ ...each, ...change }))

const AS_DESCRIBED: readonly Explanation[] = [
  ...nothingLocked('complete', ['_refund(id, d, refund);']),
  ...nothingLocked('cancel', ['_refund(id, d, refund);']),
  ...nothingLocked('_end', ['refund = d.locked;', 'd.locked = 0;', 'd.locked']),
  ...nothingLocked('_refund', [
    'uint128 deferred = _pushOrDefer(id, d, d.downloader, amount);',
    'd.downloader',
    'd.claimDownloader += deferred;',
    'd.claimDownloader += deferred',
    'd.claimDownloader',
  ]),
  ...nothingLocked('_refund', ['deferred > 0'], { after: 'false' }),
  ...nothingLocked('_refund', ['deferred > 0'], { after: 'deferred <= 0' }),
  ...nothingLocked('_refund', ['0'], { operator: 'boundary' }),
  ...nothingLocked('_takeClaim', ['msg.sender == d.downloader'], { after: 'false' }),
  ...nothingLocked('_takeClaim', [
    'd.downloader',
    'amount = d.claimDownloader;',
    'd.claimDownloader = 0;',
  ]),
  ...nothingLocked('_takeClaim', ['d.claimDownloader'], { after: 'd.pricePerMebibyte' }),
  ...nothingLocked('_takeClaim', ['0'], { operator: 'boundary' }),
  ...idle(
    { file: BASE, within: 'reportProgress' },
    ['_requireWithinReach(d, total);'],
    'In this policy the function is empty.',
  ),
  {
    ...{ file: BASE, policy: 'as-described', within: '_credit', operator: 'guard' },
    equivalent: true,
    reason: 'Paid upfront, nothing was reported before: segment and threshold are zero anyway.',
  },
  {
    ...{ file: DESCRIBED, within: '_progressed', operator: 'boolean', equivalent: true },
    after: 'd.total < d.threshold',
    reason: 'Paid upfront, a segment is zero and costs nothing, so that nothing is awaited.',
  },
  {
    ...{ file: DESCRIBED, within: '_unpaidShare', operator: 'arithmetic', equivalent: true },
    after: 'price - d.paid[seeder]',
    reason: 'Only the last seeder is ever paid more than its price, and is not asked here.',
  },
  {
    ...{ file: DESCRIBED, within: '_nextThreshold', before: 'd.total', after: 'd.billed' },
    equivalent: true,
    reason: 'What is delivered is billed just before.',
  },
  {
    ...{ file: DESCRIBED, within: 'pay', operator: 'boundary', before: '0', after: '1' },
    equivalent: false,
    reason: 'No payment that is reported is of a single base unit.',
  },
  {
    ...{ file: BASE, policy: 'as-described', within: '_paySeeder', operator: 'boundary' },
    ...{ before: '0', after: '1', equivalent: false },
    reason: 'No share that is deferred is of a single base unit.',
  },
]

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
    ...{ file: BASE, policy: 'hardened', within: '_takeClaim', equivalent: false },
    ...{ before: '_isSeeder(d, msg.sender)', after: 'true' },
    reason: 'A place of their own, for those who are no seeders, lacks only where eight are.',
  },
  ...AS_DESCRIBED,
]
