/**
 * Claims about time in the world of payment-channel: the challenge, the payer's wait, the way out.
 */
import { VACUOUS } from '../world/worldInvariant.ts'
import * as bounds from './allowance.ts'
import type { WorldInvariant } from './worldInvariants.ts'
import type { WorldRun } from './worldRun.ts'

const toSecond = (atMs: number) => Math.floor(atMs / 1000)

/** A genuine voucher that is worth more than what was paid before, refused within the challenge. */
function refusedInTime(run: WorldRun, fromMs: number): { atMs: number; evidence: string } | null {
  const untilSecond = toSecond(fromMs) + bounds.challengeMs(run) / 1000
  for (const { planned, outcome, includedMs } of run.steps) {
    const isOwn = planned.by === run.agreements[0]?.roles.provider
    const isWithin = includedMs >= fromMs && toSecond(includedMs) < untilSecond
    const isGenuine = planned.action === 'redeem' && planned.args.voucher === 'genuine'
    const isLate = outcome.error === 'NotRedeemable'
    const endedMs = run.milestones.endedMs ?? Number.POSITIVE_INFINITY
    const byItself = run.milestones.ending === 'close' && includedMs >= endedMs
    if (!isOwn || !isWithin || !isGenuine || !isLate || byItself) continue
    const evidence = `a voucher ${includedMs - fromMs} ms after the request was refused`
    return { atMs: includedMs, evidence }
  }
  return null
}

const challenge: WorldInvariant = {
  id: 'INV-W-CHALLENGE',
  statement:
    'Nobody ends a channel over the head of its provider before the challenge has run for its ' +
    'full time, or the expiry (hardened: and a challenge period of grace) has passed.',
  formula: 'finalised at t ⇒ t ≥ r + c; reclaimed at t ⇒ t ≥ o + e + grace (true time of blocks)',
  witness: 'a channel that was finalised or reclaimed, or a voucher presented in the challenge',
  judge(run) {
    const { ending, endedMs, requestedMs, openedMs } = run.milestones
    const refused = requestedMs === null ? null : refusedInTime(run, requestedMs)
    if (refused !== null) return { witnesses: 1, violation: refused }
    if (endedMs === null || ending === 'close') return VACUOUS
    const isFinalised = ending === 'finalise'
    const fromMs = (isFinalised ? requestedMs : openedMs) ?? 0
    const reclaimSeconds = run.expirySeconds + run.graceSeconds
    const waitSeconds = isFinalised ? bounds.challengeMs(run) / 1000 : reclaimSeconds
    const passedSeconds = toSecond(endedMs) - toSecond(fromMs)
    const since = isFinalised ? 'the request' : 'the opening'
    const evidence = `ended ${passedSeconds} s after ${since}, not after ${waitSeconds} s`
    const violation = passedSeconds < waitSeconds ? { atMs: endedMs, evidence } : null
    return { witnesses: 1, violation }
  },
}

const payerWait: WorldInvariant = {
  id: 'INV-W-PAYER-WAIT',
  statement:
    'A payer that has asked for the end has its rest one challenge period later, and what its ' +
    'own faults, its clock and the chain take.',
  formula: 'ended − r ≤ c + faults of payer and chain + behind + inclusion',
  witness: 'a channel whose payer asked for the end',
  unit: 'ms',
  judge(run) {
    const { requestedMs: fromMs, endedMs: untilMs } = run.milestones
    if (fromMs === null || untilMs === null) return VACUOUS
    const observed = untilMs - fromMs
    const bound = bounds.payerWaitBoundMs(run, { fromMs, untilMs })
    const evidence = `waited ${observed} ms > ${bound} ms for the end`
    const violation = observed > bound ? { atMs: untilMs, evidence } : null
    return { witnesses: 1, violation, observed, bound }
  },
}

const liveness: WorldInvariant = {
  id: 'INV-W-LIVENESS',
  statement:
    'After the faults heal and a party has left, or the payer can reclaim, every token leaves ' +
    'the escrow within a stated time.',
  formula: 'over − max(healed, min(left, reclaimable)) ≤ exit bound',
  witness: 'a channel that was opened',
  unit: 'ms',
  judge(run) {
    if (run.endState.depositUnits === 0n) return VACUOUS
    const dueMs = bounds.exitDueFromMs(run)
    const { overMs } = run.milestones
    if (overMs === null) {
      const { escrowUnits, state } = run.endState
      const evidence = `${escrowUnits} base units remain in state ${state}`
      return { witnesses: 1, violation: { atMs: dueMs, evidence } }
    }
    const observed = Math.max(0, overMs - dueMs)
    const bound = bounds.exitBoundMs(run)
    const evidence = `over ${observed} ms after it was due > ${bound} ms`
    const violation = observed > bound ? { atMs: overMs, evidence } : null
    return { witnesses: 1, violation, observed, bound }
  },
}

export const exitInvariants: readonly WorldInvariant[] = [challenge, payerWait, liveness]
