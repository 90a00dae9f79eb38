/**
 * What readers of the chain see of a session, and how it stands at the end.
 */
import { ESCROW, type WorldView } from '../../models/kit/trace.ts'
import type { ChainSide } from '../world/chainSide.ts'
import { paidTo } from '../world/money.ts'
import type { SessionReading } from './actors.ts'
import type { WorldSetup } from './options.ts'
import type { EndState } from './worldRun.ts'

const OWNERS = [
  ['student', 'claimStudent'],
  ['tutor', 'claimTutor'],
  ['platform', 'claimPlatform'],
] as const

/** What all readers see alike. */
export function readSession(view: WorldView, rateUnits: bigint): SessionReading {
  const figures = view.agreements[0]?.figures ?? {}
  const figure = (name: string): number => Number(figures[name] ?? 0n)
  return {
    state: view.agreements[0]?.state ?? 'Idle',
    studentJoined: figure('studentJoined') === 1,
    tutorJoined: figure('tutorJoined') === 1,
    startedAtSeconds: figure('startedAt'),
    affordableSeconds: Number((figures.deposit ?? 0n) / rateUnits),
    stoppedAtSeconds: figure('stoppedAt'),
    billedSeconds: figure('billedSeconds'),
    evidenceUntilSeconds: figure('evidenceUntil'),
    claimable: OWNERS.filter(([, name]) => figure(name) > 0).map(([owner]) => owner),
  }
}

export function endStateOf(side: ChainSide<SessionReading>, { agreement }: WorldSetup): EndState {
  const { reading, world, steps } = side
  const { roles, token } = agreement
  return {
    state: reading.state,
    depositUnits: world.agreements[0]?.figures.deposit ?? 0n,
    startedAtSeconds: reading.startedAtSeconds,
    stoppedAtSeconds: reading.stoppedAtSeconds,
    billedSeconds: reading.billedSeconds,
    paidTutorUnits: paidTo(steps, roles.tutor ?? 'tutor'),
    paidPlatformUnits: paidTo(steps, 'platform'),
    refundedUnits: paidTo(steps, roles.student ?? 'student'),
    escrowUnits: world.balances[token]?.[ESCROW] ?? 0n,
  }
}
