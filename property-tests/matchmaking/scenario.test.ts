/**
 * matchmaking in the world: what is searched, caught and refuted. The suite says how. Three
 * refutations stand for all seven, which every run of `check` shrinks. Attempts go on until
 * somebody loses patience, so that their counterexample is small only if patience shrinks.
 */
import { describeScenario } from '../testing/scenarioSuite.ts'

describeScenario({
  protocol: 'matchmaking',
  witnessed: ['INV-W-ONE-STUDENT', 'INV-W-QUOTE-ONCE', 'INV-W-PROPOSED', 'INV-W-MATCHED'],
  refuted: ['INV-W-ONE-STUDENT', 'INV-W-TTL', 'INV-W-ATTEMPTS'].map((id) => {
    return { id, regime: 'none' }
  }),
})
