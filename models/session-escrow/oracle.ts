/**
 * What is owed in a session, worked out from the outside.
 *
 * The second oracle: it follows which calls the contract *accepted*, in which block, with which
 * evidence, and which tokens moved. It uses neither the machine nor the contract's own figures of
 * time, and its formulas are written as conditions on integers instead of roundings.
 */

import { booksOf } from '../invariants/books.ts'
import type { Agreement, Datum, Trace, TraceStep, Transfer } from '../kit/trace.ts'

/** Whose money a payout is: the claimer's for a claim, else the recipient's. */
export function sessionOwnerOf(step: TraceStep, agreement: Agreement, transfer: Transfer): string {
  const holder = step.planned.action === 'claim' ? step.planned.by : transfer.to
  if (holder === agreement.roles.student) return 'student'
  if (holder === agreement.roles.tutor) return 'tutor'
  return holder === 'platform' ? 'platform' : 'other'
}

/** What an outsider knows of one session after a step. */
export interface SessionFacts {
  readonly depositCount: number
  readonly depositedUnits: bigint
  readonly fundedAtSeconds: number | null
  readonly studentJoinedAtSeconds: number | null
  readonly tutorJoinedAtSeconds: number | null
  /** Block time of the first accepted stop. */
  readonly stoppedAtSeconds: number | null
  /** hardened: the latest second that accepted evidence proves, null before any. */
  readonly provenUntilSeconds: bigint | null
  readonly settleCount: number
  readonly cancelled: boolean
}

const UNTOUCHED: SessionFacts = {
  depositCount: 0,
  depositedUnits: 0n,
  fundedAtSeconds: null,
  studentJoinedAtSeconds: null,
  tutorJoinedAtSeconds: null,
  stoppedAtSeconds: null,
  provenUntilSeconds: null,
  settleCount: 0,
  cancelled: false,
}

/** Facts of one session after one step; untouched before the first. */
export function factsAt(trace: Trace, stepIndex: number, agreement: number): SessionFacts {
  return sessionFacts(trace)[stepIndex]?.[agreement] ?? UNTOUCHED
}

/** When both had joined, or null. */
export function startedAtSeconds(facts: SessionFacts): number | null {
  const { studentJoinedAtSeconds: student, tutorJoinedAtSeconds: tutor } = facts
  return student === null || tutor === null ? null : Math.max(student, tutor)
}

const known = new WeakMap<Trace, readonly (readonly SessionFacts[])[]>()

/** Facts of every session after every step; `facts[stepIndex][agreement]`. */
export function sessionFacts(trace: Trace): readonly (readonly SessionFacts[])[] {
  const found = known.get(trace)
  if (found !== undefined) return found
  const books = booksOf(trace, sessionOwnerOf)
  let current: readonly SessionFacts[] = trace.agreements.map(() => UNTOUCHED)
  const facts = trace.steps.map((step, stepIndex) => {
    if (!step.observed.outcome.accepted) return current
    const index = step.planned.agreement
    const before = current[index] as SessionFacts
    const depositedUnits = books[stepIndex]?.[index]?.inUnits ?? 0n
    current = current.with(index, { ...learned(before, step, trace), depositedUnits })
    return current
  })
  known.set(trace, facts)
  return facts
}

function learned(before: SessionFacts, step: TraceStep, trace: Trace): SessionFacts {
  const { planned, role } = step
  const at = planned.atSeconds
  switch (planned.action) {
    case 'deposit':
      return { ...before, depositCount: before.depositCount + 1, fundedAtSeconds: at }
    case 'join':
      if (role === 'student') return { ...before, studentJoinedAtSeconds: at }
      return role === 'tutor' ? { ...before, tutorJoinedAtSeconds: at } : before
    case 'stop': {
      const stoppedAtSeconds = before.stoppedAtSeconds ?? at
      if (trace.policy === 'as-described') return { ...before, stoppedAtSeconds }
      const proven = provenUntil(before, planned.args, trace)
      const best = before.provenUntilSeconds
      const provenUntilSeconds = best === null || proven > best ? proven : best
      return { ...before, stoppedAtSeconds, provenUntilSeconds }
    }
    case 'settle':
      return { ...before, settleCount: before.settleCount + 1 }
    case 'cancel':
      return { ...before, cancelled: true }
    default:
      return before
  }
}

/** Latest second that genuine pings prove: the older side's newest one, plus the timeout. */
function provenUntil(facts: SessionFacts, args: TraceStep['planned']['args'], trace: Trace) {
  const startedAt = BigInt(startedAtSeconds(facts) ?? 0)
  const lastSeen = (ping: Datum | undefined): bigint => {
    if (typeof ping !== 'object' || ping === null || ping.kind !== 'genuine') return startedAt
    const at = BigInt(ping.atSeconds as bigint)
    return at > startedAt ? at : startedAt
  }
  const student = lastSeen(args.studentPing)
  const tutor = lastSeen(args.tutorPing)
  const older = student < tutor ? student : tutor
  return older + BigInt(trace.parameters.silenceTimeoutSeconds as number)
}

/** Whole seconds for which the tutor may be paid: the limits that apply, in words and seconds. */
export function billableSeconds(facts: SessionFacts, trace: Trace): bigint {
  const startedAt = startedAtSeconds(facts)
  if (startedAt === null || facts.stoppedAtSeconds === null) return 0n
  const elapsed = BigInt(facts.stoppedAtSeconds - startedAt)
  if (trace.policy === 'as-described') return elapsed
  const proven = (facts.provenUntilSeconds ?? 0n) - BigInt(startedAt)
  return proven < elapsed ? proven : elapsed
}
