/**
 * progressive-escrow as the rest of Meterproof sees it: words, roles, machines, translations.
 *
 * Described by an implementation report of a mentorship platform: the price of a video session is
 * locked, 90 % of what time has earned is released every three minutes while heartbeats come, the
 * rest at its completion, which happens by itself after a week.
 */
import { defineProtocol } from '../kit/protocol.ts'
import { escrowBalanceUnits, type Ledger, pays, transferIn } from '../kit/token.ts'
import { tokenOf } from '../kit/tokens.ts'
import { type Agreement, ESCROW, NOBODY, type PlannedStep, type Shared } from '../kit/trace.ts'
import { PROGRESSIVE_PARTICIPANTS, PROGRESSIVE_TOKENS } from './cast.ts'
import { progressiveEscrowDeployments } from './deployments.ts'
import { progressiveEscrowInvariants, progressiveRefutations } from './invariants.ts'
import { progressiveLeaving } from './leaving.ts'
import { createProgressiveEscrowMachine } from './machine.ts'
import type {
  ProgressiveContext,
  ProgressiveEvent,
  ProgressiveInput,
  ProgressiveRole,
} from './machineTypes.ts'
import { progressiveEscrowParameters } from './parameters.ts'
import { pausedEntitlementUnits } from './rules.ts'
import { progressiveEscrowErrors, progressiveEscrowGuarded } from './words.ts'

const INITIAL_STATE = 'None'

function roleOf(agreement: Agreement, participant: string): ProgressiveRole {
  if (participant === agreement.roles.student) return 'student'
  if (participant === agreement.roles.mentor) return 'mentor'
  if (participant === 'platform' || participant === 'owner') return participant
  return 'stranger'
}

/** Whether another session of the student used the nonce; its own state says if this one did. */
function nonceUsed(agreement: Agreement, { agreements, view }: Shared): boolean {
  return agreements.some(
    ({ index, roles, terms }) =>
      index !== agreement.index &&
      roles.student === agreement.roles.student &&
      BigInt(terms.nonce as bigint) === BigInt(agreement.terms.nonce as bigint) &&
      view.agreements[index]?.state !== INITIAL_STATE,
  )
}

function toEvent(
  step: PlannedStep,
  agreement: Agreement,
  ledger: Ledger,
  shared: Shared,
): ProgressiveEvent {
  const { atSeconds, args } = step
  const token = tokenOf(PROGRESSIVE_TOKENS, agreement)
  const { student, mentor } = agreement.roles as { student: string; mentor: string }
  const type = step.action as ProgressiveEvent['type']
  const by = roleOf(agreement, step.by)
  const paying = () => ({
    heldUnits: escrowBalanceUnits(ledger, token.kind),
    pays: {
      student: pays(token, student),
      mentor: pays(token, mentor),
      platform: pays(token, 'platform'),
    },
  })
  switch (type) {
    case 'create': {
      const amountUnits = agreement.terms.totalAmountUnits as bigint
      const result = transferIn({ token, ledger, fromHolder: step.by, amountUnits })
      return { type, by, atSeconds, transferIn: result, nonceUsed: nonceUsed(agreement, shared) }
    }
    case 'complete': {
      const rating = args.rating as bigint
      const feedbackHash = args.feedbackHash as bigint
      return { type, by, atSeconds, rating, feedbackHash, ...paying() }
    }
    case 'emergencyRelease':
      return { type, by, atSeconds, amountUnits: args.amountUnits as bigint, ...paying() }
    case 'release':
    case 'autoComplete':
    case 'cancel':
      return { type, by, atSeconds, ...paying() }
    case 'claim': {
      const holder = args.to as string
      const valid = holder !== ESCROW && holder !== NOBODY
      const claimTo = { holder, valid, paid: pays(token, holder) }
      return { type, by, atSeconds, claimTo, heldUnits: paying().heldUnits }
    }
    default:
      return { type, by, atSeconds }
  }
}

