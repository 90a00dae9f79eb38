/**
 * The protocols that the command line knows. A new protocol is one more line here.
 */
import { attendanceHold } from '../models/attendance-hold/protocol.ts'
import { checkpointDownload } from '../models/checkpoint-download/protocol.ts'
import { MeterproofError } from '../models/kit/error.ts'
import type { Protocol } from '../models/kit/protocol.ts'
import { matchmaking } from '../models/matchmaking/protocol.ts'
import { paymentChannel } from '../models/payment-channel/protocol.ts'
import { progressiveEscrow } from '../models/progressive-escrow/protocol.ts'
import { sessionEscrow } from '../models/session-escrow/protocol.ts'
import { tokenJob } from '../models/token-job/protocol.ts'
import { withdrawal } from '../models/withdrawal/protocol.ts'
import { nearest } from './nearest.ts'

export const PROTOCOLS: readonly Protocol[] = [
  sessionEscrow,
  progressiveEscrow,
  tokenJob,
  paymentChannel,
  checkpointDownload,
  attendanceHold,
  withdrawal,
  matchmaking,
]

/**
 * The named protocols, or all when none is named.
 *
 * @throws MeterproofError `MP_UNKNOWN_PROTOCOL`
 */
export function findProtocols(ids: readonly string[]): readonly Protocol[] {
  if (ids.length === 0) return PROTOCOLS
  const known = PROTOCOLS.map(({ id }) => id)
  return [...new Set(ids)].map((id) => {
    const protocol = PROTOCOLS.find((candidate) => candidate.id === id)
    if (protocol !== undefined) return protocol
    const meant = nearest(id, known)
    throw new MeterproofError('MP_UNKNOWN_PROTOCOL', `There is no protocol '${id}'.`, {
      facts: { given: id, known: known.join(', ') },
      hint: meant === undefined ? 'Run `meterproof protocols`.' : `Did you mean ${meant}?`,
    })
  })
}
