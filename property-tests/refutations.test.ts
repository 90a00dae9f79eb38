/**
 * Goal: what a description promises and its mechanism cannot keep is refuted, and readably so.
 * Method: the conformance campaign on the sound contracts of each policy, until every refutation
 * that a protocol expects was found; each is shrunk, and confirmed with real transactions.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RUNS_PER_CHUNK, runChunk } from './kit/conformance.ts'
import type { Player } from './kit/player.ts'
import { confirmOnMined, shrinkRun } from './kit/shrink.ts'
import { PROTOCOL_IDS, playerOf } from './players.ts'
import { openSoundExecutions, type SoundExecutions } from './testing/soundExecution.ts'

const SEED = 20_250_701
const CHUNKS_MAX = 20
const ACTIONS_MAX = 6

/** Refutations that the calls alone show; others need the simulated world. */
function refutedByCalls({ binding }: Player) {
  const { expectedRefutations, invariants } = binding.protocol
  const ids = new Set(invariants.map(({ id }) => id))
  return expectedRefutations.filter(({ invariant }) => ids.has(invariant))
}

const REFUTED = PROTOCOL_IDS.filter((id) => refutedByCalls(playerOf(id)).length > 0)

describe.each(REFUTED)('%s', (protocol) => {
  const player = playerOf(protocol)
  let sound: SoundExecutions

  beforeAll(async () => {
    sound = await openSoundExecutions(protocol)
  }, 120_000)
  afterAll(async () => {
    await sound.close()
  })

  test.each(refutedByCalls(player))(
    '$policy › $invariant is refuted in six calls or fewer',
    async ({ policy, invariant: id }) => {
      const execution = sound.of(policy)
      for (let chunkIndex = 0; chunkIndex < CHUNKS_MAX; chunkIndex += 1) {
        const chunk = { seed: SEED, chunkIndex, runs: RUNS_PER_CHUNK, only: [id] }
        const { findings } = await runChunk(execution, chunk)
        const found = findings.find((each) => each.id === id)
        if (found === undefined) continue
        const { trace } = await shrinkRun(execution, { ...chunk, runIndex: found.runIndex, id })
        expect(trace.steps.length).toBeLessThanOrEqual(ACTIONS_MAX)
        expect(await confirmOnMined(execution, trace, id)).toBe(true)
        return
      }
      expect.unreachable(`${id} was not refuted in ${CHUNKS_MAX * RUNS_PER_CHUNK} sequences`)
    },
    60_000,
  )
})
