/**
 * Claims about the world of attendance-hold: judged on who was in the room in truth, not on what
 * webhooks, attestor or contract say of it.
 *
 * Pure functions of a `WorldRun`. Each says how often it was put to the test, what it observed and
 * which bound it held that against, so that a report can show how tight a bound is. None of them
 * looks at the defects that a run was made with.
 */
import { VACUOUS, type WorldInvariantOf } from '../world/worldInvariant.ts'
import * as bounds from './allowance.ts'
import { exitInvariants } from './exitInvariants.ts'
import { recordInvariants } from './recordInvariants.ts'
import * as truth from './truth.ts'
import type { WorldRun } from './worldRun.ts'

export type WorldInvariant = WorldInvariantOf<WorldRun>

const inSeconds = (ms: number) => (ms / 1000).toFixed(1)

const attendance: WorldInvariant = {
  id: 'INV-W-ATTENDANCE',
  statement:
    'What is recorded as attended is the time in which the student (hardened: and the teacher) ' +
    'really was in the room during the lesson, but for what the call platform cannot notice or ' +
    'its webhooks do not tell in time.',
  formula: 'p − under ≤ attended ≤ p + over',
  witness: 'a resolved hold with presence or a record of it',
  unit: 'ms',
  judge(run) {
    const { resolvedMs } = run.milestones
    const presentMs = truth.presentMs(run)
    const recordedMs = truth.recordedMs(run)
    if (resolvedMs === null || presentMs + recordedMs === 0) return VACUOUS
    const { underMs, overMs } = bounds.attendanceAllowance(run)
    const isOver = recordedMs > presentMs
    const observed = Math.abs(recordedMs - presentMs)
    const bound = isOver ? overMs : underMs
    const evidence =
      `recorded ${inSeconds(recordedMs)} s, was there for ${inSeconds(presentMs)} s: ` +
      `${inSeconds(observed)} s ${isOver ? 'too much' : 'missing'}, allowed ${inSeconds(bound)} s`
    const violation = observed > bound ? { atMs: resolvedMs, evidence } : null
    return { witnesses: 1, violation, observed, bound }
  },
}

const threshold: WorldInvariant = {
  id: 'INV-W-THRESHOLD',
  statement:
    'Who was there for the threshold and the allowance is never refunded; who was there for less ' +
    'than the threshold without it never pays.',
  formula: 'p − under ≥ θ·L ⇒ released;  p + over < θ·L ⇒ refunded',
  witness: 'a resolved hold whose presence is beyond the allowance from the threshold',
  judge(run) {
    const { resolvedMs, resolution } = run.milestones
    if (resolvedMs === null) return VACUOUS
    const due = bounds.dueRelease(run)
    if (due === null) return VACUOUS
    const isReleased = resolution === 'release'
    const did = isReleased ? 'released' : 'refunded'
    const evidence = `${did} with ${inSeconds(truth.presentMs(run))} s of presence`
    return { witnesses: 1, violation: isReleased === due ? null : { atMs: resolvedMs, evidence } }
  },
}

const once: WorldInvariant = {
  id: 'INV-W-ONCE',
  statement: 'A hold is resolved once, whatever the keepers do, and its price is paid out once.',
  formula: '#(process, refundUnfinished accepted) ≤ 1;  resolved ⇒ Σ shares = price',
  witness: 'an attempt to resolve the hold',
  unit: 'base units',
  judge({ steps, endState, milestones }) {
    const attempts = steps.filter(({ planned }) =>
      ['process', 'refundUnfinished'].includes(planned.action),
    )
    if (attempts.length === 0) return VACUOUS
    const witnesses = attempts.length
    const accepted = attempts.filter(({ outcome }) => outcome.accepted)
    const { studentUnits, teacherUnits, referrerUnits, platformUnits, heldUnits } = endState
    const paidUnits = studentUnits + teacherUnits + referrerUnits + platformUnits
    const dueUnits = milestones.resolvedMs === null ? 0n : heldUnits
    const isGood = accepted.length <= 1 && paidUnits === dueUnits
    const evidence = `resolved ${accepted.length} times; ${paidUnits} of ${dueUnits} were paid`
    const atMs = accepted.at(-1)?.includedMs ?? attempts.at(-1)?.includedMs ?? 0
    const [observed, bound] = [Number(paidUnits), Number(dueUnits)]
    return { witnesses, violation: isGood ? null : { atMs, evidence }, observed, bound }
  },
}

const referrer: WorldInvariant = {
  id: 'INV-W-REFERRER',
  statement:
    'The commission of a released hold reaches the referrer, exactly; without one it is 0.',
  formula: 'released ⇒ referrer = floor(price · commissionBps / 10⁴), platform = 0',
  witness: 'a released hold',
  unit: 'base units',
  judge(run) {
    const { resolvedMs, resolution } = run.milestones
    if (resolvedMs === null || resolution !== 'release') return VACUOUS
    const { heldUnits, referrerUnits, platformUnits } = run.endState
    const commissionBps = BigInt(truth.seconds(run, 'commissionBps'))
    const dueUnits = truth.isReferred(run) ? (heldUnits * commissionBps) / 10_000n : 0n
    const isGood = referrerUnits === dueUnits && platformUnits === 0n
    const evidence = `${referrerUnits} of ${dueUnits} for the referrer, platform ${platformUnits}`
    const violation = isGood ? null : { atMs: resolvedMs, evidence }
    const [observed, bound] = [Number(referrerUnits), Number(dueUnits)]
    return { witnesses: 1, violation, observed, bound }
  },
}

/** All claims about the world of attendance-hold. */
export const attendanceHoldWorldInvariants: readonly WorldInvariant[] = [
  attendance,
  threshold,
  ...recordInvariants,
  once,
  referrer,
  ...exitInvariants,
]

/** Claims that the mechanism as described cannot keep. */
export const AS_DESCRIBED_REFUTED: readonly string[] = [
  'INV-W-ATTENDANCE',
  'INV-W-THRESHOLD',
  'INV-W-FORGED',
  'INV-W-EVENT-ONCE',
  'INV-W-REFERRER',
  'INV-W-EXIT',
]
