/**
 * What is due in a hold, worked out from the outside.
 *
 * The second oracle: it follows which calls the contract *accepted*, in which block and with which
 * words, and which tokens moved. It uses neither the machine nor the contract's own figures, and
 * knows of attestations only how they were made.
 */
import { booksOf } from '../invariants/books.ts'
import { assert } from '../kit/error.ts'
import type { Agreement, PlannedStep, Trace, TraceStep, Transfer } from '../kit/trace.ts'

const OWNERS = ['student', 'teacher', 'referrer', 'platform'] as const

/** Whose money a payout is: the claimer's for a claim, else the recipient's. */
export function holdOwnerOf(step: TraceStep, { roles }: Agreement, transfer: Transfer): string {
  const holder = step.planned.action === 'claim' ? step.planned.by : transfer.to
  return OWNERS.find((owner) => roles[owner] === holder) ?? 'other'
}

/** What the attestor has told, of one second (as-described) or of a span (hardened). */
export type Told =
  | { readonly kind: 'joined' | 'left'; readonly at: number }
  | { readonly kind: 'span'; readonly joinedAt: number; readonly leftAt: number }

/** What an outsider knows of one hold after a step. */
export interface HoldFacts {
  readonly purchaseCount: number
  readonly depositedUnits: bigint
  /** Accepted records, in the order of acceptance. */
  readonly told: readonly Told[]
  /** Block time of the finish that was accepted. */
  readonly finishedAtSeconds: number | null
  /** End of the session: as attested, or the block that finished it. */
  readonly endedAtSeconds: number | null
  /** Accepted decisions and refunds. */
  readonly resolvedCount: number
}

const UNTOUCHED: HoldFacts = {
  purchaseCount: 0,
  depositedUnits: 0n,
  told: [],
  finishedAtSeconds: null,
  endedAtSeconds: null,
  resolvedCount: 0,
}

/** Facts of one hold after one step; untouched before the first. */
export function factsAt(trace: Trace, stepIndex: number, agreement: number): HoldFacts {
  return holdFacts(trace)[stepIndex]?.[agreement] ?? UNTOUCHED
}

const known = new WeakMap<Trace, readonly (readonly HoldFacts[])[]>()

function holdFacts(trace: Trace): readonly (readonly HoldFacts[])[] {
  const found = known.get(trace)
  if (found !== undefined) return found
  const books = booksOf(trace, holdOwnerOf)
  let current: readonly HoldFacts[] = trace.agreements.map(() => UNTOUCHED)
  const facts = trace.steps.map((step, stepIndex) => {
    const index = step.planned.agreement
    const depositedUnits = books[stepIndex]?.[index]?.inUnits ?? 0n
    const before = { ...(current[index] as HoldFacts), depositedUnits }
    const { accepted } = step.observed.outcome
    current = current.with(index, accepted ? learned(before, step.planned) : before)
    return current
  })
  known.set(trace, facts)
  return facts
}

function learned(before: HoldFacts, planned: PlannedStep): HoldFacts {
  const { action, args, atSeconds } = planned
  switch (action) {
    case 'purchase':
      return { ...before, purchaseCount: before.purchaseCount + 1 }
    case 'recordAttendance':
      return { ...before, told: [...before.told, toldBy(planned)] }
    case 'finishSession': {
      const endedAtSeconds = typeof args.endedAt === 'number' ? args.endedAt : atSeconds
      return { ...before, finishedAtSeconds: atSeconds, endedAtSeconds }
    }
    case 'process':
    case 'refundUnfinished':
      return { ...before, resolvedCount: before.resolvedCount + 1 }
    default:
      return before
  }
}

/** What a record says. */
export function toldBy({ args }: PlannedStep): Told {
  if (args.kind === 'joined' || args.kind === 'left') {
    return { kind: args.kind, at: args.at as number }
  }
  return { kind: 'span', joinedAt: args.joinedAt as number, leftAt: args.leftAt as number }
}

/** Seconds that lie in at least one of the recorded spans of presence. */
export function unionSeconds(told: readonly Told[]): number {
  let covered = 0
  let until = Number.NEGATIVE_INFINITY
  const spans = spansOf(told).toSorted((one, other) => one[0] - other[0])
  for (const [from, to] of spans) {
    covered += Math.max(0, to - Math.max(from, until))
    until = Math.max(until, to)
  }
  return covered
}

/** Events of single seconds are put in order of time; a leave closes what is open, if anything. */
function spansOf(told: readonly Told[]): (readonly [number, number])[] {
  const spans: (readonly [number, number])[] = []
  const events: { readonly kind: 'joined' | 'left'; readonly at: number }[] = []
  for (const each of told) {
    if (each.kind === 'span') spans.push([each.joinedAt, each.leftAt])
    else events.push(each)
  }
  let openSince: number | null = null
  // Who leaves and joins in one second has rejoined.
  const order = (kind: string) => (kind === 'left' ? 0 : 1)
  for (const { kind, at } of events.toSorted(
    (one, other) => one.at - other.at || order(one.kind) - order(other.kind),
  )) {
    if (kind === 'joined') openSince ??= at
    else if (openSince !== null) {
      spans.push([openSince, at])
      openSince = null
    }
  }
  return spans
}

