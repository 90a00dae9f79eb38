/**
 * Where the shares of a session stand, from observed movements and the contract's own figures.
 */
import { type AgreementBooks, booksAt, booksOf, paidTo } from '../invariants/books.ts'
import { figure } from '../invariants/judging.ts'
import type { MoneyReading } from '../invariants/money.ts'
import type { AgreementView, Trace } from '../kit/trace.ts'
import { progressiveOwnerOf } from './oracle.ts'

/** States in which what was not released is still locked. */
export const OPEN = ['Created', 'Active', 'Paused']
export const RUNNING = ['Active', 'Paused']

function claimedLater(view: AgreementView): bigint {
  return figure(view, 'claimStudent') + figure(view, 'claimMentor') + figure(view, 'claimPlatform')
}

function unreleased(view: AgreementView): bigint {
  const left = figure(view, 'total') - figure(view, 'released')
  return OPEN.includes(view.state) && left > 0n ? left : 0n
}

export const progressiveMoney: MoneyReading = {
  ownerOf: progressiveOwnerOf,
  lockedUnits: (view) => unreleased(view) + claimedLater(view),
}

/** Paid plus claimable, by owner, in base units. */
export interface Shares {
  readonly student: bigint
  readonly mentor: bigint
  readonly platform: bigint
  /** Paid to somebody who has no share. */
  readonly other: bigint
  /** What was taken out for the mentor: its share and the platform's together. */
  readonly gross: bigint
}

export function sharesAt(
  trace: Trace,
  stepIndex: number,
  agreement: number,
  view: AgreementView,
): Shares {
  return sharesOf(booksAt(booksOf(trace, progressiveOwnerOf), stepIndex, agreement), view)
}

function sharesOf(books: AgreementBooks, view: AgreementView): Shares {
  const student = paidTo(books, 'student') + figure(view, 'claimStudent')
  const mentor = paidTo(books, 'mentor') + figure(view, 'claimMentor')
  const platform = paidTo(books, 'platform') + figure(view, 'claimPlatform')
  return { student, mentor, platform, other: paidTo(books, 'other'), gross: mentor + platform }
}
