/**
 * Mutants of SessionEscrow that live, and why.
 */
import type { Explanation } from './explanation.ts'

const BASE = 'SessionEscrowBase.sol'

export const sessionEscrowExplanations: readonly Explanation[] = [
  {
    ...{ file: BASE, within: '_statusAfterPayout', operator: 'boundary', before: '0', after: '1' },
    equivalent: false,
    reason: 'No run defers a share of a single base unit.',
  },
  {
    ...{ file: 'SessionEscrowHardened.sol', within: '_stopWithEvidence', operator: 'boundary' },
    before: 'evidenceAt < cap',
    equivalent: false,
    reason: "No outsider's pings reach the cap to the second; they reach less or more.",
  },
  {
    ...{ file: BASE, within: '_takeClaims', before: 'amount += s.claimStudent', equivalent: true },
    after: 'amount = s.claimStudent',
    reason: 'It is the first share that is looked at, so that there is nothing to add to.',
  },
  {
    ...{ file: BASE, within: '_takeClaims', before: 'amount += s.claimTutor', equivalent: true },
    after: 'amount = s.claimTutor',
    reason: 'Nobody is student and tutor of one session, so that nothing was added before.',
  },
  {
    ...{ file: BASE, within: '_takeClaims', before: 'amount += s.claimPlatform' },
    after: 'amount = s.claimPlatform',
    equivalent: false,
    reason: 'No run has the platform as a tutor, and the model gives each role its own share only.',
  },
  {
    ...{ file: BASE, within: '_settle', before: 's.status = Status.Closed;', after: '{}' },
    equivalent: false,
    reason: 'Only a reading from inside a token call could tell, as every action is guarded.',
  },
  {
    ...{ file: 'SessionEscrowHardened.sol', within: '_stopWithEvidence', equivalent: true },
    before: 'until < provable',
    after: '(until != provable)',
    reason: 'The smaller of two times, one of them provable, is never beyond it.',
  },
]
