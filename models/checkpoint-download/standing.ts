/**
 * Where the shares of a download stand, from observed movements and the contract's own figures.
 */
import { booksAt, booksOf, paidTo } from '../invariants/books.ts'
import { figure } from '../invariants/judging.ts'
import type { MoneyReading } from '../invariants/money.ts'
import type { AgreementView, Trace } from '../kit/trace.ts'
import { SEEDERS } from './cast.ts'
import { downloadOwnerOf, factsAt, termsOf, worthUnits } from './oracle.ts'

/** Figures of shares that wait, and whose they are. */
export const CLAIM_FIGURES: readonly (readonly [figure: string, owner: string])[] = [
  ['claimDownloader', 'downloader'],
  ...SEEDERS.map((owner, at) => [`claim${at}`, owner] as const),
]

export const downloadMoney: MoneyReading = {
  ownerOf: downloadOwnerOf,
  lockedUnits: (view) =>
    CLAIM_FIGURES.reduce((sum, [name]) => sum + figure(view, name), figure(view, 'locked')),
}

/** Paid plus claimable, by owner, in base units. */
export interface Shares {
  readonly downloader: bigint
  /** In the order of the terms. */
  readonly seeders: readonly bigint[]
  /** All seeders together. */
  readonly paidUnits: bigint
  /** Taken from the downloader. */
  readonly takenUnits: bigint
  /** Paid to somebody who has no share. */
  readonly other: bigint
}

export function sharesAt(
  trace: Trace,
  stepIndex: number,
  agreement: number,
  view: AgreementView,
): Shares {
  const books = booksAt(booksOf(trace, downloadOwnerOf), stepIndex, agreement)
  const { seederCount } = termsOf(trace, agreement)
  const seeders = SEEDERS.slice(0, seederCount).map(
    (owner, at) => paidTo(books, owner) + figure(view, `claim${at}`),
  )
  return {
    downloader: paidTo(books, 'downloader') + figure(view, 'claimDownloader'),
    seeders,
    paidUnits: seeders.reduce((sum, units) => sum + units, 0n),
    takenUnits: books.inUnits,
    other: paidTo(books, 'other'),
  }
}

/**
 * hardened: what the downloader owes for what is reported after a step; in mode upfront the whole
 * price, until something was taken.
 */
export function owedUnits(
  trace: Trace,
  stepIndex: number,
  agreement: number,
  view: AgreementView,
): bigint {
  const { isUpfront, fileBytes } = termsOf(trace, agreement)
  const { paidUnits, takenUnits } = sharesAt(trace, stepIndex, agreement, view)
  if (isUpfront) return worthUnits(trace, agreement, fileBytes) - takenUnits
  const { reportedBytes } = factsAt(trace, stepIndex, agreement)
  const worth = reportedBytes.map((bytes) => worthUnits(trace, agreement, bytes))
  return worth.reduce((sum, units) => sum + units, 0n) - paidUnits
}
