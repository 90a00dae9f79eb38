/**
 * Claims about time in the world of withdrawal: the way to the bank account, the way back, and the
 * time that the bank is promised.
 */
import { faultEndMs } from '../faults/fault.ts'
import { type Timed, within } from '../world/timed.ts'
import { VACUOUS } from '../world/worldInvariant.ts'
import { TEACHERS } from './actors.ts'
import * as bounds from './allowance.ts'
import type { WorldInvariant } from './worldInvariants.ts'
import type { Course, WorldRun } from './worldRun.ts'

const toSecond = (atMs: number) => Math.floor(atMs / 1000)

const payoutTime: WorldInvariant = {
  id: 'INV-W-PAYOUT-TIME',
  statement:
    'What no admin rejects and a bank answers is on the bank account, or was taken back before, ' +
    'within the hours and thoughts of the admins, what the bank takes, and what faults and chain ' +
    'take.',
  formula: 'paid − requested ≤ work + think + check + settle + calls + confirmations',
  witness: 'a request that a bank answers',
  unit: 'ms',
  policies: ['hardened'],
  judge(run) {
    if (run.policy !== 'hardened') return VACUOUS
    const timed = run.courses.flatMap((course): readonly Timed[] => {
      const { index, requestedMs, paidMs: untilMs, end, endedMs } = course
      if (requestedMs === null || !bounds.isAnswered(run, course)) return []
      const bound = bounds.payoutBoundMs(run, course)
      const isEarly = end === 'Cancelled' && (endedMs ?? 0) - requestedMs <= bound
      if (isEarly || !Number.isFinite(bound)) return []
      return [{ fromMs: requestedMs, untilMs, bound, what: `withdrawal ${index} was to be paid` }]
    })
    return within(timed, run.endState.nowMs)
  },
}

const exit: WorldInvariant = {
  id: 'INV-W-EXIT',
  statement:
    'A teacher that wants its money back has it on its account again, or paid, one processing ' +
    'timeout after the approval, and what its own clock, faults and the chain take; admins and ' +
    'bank need do nothing.',
  formula: 'ended ≤ max(wanted, approved + timeout) + behind + drift + calls(teacher)',
  witness: 'a teacher that wanted its money back',
  unit: 'ms',
  judge(run) {
    const timed = run.courses.flatMap((course): readonly Timed[] => {
      const { index, impatientMs, approvedMs, endedMs: untilMs } = course
      const dueMs = bounds.backFromMs(run, course)
      if (dueMs === null || impatientMs === null) return []
      const fromMs = approvedMs ?? impatientMs
      const span = { fromMs: dueMs, untilMs: untilMs ?? run.endState.nowMs }
      const bound = dueMs - fromMs + bounds.exitBoundMs(run, course, span)
      return [{ fromMs, untilMs, bound, what: `withdrawal ${index} was to end` }]
    })
    return within(timed, run.endState.nowMs)
  },
}

/** Money that the bank cannot pay, from when it knows to when it is back. */
function failures(run: WorldRun): readonly Timed[] {
  return run.courses.flatMap((course): readonly Timed[] => {
    const { index, unpayableMs: fromMs, endedMs, end } = course
    if (fromMs === null || (endedMs !== null && endedMs < fromMs)) return []
    const untilMs = end === 'Completed' ? null : endedMs
    const span = { fromMs, untilMs: untilMs ?? run.endState.nowMs }
    const bound = bounds.callsMs(run, 'bank', span)
    return [{ fromMs, untilMs, bound, what: `withdrawal ${index}, unpayable, was to be back` }]
  })
}

/** Whether another request of the same teacher took what had come back. */
function isTaken(run: WorldRun, course: Course, again: Course): boolean {
  return run.courses.some(({ teacher, index, requestedMs }) => {
    const isLater = requestedMs !== null && requestedMs > (course.endedMs ?? 0)
    return teacher === course.teacher && index !== again.index && isLater
  })
}

