/**
 * The explained mutants of all protocols. A protocol that needs none has no line here.
 */
import type { Policy } from '../../models/kit/trace.ts'
import { attendanceHoldExplanations } from './attendance-hold.ts'
import { checkpointDownloadExplanations } from './checkpoint-download.ts'
import type { Explanation } from './explanation.ts'
import { matchmakingExplanations } from './matchmaking.ts'
import { paymentChannelExplanations } from './payment-channel.ts'
import { progressiveEscrowExplanations } from './progressive-escrow.ts'
import { sessionEscrowExplanations } from './session-escrow.ts'
import { tokenJobExplanations } from './token-job.ts'
import { withdrawalExplanations } from './withdrawal.ts'

const explanations: Readonly<Record<string, readonly Explanation[]>> = {
  'session-escrow': sessionEscrowExplanations,
  'token-job': tokenJobExplanations,
  'payment-channel': paymentChannelExplanations,
  'attendance-hold': attendanceHoldExplanations,
  withdrawal: withdrawalExplanations,
  'progressive-escrow': progressiveEscrowExplanations,
  matchmaking: matchmakingExplanations,
  'checkpoint-download': checkpointDownloadExplanations,
}

/** Why mutants of a protocol's contract of one policy may live. */
export function explanationsOf(protocol: string, policy: Policy): readonly Explanation[] {
  return (explanations[protocol] ?? []).filter((each) => (each.policy ?? policy) === policy)
}
