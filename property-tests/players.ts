/**
 * The protocols that can be played, by id. Adding a protocol adds a line here.
 */
import { attendanceHoldPlayer } from './attendance-hold/player.ts'
import { checkpointDownloadPlayer } from './checkpoint-download/player.ts'
import { unknownProtocol } from './judged.ts'
import type { Player } from './kit/player.ts'
import { matchmakingPlayer } from './matchmaking/player.ts'
import { paymentChannelPlayer } from './payment-channel/player.ts'
import { progressiveEscrowPlayer } from './progressive-escrow/player.ts'
import { sessionEscrowPlayer } from './session-escrow/player.ts'
import { tokenJobPlayer } from './token-job/player.ts'
import { withdrawalPlayer } from './withdrawal/player.ts'

const players: Readonly<Record<string, Player>> = {
  'session-escrow': sessionEscrowPlayer,
  'progressive-escrow': progressiveEscrowPlayer,
  'token-job': tokenJobPlayer,
  'payment-channel': paymentChannelPlayer,
  'checkpoint-download': checkpointDownloadPlayer,
  'attendance-hold': attendanceHoldPlayer,
  withdrawal: withdrawalPlayer,
  matchmaking: matchmakingPlayer,
}

/** Ids of all protocols, in the order of the catalogue. */
export const PROTOCOL_IDS: readonly string[] = Object.keys(players)

/** @throws MeterproofError `MP_PROTOCOL_UNKNOWN` */
export function playerOf(protocol: string): Player {
  return players[protocol] ?? unknownProtocol(protocol)
}
