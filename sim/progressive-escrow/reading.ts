/**
 * What readers of the chain see of a session, what follows from it by the contract's rules, and how
 * the session stands at the end.
 */
import { ESCROW, type Policy, type WorldView } from '../../models/kit/trace.ts'
import type { ProgressiveEscrowParameters } from '../../models/progressive-escrow/parameters.ts'
import type { ChainSide } from '../world/chainSide.ts'
import { paidTo } from '../world/money.ts'
import type { SessionReading } from './actors.ts'
import type { WorldSetup } from './options.ts'
import type { EndState } from './worldRun.ts'

const OWNERS = [
  ['student', 'claimStudent'],
  ['mentor', 'claimMentor'],
  ['platform', 'claimPlatform'],
] as const

/** What all readers see alike. */
export function readSession(view: WorldView): SessionReading {
  const figures = view.agreements[0]?.figures ?? {}
  const figure = (name: string): number => Number(figures[name] ?? 0n)
  return {
    state: view.agreements[0]?.state ?? 'None',
    createdAt: figure('createdAt'),
    startedAt: figure('startedAt'),
    pausedAt: figure('pausedAt'),
    pauseCalledAt: figure('pauseCalledAt'),
    pausedSeconds: figure('pausedSeconds'),
    seenAt: { student: figure('studentSeenAt'), mentor: figure('mentorSeenAt') },
    lastReleaseAt: figure('lastReleaseAt'),
    claimable: OWNERS.filter(([, name]) => (figures[name] ?? 0n) > 0n).map(([owner]) => owner),
  }
}

/** What participants know of the deployment and the agreement, in seconds. */
export interface Rules {
  readonly policy: Policy
  readonly parameters: ProgressiveEscrowParameters
  readonly durationSeconds: number
}

/** Silence that the contract tolerates after a sign. */
export function toleranceSeconds({ parameters }: Rules): number {
  return parameters.heartbeatIntervalSeconds + parameters.graceSeconds
}

/** First second in which the session counts as silent. */
export function silentFromSeconds(rules: Rules, { seenAt }: SessionReading): number {
  const { student, mentor } = seenAt
  const seen = rules.policy === 'hardened' ? Math.min(student, mentor) : Math.max(student, mentor)
  return seen + toleranceSeconds(rules) + 1
}

/** Second in which a session that runs has used up the agreed time. */
export function endsAtSeconds(rules: Rules, view: SessionReading): number {
  return view.startedAt + rules.durationSeconds + view.pausedSeconds
}

/** First second in which anyone may complete. */
export function autoFromSeconds(rules: Rules, view: SessionReading): number {
  const fromSeconds = rules.policy === 'hardened' ? endsAtSeconds(rules, view) : view.createdAt
  return fromSeconds + rules.parameters.autoReleaseDelaySeconds
}

export function endStateOf(side: ChainSide<SessionReading>, { agreement }: WorldSetup): EndState {
  const { reading, world, steps } = side
  const { roles, token } = agreement
  const { figures = {} } = world.agreements[0] ?? {}
  return {
    state: reading.state,
    totalUnits: figures.total ?? 0n,
    paidMentorUnits: paidTo(steps, roles.mentor ?? 'mentor'),
    paidPlatformUnits: paidTo(steps, 'platform'),
    refundedUnits: paidTo(steps, roles.student ?? 'student'),
    escrowUnits: world.balances[token]?.[ESCROW] ?? 0n,
  }
}
