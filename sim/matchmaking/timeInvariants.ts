/**
 * Claims about time in the world of matchmaking: how long a tutor and a request are held, how long
 * a student who could be served waits, and that everything ends.
 */
import { faultEndMs } from '../faults/fault.ts'
import { type Timed, within } from '../world/timed.ts'
import { VACUOUS, type WorldInvariantOf, type WorldJudgement } from '../world/worldInvariant.ts'
import { STUDENTS, TUTORS } from './actors.ts'
import * as bounds from './allowance.ts'
import { holdsOf, idleSpans, timedEndMs } from './truth.ts'
import type { Course, Stay, WorldRun } from './worldRun.ts'

type WorldInvariant = WorldInvariantOf<WorldRun>

const SECOND_MS = 1000
const TUTOR_NAMES: readonly unknown[] = TUTORS

/** Stays of all requests in a state. */
function staysIn({ courses }: WorldRun, state: string) {
  return courses.flatMap((course) =>
    course.stays.filter((stay) => stay.state === state).map((stay) => ({ course, stay })),
  )
}

/** A stay that was ended by the wrong call for its time, of which there are two. */
function untimely(
  run: WorldRun,
  { course, stay }: { readonly course: Course; readonly stay: Stay },
  calls: { readonly inTime: string; readonly late: string },
): string | null {
  const { by, untilMs } = stay
  if (untilMs === null) return null
  const dueMs = timedEndMs(run, course, stay)
  const name = `request ${course.index}`
  if (by === calls.inTime && untilMs >= dueMs) return `${name}: ${by} ${untilMs - dueMs} ms late`
  const isEarly = by === calls.late && untilMs < dueMs
  return isEarly ? `${name}: ${by} ${dueMs - untilMs} ms early` : null
}

/** Both ways in which a time of the contract can be missed, and then how long it took. */
function timely(
  run: WorldRun,
  state: string,
  calls: { readonly inTime: string; readonly late: string },
): WorldJudgement {
  const all = staysIn(run, state)
  for (const each of all) {
    const evidence = untimely(run, each, calls)
    if (evidence === null) continue
    return { witnesses: all.length, violation: { atMs: each.stay.untilMs as number, evidence } }
  }
  const timed = all.map(({ course, stay }) => {
    const bound = bounds.stayBoundMs(run, course, stay)
    const what = `request ${course.index} was to leave ${state}`
    return { fromMs: stay.fromMs, untilMs: stay.untilMs, bound, what }
  })
  return within(timed, run.endState.nowMs)
}

/** A tutor that was refused as busy although nobody held it. */
function heldByNobody(run: WorldRun): WorldJudgement['violation'] {
  const holds = holdsOf(run)
  for (const { planned, outcome, includedMs: atMs } of run.steps) {
    if (outcome.accepted || outcome.error !== 'TutorBusy') continue
    const tutor = TUTOR_NAMES.indexOf(planned.args.tutor)
    const isHeld = holds.some((hold) => {
      const isThen = hold.fromMs <= atMs && atMs <= hold.untilMs && atMs < hold.dueMs
      return hold.tutor === tutor && isThen
    })
    if (!isHeld) return { atMs, evidence: `${TUTORS[tutor]} was refused though nobody held it` }
  }
  return null
}

const ttl: WorldInvariant = {
  id: 'INV-W-TTL',
  statement:
    'A proposal stands for its time and not a second longer, in true time; then the tutor is ' +
    'free, and the request goes on as soon as the matchmaker can say so.',
  formula: 'accepted < ⌊p⌋ + ttl ≤ lapsed ≤ ⌊p⌋ + ttl + late(ttl)',
  witness: 'a proposal',
  unit: 'ms',
  judge(run) {
    const judged = timely(run, 'Proposed', { inTime: 'accept', late: 'lapse' })
    return { ...judged, violation: judged.violation ?? heldByNobody(run) }
  },
}

const depositWindow: WorldInvariant = {
  id: 'INV-W-DEPOSIT-WINDOW',
  statement:
    'An acceptance stands for the deposit window, or until its quote expires, and not a second ' +
    'longer, in true time; then it is released as soon as the matchmaker can say so.',
  formula: 'deposited < d ≤ released ≤ d + late(window), d = min(⌊a⌋ + window, expiry)',
  witness: 'an acceptance',
  unit: 'ms',
  judge: (run) => timely(run, 'AwaitingDeposit', { inTime: 'consume', late: 'release' }),
}

const proposed: WorldInvariant = {
  id: 'INV-W-PROPOSED',
  statement:
    'No student who searches, is on the waiting list or whose booking is due waits while a tutor ' +
    'who suits is there, free and not asked yet, but for what words, clocks, faults and the ' +
    'chain take.',
  formula: 'idle ≤ max(word(student), word(tutors)) + late',
  witness: 'a time in which a student waits and could be served',
  unit: 'ms',
  judge(run) {
    const holds = holdsOf(run)
    const timed = run.courses.flatMap((course) =>
      idleSpans(run, course, holds).map((span): Timed => {
        const bound = bounds.proposalBoundMs(run, course, span)
        return { ...span, bound, what: `request ${course.index} could have been served` }
      }),
    )
    return within(timed, run.endState.nowMs)
  },
}

