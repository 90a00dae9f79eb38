/**
 * What a plan is executed and judged with, by protocol: bindings and relations, and no generator.
 *
 * A trace file is replayed with these alone, so that it outlives the generators: nothing here may
 * lead to fast-check, and a test walks the imports to see that nothing does. Adding a protocol adds
 * a line here.
 */
import { attendanceHoldBinding } from '../contracts/bindings/attendanceHold.ts'
import { checkpointDownloadBinding } from '../contracts/bindings/checkpointDownload.ts'
import { matchmakingBinding } from '../contracts/bindings/matchmaking.ts'
import { paymentChannelBinding } from '../contracts/bindings/paymentChannel.ts'
import { progressiveEscrowBinding } from '../contracts/bindings/progressiveEscrow.ts'
import { sessionEscrowBinding } from '../contracts/bindings/sessionEscrow.ts'
import { tokenJobBinding } from '../contracts/bindings/tokenJob.ts'
import { withdrawalBinding } from '../contracts/bindings/withdrawal.ts'
import { MeterproofError } from '../models/kit/error.ts'
import { holdRelations } from './attendance-hold/relations.ts'
import { downloadRelations } from './checkpoint-download/relations.ts'
import type { Judged } from './kit/player.ts'
import { matchmakingRelations } from './matchmaking/relations.ts'
import { channelRelations } from './payment-channel/relations.ts'
import { progressiveRelations } from './progressive-escrow/relations.ts'
import { sessionRelations } from './session-escrow/relations.ts'
import { jobRelations } from './token-job/relations.ts'
import { withdrawalRelations } from './withdrawal/relations.ts'

const judged: Readonly<Record<string, Judged>> = {
  'session-escrow': { binding: sessionEscrowBinding, relations: sessionRelations },
  'progressive-escrow': { binding: progressiveEscrowBinding, relations: progressiveRelations },
  'token-job': { binding: tokenJobBinding, relations: jobRelations },
  'payment-channel': { binding: paymentChannelBinding, relations: channelRelations },
  'checkpoint-download': { binding: checkpointDownloadBinding, relations: downloadRelations },
  'attendance-hold': { binding: attendanceHoldBinding, relations: holdRelations },
  withdrawal: { binding: withdrawalBinding, relations: withdrawalRelations },
  matchmaking: { binding: matchmakingBinding, relations: matchmakingRelations },
}

/** Ids of all protocols. */
export const PROTOCOLS_JUDGED: readonly string[] = Object.keys(judged)

/** @throws MeterproofError `MP_PROTOCOL_UNKNOWN` */
export function judgedOf(protocol: string): Judged {
  return judged[protocol] ?? unknownProtocol(protocol)
}

/** @throws MeterproofError `MP_PROTOCOL_UNKNOWN`, always */
export function unknownProtocol(protocol: string): never {
  throw new MeterproofError('MP_PROTOCOL_UNKNOWN', `There is no protocol ${protocol}.`, {
    facts: { known: Object.keys(judged).join(', ') },
    hint: 'Run `meterproof protocols` for a list.',
  })
}
