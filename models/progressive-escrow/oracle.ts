/**
 * What time counts in a session, and what happened to it, worked out from the outside.
 *
 * The second oracle: it follows which calls the contract *accepted*, by whom, in which block, in
 * which state they left the session, and which tokens moved. It uses neither the machine nor the
 * contract's own figures. Time is a row of stretches in which the session ran. As described every
 * second of them counts, by the clock of the blocks; hardened, those up to the older of both
 * parties' last signs and one interval more. A sign that comes later than interval and grace after
 * the one before proves nothing any more in its stretch: it could prove the silence as well.
 */
import { booksOf } from '../invariants/books.ts'
import type { Agreement, Trace, TraceStep, Transfer } from '../kit/trace.ts'

/** Whose money a payout is: the claimer's for a claim, else the recipient's. */
export function progressiveOwnerOf(
  step: TraceStep,
  { roles }: Agreement,
  transfer: Transfer,
): string {
  const holder = step.planned.action === 'claim' ? step.planned.by : transfer.to
  if (holder === roles.student) return 'student'
  if (holder === roles.mentor) return 'mentor'
  return holder === 'platform' ? 'platform' : 'other'
}

type Party = 'student' | 'mentor'
/** A second for each party; null for one who gave no sign. */
type Signs = Readonly<Record<Party, number | null>>

/** A part of a session in which it ran without interruption. */
interface Stretch {
  readonly sinceSeconds: number
  /** Last sign of each party before which there was no silence; null for one who was not there. */
  readonly chained: Signs
}

/** What an outsider knows of one session after a step. */
export interface ProgressiveFacts {
  readonly createCount: number
  readonly createdAtSeconds: number | null
  readonly depositedUnits: bigint
  /** Newest sign of each party. */
  readonly signs: Signs
  readonly startedAtSeconds: number | null
  /** The present stretch, or null when the session does not run. */
  readonly stretch: Stretch | null
  /** Seconds that count in the stretches before. */
  readonly countedSeconds: number
  /** Length of all ended interruptions. */
  readonly pausedSeconds: number
  /** From when on the present interruption counts. */
  readonly pausedFromSeconds: number | null
  /** What a party interrupted and when; it was no interruption if it ends in the same second. */
  readonly interrupted: { readonly before: ProgressiveFacts; readonly atSeconds: number } | null
  /** What the owner released. */
  readonly emergencyUnits: bigint
  /** Accepted completions and cancellations. */
  readonly endCount: number
}

const UNTOUCHED: ProgressiveFacts = {
  createCount: 0,
  createdAtSeconds: null,
  depositedUnits: 0n,
  signs: { student: null, mentor: null },
  startedAtSeconds: null,
  stretch: null,
  countedSeconds: 0,
  pausedSeconds: 0,
  pausedFromSeconds: null,
  interrupted: null,
  emergencyUnits: 0n,
  endCount: 0,
}

/** Facts of one session after one step; untouched before the first. */
export function factsAt(trace: Trace, stepIndex: number, agreement: number): ProgressiveFacts {
  return progressiveFacts(trace)[stepIndex]?.[agreement] ?? UNTOUCHED
}

const known = new WeakMap<Trace, readonly (readonly ProgressiveFacts[])[]>()

function progressiveFacts(trace: Trace): readonly (readonly ProgressiveFacts[])[] {
  const found = known.get(trace)
  if (found !== undefined) return found
  const books = booksOf(trace, progressiveOwnerOf)
  let current: readonly ProgressiveFacts[] = trace.agreements.map(() => UNTOUCHED)
  const facts = trace.steps.map((step, stepIndex) => {
    if (!step.observed.outcome.accepted) return current
    const index = step.planned.agreement
    const before = current[index] as ProgressiveFacts
    const depositedUnits = books[stepIndex]?.[index]?.inUnits ?? 0n
    current = current.with(index, { ...learned(before, step, trace), depositedUnits })
    return current
  })
  known.set(trace, facts)
  return facts
}

function learned(before: ProgressiveFacts, step: TraceStep, trace: Trace): ProgressiveFacts {
  const { action, atSeconds, args } = step.planned
  const isRunning = step.observed.after.agreements[step.planned.agreement]?.state === 'Active'
  switch (action) {
    case 'create':
      return { ...before, createCount: before.createCount + 1, createdAtSeconds: atSeconds }
    case 'start': {
      const signed = withSign(before, step, trace)
      if (!isRunning) return signed
      const stretch = newStretch(signed.signs, atSeconds, trace)
      return { ...signed, startedAtSeconds: atSeconds, stretch }
    }
    case 'heartbeat':
      return withSign(before, step, trace)
    case 'pause':
      return {
        ...ended(before, atSeconds, trace),
        interrupted: isQuiet(before, atSeconds, trace) ? null : { before, atSeconds },
      }
    case 'pauseOnTimeout':
      return ended(before, atSeconds, trace)
    case 'resume':
      return resumed(before, step, trace, isRunning)
    case 'complete':
    case 'autoComplete':
    case 'cancel':
      return { ...ended(before, atSeconds, trace), endCount: before.endCount + 1 }
    case 'emergencyRelease': {
      const emergencyUnits = before.emergencyUnits + (args.amountUnits as bigint)
      return { ...before, emergencyUnits }
    }
    default:
      return before
  }
}

