/**
 * The lifecycle of session-escrow as an XState machine, one for each policy.
 *
 * Idle → Funded → Active → Stopping → Settled → Refunded → Closed, and Funded → Cancelled. Pure: no
 * clock, no timer, no randomness. Every action is answered in every state, by a change or by a
 * rejection whose name is the contract's custom error. Guards stand in the contract's order of
 * checks: state, caller, time, arguments, transfer.
 */
import { setup } from 'xstate'
import {
  claimsAfter,
  declaredActions,
  pushEffect,
  pushesOf,
  rejectIf as refuse,
  reject,
} from '../kit/declare.ts'
import { AMOUNT_UNITS_MAX } from '../kit/money.ts'
import type { Policy, Scalar } from '../kit/trace.ts'
import type { SessionContext, SessionEvent, SessionInput, ShareOwner } from './machineTypes.ts'
import * as rules from './rules.ts'

type Told = { readonly context: SessionContext; readonly event: SessionEvent }

const isParty = (by: string) => by === 'student' || by === 'tutor'
const mayStop = (by: string) => isParty(by) || by === 'relayer'
const noPings = { student: null, tutor: null } as const
const pingsOf = (event: SessionEvent) => event.pings ?? noPings
const offered = (event: SessionEvent) => event.amountUnits ?? 0n

const kit = setup({
  types: {
    context: {} as SessionContext,
    events: {} as SessionEvent,
    input: {} as SessionInput,
  },
  actions: declaredActions,
})

const fund = kit.assign({
  depositUnits: ({ event }) => offered(event),
  fundedAtSeconds: ({ event }) => event.atSeconds,
})
const recordJoin = kit.assign({
  studentJoined: ({ context, event }) => context.studentJoined || event.by === 'student',
  tutorJoined: ({ context, event }) => context.tutorJoined || event.by === 'tutor',
})
const start = kit.assign({ startedAtSeconds: ({ event }) => event.atSeconds })
const addToDeposit = kit.assign({
  depositUnits: ({ context, event }) => context.depositUnits + offered(event),
})
const billByBlock = kit.assign({
  stoppedAtSeconds: ({ event }) => event.atSeconds,
  billedSeconds: ({ context, event }) => rules.billedByBlock(context, event.atSeconds),
})
const billByEvidence = kit.assign(({ context, event }) => {
  const { atSeconds } = event
  const billedSeconds = rules.billedByEvidence(context, atSeconds, pingsOf(event))
  const open = billedSeconds < rules.billedAtMost(context, atSeconds)
  const evidenceUntilSeconds = open ? atSeconds + context.evidenceWindowSeconds : atSeconds
  return { stoppedAtSeconds: atSeconds, billedSeconds, evidenceUntilSeconds }
})
const raiseBill = kit.assign(({ context, event }) => {
  const billedSeconds = raisedBill({ context, event })
  const full = billedSeconds === rules.billedAtMost(context, context.stoppedAtSeconds)
  const evidenceUntilSeconds = full ? event.atSeconds : context.evidenceUntilSeconds
  return { billedSeconds, evidenceUntilSeconds }
})
const takeIn = kit.enqueueActions(({ event, enqueue }) => {
  const amountUnits = offered(event)
  enqueue({ type: 'transfer', params: { from: 'student', to: 'escrow', amountUnits } })
})
const payOut = kit.enqueueActions(({ context, event, enqueue }) => {
  const shares = rules.settlement(context)
  const { tutorUnits, platformUnits, refundUnits } = shares
  enqueue({ type: 'emitLog', params: { name: 'Settled', args: { ...shares } } })
  const owed = [
    ['tutor', tutorUnits],
    ['platform', platformUnits],
    ['student', refundUnits],
  ] as const
  const pushes = pushesOf<ShareOwner>(owed, event.pays)
  for (const push of pushes) enqueue(pushEffect(push))
  enqueue.assign({ claims: claimsAfter(context.claims, pushes) })
})
const refundAll = kit.enqueueActions(({ context, event, enqueue }) => {
  const refundUnits = context.depositUnits
  enqueue({ type: 'emitLog', params: { name: 'Cancelled', args: { refundUnits } } })
  const pushes = pushesOf<ShareOwner>([['student', refundUnits]], event.pays)
  for (const push of pushes) enqueue(pushEffect(push))
  enqueue.assign({ claims: claimsAfter(context.claims, pushes) })
})
const payClaim = kit.enqueueActions(({ context, event, enqueue }) => {
  const owner = event.by as ShareOwner
  const amountUnits = context.claims[owner]
  const to = event.claimTo?.holder ?? owner
  enqueue({ type: 'emitLog', params: { name: 'Claimed', args: { owner, to, amountUnits } } })
  enqueue({ type: 'transfer', params: { from: 'escrow', to, amountUnits } })
  enqueue.assign({ claims: { ...context.claims, [owner]: 0n } })
})