export const progressiveEscrow = defineProtocol({
  id: 'progressive-escrow',
  title: 'Progressive escrow',
  summary: 'a prepaid session, released bit by bit while both sides give signs of life',
  policies: ['as-described', 'hardened'],
  parameters: progressiveEscrowParameters,
  participants: PROGRESSIVE_PARTICIPANTS,
  tokens: PROGRESSIVE_TOKENS,
  startingUnits: { student0: 1n << 129n, student1: 1_000_000_000_000n },
  roles: [
    { name: 'student', summary: 'pays' },
    { name: 'mentor', summary: 'serves' },
    { name: 'platform', summary: 'takes the fee' },
    { name: 'owner', summary: 'may release money to a mentor in an emergency' },
    { name: 'stranger', summary: 'tries everything' },
  ],
  actions: [
    { name: 'create', summary: 'the student locks the price of a session' },
    { name: 'start', summary: 'a party is there; the clock starts (hardened: once both are)' },
    { name: 'heartbeat', summary: 'a party gives a sign' },
    { name: 'release', summary: 'a part of what time has earned goes to the mentor' },
    { name: 'pause', summary: 'a party stops the clock' },
    { name: 'resume', summary: 'a party lets the clock go on (hardened: once both do)' },
    { name: 'pauseOnTimeout', summary: 'anyone stops the clock of a session gone silent' },
    { name: 'complete', summary: 'the student rates and ends the session; the rest is settled' },
    { name: 'autoComplete', summary: 'anyone ends a session that was forgotten' },
    { name: 'cancel', summary: 'a session that never ran is refunded' },
    { name: 'emergencyRelease', summary: 'the owner releases money to the mentor' },
    { name: 'claim', summary: 'a share whose push failed is fetched by its owner' },
  ],
  initialState: INITIAL_STATE,
  terminalStates: ['Completed', 'Cancelled'],
  errors: progressiveEscrowErrors,
  deployments: progressiveEscrowDeployments,
  guardedActions: progressiveEscrowGuarded,
  machines: {
    'as-described': createProgressiveEscrowMachine('as-described'),
    hardened: createProgressiveEscrowMachine('hardened'),
  },
  invariants: progressiveEscrowInvariants,
  leaving: progressiveLeaving,
  expectedRefutations: progressiveRefutations,
  input(parameters, agreement): ProgressiveInput {
    const { roles, terms, token } = agreement
    const { student, mentor } = roles
    return {
      token,
      totalAmountUnits: terms.totalAmountUnits as bigint,
      durationMinutes: Number(terms.durationMinutes),
      nonce: BigInt(terms.nonce as bigint),
      feeBps: BigInt(parameters.feeBps as number),
      progressiveBps: BigInt(parameters.progressiveBps as number),
      releaseIntervalSeconds: parameters.releaseIntervalSeconds as number,
      heartbeatIntervalSeconds: parameters.heartbeatIntervalSeconds as number,
      graceSeconds: parameters.graceSeconds as number,
      autoReleaseDelaySeconds: parameters.autoReleaseDelaySeconds as number,
      mentorIsValid: mentor !== student && mentor !== ESCROW && mentor !== NOBODY,
    }
  },
  roleOf,
  toEvent,
  view(snapshot) {
    const context = snapshot.context as ProgressiveContext
    const state = snapshot.value as string
    return {
      state,
      figures: {
        total: context.totalUnits,
        nonce: state === INITIAL_STATE ? 0n : context.nonce,
        createdAt: BigInt(context.createdAtSeconds),
        startedAt: BigInt(context.startedAtSeconds),
        activeSince: BigInt(context.activeSinceSeconds),
        pausedAt: BigInt(context.pausedAtSeconds),
        pauseCalledAt: BigInt(context.pauseCalledAtSeconds),
        pausedSeconds: BigInt(context.pausedSeconds),
        studentSeenAt: BigInt(context.studentSeenAtSeconds),
        mentorSeenAt: BigInt(context.mentorSeenAtSeconds),
        lastReleaseAt: BigInt(context.lastReleaseAtSeconds),
        released: context.releasedUnits,
        feePaid: context.feePaidUnits,
        emergency: context.emergencyUnits,
        rating: context.rating,
        feedbackHash: context.feedbackHash,
        claimStudent: context.claims.student,
        claimMentor: context.claims.mentor,
        claimPlatform: context.claims.platform,
        entitlement: state === 'Paused' ? pausedEntitlementUnits(context) : 0n,
      },
    }
  },
})
