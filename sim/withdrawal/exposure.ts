/**
 * Exposure over time. The teachers' is what has been credited to them and is neither on their
 * account nor paid out: they would lose it if admins and bank went away now. The payers' side is
 * the bank's: what it has paid out and has no tokens for. Both jump, at blocks and at payments.
 */
import { maxBig } from '../../models/kit/money.ts'
import { type ExposureSample, sampleExposure } from '../world/exposure.ts'
import type { LockedSince } from '../world/money.ts'
import { TEACHERS } from './actors.ts'
import { entryAt, ledgerOf, paidUnitsBy } from './ledger.ts'
import type { WorldRun } from './worldRun.ts'

type Part = Pick<WorldRun, 'steps' | 'parameters' | 'courses' | 'payments' | 'books'>

/** Samples at every instant at which an exposure turns, and just before. */
export function exposureOf(run: Part, locked: readonly LockedSince[]): readonly ExposureSample[] {
  const ledger = ledgerOf(run)
  const turns = [...ledger, ...run.payments].map(({ atMs }) => atMs)
  return sampleExposure({
    locked,
    instants: turns.flatMap((atMs) => [Math.max(0, atMs - 1), atMs]),
    at(atMs) {
      const entry = entryAt(ledger, atMs)
      const books = run.books.findLast(({ block }) => block <= (entry?.block ?? -1))
      const providerUnits = TEACHERS.map((_, teacher) => {
        const netUnits = entry?.netUnits[teacher] ?? 0n
        const availableUnits = books?.availableUnits[teacher] ?? 0n
        return maxBig(0n, netUnits - availableUnits - paidUnitsBy(run, atMs, teacher))
      }).reduce((sum, units) => sum + units, 0n)
      const payerUnits = maxBig(0n, paidUnitsBy(run, atMs) - (entry?.bankUnits ?? 0n))
      return { payerUnits, providerUnits }
    },
  })
}
