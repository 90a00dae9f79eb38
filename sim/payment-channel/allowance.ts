/**
 * The bounds that follow from the parameters, the chain and the faults of a run: what each side can
 * lose, and within which time all is over. `worldInvariants.ts` judges runs by them. S is the
 * voucher step, in base units.
 *
 * Provider, while the channel is open. It serves while sent < held + bytesPerVoucher and while a
 * confirmed deposit covers what is sent. What reaches the payer was sent, and vouchers that are on
 * their way only raise `held`, so at every instant
 *
 *     delivered − min(held, D) ≤ S + undone                                          (E)
 *
 * with `undone` what a reorg took of the deposit after the provider had seen it; 0 without one. A
 * top-up that was undone may never come back, as the channel can be closed before it: all that is
 * delivered is at most D + undone.
 *
 * Provider, at the end, hardened. A channel ends over its head by a finalisation, at least one
 * challenge period c after the block of the request, or by a reclaim, at least c after the expiry.
 * Provider and watcher each need, from there on, at most
 *
 *     need = Σ (fault within the period + its tail) + behind + inclusion             (N)
 *
 * to get their newest voucher paid: the time that faults take from its line, its process, its node
 * or from the chain; a tail for each, in which a look is repeated (1 s), a pause after errors runs
 * out (16 s) and a bid that was swallowed is sent again; at an expiry, by as much as its clock is
 * behind, as it stops and redeems by that; and the inclusion of a bid that keeps being raised. A
 * reorg puts a bid back into the pool: one more inclusion. Who has need ≤ c has redeemed what it
 * had. So of the vouchers that were held, none is lost if that was the provider; else those are not
 * lost that had reached a watcher that had the time, and those that were paid before
 * (`excusedUnits`, 0 for any channel that the provider closed itself). After the end (E) becomes
 * delivered − paid ≤ S + excused + undone: who reads of the request stops serving and redeems.
 *
 * As described, the same promise is made without a watcher and without a grace (an accepted
 * voucher can always be redeemed in time), so nothing is excused.
 *
 * Payer: 0. It signs for what it has received. Its way out takes c from the block of its request,
 * and then what (N) says of its own faults: its clock decides when it asks, and when that is ahead
 * the refusal tells how long to wait. As described each voucher that was kept back adds a c.
 */
import { maxBig } from '../../models/kit/money.ts'
import { faultEndMs } from '../faults/fault.ts'
import type { Span } from '../links.ts'
import { behindMs, driftMs, inclusionBoundMs, lostMs } from '../world/promptness.ts'
import { BACKOFF_MOST_MS } from '../world/wallet.ts'
import type { Actor } from './actors.ts'
import { reachedBy } from './exposure.ts'
import { expiresAtMs, worthUnits } from './losses.ts'
import { COURTESY_MS } from './payerState.ts'
import { standingsOf } from './payments.ts'
import type { WorldRun } from './worldRun.ts'

const SECOND_MS = 1000
/** Request, end, claim, and one of them once more. */
const CALLS_OF_AN_EXIT = 4

export function challengeMs({ parameters }: WorldRun): number {
  return (parameters.challengeSeconds as number) * SECOND_MS
}

/** The time that provider and watcher are promised at the end; null when nobody else ended it. */
function redemptionPeriod(run: WorldRun): Span | null {
  const { ending, requestedMs } = run.milestones
  const fromMs = ending === 'finalise' ? requestedMs : expiresAtMs(run)
  if (ending === null || ending === 'close' || fromMs === null) return null
  return { fromMs, untilMs: fromMs + challengeMs(run) }
}

/** (N): whether somebody had the time to get its voucher paid within a period. */
function hadTime(run: WorldRun, actor: Actor, period: Span): boolean {
  const isByClock = run.milestones.ending === 'reclaimExpired'
  const clockMs = isByClock ? behindMs(run, actor, period.untilMs) : 0
  const needMs = lostMs(run, actor, period) + clockMs + inclusionBoundMs(run)
  return needMs <= period.untilMs - period.fromMs
}

