/**
 * The bounds that follow from the parameters: what each side can lose, and within which time all is
 * over. `worldInvariants.ts` judges runs by them. h is the heartbeat interval, g the grace.
 *
 * Allowance (A), hardened. Let T be the last instant of service in a stretch of running time. A
 * heartbeat is sent only by a side that hears the other now and was told within FRESH_MS that it is
 * heard; what told it took at most the longest way of a greeting. So a side that sends after
 * T + FRESH + way would have had service after T: both sides' newest signs were sent by then, and
 * stand in blocks at most `signMs` later (the slowest sign of this run, resends included; faults of
 * the chain are in it). The contract bills to the older sign plus h:
 *
 *     billed after T ≤ h + signMs + FRESH + way                                  (`allowanceMs`)
 *
 * A stretch that began after T has no sign but that of its start: it is billed for h at most, so
 * each of them may take A once more. Blocks bear whole seconds, never later than they are.
 *
 * Gap (G), hardened. While the service is interrupted no sign is sent (by the same argument), and
 * a sign is refused that comes more than h + g after the older one. So an interruption that is
 * billed as a whole is at most h + g + signMs + FRESH + way (`gapBoundMs`). A longer one ends the
 * stretch, of which A at most is billed after the service: that is what `INV-W-PAUSE-ON-DROP` says.
 *
 * As described, the signs of one side, heard by nobody, keep the clock running, and a completion
 * pays the whole price: nothing in the parameters bounds either but the price itself.
 *
 * Provider, hardened. The mentor serves until the chain is sure to be silent, as far as its own
 * clock and its newest look tell: g after the end of what is proven, a tick, the age of a look
 * (1.2 s at most when it follows a block), a whole second, and a clock that is slow
 * (`provenAfterMs`), once in each stretch. Beside that it serves until the first of both
 * sides reads that a stretch has ended (`leaveMs`), and, when blocks are replaced, what they held.
 *
 * Keeper, as described. From the second in which the chain is silent, somebody's pause is included
 * within the time that faults take from keeper and chain, and that of a request with its retries.
 */
import { DRIFT_PPM_MAX } from '../clocks.ts'
import { type Fault, faultEndMs } from '../faults/fault.ts'
import { BACKOFF_MOST_MS } from '../world/wallet.ts'
import type { SessionReading } from './actors.ts'
import { autoFromSeconds } from './reading.ts'
import {
  FRESH_MS,
  MENTOR_CANCELS_AFTER_MS,
  MENTOR_COMPLETES_AFTER_SECONDS,
  REFUSED_AGAIN_MS,
  TICK_MS,
} from './sideState.ts'
import type { WorldRun } from './worldRun.ts'

/**
 * Slots in which an eligible bid is included, but for one case in 10^10 (0.15^12 and empty slots).
 */
const INCLUSION_SLOTS = 20
const SECOND_MS = 1000
const PPM = 1_000_000
/** A look follows its block after 150 ms, and a block's second may be almost over. */
const LOOK_AGE_MS = 1_200

function parameter(run: WorldRun, name: string): number {
  return (run.parameters[name] as number) * SECOND_MS
}

/** What a slow clock, and a reckoning that allows for a fast one, lose in a time. */
function driftMs(timeMs: number): number {
  return Math.ceil((2 * timeMs * DRIFT_PPM_MAX) / PPM)
}

function toleranceMs(run: WorldRun): number {
  return parameter(run, 'heartbeatIntervalSeconds') + parameter(run, 'graceSeconds')
}

/** How long after the last service a sign may stand in a block. */
function lateSignMs({ lags }: WorldRun): number {
  return lags.signMs + FRESH_MS + driftMs(FRESH_MS) + lags.helloMs
}

/** (A): most that may be billed of one stretch after its last service. */
export function allowanceMs(run: WorldRun): number {
  return parameter(run, 'heartbeatIntervalSeconds') + lateSignMs(run)
}

/** (G): longest interruption that may be billed as a whole. */
export function gapBoundMs(run: WorldRun): number {
  return toleranceMs(run) + lateSignMs(run)
}

/** Most that may be billed after the last service of the session. */
export function leakageBoundMs(run: WorldRun): number {
  return allowanceMs(run) * Math.max(1, run.leakage.tailCount)
}

/** Time that may be billed on top of what was delivered. */
export function toleratedMs(run: WorldRun): number {
  const mostMs = gapBoundMs(run)
  const gaps = run.leakage.gapsMs.reduce((sum, gapMs) => sum + Math.min(gapMs, mostMs), 0)
  return gaps + leakageBoundMs(run)
}

/** Time that the mentor may serve in one stretch beyond what is proven. */
function provenAfterMs(run: WorldRun): number {
  const waitsMs = parameter(run, 'graceSeconds') + TICK_MS + LOOK_AGE_MS + SECOND_MS
  return waitsMs + driftMs(toleranceMs(run))
}

