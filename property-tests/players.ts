/**
 * The protocols that can be played, by id. Adding a protocol adds a line here.
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
import { MeterproofError } from '../models/kit/error.ts'
import { attendanceHoldPlayer } from './attendance-hold/player.ts'
import { checkpointDownloadPlayer } from './checkpoint-download/player.ts'
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

/** Ids of all protocols, in the order of the catalogue. */
export const PROTOCOL_IDS: readonly string[] = Object.keys(players)

/** @throws MeterproofError `MP_PROTOCOL_UNKNOWN` */
export function playerOf(protocol: string): Player {
  const player = players[protocol]
  if (player !== undefined) return player
  throw new MeterproofError('MP_PROTOCOL_UNKNOWN', `There is no protocol ${protocol}.`, {
    facts: { known: PROTOCOL_IDS.join(', ') },
    hint: 'Run `meterproof protocols` for a list.',
  })
}

/** The deliberately broken contracts of a protocol. */
export function canariesOf(protocol: string): readonly Canary[] {
  return canaries[protocol] ?? []
}
