/**
 * What a provider loses: vouchers that it held in time and that were never paid.
 *
 * In time means before the end was asked for: at the block of the payer's request; before an expiry
 * by as much as a provider promises itself (`redeemMarginSeconds`); for a provider that closed by
 * itself, when it first sent that call. Judged on when vouchers reached the provider, whatever it
 * made of them.
 */
import { maxBig, minBig } from '../../models/kit/money.ts'
import { faultEndMs } from '../faults/fault.ts'
import { reachedBy } from './exposure.ts'
import { owedUnits } from './price.ts'
import type { WorldRun } from './worldRun.ts'

const SECOND_MS = 1000

/** True time at which the channel has expired; null when it never was opened. */
export function expiresAtMs({ endState, epochSeconds, expirySeconds }: WorldRun): number | null {
  const { openedAtSeconds } = endState
  if (openedAtSeconds === 0) return null
  return (openedAtSeconds - epochSeconds + expirySeconds) * SECOND_MS
}

/** Until when a voucher had to be held to be in time; null for a channel that did not end. */
function inTimeUntilMs(run: WorldRun): number | null {
  const { ending, endSentMs, requestedMs } = run.milestones
  switch (ending) {
    case 'close':
      return endSentMs
    case 'finalise':
      return requestedMs
    case 'reclaimExpired': {
      const marginMs = (run.parameters.redeemMarginSeconds as number) * SECOND_MS
      return Math.max(0, (expiresAtMs(run) ?? 0) - marginMs)
    }
    default:
      return null
  }
}

/** What the provider got of a channel: on its wallet, or waiting for it. */
export function paidUnits({ endState }: WorldRun): bigint {
  return endState.receivedUnits + endState.claimProviderUnits
}

/** What a voucher is worth with the final deposit. */
export function worthUnits(run: WorldRun, bytes: number): bigint {
  return minBig(owedUnits(run.price, bytes), run.endState.depositUnits)
}

/** Worth of the vouchers that were held in time; null for a channel that did not end. */
export function heldInTimeUnits(run: WorldRun): bigint | null {
  const untilMs = inTimeUntilMs(run)
  return untilMs === null ? null : worthUnits(run, reachedBy(run.held, untilMs))
}

/** Base units of vouchers held in time and never paid; null for a channel that did not end. */
export function voucherLossUnits(run: WorldRun): bigint | null {
  const heldUnits = heldInTimeUnits(run)
  return heldUnits === null ? null : maxBig(0n, heldUnits - paidUnits(run))
}

/** Whether the provider's line or process was gone for a time between the request and the end. */
export function isProviderCut({ milestones, faults }: WorldRun): boolean {
  const untilMs = milestones.endedMs ?? Number.POSITIVE_INFINITY
  const fromMs = milestones.requestedMs ?? untilMs
  return faults.some((fault) => {
    const cuts = fault.kind === 'link-down' || fault.kind === 'process-crash'
    const isNear = fault.atMs <= untilMs && faultEndMs(fault) >= fromMs
    return cuts && fault.target.startsWith('provider') && isNear
  })
}

/** What was delivered and never paid, whoever is to blame; null for a channel that did not end. */
export function unpaidUnits(run: WorldRun): bigint | null {
  if (run.milestones.endedMs === null) return null
  return maxBig(0n, owedUnits(run.price, run.deliveredBytes) - paidUnits(run))
}
