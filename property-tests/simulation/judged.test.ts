/**
 * Goal: a claim is judged where it says something, and named where it does not.
 * Method: a few runs of the checkpoint-download world in two modes.
 */
import { expect, test } from 'vitest'
import { simulateShard } from '../../sim/simulate.ts'
import { simulatedClaims, unjudgedNotes } from './judged.ts'
import { specsOf } from './records.ts'

const RUNS = 6

function partOf(mode: string) {
  const [spec] = specsOf({
    ...{ protocol: 'checkpoint-download', policies: ['hardened'], regimes: ['none'] },
    ...{ profiles: ['l2'], seed: 1, settings: [`mode=${mode}`, 'fileBytes=3000000'] },
  })
  if (spec === undefined) throw new Error('a protocol has a specification')
  const shard = { spec, fromRun: 0, untilRun: RUNS, hasCourse: false }
  return { spec, result: simulateShard(shard), gas: {} }
}

test.each(['exponential', 'constant'])('mode %s › nothing is said of mode upfront', (mode) => {
  const part = partOf(mode)
  const ids = simulatedClaims([part]).map(({ invariant }) => invariant)

  expect(ids).not.toContain('INV-W-UPFRONT')
  expect(ids).toContain('INV-W-PAYS-ONCE')
  expect(unjudgedNotes([part, part])).toEqual([
    'INV-W-UPFRONT is about other designs and not judged (checkpoint-download).',
  ])
})

test('mode upfront › its claim is put to the test', () => {
  const part = partOf('upfront')
  const claim = simulatedClaims([part]).find(({ invariant }) => invariant === 'INV-W-UPFRONT')

  expect(claim).toMatchObject({ verdict: 'held', checks: RUNS })
  expect(claim?.witnesses).toBeGreaterThan(0)
  expect(unjudgedNotes([part])).toEqual([])
})
