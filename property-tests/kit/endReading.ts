/**
 * Reads the end of a run for metamorphic relations: who has what, and who has won or lost what.
 *
 * Everything comes from a protocol's own reading of shares and from the books that are kept of
 * observed movements; nothing asks the machine.
 */
import { booksAt, booksOf, type OwnerOf } from '../../models/invariants/books.ts'
import type { AgreementView, Trace } from '../../models/kit/trace.ts'
import type { Finally } from './neutralRelations.ts'

export interface EndReading<Shares> {
  /** Shares of every agreement at the end of a run. */
  readonly finalShares: (trace: Trace) => readonly Shares[]
  /** The same as text. */
  readonly shares: Finally
  /** What each party of every agreement has won or lost, as text. */
  readonly gains: Finally
}

/** How a protocol's shares are read at the end of a run. */
export function endReading<Shares>(options: {
  readonly ownerOf: OwnerOf
  readonly sharesAt: (
    trace: Trace,
    stepIndex: number,
    agreement: number,
    view: AgreementView,
  ) => Shares
  readonly text: (shares: Shares) => string
  /** The shares, less what their payer brought in (base units). */
  readonly lessPaidIn: (shares: Shares, inUnits: bigint) => Shares
}): EndReading<Shares> {
  const { ownerOf, sharesAt, text, lessPaidIn } = options
  const finalShares = (trace: Trace): readonly Shares[] => {
    const last = trace.steps.length - 1
    const { agreements } = trace.steps[last]?.observed.after ?? trace.initial
    return agreements.map((view, index) => sharesAt(trace, last, index, view))
  }
  return {
    finalShares,
    shares: (trace) => finalShares(trace).map(text),
    gains(trace) {
      const books = booksOf(trace, ownerOf)
      return finalShares(trace).map((final, index) => {
        const { inUnits } = booksAt(books, trace.steps.length - 1, index)
        return text(lessPaidIn(final, inUnits))
      })
    },
  }
}
