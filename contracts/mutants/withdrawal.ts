/**
 * Mutants of Withdrawal that live, and why.
 */
import type { Policy } from '../../models/kit/trace.ts'
import type { Explanation } from './explanation.ts'

const BASE = 'WithdrawalBase.sol'
const HARDENED = 'WithdrawalHardened.sol'

const emptyHook = (policy: Policy, within: string, before: string): Explanation => ({
  ...{ file: BASE, policy, within, before, after: '{}', equivalent: true },
  reason: 'The hook is empty in this policy: whether it is called makes no difference.',
})

export const withdrawalExplanations: readonly Explanation[] = [
  emptyHook('hardened', 'approve', '_approved(w);'),
  emptyHook('as-described', 'request', '_requested(w);'),
  emptyHook('as-described', 'reject', '_rejected(w);'),
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