/** Money that is back, until it was asked for once more. */
function again(run: WorldRun): readonly Timed[] {
  return run.courses.flatMap((next): readonly Timed[] => {
    const course = run.courses[next.againOf ?? -1]
    if (course === undefined || course.end === 'Completed' || course.endedMs === null) return []
    const { endedMs: fromMs } = course
    const { requestedMs: untilMs } = next
    if (untilMs === null && isTaken(run, course, next)) return []
    const span = { fromMs, untilMs: untilMs ?? run.endState.nowMs }
    const bound = bounds.callsMs(run, TEACHERS[course.teacher] as string, span)
    return [{ fromMs, untilMs, bound, what: `withdrawal ${course.index} was to be asked again` }]
  })
}

const restored: WorldInvariant = {
  id: 'INV-W-RESTORED',
  statement:
    'What the bank cannot pay is on the account again as soon as the bank can say so, and what ' +
    'was rejected, failed, taken back or timed out can be asked for again at once.',
  formula: 'back − unpayable ≤ calls(bank); asked again − back ≤ calls(teacher)',
  witness: 'a payment that the bank could not make, or a request that is made again',
  unit: 'ms',
  judge: (run) => within([...failures(run), ...again(run)], run.endState.nowMs),
}

const timeout: WorldInvariant = {
  id: 'INV-W-BANK-WINDOW',
  statement:
    'Nobody takes a withdrawal from the bank before it has had the processing timeout in full.',
  formula: 'cancelled at t, approved at a ⇒ t ≥ a + timeout (true time of blocks)',
  witness: 'an approved withdrawal that was taken back, or tried to be',
  policies: ['hardened'],
  judge(run) {
    const waitSeconds = bounds.timeoutMs(run) / 1000
    const tries = run.steps.filter(({ planned, outcome, includedMs }) => {
      const approvedMs = run.courses[planned.agreement]?.approvedMs ?? null
      const isOfApproved = approvedMs !== null && approvedMs <= includedMs
      const speaks = outcome.accepted || outcome.error === 'StillProcessing'
      return planned.action === 'cancel' && isOfApproved && speaks
    })
    const early = tries.find(({ planned, outcome, includedMs }) => {
      const approvedMs = run.courses[planned.agreement]?.approvedMs ?? 0
      return outcome.accepted && toSecond(includedMs) - toSecond(approvedMs) < waitSeconds
    })
    if (early === undefined) return { witnesses: tries.length, violation: null }
    const { planned, includedMs: atMs } = early
    const passed = toSecond(atMs) - toSecond(run.courses[planned.agreement]?.approvedMs ?? 0)
    const evidence = `withdrawal ${planned.agreement} ended ${passed} s after its approval`
    return { witnesses: tries.length, violation: { atMs, evidence } }
  },
}

/** End of the last fault that could hold anything up; clocks are part of the bound. */
function healedBeforeMs({ faults }: WorldRun, lastMs: number): number {
  return faults
    .filter(({ kind, atMs }) => !kind.startsWith('clock-') && atMs < lastMs)
    .reduce((latest, fault) => Math.max(latest, faultEndMs(fault)), 0)
}

const liveness: WorldInvariant = {
  id: 'INV-W-LIVENESS',
  statement:
    'After the faults heal and teachers have lost their patience, no request is open any more, ' +
    'within a stated time.',
  formula: 'ended − max(healed, wanted back, approved + timeout) ≤ calls(teacher) + tails',
  witness: 'a request',
  unit: 'ms',
  judge(run) {
    const { nowMs } = run.endState
    const timed = run.courses.flatMap((course): readonly Timed[] => {
      const { index, requestedMs, endedMs: untilMs } = course
      if (requestedMs === null) return []
      const dueMs = bounds.backFromMs(run, course) ?? untilMs ?? requestedMs
      const fromMs = Math.max(dueMs, healedBeforeMs(run, untilMs ?? nowMs))
      const span = { fromMs, untilMs: Math.max(fromMs, untilMs ?? nowMs) }
      const bound = bounds.endBoundMs(run, course, span)
      return [{ fromMs, untilMs, bound, what: `withdrawal ${index} was to end` }]
    })
    return within(timed, nowMs)
  },
}

export const timeInvariants: readonly WorldInvariant[] = [
  payoutTime,
  exit,
  restored,
  timeout,
  liveness,
]
