/**
 * Where the shares of a hold stand, from observed movements and the contract's own figures.
 */
import { booksAt, booksOf, paidTo } from '../invariants/books.ts'
import { figure } from '../invariants/judging.ts'
import type { MoneyReading } from '../invariants/money.ts'
import type { AgreementView, Trace } from '../kit/trace.ts'
import { holdOwnerOf } from './oracle.ts'

/** Figures of shares that wait, by owner. */
export const CLAIM_FIGURES = {
  student: 'claimStudent',
  teacher: 'claimTeacher',
  referrer: 'claimReferrer',
  platform: 'claimPlatform',
} as const

export const holdMoney: MoneyReading = {
  ownerOf: holdOwnerOf,
  lockedUnits(view) {
    const claims = Object.values(CLAIM_FIGURES).reduce((sum, name) => sum + figure(view, name), 0n)
    return view.state === 'Held' ? figure(view, 'price') + claims : claims
  },
}

/** Paid plus claimable, by owner, in base units. */
export interface Shares {
  readonly student: bigint
  readonly teacher: bigint
  readonly referrer: bigint
  readonly platform: bigint
  /** Paid to somebody who has no share. */
  readonly other: bigint
}

export function sharesAt(
  trace: Trace,
  stepIndex: number,
  agreement: number,
  view: AgreementView,
): Shares {
  const books = booksAt(booksOf(trace, holdOwnerOf), stepIndex, agreement)
  const share = (owner: keyof typeof CLAIM_FIGURES) =>
    paidTo(books, owner) + figure(view, CLAIM_FIGURES[owner])
  return {
    student: share('student'),
    teacher: share('teacher'),
    referrer: share('referrer'),
    platform: share('platform'),
    other: paidTo(books, 'other'),
  }
}
