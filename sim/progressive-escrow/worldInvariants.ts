/**
 * Claims about the world: judged on what was delivered in truth, not on what the contract believes.
 *
 * Pure functions of a `WorldRun`. Each says how often it was put to the test, what it observed and
 * which bound it held that against, so that a report can show how tight a bound is. None of them
 * looks at the defects that a run was made with.
 */
import { VACUOUS, type WorldInvariantOf, type WorldJudgement } from '../world/worldInvariant.ts'
import { SIDES } from './actors.ts'
import * as bounds from './allowance.ts'
import type { WorldRun } from './worldRun.ts'

export type WorldInvariant = WorldInvariantOf<WorldRun>

function atMostMs(run: WorldRun, observed: number, bound: number, what: string): WorldJudgement {
  const atMs = run.milestones.finalMs ?? run.milestones.overMs ?? 0
  const evidence = `${what}: ${observed} ms > ${bound} ms`
  const violation = observed > bound ? { atMs, evidence } : null
  return { witnesses: 1, violation, observed, bound }
}

/** Whether the mentor's pay is final. */
function isCompleted({ milestones }: WorldRun): boolean {
  return milestones.ending === 'complete' || milestones.ending === 'autoComplete'
}

function paidUnits({ endState }: WorldRun): bigint {
  return endState.paidMentorUnits + endState.paidPlatformUnits
}

/** Paid time, rounded down: what was paid, at the price of a second. */
function paidMs(run: WorldRun): number {
  const { totalUnits } = run.endState
  if (totalUnits === 0n) return 0
  return Number((paidUnits(run) * BigInt(run.durationSeconds) * 1000n) / totalUnits)
}

function overpaid(run: WorldRun): WorldJudgement {
  const overMs = paidMs(run) - run.deliveredMs
  return atMostMs(run, overMs, bounds.toleratedMs(run), 'paid beyond what was delivered')
}

const noOverpayDelivered: WorldInvariant = {
  id: 'INV-W-NO-OVERPAY-DELIVERED',
  statement:
    'The student pays for the service that was delivered, interruptions that the session ' +
    'survived, and at most the allowance that follows from the parameters.',
  formula: 'P + F ≤ R · (s + Σ min(gap, G) + A)',
  witness: 'a completed session',
  unit: 'ms',
  judge: (run) => (isCompleted(run) ? overpaid(run) : VACUOUS),
}

const boundedLeakage: WorldInvariant = {
  id: 'INV-W-BOUNDED-LEAKAGE',
  statement: 'After the last instant of service, no more is paid than the parameters allow.',
  formula: 'paid after T ≤ heartbeatInterval + slowest sign + freshness, for each stretch',
  witness: 'a completed session that is paid beyond the last instant of service',
  unit: 'ms',
  judge(run) {
    const { postDropMs } = run.leakage
    if (!isCompleted(run) || postDropMs === 0) return VACUOUS
    return atMostMs(run, postDropMs, bounds.leakageBoundMs(run), 'paid after the last service')
  },
}

const pauseOnDrop: WorldInvariant = {
  id: 'INV-W-PAUSE-ON-DROP',
  statement:
    'Of an outage that is longer than interval and grace, no more is paid than one interval and ' +
    'the inclusion of a sign.',
  formula: 'outage > G ⇒ paid of it ≤ A',
  witness: 'an outage longer than interval and grace',
  unit: 'ms',
  judge(run) {
    const longMs = bounds.gapBoundMs(run)
    const outages = run.outages.filter(({ lengthMs }) => lengthMs > longMs)
    const [first, ...others] = outages
    if (!isCompleted(run) || first === undefined) return VACUOUS
    const worst = others.reduce((a, b) => (b.billedMs > a.billedMs ? b : a), first)
    const what = `paid of an outage of ${worst.lengthMs} ms`
    const judged = atMostMs(run, worst.billedMs, bounds.allowanceMs(run), what)
    return { ...judged, witnesses: outages.length }
  },
}

const noGhost: WorldInvariant = {
  id: 'INV-W-NO-GHOST',
  statement: 'A session to which one side never came costs at most the allowance.',
  formula: 'a side was never in the call ⇒ P + F ≤ R · A',
  witness: 'a session to which one side never came',
  unit: 'ms',
  judge(run) {
    const { presentMs, createdMs, overMs } = run.milestones
    const isGhost = SIDES.some((side) => presentMs[side] === null)
    if (createdMs === null || overMs === null || !isGhost) return VACUOUS
    const what = 'paid although a side never came'
    return atMostMs(run, paidMs(run), bounds.leakageBoundMs(run), what)
  },
}

const autoCompleteSafe: WorldInvariant = {
  id: 'INV-W-AUTO-COMPLETE-SAFE',
  statement:
    'A session that is completed without the student is paid for what was delivered, and the ' +
    'allowance.',
  formula: 'autoComplete ⇒ P + F ≤ R · (s + Σ min(gap, G) + A)',
  witness: 'a session that was completed without the student',
  unit: 'ms',
  judge: (run) => (run.milestones.ending === 'autoComplete' ? overpaid(run) : VACUOUS),
}

