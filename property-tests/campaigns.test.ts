/**
 * Goal: on the sound contracts the campaigns reach everything and find nothing but what a policy
 * is known not to keep.
 * Method: paths over all setups, and some hundreds of drawn sequences, on a real Anvil.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DeclaredEdge, declaredEdges, declaredStates } from '../models/kit/edges.ts'
import { POLICIES, type Policy } from '../models/kit/trace.ts'
import { type ChunkResult, RUNS_PER_CHUNK, runChunk } from './kit/conformance.ts'
import { promisedBy } from './kit/judge.ts'
import { type MetamorphicResult, runMetamorphicChunk } from './kit/metamorphic.ts'
import { runPaths } from './kit/pathsRun.ts'
import type { Player } from './kit/player.ts'
import { PROTOCOL_IDS, playerOf } from './players.ts'
import { openSoundExecutions, type SoundExecutions } from './testing/soundExecution.ts'

const SEED = 20_250_701
const CHUNKS = 12
const METAMORPHIC_CHUNKS = 4

function summed<Result>(results: readonly Result[], pick: (result: Result) => Counts): Counts {
  const sum: Record<string, number> = {}
  for (const result of results) {
    for (const [key, count] of Object.entries(pick(result))) sum[key] = (sum[key] ?? 0) + count
  }
  return sum
}
type Counts = Readonly<Record<string, number>>

/** Share of runs whose value is at least `least`. */
function shareFrom(counts: Counts, least: number): number {
  const all = Object.entries(counts)
  const runs = all.reduce((sum, [, count]) => sum + count, 0)
  const deep = all.reduce((sum, [value, count]) => sum + (Number(value) >= least ? count : 0), 0)
  return deep / runs
}

/** Ids of what was found, without the claims that the policy cannot keep. */
function unexpected(
  { binding }: Player,
  policy: Policy,
  results: readonly { readonly findings: readonly { readonly id: string }[] }[],
): readonly string[] {
  const { expectedRefutations } = binding.protocol
  const expected = expectedRefutations.filter((each) => each.policy === policy)
  const found = results.flatMap(({ findings }) => findings.map(({ id }) => id))
  return found.filter((id) => !expected.some(({ invariant }) => invariant === id))
}

/** How many states one agreement goes through at most, no state twice. */
function longestWay(
  edges: readonly DeclaredEdge[],
  from: string,
  passed: readonly string[] = [],
): number {
  const way = [...passed, from]
  const next = edges.filter((edge) => edge.from === from && !way.includes(edge.to))
  return next.reduce((most, { to }) => Math.max(most, longestWay(edges, to, way)), way.length)
}

describe.each(PROTOCOL_IDS)('%s', (protocol) => {
  const player = playerOf(protocol)
  const { machines, invariants, actions, initialState } = player.binding.protocol
  let sound: SoundExecutions

  beforeAll(async () => {
    sound = await openSoundExecutions(protocol)
  }, 120_000)
  afterAll(async () => {
    await sound.close()
  })

  // Hardened, they are walked by the main job's test, which asserts the same.
  test.each(['as-described'] as const)(
    'paths › cover every edge of %s, refusals included, and find nothing unexpected',
    async (policy) => {
      const execution = sound.of(policy)
      const results: ChunkResult[] = []
      for (let setupIndex = 0; setupIndex < player.pathSetups.length; setupIndex += 1) {
        results.push(await runPaths(execution, { setupIndex, only: [] }))
      }

      const edges = declaredEdges(machines[policy]).map(({ name }) => name)
      const reached = summed(results, (result) => result.edges)
      expect(unexpected(player, policy, results)).toEqual([])
      // Every action is answered in every state, by one edge or by several.
      const answered = declaredStates(machines[policy]).length * actions.length
      expect(edges.length).toBeGreaterThan(answered)
      expect(Object.keys(reached).sort()).toEqual(edges.toSorted())
    },
    120_000,
  )

  test.each(POLICIES)(
    'conformance › exercises every claim on %s in deep sequences and finds nothing unexpected',
    async (policy) => {
      const execution = sound.of(policy)
      const results: ChunkResult[] = []
      for (let chunkIndex = 0; chunkIndex < CHUNKS; chunkIndex += 1) {
        const chunk = { seed: SEED, chunkIndex, runs: RUNS_PER_CHUNK, only: [] }
        results.push(await runChunk(execution, chunk))
      }

      expect(unexpected(player, policy, results)).toEqual([])
      const witnesses = summed(results, (result) => result.witnesses)
      for (const { id } of promisedBy(invariants, policy)) {
        expect(witnesses[id], id).toBeGreaterThan(0)
      }
      const states = summed(results, (result) => result.states)
      expect(Object.keys(states).sort()).toEqual(declaredStates(machines[policy]).toSorted())
      // Left to its default sizes, fast-check would draw four commands and hardly leave `Funded`.
      const steps = summed(results, (result) => result.stepsPerRun)
      const accepted = summed(results, (result) => result.acceptedPerRun)
      const distinct = summed(results, (result) => result.statesPerRun)
      expect(shareFrom(steps, 10), 'runs of ten steps or more').toBeGreaterThan(0.5)
      expect(shareFrom(accepted, 5), 'runs of five accepted steps or more').toBeGreaterThan(0.5)
      // Of ends that exclude each other, as a release and a refund do, one agreement has one.
      const deep = Math.min(4, longestWay(declaredEdges(machines[policy]), initialState))
      expect(shareFrom(distinct, deep), `runs that reach ${deep} states`).toBeGreaterThan(0.4)
    },
    180_000,
  )

  // As described, relations are compared by the main job.
  test.each(['hardened'] as const)(
    'metamorphic › every relation compares runs of %s, and none is broken',
    async (policy) => {
      const results: MetamorphicResult[] = []
      for (let chunkIndex = 0; chunkIndex < METAMORPHIC_CHUNKS; chunkIndex += 1) {
        const chunk = { seed: SEED, chunkIndex, runs: RUNS_PER_CHUNK, only: [] }
        results.push(await runMetamorphicChunk(sound.of(policy), chunk))
      }

      expect(unexpected(player, policy, results)).toEqual([])
      const witnesses = summed(results, (result) => result.witnesses)
      for (const { id } of player.relations) expect(witnesses[id], id).toBeGreaterThan(0)
    },
    60_000,
  )

  test('a chunk is a pure function of its name: twice the same, in any order', async () => {
    const execution = sound.of('hardened')
    const chunkAt = (chunkIndex: number) =>
      runChunk(execution, { seed: SEED, chunkIndex, runs: 5, only: [] })
    const [first, second] = [await chunkAt(0), await chunkAt(1)]

    expect(await chunkAt(1)).toEqual(second)
    expect(await chunkAt(0)).toEqual(first)
    expect(second.digest).not.toBe(first.digest)
  })
})