function withSign(before: ProgressiveFacts, step: TraceStep, trace: Trace): ProgressiveFacts {
  const { role, planned } = step
  if (role !== 'student' && role !== 'mentor') return before
  const signs = { ...before.signs, [role]: planned.atSeconds }
  const { stretch } = before
  const last = stretch?.chained[role] ?? null
  const isInTime = last !== null && planned.atSeconds - last <= toleranceSeconds(trace)
  if (stretch === null || !isInTime) return { ...before, signs }
  const chained = { ...stretch.chained, [role]: planned.atSeconds }
  return { ...before, signs, stretch: { ...stretch, chained } }
}

/** hardened: whether a party has been silent for too long; a pause ends that silence for good. */
function isQuiet({ stretch }: ProgressiveFacts, atSeconds: number, trace: Trace): boolean {
  if (trace.policy === 'as-described' || stretch === null) return false
  const { student, mentor } = stretch.chained
  if (student === null || mentor === null) return true
  return atSeconds - Math.min(student, mentor) > toleranceSeconds(trace)
}

function newStretch(signs: Signs, sinceSeconds: number, trace: Trace): Stretch {
  const there = (sign: number | null) =>
    sign !== null && sinceSeconds - sign <= toleranceSeconds(trace) ? sign : null
  const chained = { student: there(signs.student), mentor: there(signs.mentor) }
  return { sinceSeconds, chained }
}

/** The stretch is over, if there is one: its seconds are added to those before. */
function ended(before: ProgressiveFacts, atSeconds: number, trace: Trace): ProgressiveFacts {
  const { stretch, countedSeconds } = before
  if (stretch === null) return before
  const until = stretchEnd(stretch, atSeconds, trace)
  return {
    ...before,
    stretch: null,
    countedSeconds: countedSeconds + until - stretch.sinceSeconds,
    pausedFromSeconds: until,
    interrupted: null,
  }
}

function resumed(
  before: ProgressiveFacts,
  step: TraceStep,
  trace: Trace,
  isRunning: boolean,
): ProgressiveFacts {
  const { atSeconds } = step.planned
  const { interrupted } = before
  if (!isRunning) return withSign(before, step, trace)
  if (interrupted?.atSeconds === atSeconds) {
    const { stretch, countedSeconds } = interrupted.before
    const ran = { ...before, stretch, countedSeconds, pausedFromSeconds: null, interrupted: null }
    return withSign(ran, step, trace)
  }
  const signed = withSign(before, step, trace)
  const pausedFor = atSeconds - (before.pausedFromSeconds ?? atSeconds)
  return {
    ...signed,
    stretch: newStretch(signed.signs, atSeconds, trace),
    pausedSeconds: before.pausedSeconds + pausedFor,
    pausedFromSeconds: null,
    interrupted: null,
  }
}

/** Seconds of silence after which a party counts as gone. */
export function toleranceSeconds({ parameters }: Trace): number {
  return (parameters.heartbeatIntervalSeconds as number) + (parameters.graceSeconds as number)
}

/** Up to when a stretch counts if it ends now. */
function stretchEnd(stretch: Stretch, atSeconds: number, trace: Trace): number {
  if (trace.policy === 'as-described') return atSeconds
  const { sinceSeconds, chained } = stretch
  if (chained.student === null || chained.mentor === null) return sinceSeconds
  const interval = trace.parameters.heartbeatIntervalSeconds as number
  const proven = Math.min(chained.student, chained.mentor) + interval
  if (proven <= sinceSeconds) return sinceSeconds
  return proven < atSeconds ? proven : atSeconds
}

/** Seconds that count up to now, be they more than were agreed. */
export function countedSeconds(facts: ProgressiveFacts, atSeconds: number, trace: Trace): bigint {
  const { stretch } = facts
  const present = stretch ? stretchEnd(stretch, atSeconds, trace) - stretch.sinceSeconds : 0
  return BigInt(facts.countedSeconds + present)
}

/** The agreed length of a session, in seconds. */
export function agreedSeconds(trace: Trace, agreement: number): bigint {
  return BigInt(trace.agreements[agreement]?.terms.durationMinutes as number) * 60n
}

/** When the session would end if it ran to its agreed length, or null before its start. */
export function scheduledEndSeconds(
  facts: ProgressiveFacts,
  trace: Trace,
  agreement: number,
): number | null {
  const { startedAtSeconds, pausedSeconds } = facts
  if (startedAtSeconds === null) return null
  return startedAtSeconds + Number(agreedSeconds(trace, agreement)) + pausedSeconds
}

/** From which second on anyone may complete, by the policy's own words; null before the start. */
export function autoCompleteFromSeconds(
  facts: ProgressiveFacts,
  trace: Trace,
  agreement: number,
): number | null {
  const { createdAtSeconds } = facts
  const isAsDescribed = trace.policy === 'as-described'
  const begin = isAsDescribed ? createdAtSeconds : scheduledEndSeconds(facts, trace, agreement)
  return begin === null ? null : begin + (trace.parameters.autoReleaseDelaySeconds as number)
}