/** What accepted vouchers were worth by a time. */
export function dueUnitsAt({ steps, agreements }: WorldRun, atMs: number): bigint {
  const standings = standingsOf(steps, agreements[0]?.roles.provider as string)
  return standings.findLast(({ includedMs }) => includedMs <= atMs)?.dueUnits ?? 0n
}

/** What a provider risks by its own choice that keeps vouchers back to start challenges anew. */
function keptBackUnits(run: WorldRun): bigint {
  return run.behaviour.keepsBack === 0 ? 0n : worthUnits(run, run.held.at(-1)?.bytes ?? 0)
}

/** Worth of vouchers that may be lost, as neither provider nor watcher had the time. */
export function excusedUnits(run: WorldRun): bigint {
  const period = redemptionPeriod(run)
  if (period === null) return 0n
  if (run.policy === 'as-described') return keptBackUnits(run)
  if (hadTime(run, 'provider', period)) return 0n
  const held = run.held.at(-1)?.bytes ?? 0
  const entrusted = reachedBy(run.entrusted, period.fromMs)
  const savedUnits = hadTime(run, 'watcher', period) ? worthUnits(run, entrusted) : 0n
  return maxBig(0n, worthUnits(run, held) - maxBig(savedUnits, dueUnitsAt(run, period.fromMs)))
}

/** (E): most that the provider may have delivered and not be able to bill, at any instant. */
export function providerBoundUnits(run: WorldRun): bigint {
  return run.price.voucherStepUnits + run.undoneUnits + excusedUnits(run)
}

/** Time from the payer's request to the end. */
export function payerWaitBoundMs(run: WorldRun, wait: Span): number {
  const periodMs = challengeMs(run)
  const lateMs = lostMs(run, 'payer', wait) + behindMs(run, 'payer', wait.untilMs)
  return periodMs + driftMs(periodMs) + lateMs + inclusionBoundMs(run)
}

/** Challenges that a redeemed voucher has started anew. */
function restarts({ policy, steps }: WorldRun): number {
  if (policy === 'hardened') return 0
  return steps.filter(({ edge }) => edge === 'Closing|redeem|Closing').length
}

/** Time after which all is over, from when the exit is due. */
export function exitBoundMs(run: WorldRun): number {
  const endMs = run.milestones.overMs ?? 0
  const clocksMs = behindMs(run, 'payer', endMs) + behindMs(run, 'provider', endMs)
  const waitsMs = COURTESY_MS + challengeMs(run) * (1 + restarts(run))
  const callsMs = CALLS_OF_AN_EXIT * (inclusionBoundMs(run) + BACKOFF_MOST_MS)
  return waitsMs + driftMs(waitsMs + run.expirySeconds * SECOND_MS) + clocksMs + callsMs
}

/** When the provider had a reason of its own to close: it was asked to, or had what to redeem. */
function providerClosesFromMs(run: WorldRun): number | null {
  const { providerLeftMs: leftMs, providerReason } = run.milestones
  if (leftMs === null || providerReason === 'done') return leftMs
  const heldUnits = worthUnits(run, reachedBy(run.held, leftMs))
  return heldUnits > dueUnitsAt(run, leftMs) ? leftMs : null
}

/**
 * From when on the channel ought to come to its end, whatever went wrong before: a party that is
 * there has left, or the payer can reclaim. Clocks do not hold up an exit but for what they are
 * behind, and faults that began when all was over hold up nothing; counting them would excuse
 * everything.
 */
export function exitDueFromMs(run: WorldRun): number {
  const { payerLeftMs, payerReason, overMs, openedMs } = run.milestones
  const lastMs = overMs ?? Number.POSITIVE_INFINITY
  const delaying = run.faults.filter(
    ({ kind, atMs }) => !kind.startsWith('clock-') && atMs < lastMs,
  )
  const faultsMs = delaying.reduce((latest, fault) => Math.max(latest, faultEndMs(fault)), 0)
  const payerMs = payerReason === 'vanished' ? null : payerLeftMs
  const reclaimableMs = (expiresAtMs(run) ?? 0) + run.graceSeconds * SECOND_MS
  const exits = [payerMs, providerClosesFromMs(run), reclaimableMs].filter((each) => each !== null)
  return Math.max(faultsMs, Math.min(...exits), openedMs ?? 0)
}
