/**
 * Where the money of teachers and withdrawals stands: the revenue report, worked out from accepted
 * calls alone, beside what the contract's own accounts and figures say.
 */
import { figure } from '../invariants/judging.ts'
import type { MoneyReading } from '../invariants/money.ts'
import type { AgreementView, Trace, WorldView } from '../kit/trace.ts'
import { amountOf, creditedTo, type Facts, isOpen } from './oracle.ts'

export const withdrawalMoney: MoneyReading = {
  ownerOf: () => 'bank',
  lockedUnits: (view: AgreementView) => figure(view, 'claimBank'),
}

/** The revenue report of one teacher in one token, in base units. */
export interface Revenue {
  readonly grossUnits: bigint
  readonly commissionUnits: bigint
  readonly netUnits: bigint
  /** Completed withdrawals. */
  readonly withdrawnUnits: bigint
  /** Open withdrawals: pending and processing. */
  readonly openUnits: bigint
  /** The part of them that an admin has approved. */
  readonly processingUnits: bigint
}

export function revenueOf(trace: Trace, facts: Facts, teacher: string, token: string): Revenue {
  const { grossUnits, commissionUnits } = creditedTo(facts, teacher, token)
  let withdrawnUnits = 0n
  let openUnits = 0n
  let processingUnits = 0n
  for (const [index, { phase }] of facts.withdrawals.entries()) {
    const agreement = trace.agreements[index]
    if (agreement?.token !== token || agreement.roles.teacher !== teacher) continue
    const units = amountOf(trace, index)
    if (phase === 'completed') withdrawnUnits += units
    if (isOpen(phase)) openUnits += units
    if (phase === 'processing') processingUnits += units
  }
  const netUnits = grossUnits - commissionUnits
  return { grossUnits, commissionUnits, netUnits, withdrawnUnits, openUnits, processingUnits }
}

/** Base units on one of the contract's accounts. */
export function unitsOn(view: WorldView, token: string, account: string): bigint {
  return view.accounts?.[token]?.[account] ?? 0n
}

/** All that is on account in a token. */
export function onAccounts(view: WorldView, token: string): bigint {
  return Object.values(view.accounts?.[token] ?? {}).reduce((sum, units) => sum + units, 0n)
}

/** All payments in a token that wait for the bank. */
export function claimsIn(trace: Trace, view: WorldView, token: string): bigint {
  return view.agreements.reduce((sum, agreement, index) => {
    return trace.agreements[index]?.token === token ? sum + figure(agreement, 'claimBank') : sum
  }, 0n)
}
