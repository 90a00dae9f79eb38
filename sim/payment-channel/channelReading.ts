/**
 * What readers of the chain see of a channel, and how it stands at the end.
 */
import { ESCROW, type WorldView } from '../../models/kit/trace.ts'
import type { ChainSide } from '../world/chainSide.ts'
import { paidTo } from '../world/money.ts'
import type { ChannelReading } from './actors.ts'
import type { WorldSetup } from './options.ts'
import type { EndState } from './worldRun.ts'

/** What all readers see alike. */
export function readChannel(view: WorldView): ChannelReading {
  const figures = view.agreements[0]?.figures ?? {}
  const units = (name: string): bigint => figures[name] ?? 0n
  return {
    state: view.agreements[0]?.state ?? 'None',
    depositUnits: units('deposit'),
    openedAtSeconds: Number(units('openedAt')),
    paidUnits: units('paid'),
    challengeEndsAtSeconds: Number(units('challengeEndsAt')),
    claimPayerUnits: units('claimPayer'),
    claimProviderUnits: units('claimProvider'),
  }
}

/** Whether nothing is left that somebody will still fetch. */
export function isOver({ state, claimPayerUnits, claimProviderUnits }: ChannelReading): boolean {
  return state === 'Closed' && claimPayerUnits === 0n && claimProviderUnits === 0n
}

export function endStateOf(side: ChainSide<ChannelReading>, { agreement }: WorldSetup): EndState {
  const { reading, world, steps } = side
  const { roles, token } = agreement
  return {
    ...reading,
    receivedUnits: paidTo(steps, roles.provider as string),
    refundedUnits: paidTo(steps, roles.payer as string),
    escrowUnits: world.balances[token]?.[ESCROW] ?? 0n,
  }
}
