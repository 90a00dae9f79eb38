/**
 * Goal: the live document tells what a run said, bounded and without promising more.
 */
import { expect, test } from 'vitest'
import { createLiveFeed } from './liveFeed.ts'

const OPTIONS = {
  command: 'run',
  seed: 7,
  protocols: ['session-escrow'],
  policies: ['hardened'],
} as const

test('live › phases keep their order and their latest counts', () => {
  let nowMs = 100
  const feed = createLiveFeed(OPTIONS, () => nowMs)
  feed.show({ kind: 'phase', label: 'paths' })
  feed.show({ kind: 'pulse', label: 'paths', done: 3, total: 9, stepsPerSecond: 10 })
  feed.show({ kind: 'pulse', label: 'conformance', done: 1, total: null, stepsPerSecond: 0 })
  feed.show({ kind: 'pulse', label: 'paths', done: 9, total: 9, stepsPerSecond: 12 })
  nowMs = 350

  const live = feed.document()

  expect(live).toMatchObject({ state: 'running', command: 'run', seed: 7, elapsedMs: 250 })
  expect(live.phases).toEqual([
    { label: 'paths', done: 9, total: 9, stepsPerSecond: 12 },
    { label: 'conformance', done: 1, total: null, stepsPerSecond: 0 },
  ])
})

test('live › findings are bounded, and what is left out is counted', () => {
  const feed = createLiveFeed(OPTIONS, () => 0)
  for (let index = 0; index < 60; index += 1) {
    feed.show({ kind: 'finding', invariant: `INV-${index}`, evidence: 'paid 2 > owed 1' })
  }
  feed.end()

  const { findings, findingsMore, state } = feed.document()

  expect([findings.length, findingsMore, state]).toEqual([50, 10, 'finished'])
})
