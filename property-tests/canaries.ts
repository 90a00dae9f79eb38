/**
 * The contracts that are broken on purpose, by protocol. Adding a protocol adds a line here.
 */
import { attendanceHoldCanaries } from '../contracts/canaries/attendance-hold.ts'
import type { Canary } from '../contracts/canaries/canary.ts'
import { checkpointDownloadCanaries } from '../contracts/canaries/checkpoint-download.ts'
import { matchmakingCanaries } from '../contracts/canaries/matchmaking.ts'
import { paymentChannelCanaries } from '../contracts/canaries/payment-channel.ts'
import { progressiveEscrowCanaries } from '../contracts/canaries/progressive-escrow.ts'
import { sessionEscrowCanaries } from '../contracts/canaries/session-escrow.ts'
import { tokenJobCanaries } from '../contracts/canaries/token-job.ts'
import { withdrawalCanaries } from '../contracts/canaries/withdrawal.ts'

const canaries: Readonly<Record<string, readonly Canary[]>> = {
  'session-escrow': sessionEscrowCanaries,
  'progressive-escrow': progressiveEscrowCanaries,
  'token-job': tokenJobCanaries,
  'payment-channel': paymentChannelCanaries,
  'checkpoint-download': checkpointDownloadCanaries,
  withdrawal: withdrawalCanaries,
  'attendance-hold': attendanceHoldCanaries,
  matchmaking: matchmakingCanaries,
}

/** The deliberately broken contracts of a protocol. */
export function canariesOf(protocol: string): readonly Canary[] {
  return canaries[protocol] ?? []
}