/** What the mentor may deliver without being able to bill it. */
export function providerBoundMs(run: WorldRun): number {
  const { lags, bill, durationSeconds, profile } = run
  const stretches = Math.max(1, bill.activations.length)
  const undone = run.transactions.some(({ reorgs }) => reorgs > 0)
  const reorgMs = run.faults.reduce(
    (sum, { kind, magnitude }) =>
      kind === 'reorg' && undone ? sum + (magnitude + 1) * profile.blockIntervalMs : sum,
    0,
  )
  // The end of the agreed time is awaited by a timer that is set once in a stretch.
  const endMs = driftMs(durationSeconds * SECOND_MS)
  return stretches * (provenAfterMs(run) + endMs) + lags.leaveMs + lags.reorgMs + reorgMs
}

/** Time in which the chain includes a bid that keeps being raised, faults of the chain aside. */
export function inclusionBoundMs({ profile }: WorldRun): number {
  return INCLUSION_SLOTS * profile.blockIntervalMs + profile.resendAfterMs
}

const KEEPERS: readonly string[] = ['keeper', 'chain']

/** d: the time that faults take from keeper and chain, all added up. */
export function keeperFaults(run: WorldRun): { readonly count: number; readonly lostMs: number } {
  const { blockIntervalMs } = run.profile
  const faults = run.faults.filter(
    ({ target, kind }) =>
      KEEPERS.includes(target) && !kind.startsWith('clock-') && !kind.startsWith('message-'),
  )
  const lostMs = faults.reduce((sum, { kind, durationMs, magnitude }) => {
    return sum + durationMs + (kind === 'reorg' ? magnitude * blockIntervalMs : 0)
  }, 0)
  return { count: faults.length, lostMs }
}

/** bound(d): time from the second in which the chain is silent to the block of the pause. */
export function keeperBoundMs(run: WorldRun): number {
  const { count, lostMs } = keeperFaults(run)
  const againMs = BACKOFF_MOST_MS + REFUSED_AGAIN_MS + run.profile.resendAfterMs
  const noticedMs = LOOK_AGE_MS + SECOND_MS + driftMs(toleranceMs(run))
  return lostMs + noticedMs + (count + 1) * againMs + inclusionBoundMs(run)
}

/** Whether the student is the one who completes: it was in the session, left it and means to. */
function studentCompletes({ behaviour, milestones }: WorldRun): boolean {
  return behaviour.studentCompletes && milestones.endedMs.student !== null
}

/** When anyone may complete; null for a session that never ran. */
function autoFromMs(run: WorldRun): number | null {
  const { bill, policy, durationSeconds, parameters, epochSeconds } = run
  const { startedSeconds, createdSeconds, pausedSeconds } = bill
  if (startedSeconds === null) return null
  const reading = { startedAt: startedSeconds, createdAt: createdSeconds ?? 0, pausedSeconds }
  const rules = { policy, durationSeconds, parameters: parameters as never }
  return (autoFromSeconds(rules, reading as SessionReading) - epochSeconds) * SECOND_MS
}

/** Time after healing, or after the end of the call, in which every token has left the escrow. */
export function exitBoundMs(run: WorldRun): number {
  const courtesyMs = MENTOR_CANCELS_AFTER_MS + MENTOR_COMPLETES_AFTER_SECONDS * SECOND_MS
  const waitsMs = studentCompletes(run) ? 0 : driftMs(autoFromMs(run) ?? 0) + LOOK_AGE_MS
  const callsMs = 4 * (inclusionBoundMs(run) + BACKOFF_MOST_MS + REFUSED_AGAIN_MS)
  return courtesyMs + waitsMs + callsMs
}

function isDelay({ kind, atMs }: Fault, overMs: number): boolean {
  return !kind.startsWith('clock-') && atMs < overMs
}

/**
 * From when on the session ought to come to its end, whatever went wrong before. Clocks do not hold
 * up an exit, and neither do faults that began when all was over; counting them would excuse
 * everything.
 */
export function exitDueFromMs(run: WorldRun): number {
  const { endedMs, createdMs, startedMs } = run.milestones
  const overMs = run.milestones.overMs ?? Number.POSITIVE_INFINITY
  const faultsMs = run.faults
    .filter((fault) => isDelay(fault, overMs))
    .reduce((latest, fault) => Math.max(latest, faultEndMs(fault)), 0)
  const unstartedMs = startedMs === null ? (createdMs ?? 0) + run.behaviour.patienceMs : 0
  const autoMs = studentCompletes(run) ? 0 : (autoFromMs(run) ?? 0)
  return Math.max(faultsMs, unstartedMs, autoMs, endedMs.student ?? 0, endedMs.mentor ?? 0)
}
