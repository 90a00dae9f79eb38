/**
 * checkpoint-download in the world: what is searched, caught and refuted. The suite says how.
 */
import { AS_DESCRIBED_REFUTED } from '../../sim/checkpoint-download/worldInvariants.ts'
import { describeScenario } from '../testing/scenarioSuite.ts'

describeScenario({
  protocol: 'checkpoint-download',
  witnessed: ['INV-W-CHECKPOINT-PAUSE', 'INV-W-SEEDER-LOSS', 'INV-W-LIVENESS'],
  // No fault is needed to refute any of them.
  refuted: AS_DESCRIBED_REFUTED.map((id) => ({ id, regime: 'none' })),
})
