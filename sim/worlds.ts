/**
 * The protocols that have a simulated world. A new one is one more line here.
 */
import { MeterproofError } from '../models/kit/error.ts'
import { attendanceHoldSimulated } from './attendance-hold/simulated.ts'
import { checkpointDownloadSimulated } from './checkpoint-download/simulated.ts'
import { matchmakingSimulated } from './matchmaking/simulated.ts'
import { paymentChannelSimulated } from './payment-channel/simulated.ts'
import { progressiveEscrowSimulated } from './progressive-escrow/simulated.ts'
import { sessionEscrowSimulated } from './session-escrow/simulated.ts'
import { tokenJobSimulated } from './token-job/simulated.ts'
import { withdrawalSimulated } from './withdrawal/simulated.ts'
import type { SimulatedWorld } from './world/simulated.ts'

/** In the order of the catalogue of protocols. */
export const WORLDS: readonly SimulatedWorld[] = [
  sessionEscrowSimulated,
  progressiveEscrowSimulated,
  tokenJobSimulated,
  paymentChannelSimulated,
  checkpointDownloadSimulated,
  attendanceHoldSimulated,
  withdrawalSimulated,
  matchmakingSimulated,
]

/** Whether the protocol can be simulated. */
export function hasWorld(protocol: string): boolean {
  return WORLDS.some((world) => world.protocol === protocol)
}

/** @throws MeterproofError `MP_WORLD_UNKNOWN` */
export function worldOf(protocol: string): SimulatedWorld {
  const world = WORLDS.find((each) => each.protocol === protocol)
  if (world !== undefined) return world
  throw new MeterproofError('MP_WORLD_UNKNOWN', `There is no simulated world of '${protocol}'.`, {
    facts: { given: protocol, known: WORLDS.map((each) => each.protocol).join(', ') },
    hint: 'Run `meterproof simulate --help`.',
  })
}
