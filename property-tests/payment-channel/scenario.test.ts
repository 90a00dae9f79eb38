/**
 * payment-channel in the world: what is searched, caught and refuted. The suite says how.
 */
import { AS_DESCRIBED_REFUTED } from '../../sim/payment-channel/worldInvariants.ts'
import { describeScenario } from '../testing/scenarioSuite.ts'

/** A provider that is offline needs a fault; one that keeps vouchers back does not. */
const NEEDS_NO_FAULT = ['INV-W-PAYER-WAIT']

describeScenario({
  protocol: 'payment-channel',
  witnessed: ['INV-W-VOUCHER-REDEEMED', 'INV-W-PAID-ONCE', 'INV-W-LIVENESS'],
  refuted: AS_DESCRIBED_REFUTED.map((id) => ({
    id,
    regime: NEEDS_NO_FAULT.includes(id) ? 'none' : 'disconnect',
  })),
})
