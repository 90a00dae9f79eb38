/**
 * A payment counts once: who sends it beside one that may still count is noticed, in replaced
 * blocks as well, and who sends it again rightly is not.
 */
import { expect, test } from 'vitest'
import type { Fault } from '../faults/fault.ts'
import { broken, caught, download } from './testing/judgedDownload.ts'

test('a downloader that pays again', () => {
  const lost = { kind: 'ambiguous-send', target: 'downloader', magnitude: 10_000 } as const
  const faults: readonly Fault[] = [{ ...lost, atMs: 3_000, durationMs: 10_000 }]
  expect(caught({ downloaderPaysAgain: true }, {}, { faults })).toEqual(['INV-W-PAYS-ONCE'])
})

test.each([2, 5, 7])('a downloader that pays again, as %i blocks are replaced', (magnitude) => {
  const lost = { kind: 'ambiguous-send', target: 'downloader', magnitude: 10_000 } as const
  const reorg = { kind: 'reorg', target: 'chain', durationMs: 0, magnitude } as const
  const faults: readonly Fault[] = [
    { ...lost, atMs: 3_000, durationMs: 30_000 },
    ...[9_000, 16_000, 23_000].map((atMs) => ({ ...reorg, atMs })),
  ]
  const { transactions } = download('hardened', {}, { faults })
  expect(transactions.some(({ reorgs }) => reorgs > 0)).toBe(true)
  expect(caught({ downloaderPaysAgain: true }, {}, { faults })).toContain('INV-W-PAYS-ONCE')
})

test('a downloader that pays what it sees paid', () => {
  const run = download('hardened')
  const [first, second] = run.requests
  if (first === undefined || second === undefined) throw new Error('several payments are made')
  const { seenNonce, seenCheckpoint, nonce } = second
  const late = { ...first, nonce, seenNonce, seenCheckpoint }
  expect(broken({ ...run, requests: [first, late, second] })).toEqual(['INV-W-PAYS-ONCE'])
  // A reorg takes the payment back: it is sent again, as the same transaction or as the next.
  const undone = { ...first, seenNonce: first.nonce, seenCheckpoint: 0 }
  const refused = { ...undone, nonce: first.nonce + 1, seenNonce: first.nonce + 1 }
  expect(broken({ ...run, requests: [first, second, undone, refused] })).toEqual([])
  // Beside one that is on its way it is not.
  const beside = { ...refused, seenNonce: first.nonce }
  expect(broken({ ...run, requests: [first, undone, beside] })).toEqual(['INV-W-PAYS-ONCE'])
})
