/**
 * progressive-escrow in the world: what is searched, caught and refuted. The suite says how.
 */
import { AS_DESCRIBED_REFUTED } from '../../sim/progressive-escrow/worldInvariants.ts'
import { describeScenario } from '../testing/scenarioSuite.ts'

/**
 * A ghost, an early end and a vanished student need no fault; an outage does. Under skew each is
 * one fault; under disconnect one may be made of two, neither of which suffices.
 */
const NEEDS_FAULT = ['INV-W-PAUSE-ON-DROP']

describeScenario({
  protocol: 'progressive-escrow',
  witnessed: ['INV-W-NO-OVERPAY-DELIVERED', 'INV-W-PAYER-EXPOSURE', 'INV-W-LIVENESS'],
  refuted: AS_DESCRIBED_REFUTED.map((id) => ({
    id,
    regime: NEEDS_FAULT.includes(id) ? 'skew' : 'none',
  })),
})
