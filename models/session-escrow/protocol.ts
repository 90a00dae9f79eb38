/**
 * session-escrow as the rest of Meterproof sees it: words, roles, machines, translations.
 *
 * Described by the architecture note of a tutoring call: deposit, start when both joined, stop on
 * the cap, on a disconnect or by either party, pay the tutor for the time in call, refund the rest.
 */
import { defineProtocol } from '../kit/protocol.ts'
import { pays, transferIn } from '../kit/token.ts'
import { tokenOf } from '../kit/tokens.ts'
import { type Agreement, type Datum, ESCROW, NOBODY, type PlannedStep } from '../kit/trace.ts'
import { SESSION_PARTICIPANTS, SESSION_TOKENS } from './cast.ts'
import { sessionEscrowDeployments } from './deployments.ts'
import { sessionEscrowInvariants } from './invariants.ts'
import { sessionLeaving } from './leaving.ts'
import { createSessionEscrowMachine } from './machine.ts'
import type {
  PresentedPing,
  SessionContext,
  SessionEvent,
  SessionInput,
  SessionRole,
} from './machineTypes.ts'
import { sessionEscrowParameters } from './parameters.ts'
import { capToldSeconds } from './rules.ts'
import { sessionEscrowErrors, sessionEscrowGuarded } from './words.ts'

function roleOf(agreement: Agreement, participant: string): SessionRole {
  if (participant === agreement.roles.student) return 'student'
  if (participant === agreement.roles.tutor) return 'tutor'
  if (participant === 'platform' || participant === 'relayer') return participant
  return 'stranger'
}

function presented(ping: Datum | undefined): PresentedPing | null {
  if (typeof ping !== 'object' || ping === null) return null
  return { atSeconds: ping.atSeconds as bigint, authentic: ping.kind === 'genuine' }
}

function toEvent(
  step: PlannedStep,
  agreement: Agreement,
  ledger: Parameters<typeof transferIn>[0]['ledger'],
): SessionEvent {
  const { atSeconds, args } = step
  const token = tokenOf(SESSION_TOKENS, agreement)
  const { student, tutor } = agreement.roles as { student: string; tutor: string }
  const type = step.action as SessionEvent['type']
  const by = roleOf(agreement, step.by)
  switch (type) {
    case 'deposit':
    case 'topUp': {
      const amountUnits = args.amountUnits as bigint
      const fromHolder = step.by
      const result = transferIn({ token, ledger, fromHolder, amountUnits })
      return { type, by, atSeconds, amountUnits, transferIn: result }
    }
    case 'stop': {
      const pings = { student: presented(args.studentPing), tutor: presented(args.tutorPing) }
      return { type, by, atSeconds, pings }
    }
    case 'settle':
    case 'cancel': {
      const platform = pays(token, 'platform')
      const paid = { student: pays(token, student), tutor: pays(token, tutor), platform }
      return { type, by, atSeconds, pays: paid }
    }
    case 'claim': {
      const holder = args.to as string
      const valid = holder !== ESCROW && holder !== NOBODY
      return { type, by, atSeconds, claimTo: { holder, valid, paid: pays(token, holder) } }
    }
    default:
      return { type, by, atSeconds }
  }
}

export const sessionEscrow = defineProtocol({
  id: 'session-escrow',
  title: 'Session escrow',
  summary: 'per-second billing of a live call from a deposit, the rest refunded',
  policies: ['as-described', 'hardened'],
  parameters: sessionEscrowParameters,
  participants: SESSION_PARTICIPANTS,
  tokens: SESSION_TOKENS,
  startingUnits: { student0: 1n << 129n, student1: 1_000_000_000_000n },
  roles: [
    { name: 'student', summary: 'pays' },
    { name: 'tutor', summary: 'serves' },
    { name: 'platform', summary: 'takes the fee' },
    { name: 'relayer', summary: 'sends the stop when the heartbeat service tells it to' },
    { name: 'stranger', summary: 'tries everything' },
  ],
  actions: [
    { name: 'deposit', summary: 'the student funds a session' },
    { name: 'join', summary: 'a party joins; the second join starts the clock' },
    { name: 'topUp', summary: 'the student adds to the deposit' },
    { name: 'stop', summary: 'billing ends' },
    { name: 'settle', summary: 'shares are pushed to tutor, platform and student' },
    { name: 'cancel', summary: 'an unstarted session is refunded' },
    { name: 'claim', summary: 'a share whose push failed is fetched by its owner' },
  ],
  initialState: 'Idle',
  terminalStates: ['Closed', 'Cancelled'],
  errors: sessionEscrowErrors,
  deployments: sessionEscrowDeployments,
  guardedActions: sessionEscrowGuarded,
  machines: {
    'as-described': createSessionEscrowMachine('as-described'),
    hardened: createSessionEscrowMachine('hardened'),
  },
  invariants: sessionEscrowInvariants,
  leaving: sessionLeaving,
  expectedRefutations: [],
  input(parameters, agreement): SessionInput {
    const { student, tutor } = agreement.roles
    return {
      token: agreement.token,
      ratePerSecondUnits: agreement.terms.ratePerSecondUnits as bigint,
      feeBps: BigInt(parameters.feeBps as number),
      silenceTimeoutSeconds: parameters.silenceTimeoutSeconds as number,
      startWindowSeconds: parameters.startWindowSeconds as number,
      evidenceWindowSeconds: parameters.evidenceWindowSeconds as number,
      tutorIsValid: tutor !== student && tutor !== ESCROW && tutor !== NOBODY,
    }
  },
  roleOf,
  toEvent,
  view(snapshot) {
    const context = snapshot.context as SessionContext
    return {
      state: snapshot.value as string,
      figures: {
        deposit: context.depositUnits,
        studentJoined: context.studentJoined ? 1n : 0n,
        tutorJoined: context.tutorJoined ? 1n : 0n,
        fundedAt: BigInt(context.fundedAtSeconds),
        startedAt: BigInt(context.startedAtSeconds),
        stoppedAt: BigInt(context.stoppedAtSeconds),
        billedSeconds: context.billedSeconds,
        evidenceUntil: BigInt(context.evidenceUntilSeconds),
        claimStudent: context.claims.student,
        claimTutor: context.claims.tutor,
        claimPlatform: context.claims.platform,
        capAt: capToldSeconds(context),
      },
    }
  },
})
