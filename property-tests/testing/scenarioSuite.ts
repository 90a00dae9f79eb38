/**
 * The suite of a protocol's scenario campaign: the hardened policy keeps every claim on the
 * contract, and what is expected to be refuted is refuted by a counterexample that is small and the
 * same on real transactions. Canaries of the world are hunted with the contract's, in `cli/`.
 *
 * Method: the real world and the real contracts on Anvil.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createJobRunner, type JobRunner } from '../kit/jobs.ts'
import { scenarioOf } from '../kit/scenario.ts'
import type { ShrinkScenarioOptions, ShrunkScenario } from '../kit/scenarioShrink.ts'
import { playerOf } from '../players.ts'
import { checkedSubjects } from '../subjects.ts'

export interface ScenarioSuite {
  readonly protocol: string
  /** Claims that ten runs of any regime put to the test. */
  readonly witnessed: readonly string[]
  /** Claims that the mechanism as described cannot keep, each with a regime in which that shows. */
  readonly refuted: readonly { readonly id: string; readonly regime: string }[]
}

const CHUNK = { seed: 7, chunkIndex: 0, runs: 10, only: [] }
const CHUNKS_MAX = 10
/** A counterexample that a reader can follow. */
const ACTIONS_MAX = 6

export function describeScenario({ protocol, witnessed, refuted }: ScenarioSuite): void {
  const player = playerOf(protocol)
  const { regimes } = scenarioOf(player)

  describe(`${protocol} in the world, executed on the contract`, () => {
    let runner: JobRunner
    beforeAll(async () => {
      const { policies } = player.binding.protocol
      const subjects = await checkedSubjects({ player, policies, path: null })
      runner = createJobRunner({ protocol, subjects, lane: 'batch' })
    })
    afterAll(() => runner.close())

    it.each(regimes)(
      'hardened › every claim holds under %s, and model and contract agree',
      async (regime) => {
        const report = await runner.run({ kind: 'scenario', policy: 'hardened', regime, ...CHUNK })
        if (report.kind !== 'scenario') throw new Error('a scenario job gives a scenario result')

        expect(report.result.findings).toEqual([])
        for (const id of witnessed) expect(report.result.witnesses[id]).toBeGreaterThan(0)
      },
    )

    it('gives the same digest for the same seed, and another for another', async () => {
      const digestOf = async (seed: number) => {
        const job = { kind: 'scenario', policy: 'hardened', regime: 'mixed', ...CHUNK } as const
        const report = await runner.run({ ...job, seed })
        return report.kind === 'scenario' ? report.result.digest : null
      }

      expect(await digestOf(7)).toBe(await digestOf(7))
      expect(await digestOf(7)).not.toBe(await digestOf(8))
    })

    it.each(refuted)(
      'as-described › $id is refuted by at most 6 actions, 1 fault',
      async ({ id, regime }) => {
        const found = await firstChunkWith(runner, id, regime)

        const { finding, trace, draw, runs, confirmed } = await shrunkBy(runner, found, id)
        expect(finding.id).toBe(id)
        expect(trace.steps.length).toBeLessThanOrEqual(ACTIONS_MAX)
        expect(draw.faults.length).toBeLessThanOrEqual(1)
        expect(confirmed).toBe(true)
        const hinted = await shrunkBy(runner, { ...found, hints: { [id]: draw } }, id)
        expect(hinted).toMatchObject({ draw, runs: 2, confirmed: true })
        expect(runs).toBeGreaterThan(2)
      },
    )
  })
}

async function shrunkBy(
  runner: JobRunner,
  options: Omit<ShrinkScenarioOptions, 'ids'>,
  id: string,
): Promise<ShrunkScenario> {
  const job = { kind: 'shrinkScenario', policy: 'as-described' } as const
  const report = await runner.run({ ...job, options: { ...options, ids: [id] } })
  if (report.kind !== 'shrinkScenario') throw new Error('a shrink job gives a shrunk run')
  const [shrunk] = report.result
  if (shrunk === undefined) throw new Error('a shrink job gives a run for each claim')
  return shrunk
}

/** The first chunk, of a few, in which a claim is broken, and the run that breaks it. */
async function firstChunkWith(runner: JobRunner, id: string, regime: string) {
  for (let chunkIndex = 0; chunkIndex < CHUNKS_MAX; chunkIndex += 1) {
    const options = { ...CHUNK, chunkIndex, regime }
    const report = await runner.run({ kind: 'scenario', policy: 'as-described', ...options })
    if (report.kind !== 'scenario') continue
    const finding = report.result.findings.find((each) => each.id === id)
    if (finding !== undefined) return { ...options, runIndex: finding.runIndex }
  }
  throw new Error(`no run of ${CHUNKS_MAX} chunks breaks ${id}`)
}
