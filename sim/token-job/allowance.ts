/**
 * The bounds that follow from the parameters: what each side can lose, and within which time all is
 * over. `worldInvariants.ts` judges runs by them. I is the interval of proofs, in tokens.
 *
 * Host, hardened. The host streams while sent < held + I and sent < seen + 2·I, where `held` is its
 * newest receipt and `seen` what its last look at the chain showed as proven. What reaches the user
 * was sent, so at every instant
 *
 *     delivered ≤ held + I                                                    (A)
 *     delivered ≤ seen + 2·I ≤ settled + undone + 2·I                         (B)
 *
 * with `undone` what a reorg took back after the host had seen it; 0 without one. When the host
 * sends its last piece it holds `held`; if that gets proven before the window closes, then by (A)
 * delivered − billed ≤ I. If it does not, as the chain did not include the host's proof in time, or
 * the host was cut off, or the window is shorter than two blocks, (B) still bounds the loss by
 * 2·I + undone. No term of the user, of latency or of rates is in either.
 *
 * As described, a user may end at any moment, and what is not proven by then is lost: what was
 * streamed since the last proof, up to I, plus what the host streams until proof or end are
 * included, which is rate · (inclusion + seeing) and bounded by no parameter. Judged by the same I
 * (the description: the host never loses more than one interval) and 2·I it fails.
 *
 * User, hardened: 0. A receipt is signed for what was received before, and nothing else bills. As
 * described, the host's word bills whatever the deposit buys.
 *
 * Exit. Once somebody has left, or the job can be timed out, and faults are over: the courtesy of a
 * satisfied user (as described), the end, the host's last proof, the window, the settlement, its
 * withdrawal and a claim each need one inclusion at most, and the treasury a round of its own.
 */
import { DRIFT_PPM_MAX } from '../clocks.ts'
import { type Fault, faultEndMs } from '../faults/fault.ts'
import { BACKOFF_MOST_MS } from '../world/wallet.ts'
import { TIMEOUT_MARGIN_MS } from './bystanders.ts'
import { reachedBy } from './exposure.ts'
import { LAG_INTERVALS } from './host.ts'
import { COURTESY_MS, SETTLE_MARGIN_MS } from './userState.ts'
import type { WorldRun } from './worldRun.ts'

/**
 * Slots in which an eligible bid is included, but for one case in 10^10 (0.15^12 and empty slots).
 */
const INCLUSION_SLOTS = 20
/** Calls that wait for one another from the wish to end to the last payment. */
const CALLS_OF_AN_EXIT = 5
const PPM = 1_000_000

export function intervalTokens({ parameters }: WorldRun): number {
  return parameters.proofIntervalTokens as number
}

export function windowMs({ policy, parameters }: WorldRun): number {
  return policy === 'hardened' ? (parameters.proofWindowSeconds as number) * 1000 : 0
}

/** What the host could still have proven when it sent its last piece. */
export function provableTokens(run: WorldRun): number {
  return run.lastSentMs === null ? 0 : reachedBy(run.held, run.lastSentMs)
}

const isOfHost = ({ target, kind }: Fault) =>
  target.startsWith('host') && !kind.startsWith('clock-') && !kind.startsWith('message-')

/**
 * Whether the host was kept from proving what it held: cut off, not included in time, or with a
 * window in which no two blocks fit, one to see the end in and one for the proof.
 */
export function isKeptFromProving(run: WorldRun): boolean {
  const provable = provableTokens(run)
  if (run.milestones.hostReason === 'vanished') return true
  if (windowMs(run) < 2 * run.profile.blockIntervalMs) return true
  const untilMs = run.milestones.settledMs ?? Number.POSITIVE_INFINITY
  const heldMs = run.held.find(({ tokens }) => tokens >= provable)?.signedMs ?? 0
  const hasTried = run.dueProofs.some(
    ({ dueMs, tokens, includedMs }) =>
      tokens >= provable && dueMs < untilMs && (includedMs === null || includedMs >= untilMs),
  )
  const isCutOff = run.faults.some(
    (fault) => isOfHost(fault) && fault.atMs < untilMs && faultEndMs(fault) >= heldMs,
  )
  return hasTried || isCutOff
}

/** (B): most that may have reached the user and not be settled on chain, at any instant. */
export function unsettledBoundTokens(run: WorldRun): number {
  return LAG_INTERVALS * intervalTokens(run) + run.undoneTokens
}

/** Most that the host may deliver and never bill. */
export function lossBoundTokens(run: WorldRun): number {
  if (run.policy === 'as-described') return intervalTokens(run)
  const isMissed = run.endState.billedTokens < provableTokens(run)
  return isMissed && isKeptFromProving(run) ? unsettledBoundTokens(run) : intervalTokens(run)
}

/** Time in which the chain includes a bid that keeps being raised, faults of the chain aside. */
export function inclusionBoundMs({ profile }: WorldRun): number {
  return INCLUSION_SLOTS * profile.blockIntervalMs + profile.resendAfterMs
}

/** Time after which all is over, from when the exit is due. */
export function exitBoundMs(run: WorldRun): number {
  const { treasuryEveryMs } = run.behaviour
  const callsMs = CALLS_OF_AN_EXIT * (inclusionBoundMs(run) + BACKOFF_MOST_MS)
  const waitsMs = COURTESY_MS + windowMs(run) + SETTLE_MARGIN_MS + treasuryEveryMs
  return callsMs + waitsMs + Math.ceil((waitsMs * DRIFT_PPM_MAX) / PPM)
}

/** From when on anybody can time the job out, by the treasury's habit; null before its start. */
export function timeoutDueMs(run: WorldRun): number | null {
  const { startedAtSeconds } = run.endState
  if (startedAtSeconds === 0) return null
  const seconds = run.agreements[0]?.terms.durationSeconds as number
  const closesMs = (startedAtSeconds - run.epochSeconds + seconds) * 1000 + windowMs(run)
  const driftMs = Math.ceil((seconds * 1000 * DRIFT_PPM_MAX) / PPM)
  return closesMs + TIMEOUT_MARGIN_MS + driftMs
}

/**
 * From when on the job ought to come to its end, whatever went wrong before: somebody who is there
 * has left, or it can be timed out. Clocks do not hold up an exit, and neither do faults that began
 * when all was over; counting them would excuse everything.
 */
export function exitDueFromMs(run: WorldRun): number {
  const { userLeftMs, userReason, hostLeftMs, hostReason, overMs, createdMs } = run.milestones
  const lastMs = overMs ?? Number.POSITIVE_INFINITY
  const delaying = run.faults.filter(
    ({ kind, atMs }) => !kind.startsWith('clock-') && atMs < lastMs,
  )
  const faultsMs = delaying.reduce((latest, fault) => Math.max(latest, faultEndMs(fault)), 0)
  const user = userReason === 'vanished' ? null : userLeftMs
  const host = hostReason === 'vanished' ? null : hostLeftMs
  const left = [user, host].filter((atMs) => atMs !== null)
  const endMs = left.length > 0 ? Math.min(...left) : (timeoutDueMs(run) ?? 0)
  return Math.max(faultsMs, endMs, createdMs ?? 0)
}
