/**
 * The bounds that follow from the parameters: what each side can lose, and within which time all is
 * over. `worldInvariants.ts` judges runs by them.
 *
 * Post-drop leakage, hardened. Let T be the last instant of service. A client signs only while it
 * hears the other side, and each side hears the other only over paths that are all up; were both to
 * sign after T there would be service after T. So one side's newest ping was signed at or before T,
 * and its `at` is at most T + ahead, where `ahead` is how far a side's clock runs ahead (rounding
 * down helps the payer). The contract bills to the older `at` plus the silence timeout:
 *
 *     leakage ≤ silenceTimeout + max(0, ahead)                               (A, `leakageBoundMs`)
 *
 * No term of relayer, inclusion or confirmations is in it: this is what "bounded by the parameters"
 * means. A ping right before the drop reaches it up to the rounding of `at` and the block's second.
 *
 * As described, the bill runs to the block of the stop: detection (silence timeout + grace after
 * the last arrival) + relay + inclusion, each as long as relayer and chain take; nothing in the
 * parameters bounds it but the cap. `keeperBoundMs` states it for a given plan of faults, as
 * bound(d).
 *
 * Interruptions, hardened. While the service is interrupted, no newer ping comes through in at
 * least one direction, so after silenceTimeout + grace + transit some client takes the call as over
 * for good: a longer gap is never followed by service (`gapBoundMs`). The gap at the start begins
 * when the first client reads that the session runs.
 *
 * Provider, hardened. The tutor serves until silenceTimeout + grace after the arrival of the newest
 * ping that it holds, and that ping bills for silenceTimeout after its `at`; what is lost is grace,
 * transit, the lag of a clock and two roundings, plus what it served before it could read of the
 * stop, and, when no transaction of the tutor got into a block within the evidence window, what the
 * window cost.
 */
import { DRIFT_PPM_MAX, offsetRange } from '../clocks.ts'
import { type Fault, faultEndMs } from '../faults/fault.ts'
import type { Span } from '../links.ts'
import { BACKOFF_MOST_MS } from '../world/wallet.ts'
import type { Side } from './actors.ts'
import { SILENCE_GRACE_MS, STUDENT_SETTLES_AFTER_MS, STUDENT_STOPS_AFTER_MS } from './client.ts'
import { COMMAND_AGAIN_AFTER_MS } from './heartbeatService.ts'
import { RELAYER_CANCELS_AFTER_MS } from './relayer.ts'
import type { WorldRun } from './worldRun.ts'

/**
 * Slots in which an eligible bid is included, but for one case in 10^10 (0.15^12 and empty slots).
 */
const INCLUSION_SLOTS = 20
const SECOND_MS = 1000
const PPM = 1_000_000
const SIDES: readonly Side[] = ['student', 'tutor']

function parameter(run: WorldRun, name: string): number {
  return (run.parameters[name] as number) * SECOND_MS
}

/** How far the wall clocks of the two sides run ahead and behind while the session runs. */
export function skewMs(run: WorldRun): { readonly aheadMs: number; readonly behindMs: number } {
  const fromMs = run.milestones.startedMs ?? 0
  const untilMs = Math.max(fromMs, run.milestones.stopIncludedMs ?? fromMs)
  const ranges = SIDES.flatMap((side) => {
    const spec = run.clocks[side]
    return spec === undefined ? [] : [offsetRange(spec, { fromMs, untilMs })]
  })
  return {
    aheadMs: Math.max(0, ...ranges.map(({ mostMs }) => mostMs)),
    behindMs: Math.max(0, ...ranges.map(({ leastMs }) => -leastMs)),
  }
}

/** (A): most that may be billed after the last instant of service. */
export function leakageBoundMs(run: WorldRun): number {
  return parameter(run, 'silenceTimeoutSeconds') + skewMs(run).aheadMs
}

/** Longest interruption that a session survives. */
export function gapBoundMs(run: WorldRun): number {
  const silenceMs = parameter(run, 'silenceTimeoutSeconds') + SILENCE_GRACE_MS
  const driftMs = Math.ceil((silenceMs * DRIFT_PPM_MAX) / PPM) + 2
  return silenceMs + driftMs + run.pingTransitMsMax
}

/** Longest time between the contract's start and the first service. */
export function startBoundMs(run: WorldRun): number {
  const { sawStartMs, startedMs } = run.milestones
  const seen = SIDES.flatMap((side) => sawStartMs[side] ?? [])
  const seenAfterMs = Math.max(0, Math.min(...seen) - (startedMs ?? 0))
  return (seen.length === 0 ? 0 : seenAfterMs) + gapBoundMs(run)
}

/** Time in which the chain includes a bid that keeps being raised, faults of the chain aside. */
export function inclusionBoundMs(run: WorldRun): number {
  const { blockIntervalMs, resendAfterMs } = run.profile
  return INCLUSION_SLOTS * blockIntervalMs + resendAfterMs
}

const KEEPERS = ['relayer', 'service', 'chain'] as const
const isKeeperFault = ({ target, kind }: Fault) =>
  (KEEPERS as readonly string[]).includes(target) && !kind.startsWith('clock-')

/** d: the time that faults take from relayer, service and chain, all added up. */
export function keeperFaults(run: WorldRun): { readonly count: number; readonly lostMs: number } {
  const { blockIntervalMs } = run.profile
  const faults = run.faults.filter(isKeeperFault)
  const lostMs = faults.reduce((sum, fault) => {
    const isDelay = fault.kind === 'message-delay' || fault.kind === 'message-reordering'
    const reorgMs = fault.kind === 'reorg' ? fault.magnitude * blockIntervalMs : 0
    return sum + fault.durationMs + reorgMs + (isDelay ? fault.magnitude : 0)
  }, 0)
  return { count: faults.length, lostMs }
}

