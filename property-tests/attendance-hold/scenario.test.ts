/**
 * attendance-hold in the world: what is searched, caught and refuted. The suite says how.
 */
import { AS_DESCRIBED_REFUTED } from '../../sim/attendance-hold/worldInvariants.ts'
import { describeScenario } from '../testing/scenarioSuite.ts'

describeScenario({
  protocol: 'attendance-hold',
  witnessed: ['INV-W-ATTENDANCE', 'INV-W-THRESHOLD', 'INV-W-ONCE', 'INV-W-LIVENESS'],
  // Habits, late webhooks and keepers that stop need no fault.
  refuted: AS_DESCRIBED_REFUTED.map((id) => ({ id, regime: 'none' })),
})
