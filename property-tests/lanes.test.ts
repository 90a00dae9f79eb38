/**
 * Goal: what the fast lane finds is what real transactions do.
 * Method: drawn plans, exit steps and hostile tokens included, executed on both lanes of one Anvil;
 * the traces must be equal in everything that was observed, gas included.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { POLICIES } from '../models/kit/trace.ts'
import { drawArbitrary } from './kit/conformance.ts'
import { executePlan } from './kit/execute.ts'
import { planDraw } from './kit/plan.ts'
import { PROTOCOL_IDS, playerOf } from './players.ts'
import { openSoundExecutions, type SoundExecutions } from './testing/soundExecution.ts'

const PLANS = 12

describe.each(PROTOCOL_IDS)('%s', (protocol) => {
  const player = playerOf(protocol)
  let sound: SoundExecutions

  beforeAll(async () => {
    sound = await openSoundExecutions(protocol)
  }, 120_000)
  afterAll(async () => {
    await sound.close()
  })

  test.each(POLICIES)(
    'both lanes give the same trace of %s for the same plan',
    async (policy) => {
      const execution = sound.of(policy)
      const mined = { ...execution, lane: sound.testbed.mined }
      let steps = 0
      const property = fc.asyncProperty(drawArbitrary(player), async (draw) => {
        const plan = planDraw(player, policy, draw)
        const searched = await executePlan(execution, plan)
        const confirmed = await executePlan(mined, plan)
        expect(confirmed).toEqual(searched)
        steps += plan.steps.length
      })
      await fc.assert(property, { numRuns: PLANS, seed: 5, endOnFailure: true })
      expect(steps).toBeGreaterThan(6 * PLANS)
    },
    120_000,
  )
})
