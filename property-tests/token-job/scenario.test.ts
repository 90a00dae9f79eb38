/**
 * token-job in the world: what is searched, caught and refuted. The suite says how.
 */
import { AS_DESCRIBED_REFUTED } from '../../sim/token-job/worldInvariants.ts'
import { describeScenario } from '../testing/scenarioSuite.ts'

describeScenario({
  protocol: 'token-job',
  witnessed: ['INV-W-HOST-LOSS', 'INV-W-PAYER-EXPOSURE', 'INV-W-LIVENESS'],
  // No fault is needed to refute any of them.
  refuted: AS_DESCRIBED_REFUTED.map((id) => ({ id, regime: 'none' })),
})
