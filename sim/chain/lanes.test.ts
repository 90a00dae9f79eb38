/**
 * The two lanes give the same results for the same schedule, on a real Anvil.
 *
 * Method: random schedules over a small contract that records who called it when, and that fails in
 * every way a call can fail; the results of both lanes are compared in full.
 */
import fc from 'fast-check'
import { decodeAbiParameters, decodeErrorResult, encodeFunctionData, type Hex } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AnvilSession, startAnvilSession } from './anvilSession.ts'
import { createBatchLane } from './batchLane.ts'
import type { CallResult, Lane, Schedule, ScheduledBlock } from './lane.ts'
import { createMinedLane } from './minedLane.ts'
import { compileTape, poke, SENDERS, TAPE_ABI, tapeProbe } from './testing/tape.ts'

type Address = Hex

let session: AnvilSession<Address>
let batch: Lane
let mined: Lane
let tape: Address

beforeAll(async () => {
  const bytecode = compileTape()
  session = await startAnvilSession({ prepare: (node) => node.deploy({ bytecode }) })
  tape = session.prepared
  batch = createBatchLane(session)
  mined = createMinedLane(session)
}, 30_000)

afterAll(async () => {
  await session.stop()
})

interface DrawnBlock {
  readonly gapSeconds: number
  readonly pokes: readonly (readonly [sender: number, kind: number])[]
}

const drawnBlocks: fc.Arbitrary<DrawnBlock[]> = fc.array(
  fc.record({
    gapSeconds: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 100_000 })),
    pokes: fc.array(fc.tuple(fc.nat({ max: SENDERS.length - 1 }), fc.nat({ max: 8 })), {
      maxLength: 6,
    }),
  }),
  { maxLength: 6 },
)

function scheduled(drawn: readonly DrawnBlock[]): ScheduledBlock[] {
  let timestampSeconds = session.base.timestampSeconds
  return drawn.map(({ gapSeconds, pokes }) => {
    timestampSeconds += gapSeconds
    return { timestampSeconds, calls: pokes.map(([sender, kind]) => poke(tape, sender, kind)) }
  })
}

/** One poke per block, each a second after the one before. */
function pokesFrom(kinds: readonly number[]): ScheduledBlock[] {
  return scheduled(kinds.map((kind) => ({ gapSeconds: 1, pokes: [[0, kind]] as const })))
}

function observed(result: CallResult | undefined): readonly [bigint, Hex, bigint] {
  const types = [{ type: 'uint256' }, { type: 'bytes32' }, { type: 'uint256' }] as const
  return decodeAbiParameters(types, result?.observation ?? '0x')
}

