/**
 * The list of canaries of progressive-escrow against its contracts and its claims.
 */
import { progressiveEscrow } from '../../models/progressive-escrow/protocol.ts'
import { describeCanaries } from '../testing/describeCanaries.ts'
import { progressiveEscrowCanaries } from './progressive-escrow.ts'

describeCanaries({
  protocol: 'progressive-escrow',
  canaries: progressiveEscrowCanaries,
  sound: { 'as-described': 'ProgressiveEscrowAsDescribed', hardened: 'ProgressiveEscrowHardened' },
  invariantIds: progressiveEscrow.invariants.map(({ id }) => id),
})
