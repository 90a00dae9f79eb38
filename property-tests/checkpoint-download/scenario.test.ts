/**
 * checkpoint-download in the world: what is searched, caught and refuted. The suite says how.
 */
import { AS_DESCRIBED_REFUTED } from '../../sim/checkpoint-download/worldInvariants.ts'
import { describeScenario } from '../testing/scenarioSuite.ts'

/** Two payments, with a report and a confirmation between them, and an end: seven actions. */
const TAKES_SEVEN = 'INV-W-PAYS-ONCE'

describeScenario({
  protocol: 'checkpoint-download',
  witnessed: ['INV-W-CHECKPOINT-PAUSE', 'INV-W-SEEDER-LOSS', 'INV-W-LIVENESS'],
  // No fault is needed to refute any of them.
  refuted: AS_DESCRIBED_REFUTED.filter((id) => id !== TAKES_SEVEN).map((id) => ({
    ...{ id, regime: 'none' },
  })),
})
