/**
 * Goal: the scenario campaign finds what the world can break, shrinks it to what matters, and its
 * counterexamples are the same on real transactions.
 *
 * Method: the real world and the real contracts on Anvil; only the planted failure of the first
 * test stands outside, as it is the shrinker that is on trial there.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createJobRunner, type JobRunner } from './kit/jobs.ts'
import { runScenarioCanary } from './kit/scenarioCanary.ts'
import type { ScenarioDraw } from './kit/scenarioPlayer.ts'
import { shrinkDraw } from './kit/scenarioShrink.ts'
import { playerOf } from './players.ts'
import { sessionEscrowScenario } from './session-escrow/scenario.ts'
import { checkedSubjects } from './subjects.ts'

const FAULTS_DRAWN = 60

/** Whether a plan holds the two faults without which the planted failure does not show. */
function needsBoth({ faults }: ScenarioDraw): boolean {
  const outage = faults.some(({ kind }) => kind === 'relayer-outage')
  return outage && faults.some(({ kind, target }) => kind === 'reorg' && target === 'chain')
}

describe('shrinking of fault plans', () => {
  it('gets exactly the two faults back that a planted failure needs, of sixty', async () => {
    const arbitrary = sessionEscrowScenario.draws('mixed', { faultsMax: FAULTS_DRAWN * 2 })
    const seed = 42
    const draws = fc.sample(arbitrary, { seed, numRuns: 100 })
    const runIndex = draws.findIndex(
      (draw) => draw.faults.length >= FAULTS_DRAWN && needsBoth(draw),
    )

    const fails = async (draw: ScenarioDraw) => needsBoth(draw)
    const shrunk = await shrinkDraw({ arbitrary, seed, runIndex, fails })

    expect(shrunk.original.faults.length).toBeGreaterThanOrEqual(FAULTS_DRAWN)
    expect(shrunk.draw.faults.map(({ kind }) => kind).sort()).toEqual(['relayer-outage', 'reorg'])
  })
})

describe('canaries of the world', () => {
  const player = playerOf('session-escrow')
  it.each(sessionEscrowScenario.defects)('$id is caught by $caughtBy', async (defect) => {
    const { evidence, caughtBy, actions } = await runScenarioCanary(player, defect, 1)

    expect(evidence).not.toBeNull()
    expect(caughtBy).toContain(defect.caughtBy)
    expect(actions).toBeGreaterThan(0)
  })
})

describe('session-escrow in the world, executed on the contract', () => {
  let runner: JobRunner
  beforeAll(async () => {
    const player = playerOf('session-escrow')
    const { policies } = player.binding.protocol
    const subjects = await checkedSubjects({ player, policies, path: null })
    runner = createJobRunner({ protocol: 'session-escrow', subjects, lane: 'batch' })
  })
  afterAll(() => runner.close())

  const chunk = { seed: 7, chunkIndex: 0, runs: 10, only: [] }

  it.each(sessionEscrowScenario.regimes)(
    'hardened › every claim holds under %s, and model and contract agree',
    async (regime) => {
      const report = await runner.run({ kind: 'scenario', policy: 'hardened', regime, ...chunk })
      if (report.kind !== 'scenario') throw new Error('a scenario job gives a scenario result')

      expect(report.result.findings).toEqual([])
      expect(report.result.witnesses['INV-W-LIVENESS']).toBeGreaterThan(0)
      expect(report.result.witnesses['INV-W-NO-OVERPAY-DELIVERED']).toBeGreaterThan(0)
    },
  )

  it('gives the same digest for the same seed, and another for another', async () => {
    const digestOf = async (seed: number) => {
      const job = { kind: 'scenario', policy: 'hardened', regime: 'mixed', ...chunk, seed } as const
      const report = await runner.run(job)
      return report.kind === 'scenario' ? report.result.digest : null
    }

    expect(await digestOf(7)).toBe(await digestOf(7))
    expect(await digestOf(7)).not.toBe(await digestOf(8))
  })

  it('as-described › leakage after a drop is refuted by at most 6 actions, 1 fault', async () => {
    const id = 'INV-W-BOUNDED-LEAKAGE'
    const scope = { policy: 'as-described', regime: 'disconnect' } as const
    const found = await firstChunkWith(id, scope)

    const shrunk = await runner.run({
      kind: 'shrinkScenario',
      policy: scope.policy,
      options: { ...found, id },
    })

    if (shrunk.kind !== 'shrinkScenario') throw new Error('a shrink job gives a shrunk scenario')
    const { finding, trace, draw, confirmed } = shrunk.result
    expect(finding.id).toBe(id)
    expect(trace.steps.length).toBeLessThanOrEqual(6)
    expect(draw.faults.length).toBeLessThanOrEqual(1)
    expect(confirmed).toBe(true)
  })

  /** The first chunk, of a few, in which a claim is broken, and the run that breaks it. */
  async function firstChunkWith(id: string, scope: { policy: 'as-described'; regime: string }) {
    for (let chunkIndex = 0; chunkIndex < 10; chunkIndex += 1) {
      const options = { ...chunk, chunkIndex, regime: scope.regime }
      const report = await runner.run({ kind: 'scenario', policy: scope.policy, ...options })
      if (report.kind !== 'scenario') continue
      const finding = report.result.findings.find((each) => each.id === id)
      if (finding !== undefined) return { ...options, runIndex: finding.runIndex }
    }
    throw new Error(`no run of ten chunks breaks ${id}`)
  }
})
