/**
 * What readers of the chain see of a job, how it stands at the end, and the course of all balances.
 */
import { ELSEWHERE, ESCROW, type WorldView } from '../../models/kit/trace.ts'
import type { ChainSide } from '../world/chainSide.ts'
import { paidTo } from '../world/money.ts'
import type { WorldStep } from '../world/records.ts'
import { hasEnded, type JobReading } from './actors.ts'
import type { WorldSetup } from './options.ts'
import type { BalanceSample, EndState } from './worldRun.ts'

/** What all readers see alike. */
export function readJob(view: WorldView, { agreement }: WorldSetup): JobReading {
  const figures = view.agreements[0]?.figures ?? {}
  const units = (name: string): bigint => figures[name] ?? 0n
  const accounts = view.accounts?.[agreement.token] ?? {}
  return {
    state: view.agreements[0]?.state ?? 'None',
    allowanceUnits: units('allowance'),
    startedAtSeconds: Number(units('startedAt')),
    provenTokens: Number(units('provenTokens')),
    billedTokens: Number(units('billedTokens')),
    endsAtSeconds: Number(units('endsAt')),
    claimUserUnits: units('claimUser'),
    earningsUnits: accounts[`earnings:${agreement.roles.host}`] ?? 0n,
    treasuryUnits: accounts.treasury ?? 0n,
  }
}

/** Whether nothing is left that somebody will still fetch. */
export function isOver(
  reading: JobReading,
  owners: { readonly hostIsGone: boolean; readonly treasuryWaits: boolean },
): boolean {
  if (!hasEnded(reading) || reading.claimUserUnits > 0n) return false
  const isHostPaid = reading.earningsUnits === 0n || owners.hostIsGone
  return isHostPaid && (reading.treasuryUnits === 0n || owners.treasuryWaits)
}

export function endStateOf(side: ChainSide<JobReading>, { agreement }: WorldSetup): EndState {
  const { reading, world, steps } = side
  const { roles, token } = agreement
  const figures = world.agreements[0]?.figures ?? {}
  return {
    state: reading.state,
    depositUnits: figures.deposit ?? 0n,
    provenTokens: reading.provenTokens,
    billedTokens: reading.billedTokens,
    startedAtSeconds: reading.startedAtSeconds,
    endsAtSeconds: reading.endsAtSeconds,
    hostUnits: figures.hostUnits ?? 0n,
    treasuryUnits: figures.treasuryUnits ?? 0n,
    paidHostUnits: paidTo(steps, roles.host as string),
    paidTreasuryUnits: paidTo(steps, 'treasury'),
    earningsUnits: reading.earningsUnits,
    treasuryAccountUnits: reading.treasuryUnits,
    refundedUnits: paidTo(steps, roles.user as string),
    claimUserUnits: reading.claimUserUnits,
    escrowUnits: world.balances[token]?.[ESCROW] ?? 0n,
  }
}

/** Balances after each step that moved or credited something, oldest first. */
export function balancesOf(
  steps: readonly WorldStep[],
  bills: readonly { readonly hostUnits: bigint; readonly treasuryUnits: bigint }[],
  { agreement }: WorldSetup,
): readonly BalanceSample[] {
  const { user, host } = agreement.roles
  const wallets: Record<string, bigint> = {}
  const course: BalanceSample[] = []
  for (const [index, { transfers, planned, includedMs, outcome }] of steps.entries()) {
    for (const { from, to, amountUnits } of transfers) {
      const receiver = to === ELSEWHERE ? planned.by : to
      wallets[from] = (wallets[from] ?? 0n) - amountUnits
      wallets[receiver] = (wallets[receiver] ?? 0n) + amountUnits
    }
    const isNews = transfers.length > 0 || planned.action === 'submitProof'
    if (!outcome.accepted || !isNews) continue
    const bill = bills[index] ?? { hostUnits: 0n, treasuryUnits: 0n }
    const hostWalletUnits = wallets[host as string] ?? 0n
    const treasuryWalletUnits = wallets.treasury ?? 0n
    course.push({
      atMs: includedMs,
      userUnits: wallets[user as string] ?? 0n,
      ...{ hostWalletUnits, treasuryWalletUnits },
      hostAccountUnits: bill.hostUnits - hostWalletUnits,
      treasuryAccountUnits: bill.treasuryUnits - treasuryWalletUnits,
      escrowUnits: wallets[ESCROW] ?? 0n,
    })
  }
  return course
}
