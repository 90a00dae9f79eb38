/**
 * Mutants of Withdrawal that live, and why.
 */
import type { Explanation } from './explanation.ts'

const BASE = 'WithdrawalBase.sol'
const HARDENED = 'WithdrawalHardened.sol'

export const withdrawalExplanations: readonly Explanation[] = [
  {
    ...{ file: BASE, policy: 'hardened', within: 'approve', before: '_approved(w);', after: '{}' },
    equivalent: true,
    reason: 'The hook is empty in this policy: whether it is called makes no difference.',
  },
  {
    ...{ file: HARDENED, within: '_requested', before: 'w.teacher', after: 'msg.sender' },
    equivalent: true,
    reason: 'Only the teacher asks for its own money.',
  },
  {
    ...{ file: HARDENED, within: 'cancel', before: 'w.status == Status.Processing', after: 'true' },
    equivalent: false,
    reason: 'Only a time for the bank that is longer than all time since 1970 would tell.',
  },
]
