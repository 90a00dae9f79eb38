/**
 * The suite for the canaries of one protocol.
 *
 * Goal: the campaigns notice every contract that is broken on purpose, for the reason they should,
 * and what they hand over can be replayed by anyone.
 * Method: one run of the product over all canaries; then some counterexample files by themselves.
 * Each protocol calls it from a test file of its own, so that they run beside each other.
 */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Agreement, PlannedStep } from '../../models/kit/trace.ts'
import { canariesOf } from '../../property-tests/canaries.ts'
import { predictedFinding } from '../../property-tests/kit/detect.ts'
import { planSteps } from '../../property-tests/kit/plan.ts'
import { playerOf } from '../../property-tests/players.ts'
import { replayTrace } from '../../property-tests/replay.ts'
import type { RunRecord } from '../../reports/record.ts'
import { readTraceFile, type TraceFile } from '../../reports/traceFile.ts'
import { latestRecord, meterproof, temporaryFolder } from './meterproof.ts'

const ACTIONS_MAX = 6
/** One of so many counterexamples is replayed from its file. */
const REPLAYED_EVERY = 12

/** The plan of a file, with what the model predicts of it. */
function planOf(file: TraceFile) {
  const { protocol } = playerOf(file.protocol).binding
  const { policy, parameters } = file
  const agreements = file.agreements as readonly Agreement[]
  return planSteps({ protocol, policy, parameters, agreements }, file.steps as PlannedStep[])
}

/** Declares the suite; the product hunts all canaries of the protocol once, before the tests. */
export function describeCanariesOf(protocol: string): void {
  const canaries = canariesOf(protocol)
  const folder = temporaryFolder('canaries')
  let record: RunRecord

  beforeAll(async () => {
    const flags = ['--canaries-only', '--workers', '2', '--quiet']
    await meterproof(['check', protocol, ...flags, '--out', 'out'], { cwd: folder.path })
    record = latestRecord(join(folder.path, 'out'))
  }, 240_000)

  afterAll(() => folder.remove())

  function canaryEntry(id: string): RunRecord['canaries'][number] {
    const entry = record.canaries.find((each) => each.id === id)
    if (entry === undefined) throw new Error(`the record has no canary ${id}`)
    return entry
  }

  function traceFileOf(id: string): TraceFile {
    const { traceFile } = canaryEntry(id)
    return readTraceFile(join(folder.path, 'out', 'latest', traceFile ?? 'none'))
  }

  describe(`${protocol} canaries`, () => {
    test('all are in the record, and none is missed', () => {
      const listed = record.canaries.map(({ id }) => id)
      expect(record.campaigns).toEqual([])
      expect(listed).toEqual(expect.arrayContaining(canaries.map(({ id }) => id)))
      expect(record.canaries.filter(({ caught }) => !caught)).toEqual([])
      // Those of the world included, which are listed with the world and not here.
      for (const each of record.canaries) expect(each.caughtBy).toContain(each.expectedInvariant)
      expect(record.summary).toMatchObject({ canariesCaught: listed.length, canariesMissed: 0 })
    })

    test.each(canaries)(
      '$id › is caught by $caughtBy in six actions or fewer, on real transactions too',
      ({ id, caughtBy }) => {
        const entry = canaryEntry(id)
        expect(entry).toMatchObject({ expectedInvariant: caughtBy, caught: true })
        expect(entry.caughtBy).toContain(caughtBy)
        expect(entry.actions).toBeLessThanOrEqual(ACTIONS_MAX)
        expect(entry.confirmedOnMinedLane).toBe(true)
      },
    )

    test.each(canaries)(
      '$id › its counterexample accuses the contract and not the model',
      ({ id, caughtBy }) => {
        const file = traceFileOf(id)
        const player = playerOf(file.protocol)
        expect(predictedFinding({ player } as never, planOf(file), caughtBy)).toBeNull()
      },
    )

    // The run has confirmed all of them on the mined lane; files are of one kind, and each replay
    // starts a node of its own.
    const replayed = canaries.filter((_, index) => index % REPLAYED_EVERY === 0)
    test.each(replayed)(
      '$id › its file gives the same verdict again on the mined lane',
      async ({ id, caughtBy }) => {
        const signal = new AbortController().signal
        const again = await replayTrace(traceFileOf(id), {
          lane: 'mined',
          contract: null,
          signal,
        })
        expect(again).toMatchObject({
          sameVerdict: true,
          sameBytecode: true,
          observed: 'violated',
        })
        expect(again.evidence).toContain(caughtBy)
      },
    )
  })
}
