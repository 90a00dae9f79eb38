/**
 * An honest download costs its size times the price, whatever the terms are.
 *
 * Method: sizes from a byte up, prices from the least that is allowed, all modes, growths and
 * numbers of seeders are drawn; the file is served in turns, and everything that falls due is paid.
 * The claims judge the run beside that, with formulas that share nothing with the machine.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Trace } from '../kit/trace.ts'
import { checkpointDownload } from './protocol.ts'
import { download, MEBIBYTE, serveAll } from './testDownload.ts'

/** Segments in a file at most, so that a run stays short. */
const SEGMENTS_MAX = 24n

const plans = fc
  .record({
    seederCount: fc.integer({ min: 1, max: 8 }),
    firstMebibytes: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 1e6 })),
    maxCheckpointMebibytes: fc.integer({ min: 1, max: 1e6 }),
    mode: fc.constantFrom('exponential' as const, 'upfront' as const, 'constant' as const),
    growthBps: fc.integer({ min: 10_000, max: 100_000 }),
    turns: fc.bigInt({ min: 1n, max: 60n }),
  })
  .chain((plan) => {
    const mebibytes = Math.min(plan.firstMebibytes, plan.maxCheckpointMebibytes)
    const largest = BigInt(mebibytes) * MEBIBYTE * SEGMENTS_MAX
    return fc.record({
      plan: fc.constant(plan),
      fileBytes: fc.oneof(fc.bigInt({ min: 1n, max: largest }), fc.bigInt({ min: 1n, max: 99n })),
      pricePerMebibyteUnits: fc.bigInt({ min: BigInt(plan.seederCount), max: 10n ** 15n }),
    })
  })

type Drawn = typeof plans extends fc.Arbitrary<infer Value> ? Value : never

function played({ plan, fileBytes, pricePerMebibyteUnits }: Drawn) {
  const { seederCount, maxCheckpointMebibytes, turns, ...schedule } = plan
  const seeders = Array.from({ length: seederCount }, (_, at) => `seeder${seederCount - 1 - at}`)
  const run = download({
    policy: 'hardened',
    seeders,
    maxCheckpointMebibytes,
    terms: { ...schedule, fileBytes, pricePerMebibyteUnits },
  })
  serveAll(run, { chunkBytes: fileBytes / turns + 1n })
  return run
}

/** Price of the file less what the seeders have. */
function missing({ price, terms, figure, seeders }: ReturnType<typeof played>): bigint {
  const paid = seeders.map((_, at) => figure(`paid${at}`))
  return price(terms.fileBytes) - paid.reduce((sum, units) => sum + units, 0n)
}

test('hardened: to the unit with one seeder, else up to fewer units than there are seeders', () => {
  fc.assert(
    fc.property(plans, (drawn) => {
      const run = played(drawn)
      expect(run.state()).toBe('Completed')
      const units = missing(run)
      expect(units).toBeGreaterThanOrEqual(0n)
      expect(units).toBeLessThan(BigInt(run.seeders.length))
    }),
    { numRuns: 300 },
  )
})

test('hardened: the claims judge the same runs, and find nothing', () => {
  fc.assert(
    fc.property(plans, (drawn) => {
      const trace: Trace = played(drawn).trace()
      for (const { id, judge } of checkpointDownload.invariants) {
        expect(judge(trace).violation, id).toBe(null)
      }
    }),
    { numRuns: 100 },
  )
})