const payerExposure: WorldInvariant = {
  id: 'INV-W-PAYER-EXPOSURE',
  statement:
    'At no instant could more be billed beyond what was delivered than interruptions and the ' +
    'allowance, and never more than the price leaves the escrow.',
  formula: 'sup (billable − R · s) ≤ R · (Σ gaps + A); P + F + X ≤ D',
  witness: 'an instant of a running session',
  unit: 'base units',
  judge(run) {
    const { startedMs, overMs } = run.milestones
    const { totalUnits, refundedUnits } = run.endState
    if (startedMs === null || run.exposure.length === 0) return VACUOUS
    const worst = run.exposure.reduce((a, b) => (b.payerUnits > a.payerUnits ? b : a))
    const wholeMs = BigInt(run.durationSeconds) * 1000n
    const bound = (totalUnits * BigInt(bounds.toleratedMs(run))) / wholeMs
    const out = paidUnits(run) + refundedUnits
    const isOverdrawn = out > totalUnits
    const evidence = isOverdrawn
      ? `${out} base units left of a price of ${totalUnits}`
      : `payer exposure ${worst.payerUnits} > ${bound} base units`
    const isBroken = isOverdrawn || worst.payerUnits > bound
    const atMs = isOverdrawn ? (overMs ?? 0) : worst.atMs
    const violation = isBroken ? { atMs, evidence } : null
    const observed = Number(worst.payerUnits)
    return { witnesses: run.exposure.length, violation, observed, bound: Number(bound) }
  },
}

const providerExposure: WorldInvariant = {
  id: 'INV-W-PROVIDER-EXPOSURE',
  statement: 'The mentor delivers at most a bounded time that it cannot bill.',
  formula:
    's outside the bill ≤ (grace + tick + look + 1 s) in each stretch + time to read of ends',
  witness: 'a completed session with service',
  unit: 'ms',
  judge(run) {
    if (!isCompleted(run) || run.deliveredMs === 0) return VACUOUS
    const bound = bounds.providerBoundMs(run)
    return atMostMs(run, run.leakage.unbilledMs, bound, 'delivered and not billed')
  },
}

const keeperFree: WorldInvariant = {
  id: 'INV-W-KEEPER-FREE',
  statement:
    'Once a session is silent on the chain, it is paused within a bound of the time that faults ' +
    'take from keeper and chain; hardened, they cost the student nothing at all.',
  formula: 'pause − (sign + interval + grace) ≤ bound(d); hardened: paid after T ≤ A for all d',
  witness: 'a session that fell silent while it ran',
  unit: 'ms',
  judge(run) {
    const { silences } = run.bill
    const [first, ...others] = silences
    if (first === undefined) return VACUOUS
    if (run.policy === 'hardened') {
      if (!isCompleted(run)) return VACUOUS
      const { count, lostMs } = bounds.keeperFaults(run)
      const what = `paid after the last service, with ${count} keeper faults of ${lostMs} ms`
      return atMostMs(run, run.leakage.postDropMs, bounds.leakageBoundMs(run), what)
    }
    const open = silences.find(({ untilMs }) => untilMs === null)
    if (open !== undefined) {
      const evidence = `silent since ${open.fromMs} ms and never paused`
      return { witnesses: silences.length, violation: { atMs: open.fromMs, evidence } }
    }
    const length = ({ fromMs, untilMs }: typeof first) => (untilMs ?? fromMs) - fromMs
    const worst = others.reduce((a, b) => (length(b) > length(a) ? b : a), first)
    const bound = bounds.keeperBoundMs(run)
    const judged = atMostMs(run, length(worst), bound, 'silent on the chain and still running')
    return { ...judged, witnesses: silences.length }
  },
}

const liveness: WorldInvariant = {
  id: 'INV-W-LIVENESS',
  statement: 'After the faults heal, every token leaves the escrow within a stated time.',
  formula: 'over − max(healed, end of call, patience, autoComplete due) ≤ exit bound; escrow = 0',
  witness: 'a created session',
  unit: 'ms',
  judge(run) {
    if (run.endState.totalUnits === 0n) return VACUOUS
    const dueMs = bounds.exitDueFromMs(run)
    const { overMs } = run.milestones
    if (overMs === null || run.endState.escrowUnits > 0n) {
      const { escrowUnits, state } = run.endState
      const evidence = `${escrowUnits} base units remain in state ${state}`
      return { witnesses: 1, violation: { atMs: dueMs, evidence } }
    }
    const lateMs = Math.max(0, overMs - dueMs)
    return atMostMs(run, lateMs, bounds.exitBoundMs(run), 'until every token left')
  },
}

/** All claims about the world of progressive-escrow. */
export const progressiveEscrowWorldInvariants: readonly WorldInvariant[] = [
  noOverpayDelivered,
  boundedLeakage,
  pauseOnDrop,
  noGhost,
  autoCompleteSafe,
  payerExposure,
  providerExposure,
  keeperFree,
  liveness,
]

/** Claims that the mechanism as described cannot keep, and the regimes in which that must show. */
export const AS_DESCRIBED_REFUTED: readonly string[] = [
  'INV-W-NO-OVERPAY-DELIVERED',
  'INV-W-BOUNDED-LEAKAGE',
  'INV-W-PAUSE-ON-DROP',
  'INV-W-NO-GHOST',
  'INV-W-AUTO-COMPLETE-SAFE',
  'INV-W-PAYER-EXPOSURE',
]
