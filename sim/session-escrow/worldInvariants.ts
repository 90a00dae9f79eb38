/**
 * Claims about the world: judged on what was delivered in truth, not on what the contract believes.
 *
 * Pure functions of a `WorldRun`. Each says how often it was put to the test, what it observed and
 * which bound it held that against, so that a report can show how tight a bound is. None of them
 * looks at the defects that a run was made with.
 */

import type { Datum } from '../../models/kit/trace.ts'
import { createClock } from '../clocks.ts'
import {
  VACUOUS,
  type WorldInvariantOf,
  type WorldJudgement,
  type WorldViolation,
} from '../world/worldInvariant.ts'
import type { Side } from './actors.ts'
import * as bounds from './allowance.ts'
import type { WorldRun } from './worldRun.ts'

export type WorldInvariant = WorldInvariantOf<WorldRun>

function atMostMs(run: WorldRun, observed: number, bound: number, what: string): WorldJudgement {
  const atMs = run.milestones.stopIncludedMs ?? run.milestones.overMs ?? 0
  const evidence = `${what}: ${observed} ms > ${bound} ms`
  const violation = observed > bound ? { atMs, evidence } : null
  return { witnesses: 1, violation, observed, bound }
}

function hasSettled(run: WorldRun): boolean {
  return run.milestones.settledMs !== null
}

function paidUnits({ endState }: WorldRun): bigint {
  return endState.paidTutorUnits + endState.paidPlatformUnits
}

function rateUnits(run: WorldRun): bigint {
  return run.agreements[0]?.terms.ratePerSecondUnits as bigint
}

/** Time that may be billed on top of what was delivered. */
function toleratedMs(run: WorldRun): number {
  const { gapsMs, startMs } = run.leakage
  const gapBoundMs = bounds.gapBoundMs(run)
  const inner = startMs > 0 ? gapsMs.slice(1) : gapsMs
  const gaps = inner.reduce((sum, gap) => sum + Math.min(gap, gapBoundMs), 0)
  return Math.min(startMs, bounds.startBoundMs(run)) + gaps + bounds.leakageBoundMs(run)
}

const noOverpayDelivered: WorldInvariant = {
  id: 'INV-W-NO-OVERPAY-DELIVERED',
  statement:
    'The student pays for the service that was delivered, interruptions that the call survived, ' +
    'and at most the allowance that follows from the parameters.',
  formula: 'P + F ≤ R · (s + Σ min(gap, G) + A)',
  witness: 'a settled session',
  unit: 'ms',
  judge(run) {
    if (!hasSettled(run)) return VACUOUS
    const allowedMs = toleratedMs(run)
    const overUnits = paidUnits(run) * 1000n - rateUnits(run) * BigInt(run.deliveredMs)
    const overMs = Number(overUnits / rateUnits(run))
    return atMostMs(run, overMs, allowedMs, 'paid beyond what was delivered')
  },
}

const boundedLeakage: WorldInvariant = {
  id: 'INV-W-BOUNDED-LEAKAGE',
  statement: 'After the last instant of service, no more is billed than the parameters allow.',
  formula: 'B − T ≤ silenceTimeout + max(0, ahead)',
  witness: 'a bill that goes beyond the last instant of service',
  unit: 'ms',
  judge(run) {
    if (!hasSettled(run) || run.leakage.postDropMs === 0) return VACUOUS
    const bound = bounds.leakageBoundMs(run)
    return atMostMs(run, run.leakage.postDropMs, bound, 'billed after the last service')
  },
}