describe('both lanes', () => {
  test('give the same results for the same schedule', async () => {
    const property = fc.asyncProperty(drawnBlocks, fc.boolean(), async (drawn, isProbed) => {
      const blocks = scheduled(drawn)
      const schedule: Schedule = isProbed ? { blocks, probe: tapeProbe(tape) } : { blocks }
      const searched = await batch.execute(schedule)
      const confirmed = await mined.execute(schedule)
      expect(searched).toEqual(confirmed)
      expect(searched).toHaveLength(blocks.flatMap((block) => block.calls).length)
    })
    await fc.assert(property, { numRuns: 60, seed: 1, endOnFailure: false })
  }, 30_000)

  for (const kind of ['batch', 'mined'] as const) {
    test(`${kind} lane: shows calls their block's time, and restores the base state`, async () => {
      const lane = kind === 'batch' ? batch : mined
      const blocks = pokesFrom([0, 0, 1])
      const schedule = { blocks, probe: tapeProbe(tape) }
      const first = await lane.execute(schedule)
      const second = await lane.execute(schedule)
      expect(second).toEqual(first)
      expect(first.map((result) => observed(result)[0])).toEqual([1n, 2n, 2n])
      const times = first.map((result) => Number(observed(result)[2]))
      expect(times).toEqual(blocks.map((block) => block.timestampSeconds))
    })

    test(`${kind} lane: returns a custom error's data, and bare failures without`, async () => {
      const lane = kind === 'batch' ? batch : mined
      const [refused, , invalid, bare] = await lane.execute({ blocks: pokesFrom([1, 2, 3, 4]) })
      const decoded = decodeErrorResult({ abi: TAPE_ABI, data: refused?.returnData ?? '0x' })
      const time = BigInt(session.base.timestampSeconds + 1)
      expect(decoded).toMatchObject({ errorName: 'Refused', args: [1n, expect.any(String), time] })
      expect([invalid?.ok, invalid?.returnData]).toEqual([false, '0x'])
      expect([bare?.ok, bare?.returnData]).toEqual([false, '0x'])
    })

    test(`${kind} lane: a call that burns all its gas starves no later call`, async () => {
      const lane = kind === 'batch' ? batch : mined
      const spin = {
        from: SENDERS[0] as Address,
        to: tape,
        data: encodeFunctionData({ abi: TAPE_ABI, functionName: 'spin' }),
      }
      const calls = [spin, poke(tape, 1, 0), spin, poke(tape, 2, 0)]
      const blocks = [{ timestampSeconds: session.base.timestampSeconds + 1, calls }]
      const results = await lane.execute({ blocks })
      expect(results.map((result) => result.ok)).toEqual([false, true, false, true])
    })

    test(`${kind} lane: an unobserved call is executed all the same`, async () => {
      const lane = kind === 'batch' ? batch : mined
      const timestampSeconds = session.base.timestampSeconds + 1
      const pokes = [0, 1, 0, 0].map((failure, index) => ({
        ...poke(tape, index % 3, failure),
        unobserved: index % 2 === 1,
      }))
      const blocks = [{ timestampSeconds, calls: pokes }]
      const results = await lane.execute({ blocks, probe: tapeProbe(tape) })
      expect(results.map(({ ok }) => ok)).toEqual([true, false, true, true])
      expect(results.map(({ observation }) => observation !== undefined)).toEqual([
        true,
        false,
        true,
        false,
      ])
      expect(observed(results[2])[0]).toBe(2n)
    })

    test(`${kind} lane: refuses times that do not move forward`, async () => {
      const lane = kind === 'batch' ? batch : mined
      const base = session.base.timestampSeconds
      for (const times of [[base], [base + 2, base + 2], [base + 2, base + 1], [base + 0.5]]) {
        const blocks = times.map((timestampSeconds) => ({ timestampSeconds, calls: [] }))
        await expect(lane.execute({ blocks })).rejects.toMatchObject({ code: 'MP_LANE_SCHEDULE' })
      }
    })

    test(`${kind} lane: reports a probe that reverts, and stays usable`, async () => {
      const lane = kind === 'batch' ? batch : mined
      const data = encodeFunctionData({ abi: TAPE_ABI, functionName: 'broken' })
      const call = { from: SENDERS[0] as Address, to: tape, data }
      const schedule = { blocks: pokesFrom([0]), probe: { batch: call, mined: call } }
      await expect(lane.execute(schedule)).rejects.toMatchObject({ code: 'MP_LANE_PROBE_FAILED' })
      const after = await lane.execute({ blocks: pokesFrom([0]), probe: tapeProbe(tape) })
      expect(observed(after[0])[0]).toBe(1n)
    })
  }

  test('may work on one session at the same time', async () => {
    const schedule = { blocks: pokesFrom([0, 6, 0]), probe: tapeProbe(tape) }
    const expected = await batch.execute(schedule)
    const lanes = [batch, mined, batch, batch, mined, batch, mined, batch]
    const all = await Promise.all(lanes.map((lane) => lane.execute(schedule)))
    for (const results of all) expect(results).toEqual(expected)
  })

  test('batch lane: takes far more than 256 blocks in one request', async () => {
    const results = await batch.execute({
      blocks: pokesFrom(Array.from({ length: 1_000 }, () => 0)),
    })
    expect(results).toHaveLength(1_000)
    expect(results.every((result) => result.ok)).toBe(true)
  })
})
