/**
 * Where the money of a job stands, from observed movements, accounts and the contract's figures.
 */
import { booksAt, booksOf, paidTo } from '../invariants/books.ts'
import { figure } from '../invariants/judging.ts'
import type { MoneyReading } from '../invariants/money.ts'
import type { AgreementView, Trace } from '../kit/trace.ts'
import { jobOwnerOf } from './oracle.ts'

/** States in which what is not yet credited is locked. */
const HOLDS_DEPOSIT = ['Active', 'Ending']

export const jobMoney: MoneyReading = {
  ownerOf: jobOwnerOf,
  lockedUnits(view) {
    if (!HOLDS_DEPOSIT.includes(view.state)) return figure(view, 'claimUser')
    return figure(view, 'deposit') - figure(view, 'hostUnits') - figure(view, 'treasuryUnits')
  },
}

/** What a job has brought each owner, in base units. */
export interface Shares {
  /** Refunded, or waiting to be claimed. */
  readonly user: bigint
  /** Added to the account of the host. */
  readonly host: bigint
  /** Added to the account of the treasury. */
  readonly treasury: bigint
  /** Paid out of the job to somebody who has no share, or added to an account of another. */
  readonly other: bigint
  /** Host and treasury together. */
  readonly gross: bigint
}

export function sharesAt(
  trace: Trace,
  stepIndex: number,
  agreement: number,
  view: AgreementView,
): Shares {
  const books = booksAt(booksOf(trace, jobOwnerOf), stepIndex, agreement)
  const own = `earnings:${trace.agreements[agreement]?.roles.host}`
  const host = books.postedUnits[own] ?? 0n
  const treasury = books.postedUnits.treasury ?? 0n
  const user = paidTo(books, 'user') + figure(view, 'claimUser')
  let other = paidTo(books, 'other')
  for (const [name, units] of Object.entries(books.postedUnits)) {
    if (name !== own && name !== 'treasury') other += units
  }
  return { user, host, treasury, other, gross: host + treasury }
}
