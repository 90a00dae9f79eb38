/**
 * What suites say of a world that was played on a real Anvil: the contract did what the machine had
 * said, and a run is the same on both chains but for fees.
 */
import { expect } from 'vitest'
import { CALL_GAS_UNIT } from '../../sim/chain/poolRules.ts'
import type { TransactionRecord, WorldStep } from '../../sim/world/records.ts'
import type { AnvilWorldRun } from '../kit/anvilWorld.ts'

/**
 * The real contract did in every step what the machine had said, within the gas that calls offer.
 *
 * @param gasUnits how many units of gas a call of this world offers
 */
export function expectAsPredicted<Run extends { readonly steps: readonly WorldStep[] }>(
  { run, observed }: AnvilWorldRun<Run>,
  gasUnits = 1,
): void {
  const predicted = run.steps.map(({ outcome, transfers }) => ({ outcome, transfers }))
  expect(observed.map(({ outcome, transfers }) => ({ outcome, transfers }))).toEqual(predicted)
  for (const { gasUsed } of observed) expect(Number(gasUsed)).toBeLessThan(gasUnits * CALL_GAS_UNIT)
}

interface Priced {
  readonly transactions: readonly TransactionRecord[]
  readonly hash: string
  readonly chainKind: string
}

/** Everything but fees, and the fingerprint that contains them. */
export function withoutFees<Run extends Priced>(run: Run) {
  const { transactions, hash: _, chainKind: _kind, ...rest } = run
  const unpriced = transactions.map(({ baseFeeWei: _base, tipWei: _tip, ...each }) => each)
  return { ...rest, transactions: unpriced }
}
