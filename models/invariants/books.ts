/**
 * Books kept from the outside: what went into each agreement and what came out, to whom.
 *
 * Folded from *observed* token movements alone, one entry per step. No figure of the contract and
 * no figure of the machine enters here; invariants compare these books with both. Each step acts on
 * one agreement, so its movements belong to that agreement.
 *
 * A contract may keep accounts over several agreements. What a step adds to them is posted by its
 * agreement; a step after which they hold less is a withdrawal, and what it pays out belongs to the
 * accounts and to no agreement.
 */
import {
  type Agreement,
  ESCROW,
  type Trace,
  type TraceStep,
  type Transfer,
  type WorldView,
} from '../kit/trace.ts'

/** Cumulative movements of one agreement, in base units. */
export interface AgreementBooks {
  readonly inUnits: bigint
  readonly outUnits: bigint
  /** Paid out by whose money it was; `other` when the recipient has no share. */
  readonly paidUnits: Readonly<Record<string, bigint>>
  /** Added to the contract's accounts, by account. */
  readonly postedUnits: Readonly<Record<string, bigint>>
}

/** How a protocol says whose money a payout is. */
export type OwnerOf = (step: TraceStep, agreement: Agreement, transfer: Transfer) => string

const EMPTY: AgreementBooks = { inUnits: 0n, outUnits: 0n, paidUnits: {}, postedUnits: {} }

/** Books of every agreement after every step; `books[stepIndex][agreement]`. */
export type Books = readonly (readonly AgreementBooks[])[]

const known = new WeakMap<Trace, Map<OwnerOf, Books>>()

/** The books of a trace. Computed once per trace, as every invariant reads them. */
export function booksOf(trace: Trace, ownerOf: OwnerOf): Books {
  const ofTrace = known.get(trace) ?? new Map<OwnerOf, Books>()
  known.set(trace, ofTrace)
  const found = ofTrace.get(ownerOf)
  if (found !== undefined) return found
  const books = foldBooks(trace, ownerOf)
  ofTrace.set(ownerOf, books)
  return books
}

function foldBooks(trace: Trace, ownerOf: OwnerOf): Books {
  let current: readonly AgreementBooks[] = trace.agreements.map(() => EMPTY)
  let view = trace.initial
  return trace.steps.map((step) => {
    const index = step.planned.agreement
    const agreement = trace.agreements[index] as Agreement
    const { after } = step.observed
    const changes = accountChanges(view, after, agreement.token)
    view = after
    const isWithdrawal = Object.values(changes).some((units) => units < 0n)
    for (const transfer of step.observed.transfers) {
      if (isWithdrawal && transfer.from === ESCROW) continue
      const before = current[index] as AgreementBooks
      current = current.with(index, booked(before, step, agreement, transfer, ownerOf))
    }
    const before = current[index] as AgreementBooks
    if (!isWithdrawal) current = current.with(index, posted(before, changes))
    return current
  })
}

/** By how much each account of a token changed; only those that did. */
export function accountChanges(
  before: WorldView,
  after: WorldView,
  token: string,
): Readonly<Record<string, bigint>> {
  if (before.accounts === after.accounts) return NO_CHANGES
  const changes: Record<string, bigint> = {}
  for (const [name, units] of Object.entries(after.accounts?.[token] ?? {})) {
    const change = units - (before.accounts?.[token]?.[name] ?? 0n)
    if (change !== 0n) changes[name] = change
  }
  return changes
}

const NO_CHANGES: Readonly<Record<string, bigint>> = {}

function posted(before: AgreementBooks, changes: Readonly<Record<string, bigint>>): AgreementBooks {
  const entries = Object.entries(changes)
  if (entries.length === 0) return before
  const postedUnits = { ...before.postedUnits }
  for (const [name, units] of entries) postedUnits[name] = (postedUnits[name] ?? 0n) + units
  return { ...before, postedUnits }
}

function booked(
  before: AgreementBooks,
  step: TraceStep,
  agreement: Agreement,
  transfer: Transfer,
  ownerOf: OwnerOf,
): AgreementBooks {
  const { from, to, amountUnits } = transfer
  const inUnits = to === ESCROW ? before.inUnits + amountUnits : before.inUnits
  if (from !== ESCROW) return { ...before, inUnits }
  const owner = ownerOf(step, agreement, transfer)
  const paid = (before.paidUnits[owner] ?? 0n) + amountUnits
  return {
    ...before,
    inUnits,
    outUnits: before.outUnits + amountUnits,
    paidUnits: { ...before.paidUnits, [owner]: paid },
  }
}

/** Books of one agreement after one step; empty before the first. */
export function booksAt(books: Books, stepIndex: number, agreement: number): AgreementBooks {
  return books[stepIndex]?.[agreement] ?? EMPTY
}

/** Added to all accounts of the contract so far. */
export function postedInAll({ postedUnits }: AgreementBooks): bigint {
  return Object.values(postedUnits).reduce((sum, units) => sum + units, 0n)
}

/** Paid to one owner so far. */
export function paidTo(books: AgreementBooks, owner: string): bigint {
  return books.paidUnits[owner] ?? 0n
}
