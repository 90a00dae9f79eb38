/**
 * Goal: the scenario campaign finds what the world can break, shrinks it to what matters, and its
 * counterexamples are the same on real transactions.
 *
 * Method: the real world and the real contracts on Anvil; only the planted failure of the first
 * test stands outside, as it is the shrinker that is on trial there.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ScenarioDraw } from './kit/scenarioPlayer.ts'
import { shrinkDraw } from './kit/scenarioShrink.ts'
import { sessionEscrowScenario } from './session-escrow/scenario.ts'
import { describeScenario } from './testing/scenarioSuite.ts'

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

describeScenario({
  protocol: 'session-escrow',
  witnessed: ['INV-W-LIVENESS', 'INV-W-NO-OVERPAY-DELIVERED'],
  refuted: [{ id: 'INV-W-BOUNDED-LEAKAGE', regime: 'disconnect' }],
})