/** bound(d): time from the moment when silence can be noticed to the block of the stop. */
export function keeperBoundMs(run: WorldRun): number {
  const { count, lostMs } = keeperFaults(run)
  const { resendAfterMs } = run.profile
  const againMs = BACKOFF_MOST_MS + COMMAND_AGAIN_AFTER_MS + resendAfterMs
  return lostMs + (count + 1) * againMs + inclusionBoundMs(run)
}

/**
 * Earliest time at which a service that is up notices that a side is silent; null for never. A
 * silence that was over before the service came back from a crash obliges nobody to stop the call.
 */
export function silenceNoticeableMs(run: WorldRun): number | null {
  const { startedMs } = run.milestones
  if (startedMs === null) return null
  const limitMs = parameter(run, 'silenceTimeoutSeconds') + SILENCE_GRACE_MS
  const untilMs = run.milestones.stopIncludedMs ?? Number.POSITIVE_INFINITY
  const moments = SIDES.map((side) => {
    let heardMs = Math.max(startedMs, ...SIDES.map((any) => run.milestones.sawStartMs[any] ?? 0))
    for (const arrivedMs of run.heardMs[side]) {
      const isNoticed = arrivedMs - heardMs > limitMs
      if (arrivedMs >= untilMs) break
      if (isNoticed && !serviceWasDown(run, { fromMs: heardMs, untilMs: arrivedMs })) break
      heardMs = Math.max(heardMs, arrivedMs)
    }
    return heardMs + limitMs
  })
  const noticeableMs = Math.min(...moments)
  return noticeableMs < untilMs ? noticeableMs : null
}

/** Whether the heartbeat service had crashed at some time within the span. */
function serviceWasDown({ faults }: WorldRun, { fromMs, untilMs }: Span): boolean {
  return faults.some(
    ({ kind, target, atMs, durationMs }) =>
      kind === 'process-crash' &&
      target === 'service' &&
      atMs < untilMs &&
      atMs + durationMs > fromMs,
  )
}

/** What the tutor may deliver without being able to bill it, evidence window kept. */
export function providerBoundMs(run: WorldRun): number {
  const { startedMs, sawStartMs, servedFromMs, stopIncludedMs, tutorSawStopMs } = run.milestones
  const { behindMs } = skewMs(run)
  const provableMs = SILENCE_GRACE_MS + 2 * SECOND_MS + run.pingTransitMsMax + behindMs
  const start = startedMs ?? 0
  const seenStartMs = Math.max(0, (sawStartMs.tutor ?? start) - start)
  const early = Math.max(0, start - (servedFromMs ?? start))
  const seenStopMs = Math.max(0, (tutorSawStopMs ?? 0) - (stopIncludedMs ?? 0))
  const driftMs = Math.ceil((run.leakage.billedMs * DRIFT_PPM_MAX) / PPM)
  return provableMs + seenStartMs + early + seenStopMs + driftMs + windowMissMs(run)
}

/** What a missed evidence window costs: 0 when a stop of the tutor was included in time. */
export function windowMissMs(run: WorldRun): number {
  const stop = run.steps.find(({ edge }) => edge === 'Active|stop|Stopping')
  if (run.policy !== 'hardened' || stop === undefined) return 0
  const { startedAtSeconds, stoppedAtSeconds, billedSeconds } = run.endState
  const untilSeconds = stoppedAtSeconds + (run.parameters.evidenceWindowSeconds as number)
  const inTime = run.steps.some(
    ({ planned, outcome }) =>
      planned.action === 'stop' &&
      planned.by === run.agreements[0]?.roles.tutor &&
      planned.atSeconds <= untilSeconds &&
      (outcome.accepted || outcome.error === 'StaleEvidence'),
  )
  return inTime ? 0 : Math.max(0, stoppedAtSeconds - startedAtSeconds - billedSeconds) * SECOND_MS
}

/**
 * Time after healing, or after the end of the call, within which every token has left the escrow.
 */
export function exitBoundMs(run: WorldRun): number {
  const silenceMs = parameter(run, 'silenceTimeoutSeconds') + SILENCE_GRACE_MS
  const evidenceMs = parameter(run, 'evidenceWindowSeconds')
  const courtesyMs = STUDENT_STOPS_AFTER_MS + STUDENT_SETTLES_AFTER_MS
  return silenceMs + evidenceMs + courtesyMs + 4 * (inclusionBoundMs(run) + BACKOFF_MOST_MS)
}

/**
 * From when on the session ought to come to its end, whatever went wrong before. Clocks do not hold
 * up an exit, and neither do faults that began when all was over; counting them would excuse
 * everything.
 */
export function exitDueFromMs(run: WorldRun): number {
  const { endedMs } = run.milestones
  const overMs = run.milestones.overMs ?? Number.POSITIVE_INFINITY
  const deposit = run.steps.find(({ edge }) => edge === 'Idle|deposit|Funded')
  const windowMs = parameter(run, 'startWindowSeconds') + RELAYER_CANCELS_AFTER_MS
  const unstartedMs =
    run.milestones.startedMs === null && deposit !== undefined ? deposit.includedMs + windowMs : 0
  const delaying = run.faults.filter(
    ({ kind, atMs }) => !kind.startsWith('clock-') && atMs < overMs,
  )
  const faultsMs = delaying.reduce((latest, fault) => Math.max(latest, faultEndMs(fault)), 0)
  return Math.max(faultsMs, unstartedMs, endedMs.student ?? 0, endedMs.tutor ?? 0)
}
