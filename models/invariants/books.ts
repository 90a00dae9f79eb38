/**
 * Books kept from the outside: what went into each agreement and what came out, to whom.
 *
 * Folded from *observed* token movements alone, one entry per step. No figure of the contract and
 * no figure of the machine enters here; invariants compare these books with both. Each step acts on
 * one agreement, so its movements belong to that agreement.
 */
import { type Agreement, ESCROW, type Trace, type TraceStep, type Transfer } from '../kit/trace.ts'

/** Cumulative movements of one agreement, in base units. */
export interface AgreementBooks {
  readonly inUnits: bigint
  readonly outUnits: bigint
  /** Paid out by whose money it was; `other` when the recipient has no share. */
  readonly paidUnits: Readonly<Record<string, bigint>>
}

/** How a protocol says whose money a payout is. */
export type OwnerOf = (step: TraceStep, agreement: Agreement, transfer: Transfer) => string

const EMPTY: AgreementBooks = { inUnits: 0n, outUnits: 0n, paidUnits: {} }

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
  return trace.steps.map((step) => {
    const index = step.planned.agreement
    for (const transfer of step.observed.transfers) {
      const agreement = trace.agreements[index] as Agreement
      const before = current[index] as AgreementBooks
      current = current.with(index, booked(before, step, agreement, transfer, ownerOf))
    }
    return current
  })
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
    inUnits,
    outUnits: before.outUnits + amountUnits,
    paidUnits: { ...before.paidUnits, [owner]: paid },
  }
}

/** Books of one agreement after one step; empty before the first. */
export function booksAt(books: Books, stepIndex: number, agreement: number): AgreementBooks {
  return books[stepIndex]?.[agreement] ?? EMPTY
}

/** Paid to one owner so far. */
export function paidTo(books: AgreementBooks, owner: string): bigint {
  return books.paidUnits[owner] ?? 0n
}
