/**
 * withdrawal in the world: what is searched, caught and refuted. The suite says how.
 */
import { AS_DESCRIBED_REFUTED } from '../../sim/withdrawal/worldInvariants.ts'
import { describeScenario } from '../testing/scenarioSuite.ts'
import { withdrawalScenario } from './scenario.ts'

/** One is too seldom to be searched for here; `sim/withdrawal/world.test.ts` has a run of it. */
const OFTEN = AS_DESCRIBED_REFUTED.filter((id) =>
  withdrawalScenario.refutations.some(
    (each) => each.invariant === id && each.mustShowIn.length > 0,
  ),
)

describeScenario({
  protocol: 'withdrawal',
  witnessed: ['INV-W-EARNED', 'INV-W-PAID-ONCE', 'INV-W-BOOKS', 'INV-W-LIVENESS'],
  refuted: OFTEN.map((id) => ({ id, regime: 'none' })),
})
