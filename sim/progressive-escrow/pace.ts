/**
 * How a session went, for statistics: heartbeats that were due and came, pauses and what they kept
 * from being paid, releases. Pure functions of a run.
 */
import { overlapMs } from '../world/spans.ts'
import { SIDES, type Side } from './actors.ts'
import type { WorldRun } from './worldRun.ts'

function acceptedTimes(run: WorldRun, action: string, by?: string): readonly number[] {
  return run.steps
    .filter(({ planned, outcome }) => {
      const isBy = by === undefined || planned.by === by
      return outcome.accepted && planned.action === action && isBy
    })
    .map(({ includedMs }) => includedMs)
}

/**
 * Heartbeats that a side owed: one for each whole interval of running time from its coming to its
 * leaving, but for one so late that no block could hold it in time. Missed are those that came in
 * no block by the end of the stretch.
 */
function heartbeatsOf(
  run: WorldRun,
  side: Side,
): { readonly due: number; readonly missed: number } {
  const { bill, milestones, agreements, parameters, profile } = run
  const cameMs = milestones.presentMs[side]
  if (cameMs === null) return { due: 0, missed: 0 }
  const leftMs = milestones.endedMs[side] ?? Number.POSITIVE_INFINITY
  const beats = acceptedTimes(run, 'heartbeat', agreements[0]?.roles[side])
  const intervalMs = (parameters.heartbeatIntervalSeconds as number) * 1000
  let due = 0
  let missed = 0
  for (const { fromMs, untilMs } of bill.activations) {
    const beginMs = Math.max(fromMs, cameMs)
    const endMs = Math.min(untilMs, leftMs) - 2 * profile.blockIntervalMs
    const owed = Math.floor(Math.max(0, endMs - beginMs) / intervalMs)
    const came = beats.filter((atMs) => atMs > beginMs && atMs <= untilMs).length
    due += owed
    missed += Math.max(0, owed - came)
  }
  return { due, missed }
}

/** Share of the heartbeats that were due and did not come, in basis points; none when none was. */
export function missedHeartbeatsBps(run: WorldRun): readonly number[] {
  const sides = SIDES.map((side) => heartbeatsOf(run, side))
  const due = sides.reduce((sum, each) => sum + each.due, 0)
  const missed = sides.reduce((sum, each) => sum + each.missed, 0)
  return due === 0 ? [] : [Math.floor((missed * 10_000) / due)]
}

/** Accepted pauses by a party, and by timeout; resumptions. */
export function pauseCounts(run: WorldRun) {
  const resumed = run.steps.filter(({ edge }) => edge === 'Paused|resume|Active')
  return {
    manual: acceptedTimes(run, 'pause').length,
    timeout: acceptedTimes(run, 'pauseOnTimeout').length,
    resumed: resumed.length,
  }
}

/**
 * Whether a session was paused for silence though nobody was gone: the call still worked for most
 * of the time in which no sign came.
 */
export function isFalsePause(run: WorldRun): boolean {
  const graceMs = (run.parameters.graceSeconds as number) * 1000
  return run.bill.activations.some(({ endedBy, silentFromMs }) => {
    if (endedBy !== 'pauseOnTimeout') return false
    const quiet = { fromMs: silentFromMs - graceMs - 1000, untilMs: silentFromMs }
    return 2 * overlapMs(run.served, quiet) > graceMs
  })
}

export interface TimeoutPause {
  /** From where the service was missing. */
  readonly dropMs: number
  readonly pausedMs: number
  /** When both sides were heard again; null for never. */
  readonly backMs: number | null
  readonly resumedMs: number | null
}

/** Every pause by timeout with what came before and after it. */
export function timeoutPauses({ bill, served, backMs }: WorldRun): readonly TimeoutPause[] {
  return bill.activations.flatMap(({ endedBy, fromMs, untilMs: pausedMs }, index) => {
    if (endedBy !== 'pauseOnTimeout') return []
    const dropMs = served.findLast((span) => span.untilMs <= pausedMs)?.untilMs ?? fromMs
    const next = bill.activations[index + 1]?.fromMs ?? null
    const untilMs = next ?? Number.POSITIVE_INFINITY
    const heard = SIDES.map((side) =>
      backMs[side].find((atMs) => atMs >= pausedMs && atMs <= untilMs + 1000),
    )
    const [one, other] = heard
    const bothMs = one === undefined || other === undefined ? null : Math.max(one, other)
    return [{ dropMs: Math.max(dropMs, fromMs), pausedMs, backMs: bothMs, resumedMs: next }]
  })
}

/**
 * What pauses by timeout kept from being paid without service, in base units, rounded down: the
 * unserved time from where the bill stopped until it went on or everybody had left.
 */
export function protectedUnits(run: WorldRun): bigint {
  const { bill, served, milestones, endState, durationSeconds } = run
  const leftMs = Math.max(milestones.endedMs.student ?? 0, milestones.endedMs.mentor ?? 0)
  let keptMs = 0
  for (const [index, { endedBy, billedUntilMs, untilMs }] of bill.activations.entries()) {
    if (endedBy !== 'pauseOnTimeout') continue
    const nextMs = bill.activations[index + 1]?.fromMs ?? Math.max(untilMs, leftMs)
    const span = { fromMs: billedUntilMs, untilMs: Math.max(billedUntilMs, nextMs) }
    keptMs += span.untilMs - span.fromMs - overlapMs(served, span)
  }
  const wholeMs = durationSeconds * 1000
  const mostMs = Math.max(0, wholeMs - bill.effectiveMs - bill.remainderMs)
  return (BigInt(Math.min(keptMs, mostMs)) * endState.totalUnits) / BigInt(wholeMs)
}

export interface Releases {
  readonly count: number
  /** Share of the gross pay that came before the completion, in basis points, rounded down. */
  readonly beforeBps: readonly number[]
  /** Between two releases of a session. */
  readonly gapsMs: readonly number[]
}

/** How the pay came out of the escrow; of completed sessions only. */
export function releasesOf(run: WorldRun): Releases | null {
  const { ending } = run.milestones
  if (ending !== 'complete' && ending !== 'autoComplete') return null
  const times = acceptedTimes(run, 'release')
  const { releasedUnits, grossUnits } = grossOf(run)
  return {
    count: times.length,
    beforeBps: grossUnits === 0n ? [] : [Number((releasedUnits * 10_000n) / grossUnits)],
    gapsMs: times.slice(1).map((atMs, index) => atMs - (times[index] as number)),
  }
}

/** What left for mentor and platform, claims included, and the part that releases let go. */
function grossOf(run: WorldRun): { readonly releasedUnits: bigint; readonly grossUnits: bigint } {
  const student = run.agreements[0]?.roles.student
  let releasedUnits = 0n
  for (const { planned, transfers } of run.steps) {
    if (planned.action !== 'release') continue
    for (const { from, to, amountUnits } of transfers) {
      if (from === 'escrow' && to !== student) releasedUnits += amountUnits
    }
  }
  const { paidMentorUnits, paidPlatformUnits } = run.endState
  return { releasedUnits, grossUnits: paidMentorUnits + paidPlatformUnits }
}
