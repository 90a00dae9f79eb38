/**
 * What readers of the chain see of all withdrawals, and how everything stands at the end.
 */
import { ESCROW, type WorldView } from '../../models/kit/trace.ts'
import type { ChainSide } from '../world/chainSide.ts'
import { paidTo } from '../world/money.ts'
import { TEACHERS, type WithdrawalReading } from './actors.ts'
import type { WorldSetup } from './options.ts'
import type { EndState } from './worldRun.ts'

/** What all readers see alike. */
export function readWithdrawals(view: WorldView, { agreement }: WorldSetup): WithdrawalReading {
  const accounts = view.accounts?.[agreement.token] ?? {}
  return {
    items: view.agreements.map(({ state, figures }) => ({
      state,
      approvedAtSeconds: Number(figures.approvedAt ?? 0n),
      claimBankUnits: figures.claimBank ?? 0n,
    })),
    availableUnits: TEACHERS.map((teacher) => accounts[`available:${teacher}`] ?? 0n),
    pendingUnits: TEACHERS.map((teacher) => accounts[`pending:${teacher}`] ?? 0n),
    commissionUnits: accounts.commission ?? 0n,
    escrowUnits: view.balances[agreement.token]?.[ESCROW] ?? 0n,
  }
}

export function endStateOf(side: ChainSide<WithdrawalReading>, nowMs: number): EndState {
  const { reading, steps } = side
  const { items, availableUnits, pendingUnits, commissionUnits, escrowUnits } = reading
  const credited = steps.flatMap(({ transfers }) => transfers).filter(({ to }) => to === ESCROW)
  return {
    states: items.map(({ state }) => state),
    ...{ availableUnits, pendingUnits, commissionUnits, escrowUnits, nowMs },
    claimBankUnits: items.reduce((sum, { claimBankUnits }) => sum + claimBankUnits, 0n),
    bankUnits: paidTo(steps, 'bank'),
    platformUnits: paidTo(steps, 'platform'),
    creditedUnits: credited.reduce((sum, { amountUnits }) => sum + amountUnits, 0n),
  }
}
