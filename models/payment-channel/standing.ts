/**
 * Where the shares of a channel stand, from observed movements and the contract's own figures.
 */
import { booksAt, booksOf, paidTo } from '../invariants/books.ts'
import { figure } from '../invariants/judging.ts'
import type { MoneyReading } from '../invariants/money.ts'
import type { AgreementView, Trace } from '../kit/trace.ts'
import { channelOwnerOf } from './oracle.ts'

export const channelMoney: MoneyReading = {
  ownerOf: channelOwnerOf,
  lockedUnits(view) {
    const claims = figure(view, 'claimPayer') + figure(view, 'claimProvider')
    const running = view.state === 'Open' || view.state === 'Closing'
    return running ? figure(view, 'deposit') - figure(view, 'paid') + claims : claims
  },
}

/** Paid plus claimable, by owner, in base units. */
export interface Shares {
  readonly payer: bigint
  readonly provider: bigint
  /** Paid to somebody who has no share. */
  readonly other: bigint
}

export function sharesAt(
  trace: Trace,
  stepIndex: number,
  agreement: number,
  view: AgreementView,
): Shares {
  const books = booksAt(booksOf(trace, channelOwnerOf), stepIndex, agreement)
  return {
    payer: paidTo(books, 'payer') + figure(view, 'claimPayer'),
    provider: paidTo(books, 'provider') + figure(view, 'claimProvider'),
    other: paidTo(books, 'other'),
  }
}