/** Whether the tutor takes everything, is there all the time and asks no more than is paid. */
function isWilling(
  run: WorldRun,
  course: Course,
  { tutor, fromMs }: Stay,
  untilMs: number,
): boolean {
  const person = run.behaviour.tutors[tutor] as WorldRun['behaviour']['tutors'][number]
  const { answers, raiseBps } = person
  const accepts = answers.length > 0 && answers.every((answer) => answer === 'accept')
  if (raiseBps > 0 || !accepts) return false
  if ((run.listedRateUnits[tutor] ?? 0n) > course.maxRateUnits) return false
  const isThere = run.online[tutor]?.some((shift) => {
    return shift.fromMs <= fromMs && untilMs <= shift.untilMs
  })
  return isThere === true
}

/** Proposals to willing tutors, where there is time enough to accept. */
function acceptances(run: WorldRun): readonly Timed[] {
  return staysIn(run, 'Proposed').flatMap(({ course, stay }): readonly Timed[] => {
    const { fromMs, untilMs, by, tutor } = stay
    const bound = bounds.acceptanceBoundMs(run, course, stay)
    const latestMs = fromMs + bound
    const isInTime = latestMs < timedEndMs(run, course, stay)
    const isPatient = course.impatientMs === null || course.impatientMs > latestMs
    if (!isInTime || !isPatient || !isWilling(run, course, stay, latestMs)) return []
    const offer = run.offers.find(({ request, quote, atMs }) => {
      return request === course.index && quote.tutor === tutor && atMs >= fromMs
    })
    const expirySeconds = offer?.quote.expirySeconds ?? Number.POSITIVE_INFINITY
    if ((expirySeconds - run.epochSeconds) * SECOND_MS <= latestMs) return []
    const what = `request ${course.index} was to be accepted by ${TUTORS[tutor]}`
    return [{ fromMs, untilMs: by === 'accept' ? untilMs : null, bound, what }]
  })
}

/** Acceptances of students who can pay, where there is time enough to deposit. */
function deposits(run: WorldRun): readonly Timed[] {
  return staysIn(run, 'AwaitingDeposit').flatMap(({ course, stay }): readonly Timed[] => {
    const { fromMs, untilMs, by } = stay
    const bound = bounds.depositBoundMs(run, course, stay)
    const latestMs = fromMs + bound
    const isPatient = course.impatientMs === null || course.impatientMs > latestMs
    if (latestMs >= timedEndMs(run, course, stay) || !isPatient) return []
    const what = `request ${course.index} was to be matched`
    return [{ fromMs, untilMs: by === 'consume' ? untilMs : null, bound, what }]
  })
}

const matched: WorldInvariant = {
  id: 'INV-W-MATCHED',
  statement:
    'A willing tutor that is proposed is accepted, and a student who can pay and was accepted is ' +
    'matched, within what people, words, faults and the chain take.',
  formula: 'accepted ≤ p + (A) if that is in time; matched ≤ a + (D) if that is in time',
  witness: 'a proposal to a willing tutor, or an acceptance of somebody who can pay, in time',
  unit: 'ms',
  policies: ['hardened'],
  judge(run) {
    if (run.policy !== 'hardened') return VACUOUS
    return within([...acceptances(run), ...deposits(run)], run.endState.nowMs)
  },
}

/** When a request came to an end for its student: matched, expired, given up. */
function leftMs({ deposits: paid, endedMs }: Course): number | null {
  return paid[0]?.atMs ?? endedMs
}

const exit: WorldInvariant = {
  id: 'INV-W-EXIT',
  statement:
    'A student who has waited for long enough is out, or matched meanwhile, within what faults ' +
    'and the chain take; nobody else need do anything.',
  formula: 'cancelled − impatient ≤ calls(student)',
  witness: 'a student who has waited for long enough',
  unit: 'ms',
  judge(run) {
    const timed = run.courses.flatMap((course): readonly Timed[] => {
      const { impatientMs: fromMs, index, student } = course
      if (fromMs === null) return []
      const untilMs = leftMs(course)
      const span = { fromMs, untilMs: Math.max(fromMs, untilMs ?? run.endState.nowMs) }
      const bound = bounds.callsMs(run, STUDENTS[student] as string, span)
      return [{ fromMs, untilMs, bound, what: `request ${index} was to be given up` }]
    })
    return within(timed, run.endState.nowMs)
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
    'After the faults heal, calls are over and students have lost their patience, no request is ' +
    'open any more, within a stated time.',
  formula: 'ended − max(healed, end of the call, impatient) ≤ calls(desk or student) + tails',
  witness: 'a request',
  unit: 'ms',
  judge(run) {
    const { nowMs } = run.endState
    const timed = run.courses.flatMap((course): readonly Timed[] => {
      const { index, requestedMs, endedMs: untilMs, impatientMs, deposits: paid } = course
      if (requestedMs === null) return []
      const callMs = (paid[0]?.atMs ?? 0) + bounds.requestOf(run, index).callMs
      const dueMs = paid.length > 0 ? callMs : (impatientMs ?? untilMs ?? requestedMs)
      const fromMs = Math.max(dueMs, healedBeforeMs(run, untilMs ?? nowMs))
      const span = { fromMs, untilMs: Math.max(fromMs, untilMs ?? nowMs) }
      const bound = bounds.endBoundMs(run, course, span)
      return [{ fromMs, untilMs, bound, what: `request ${index} was to end` }]
    })
    return within(timed, nowMs)
  },
}

export const timeInvariants: readonly WorldInvariant[] = [
  ttl,
  depositWindow,
  proposed,
  matched,
  exit,
  liveness,
]
