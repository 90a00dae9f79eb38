/**
 * What happened to a job, and what is owed in it, worked out from the outside.
 *
 * The second oracle: it follows which calls the contract *accepted*, by whom, in which block, with
 * which receipt, and which tokens moved. It uses neither the machine nor the contract's own
 * figures, and its formulas are written as conditions on integers instead of roundings.
 */
import { booksOf } from '../invariants/books.ts'
import { type Agreement, ESCROW, type Trace, type TraceStep, type Transfer } from '../kit/trace.ts'

/** Whose money a payout of a job is: the claimer's for a claim, else the recipient's. */
export function jobOwnerOf(step: TraceStep, agreement: Agreement, transfer: Transfer): string {
  const holder = step.planned.action === 'claim' ? step.planned.by : transfer.to
  return holder === agreement.roles.user ? 'user' : 'other'
}

/** What an outsider knows of one job after a step. */
export interface JobFacts {
  /** Accepted creations. */
  readonly createCount: number
  readonly createdAtSeconds: number | null
  readonly depositedUnits: bigint
  /** Newest number of an accepted proof; 0 before any. */
  readonly provenTokens: bigint
  readonly proofCount: number
  /** hardened: largest number that a presented genuine receipt of the user bears. */
  readonly receiptedTokens: bigint
  /** Block time of the user's first accepted wish to end. */
  readonly userEndedAtSeconds: number | null
  /** Accepted calls after which the job was over. */
  readonly settleCount: number
  /** Role of who made the first of them. */
  readonly settledBy: string | null
  /** Payments of the refund, pushed or claimed. */
  readonly refundCount: number
}

const UNTOUCHED: JobFacts = {
  createCount: 0,
  createdAtSeconds: null,
  depositedUnits: 0n,
  provenTokens: 0n,
  proofCount: 0,
  receiptedTokens: 0n,
  userEndedAtSeconds: null,
  settleCount: 0,
  settledBy: null,
  refundCount: 0,
}

/** States of a job that is over. */
export const ENDED = ['Completed', 'TimedOut', 'Abandoned']

/** Facts of one job after one step; untouched before the first. */
export function factsAt(trace: Trace, stepIndex: number, agreement: number): JobFacts {
  return jobFacts(trace)[stepIndex]?.[agreement] ?? UNTOUCHED
}

const known = new WeakMap<Trace, readonly (readonly JobFacts[])[]>()

/** Facts of every job after every step; `facts[stepIndex][agreement]`. */
function jobFacts(trace: Trace): readonly (readonly JobFacts[])[] {
  const found = known.get(trace)
  if (found !== undefined) return found
  const books = booksOf(trace, jobOwnerOf)
  let current: readonly JobFacts[] = trace.agreements.map(() => UNTOUCHED)
  const facts = trace.steps.map((step, stepIndex) => {
    const index = step.planned.agreement
    const before = current[index] as JobFacts
    const presented = withReceipt(before, step)
    const depositedUnits = books[stepIndex]?.[index]?.inUnits ?? 0n
    const { accepted } = step.observed.outcome
    const after = accepted ? { ...learned(presented, step), depositedUnits } : presented
    if (after !== before) current = current.with(index, after)
    return current
  })
  known.set(trace, facts)
  return facts
}

/** A receipt says what its signer acknowledges, whether or not the proof was accepted. */
function withReceipt(before: JobFacts, { planned }: TraceStep): JobFacts {
  if (planned.action !== 'submitProof' || planned.args.receipt !== 'genuine') return before
  const tokens = planned.args.cumulativeTokens as bigint
  return tokens > before.receiptedTokens ? { ...before, receiptedTokens: tokens } : before
}

function learned(before: JobFacts, step: TraceStep): JobFacts {
  const { planned, role, observed } = step
  const { action, atSeconds } = planned
  switch (action) {
    case 'createSession':
      return { ...before, createCount: before.createCount + 1, createdAtSeconds: atSeconds }
    case 'submitProof': {
      const provenTokens = planned.args.cumulativeTokens as bigint
      return { ...before, provenTokens, proofCount: before.proofCount + 1 }
    }
    case 'endSession':
    case 'timeout': {
      const isWish = action === 'endSession' && role === 'user'
      const userEndedAtSeconds = before.userEndedAtSeconds ?? (isWish ? atSeconds : null)
      const wished = { ...before, userEndedAtSeconds }
      const state = observed.after.agreements[planned.agreement]?.state ?? ''
      if (!ENDED.includes(state)) return wished
      const settleCount = before.settleCount + 1
      const settledBy = before.settledBy ?? role
      return { ...wished, settleCount, settledBy, refundCount: refunds(before, step) }
    }
    case 'claim':
      return { ...before, refundCount: refunds(before, step) }
    default:
      return before
  }
}

function refunds({ refundCount }: JobFacts, { observed }: TraceStep): number {
  return refundCount + observed.transfers.filter(({ from }) => from === ESCROW).length
}

/** The terms of a job as numbers. */
export function termsOf(trace: Trace, agreement: number) {
  const { terms } = trace.agreements[agreement] as Agreement
  return {
    priceUnits: terms.pricePerTokenUnits as bigint,
    durationSeconds: terms.durationSeconds as number,
  }
}

/**
 * The exact cost of what is proven: n·price with the largest n ≤ proven that the deposit covers.
 */
export function dueUnits(facts: JobFacts, priceUnits: bigint): bigint {
  const askedUnits = facts.provenTokens * priceUnits
  const { depositedUnits } = facts
  if (askedUnits <= depositedUnits) return askedUnits
  return depositedUnits - (depositedUnits % (priceUnits === 0n ? 1n : priceUnits))
}

/** Seconds in which the host may bring a last proof after the user has ended the job. */
export function windowSeconds(trace: Trace): number {
  return trace.parameters.proofWindowSeconds as number
}

/** From which second on anyone may time a job out that was created and nobody has ended. */
export function expiresAtSeconds(trace: Trace, facts: JobFacts, agreement: number): number {
  const window = trace.policy === 'hardened' ? windowSeconds(trace) : 0
  const { durationSeconds } = termsOf(trace, agreement)
  return (facts.createdAtSeconds ?? 0) + durationSeconds + window + 1
}

/** Whether a call of endSession by `role` at this second has to be accepted. */
export function endIsDue(options: {
  readonly trace: Trace
  /** Facts before the call. */
  readonly facts: JobFacts
  readonly role: string
  readonly atSeconds: number
}): boolean {
  const { trace, facts, role, atSeconds } = options
  if (facts.createdAtSeconds === null || facts.settleCount > 0) return false
  const wishedAt = facts.userEndedAtSeconds
  if (wishedAt === null) return role === 'user' || role === 'host'
  return role === 'host' || atSeconds >= wishedAt + windowSeconds(trace)
}