/** Bill that a newer piece of evidence would give a session that is already stopping. */
function raisedBill({ context, event }: Told): bigint {
  return rules.billedByEvidence(context, context.stoppedAtSeconds, pingsOf(event))
}

const logArguments = {
  Deposited: ({ context, event }: Told) => ({
    student: 'student',
    tutor: 'tutor',
    token: context.token,
    ratePerSecondUnits: context.ratePerSecondUnits,
    amountUnits: offered(event),
  }),
  Joined: ({ event }: Told) => ({ party: event.by }),
  Started: ({ context }: Told) => ({ startedAtSeconds: BigInt(context.startedAtSeconds) }),
  ToppedUp: ({ context, event }: Told) => ({
    amountUnits: offered(event),
    depositUnits: context.depositUnits,
  }),
  Stopped: ({ context, event }: Told) => ({ by: event.by, billedSeconds: context.billedSeconds }),
  EvidenceRaised: ({ context, event }: Told) => ({
    by: event.by,
    billedSeconds: context.billedSeconds,
  }),
} satisfies Record<string, (told: Told) => Record<string, Scalar>>
type LoggedName = keyof typeof logArguments

type Guard = (told: Told) => boolean
const rejectIf = refuse<Told>
const log = (name: LoggedName) =>
  kit.enqueueActions(({ context, event, enqueue }) => {
    const args = logArguments[name]({ context, event })
    enqueue({ type: 'emitLog', params: { name, args } })
  })

const transferRefusals = [
  rejectIf(({ event }) => event.transferIn === 'failed', 'DepositFailed'),
  rejectIf(({ event }) => event.transferIn === 'short', 'DepositShort'),
]
const pingIsInvalid: Guard = ({ event }) => {
  const { student, tutor } = pingsOf(event)
  return student?.authentic === false || tutor?.authentic === false
}
const amountTooLarge: Guard = ({ context, event }) =>
  context.depositUnits + offered(event) > AMOUNT_UNITS_MAX

const deposit = [
  rejectIf(({ event }) => event.by !== 'student', 'NotStudent'),
  rejectIf(({ context }) => !context.tutorIsValid, 'InvalidTutor'),
  rejectIf(({ context }) => context.ratePerSecondUnits === 0n, 'ZeroRate'),
  rejectIf(({ context, event }) => offered(event) < context.ratePerSecondUnits, 'DepositBelowRate'),
  ...transferRefusals,
  { target: 'Funded' as const, actions: [fund, log('Deposited'), takeIn] },
]
const join = [
  rejectIf(({ event }) => !isParty(event.by), 'NotParty'),
  rejectIf(
    ({ context, event }) => rules.startWindowIsOver(context, event.atSeconds),
    'StartWindowOver',
  ),
  rejectIf(
    ({ context, event }) => (event.by === 'student' ? context.studentJoined : context.tutorJoined),
    'AlreadyJoined',
  ),
  {
    guard: ({ context, event }: Told) =>
      event.by === 'student' ? context.tutorJoined : context.studentJoined,
    target: 'Active' as const,
    actions: [recordJoin, start, log('Joined'), log('Started')],
  },
  { actions: [recordJoin, log('Joined')] },
]
const topUp = (refusals: readonly ReturnType<typeof rejectIf>[]) => [
  rejectIf(({ event }) => event.by !== 'student', 'NotStudent'),
  ...refusals,
  rejectIf(({ event }) => offered(event) === 0n, 'ZeroAmount'),
  rejectIf(amountTooLarge, 'AmountTooLarge'),
  ...transferRefusals,
  { actions: [addToDeposit, log('ToppedUp'), takeIn] },
]
const stopRefusal = rejectIf(
  ({ context, event }) => !mayStop(event.by) && !rules.capReached(context, event.atSeconds),
  'NotParty',
)
const stopActive = {
  'as-described': [
    stopRefusal,
    { target: 'Stopping' as const, actions: [billByBlock, log('Stopped')] },
  ],
  hardened: [
    stopRefusal,
    rejectIf(pingIsInvalid, 'InvalidPing'),
    rejectIf(
      ({ context, event }) =>
        !mayStop(event.by) &&
        rules.evidenceAtSeconds(context, pingsOf(event)) < rules.capAtSeconds(context),
      'InsufficientEvidence',
    ),
    { target: 'Stopping' as const, actions: [billByEvidence, log('Stopped')] },
  ],
}
const stopAgain = {
  'as-described': [reject('NotActive')],
  hardened: [
    rejectIf(({ event }) => !mayStop(event.by), 'NotParty'),
    rejectIf(
      ({ context, event }) => event.atSeconds >= context.evidenceUntilSeconds,
      'EvidenceWindowOver',
    ),
    rejectIf(pingIsInvalid, 'InvalidPing'),
    rejectIf((told) => raisedBill(told) <= told.context.billedSeconds, 'StaleEvidence'),
    { actions: [raiseBill, log('EvidenceRaised')] },
  ],
}
/** Which shares a settlement cannot push, hence where it ends. */
function settlesTo(state: 'Settled' | 'Refunded'): Guard {
  return ({ context, event }) => {
    const { tutorUnits, platformUnits, refundUnits } = rules.settlement(context)
    const left = (owner: ShareOwner, units: bigint) => (event.pays?.[owner] ? 0n : units)
    const claims = {
      student: left('student', refundUnits),
      tutor: left('tutor', tutorUnits),
      platform: left('platform', platformUnits),
    }
    return rules.standing(claims) === state
  }
}
const settle = (policy: Policy) => [
  ...(policy === 'hardened'
    ? [
        rejectIf(
          ({ context, event }) => event.atSeconds < context.evidenceUntilSeconds,
          'EvidenceWindowOpen',
        ),
      ]
    : []),
  { guard: settlesTo('Settled'), target: 'Settled' as const, actions: [payOut] },
  { guard: settlesTo('Refunded'), target: 'Refunded' as const, actions: [payOut] },
  { target: 'Closed' as const, actions: [payOut] },
]
const cancel = [
  rejectIf(
    ({ context, event }) =>
      event.by !== 'student' && !rules.startWindowIsOver(context, event.atSeconds),
    'StartWindowOpen',
  ),
  { target: 'Cancelled' as const, actions: [refundAll] },
]
const claimRefusals = [
  rejectIf(
    ({ context, event }) => !((context.claims[event.by as ShareOwner] ?? 0n) > 0n),
    'NothingToClaim',
  ),
  rejectIf(({ event }) => event.claimTo?.valid === false, 'InvalidRecipient'),
  rejectIf(({ event }) => event.claimTo?.paid === false, 'ClaimFailed'),
]
/** Whether the session stands in `state` once the caller's share is claimed. */
function claimLeads(state: 'Settled' | 'Refunded' | 'Closed'): Guard {
  return ({ context, event }) => rules.standing({ ...context.claims, [event.by]: 0n }) === state
}