export function startsAtOf(trace: Trace, index: number): number {
  const startsAt = trace.agreements[index]?.terms.startsAt
  assert(typeof startsAt === 'number', 'every hold has a start')
  return startsAt
}

const parameter = (trace: Trace, name: string) => trace.parameters[name] as number

/** First second in which records do not count any more, once a session is finished. */
export function recordsCloseAt(trace: Trace, finishedAtSeconds: number): number {
  return finishedAtSeconds + parameter(trace, 'attestationWindowSeconds')
}

/** First second in which anyone can process. */
export function openToAllAt(trace: Trace, finishedAtSeconds: number): number {
  return recordsCloseAt(trace, finishedAtSeconds) + parameter(trace, 'keeperWindowSeconds')
}

/** First second in which an unfinished hold can be refunded by anyone. */
export function noShowAt(trace: Trace, index: number): number {
  const waits = parameter(trace, 'sessionSeconds') + parameter(trace, 'noShowSeconds')
  return startsAtOf(trace, index) + waits
}

/** Seconds of which the threshold is a part: those of the session, and at least what was booked. */
export function countedSeconds(trace: Trace, index: number, facts: HoldFacts): number {
  const booked = parameter(trace, 'sessionSeconds')
  if (trace.policy === 'as-described' || facts.endedAtSeconds === null) return booked
  return Math.max(booked, facts.endedAtSeconds - startsAtOf(trace, index))
}

/** Whether a hold has been bought and not been resolved. */
export function isHeld({ purchaseCount, resolvedCount }: HoldFacts): boolean {
  return purchaseCount > 0 && resolvedCount === 0
}

/** What is asked about one attempt: was it due, by what was known before it? */
export interface Asked {
  readonly trace: Trace
  readonly index: number
  /** Before the attempt. */
  readonly facts: HoldFacts
  readonly step: TraceStep
}

/** Whether a record comes in time, in its turn and for a possible span; whoever signed it. */
export function recordFits({ trace, index, facts, step }: Asked): boolean {
  if (!isHeld(facts) || step.planned.action !== 'recordAttendance') return false
  const { finishedAtSeconds, endedAtSeconds, told } = facts
  const { atSeconds, args } = step.planned
  const isOpen = finishedAtSeconds === null || atSeconds < recordsCloseAt(trace, finishedAtSeconds)
  const record = toldBy(step.planned)
  if (record.kind !== 'span') return isOpen
  const lefts = told.map((each) => (each.kind === 'span' ? each.leftAt : each.at))
  const from = Math.max(startsAtOf(trace, index), ...lefts)
  const until = Math.min(atSeconds, endedAtSeconds ?? atSeconds)
  const isPossible =
    from <= record.joinedAt && record.joinedAt < record.leftAt && record.leftAt <= until
  return isOpen && isPossible && args.index === told.length
}

/** Whether a session that nobody has finished can have ended then; whoever signed it. */
export function endFits({ trace, index, facts, step }: Asked): boolean {
  const { action, args, atSeconds } = step.planned
  if (action !== 'finishSession') return false
  if (!isHeld(facts) || facts.finishedAtSeconds !== null) return false
  if (trace.policy === 'as-described') return true
  const endedAt = args.endedAt as number
  const lefts = facts.told.map((each) => (each.kind === 'span' ? each.leftAt : each.at))
  return (
    endedAt > startsAtOf(trace, index) && endedAt <= atSeconds && endedAt >= Math.max(0, ...lefts)
  )
}

/** Whether the caller was entitled to what it tried, claims apart. */
export function isDue(asked: Asked): boolean {
  const { trace, index, facts, step } = asked
  const { action, args, atSeconds } = step.planned
  const { finishedAtSeconds } = facts
  const isHardened = trace.policy === 'hardened'
  const isKeeper = step.role === 'keeper'
  switch (action) {
    case 'recordAttendance':
      return isHardened
        ? recordFits(asked) && args.attestation === 'genuine'
        : isHeld(facts) && step.role === 'attestor'
    case 'finishSession': {
      const isParty = step.role === 'teacher' || step.role === 'attestor'
      return endFits(asked) && (isHardened ? args.attestation === 'genuine' : isParty)
    }
    case 'process': {
      if (!isHeld(facts) || finishedAtSeconds === null) return false
      if (!isHardened) return isKeeper
      const from = isKeeper ? recordsCloseAt : openToAllAt
      return atSeconds >= from(trace, finishedAtSeconds)
    }
    case 'refundUnfinished': {
      if (!isHeld(facts) || finishedAtSeconds !== null) return false
      return isHardened ? atSeconds >= noShowAt(trace, index) : isKeeper
    }
    default:
      return false
  }
}
