/**
 * Where the shares of a session stand, from observed movements and the contract's own figures.
 */
import { type AgreementBooks, booksAt, booksOf, paidTo } from '../invariants/books.ts'
import { figure } from '../invariants/judging.ts'
import type { MoneyReading } from '../invariants/money.ts'
import type { AgreementView, Trace } from '../kit/trace.ts'
import { sessionOwnerOf } from './oracle.ts'

/** States in which the whole deposit is still locked. */
const HOLDS_DEPOSIT = ['Funded', 'Active', 'Stopping']

export const sessionMoney: MoneyReading = {
  ownerOf: sessionOwnerOf,
  lockedUnits(view) {
    if (HOLDS_DEPOSIT.includes(view.state)) return figure(view, 'deposit')
    return figure(view, 'claimStudent') + figure(view, 'claimTutor') + figure(view, 'claimPlatform')
  },
}

/** Paid plus claimable, by owner, in base units. */
export interface Shares {
  readonly student: bigint
  readonly tutor: bigint
  readonly platform: bigint
  /** Paid to somebody who has no share. */
  readonly other: bigint
  /** What the tutor's time cost: the tutor's and the platform's shares together. */
  readonly gross: bigint
}

export function sharesAt(
  trace: Trace,
  stepIndex: number,
  agreement: number,
  view: AgreementView,
): Shares {
  return sharesOf(booksAt(booksOf(trace, sessionOwnerOf), stepIndex, agreement), view)
}

function sharesOf(books: AgreementBooks, view: AgreementView): Shares {
  const student = paidTo(books, 'student') + figure(view, 'claimStudent')
  const tutor = paidTo(books, 'tutor') + figure(view, 'claimTutor')
  const platform = paidTo(books, 'platform') + figure(view, 'claimPlatform')
  return { student, tutor, platform, other: paidTo(books, 'other'), gross: tutor + platform }
}