const refusedBeforeFunding = {
  join: [reject('NotFunded')],
  topUp: [reject('NotOpen')],
  stop: [reject('NotActive')],
  settle: [reject('NotStopped')],
  cancel: [reject('NotFunded')],
  claim: [reject('NothingToClaim')],
}
const refusedAtTheEnd = { ...refusedBeforeFunding, deposit: [reject('SessionExists')] }

/** The machine of one policy. Its input is the session's terms and the deployment's parameters. */
export function createSessionEscrowMachine(policy: Policy) {
  return kit.createMachine({
    id: 'session-escrow',
    context: ({ input }) => ({
      ...input,
      depositUnits: 0n,
      studentJoined: false,
      tutorJoined: false,
      fundedAtSeconds: 0,
      startedAtSeconds: 0,
      stoppedAtSeconds: 0,
      billedSeconds: 0n,
      evidenceUntilSeconds: 0,
      claims: { student: 0n, tutor: 0n, platform: 0n },
    }),
    initial: 'Idle',
    states: {
      Idle: { on: { ...refusedBeforeFunding, deposit } },
      Funded: { on: { ...refusedAtTheEnd, join, topUp: topUp([]), cancel } },
      Active: {
        on: {
          ...refusedAtTheEnd,
          topUp: topUp([
            rejectIf(
              ({ context, event }) => rules.capReached(context, event.atSeconds),
              'CapReached',
            ),
          ]),
          stop: stopActive[policy],
        },
      },
      Stopping: { on: { ...refusedAtTheEnd, stop: stopAgain[policy], settle: settle(policy) } },
      Settled: {
        on: {
          ...refusedAtTheEnd,
          claim: [
            ...claimRefusals,
            { guard: claimLeads('Refunded'), target: 'Refunded', actions: [payClaim] },
            { guard: claimLeads('Closed'), target: 'Closed', actions: [payClaim] },
            { actions: [payClaim] },
          ],
        },
      },
      Refunded: {
        on: {
          ...refusedAtTheEnd,
          claim: [
            ...claimRefusals,
            { guard: claimLeads('Closed'), target: 'Closed', actions: [payClaim] },
            { actions: [payClaim] },
          ],
        },
      },
      Closed: { on: refusedAtTheEnd },
      Cancelled: { on: { ...refusedAtTheEnd, claim: [...claimRefusals, { actions: [payClaim] }] } },
    },
  })
}