const payerExposure: WorldInvariant = {
  id: 'INV-W-PAYER-EXPOSURE',
  statement:
    'At no instant could more be billed beyond what was delivered than interruptions and the ' +
    'allowance, and never more than the deposit leaves the escrow.',
  formula: 'sup (billable − R · s) ≤ R · (Σ gaps + A); P + F + X ≤ D',
  witness: 'an instant of a running session',
  unit: 'base units',
  judge(run) {
    const { startedMs, overMs } = run.milestones
    if (startedMs === null || run.exposure.length === 0) return VACUOUS
    const worst = run.exposure.reduce((a, b) => (b.payerUnits > a.payerUnits ? b : a))
    const bound = (rateUnits(run) * BigInt(toleratedMs(run))) / 1000n
    const out = paidUnits(run) + run.endState.refundedUnits
    const isOverdrawn = out > run.endState.depositUnits
    const evidence = isOverdrawn
      ? `${out} base units left of a deposit of ${run.endState.depositUnits}`
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
  statement: 'The tutor delivers at most a bounded time that it cannot bill.',
  formula: 's outside the bill ≤ grace + transit + lag + 2 s + (time to read of start and stop)',
  witness: 'a settled session with service',
  unit: 'ms',
  judge(run) {
    if (!hasSettled(run) || run.deliveredMs === 0) return VACUOUS
    const bound = bounds.providerBoundMs(run)
    return atMostMs(run, run.leakage.unbilledMs, bound, 'delivered and not billed')
  },
}

const keeperFree: WorldInvariant = {
  id: 'INV-W-KEEPER-FREE',
  statement:
    'Once silence can be noticed, the stop is included within a bound of the time that faults ' +
    'take from service, relayer and chain; hardened, they cost the student nothing at all.',
  formula:
    'I − (last ping heard + silenceTimeout + grace) ≤ bound(d); hardened: B − T ≤ A for all d',
  witness: 'a session in which a side fell silent before the stop',
  unit: 'ms',
  judge(run) {
    const noticeableMs = bounds.silenceNoticeableMs(run)
    if (noticeableMs === null) return VACUOUS
    if (run.policy === 'hardened') {
      if (!hasSettled(run)) return VACUOUS
      const { count, lostMs } = bounds.keeperFaults(run)
      const bound = bounds.leakageBoundMs(run)
      const what = `billed after the last service, with ${count} keeper faults of ${lostMs} ms`
      return atMostMs(run, run.leakage.postDropMs, bound, what)
    }
    const stopMs = run.milestones.stopIncludedMs
    const bound = bounds.keeperBoundMs(run)
    if (stopMs === null) {
      const evidence = `silent since ${noticeableMs} ms and never stopped`
      return { witnesses: 1, violation: { atMs: noticeableMs, evidence } }
    }
    return atMostMs(run, stopMs - noticeableMs, bound, 'from noticeable silence to the stop')
  },
}

const liveness: WorldInvariant = {
  id: 'INV-W-LIVENESS',
  statement: 'After the faults heal, every token leaves the escrow within a stated time.',
  formula: 'over − max(healed, end of call, start window) ≤ exit bound; escrow = 0',
  witness: 'a deposit',
  unit: 'ms',
  judge(run) {
    if (run.endState.depositUnits === 0n) return VACUOUS
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

interface PresentedPing {
  readonly sequence: number
  readonly atSeconds: bigint
  readonly kind: string
}

function presented(ping: Datum | undefined): PresentedPing | null {
  if (typeof ping !== 'object' || ping === null) return null
  return ping as unknown as PresentedPing
}

/** Why an accepted ping should not have been; null when its side really signed it. */
function pingFault(run: WorldRun, side: Side, ping: PresentedPing): string | null {
  if (ping.kind !== 'genuine') return `a ${ping.kind} ping of the ${side} was accepted`
  const signed = run.pings[side].find(({ sequence }) => sequence === ping.sequence)
  if (signed === undefined) return `the ${side} never signed ping ${ping.sequence}`
  if (BigInt(signed.atSeconds) === ping.atSeconds) return null
  return `ping ${ping.sequence} of the ${side} says ${ping.atSeconds}, not ${signed.atSeconds}`
}

function clockFault(run: WorldRun): WorldViolation | null {
  for (const side of ['student', 'tutor'] as const) {
    const spec = run.clocks[side]
    if (spec === undefined) continue
    const clock = createClock(spec)
    for (const { signedMs, atSeconds, sequence } of run.pings[side]) {
      const readSeconds = run.epochSeconds + Math.floor(clock.wallMs(signedMs) / 1000)
      if (readSeconds === atSeconds) continue
      const evidence = `ping ${sequence} of the ${side} says ${atSeconds}, its clock ${readSeconds}`
      return { atMs: signedMs, evidence }
    }
  }
  return null
}

const pingAuthentic: WorldInvariant = {
  id: 'INV-W-PING-AUTHENTIC',
  statement:
    'Only pings move a bill that the side signed by its own clock; forged, foreign, altered and ' +
    'crossed ones never do.',
  formula: 'accepted stop ⇒ every ping is in the log of its side; at = floor(own clock)',
  witness: 'a ping presented to the contract',
  judge(run) {
    let witnesses = 0
    for (const { planned, outcome, includedMs } of run.steps) {
      if (planned.action !== 'stop' || run.policy !== 'hardened') continue
      for (const side of ['student', 'tutor'] as const) {
        const ping = presented(planned.args[`${side}Ping`])
        if (ping === null) continue
        witnesses += 1
        const evidence = outcome.accepted ? pingFault(run, side, ping) : null
        if (evidence !== null) return { witnesses, violation: { atMs: includedMs, evidence } }
      }
    }
    return { witnesses, violation: clockFault(run) }
  },
}

/** All claims about the world of session-escrow. */
export const sessionEscrowWorldInvariants: readonly WorldInvariant[] = [
  noOverpayDelivered,
  boundedLeakage,
  payerExposure,
  providerExposure,
  keeperFree,
  liveness,
  pingAuthentic,
]

/** Claims that the mechanism as described cannot keep, and the regimes in which that must show. */
export const AS_DESCRIBED_REFUTED: readonly string[] = [
  'INV-W-NO-OVERPAY-DELIVERED',
  'INV-W-BOUNDED-LEAKAGE',
  'INV-W-PAYER-EXPOSURE',
]
