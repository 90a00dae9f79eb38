/**
 * The lifecycle of progressive-escrow as an XState machine, one for each policy.
 *
 * None → Created → Active ⇄ Paused → Completed, and Created → Cancelled. Pure: no clock, no timer,
 * no randomness. Every action is answered in every state, by a change or by a rejection whose name
 * is the contract's custom error. Guards stand in the contract's order of checks: state, caller,
 * time, arguments, transfer.
 */
import { setup } from 'xstate'
import {
  claimsAfter,
  declaredActions,
  pushEffect,
  pushesOf,
  reject,
  rejectIf,
} from '../kit/declare.ts'
import type { Policy, Scalar } from '../kit/trace.ts'
import type {
  ProgressiveContext,
  ProgressiveEvent,
  ProgressiveInput,
  ShareOwner,
} from './machineTypes.ts'
import * as rules from './rules.ts'

type Told = { readonly context: ProgressiveContext; readonly event: ProgressiveEvent }
type Guard = (told: Told) => boolean

const kit = setup({
  types: {
    context: {} as ProgressiveContext,
    events: {} as ProgressiveEvent,
    input: {} as ProgressiveInput,
  },
  actions: declaredActions,
})

const offered = (event: ProgressiveEvent) => event.amountUnits ?? 0n
const at = ({ event }: Told) => event.atSeconds

// ------------------------------------------------------------------------------ what is declared

const logArguments = {
  Created: ({ context }: Told) => ({
    student: 'student',
    mentor: 'mentor',
    token: context.token,
    totalAmountUnits: context.totalAmountUnits,
    durationMinutes: BigInt(context.durationMinutes),
    nonce: context.nonce,
  }),
  Confirmed: ({ event }: Told) => ({ party: event.by }),
  Started: ({ event }: Told) => ({ by: event.by, startedAtSeconds: BigInt(event.atSeconds) }),
  HeartbeatReceived: ({ event }: Told) => ({ party: event.by }),
  Paused: ({ context, event }: Told) => ({
    by: event.by,
    pausedAtSeconds: BigInt(context.pausedAtSeconds),
  }),
  Resumed: ({ context, event }: Told) => ({
    by: event.by,
    pausedSeconds: BigInt(context.pausedSeconds),
  }),
} satisfies Record<string, (told: Told) => Record<string, Scalar>>

/** Declares an event of the contract, from the context as the actions before it left it. */
const log = (name: keyof typeof logArguments) =>
  kit.enqueueActions(({ context, event, enqueue }) => {
    const args = logArguments[name]({ context, event })
    enqueue({ type: 'emitLog', params: { name, args } })
  })

const seen = kit.assign(({ event }) => ({
  ...(event.by === 'student' ? { studentSeenAtSeconds: event.atSeconds } : {}),
  ...(event.by === 'mentor' ? { mentorSeenAtSeconds: event.atSeconds } : {}),
}))
const lock = kit.assign({
  totalUnits: ({ context }) => context.totalAmountUnits,
  createdAtSeconds: at,
})
const takeIn = kit.enqueueActions(({ context, enqueue }) => {
  const amountUnits = context.totalAmountUnits
  enqueue({ type: 'transfer', params: { from: 'student', to: 'escrow', amountUnits } })
})
const run = kit.assign({
  startedAtSeconds: at,
  activeSinceSeconds: at,
  lastReleaseAtSeconds: at,
})
const interrupt = (isCalled: boolean) =>
  kit.assign({
    pausedAtSeconds: ({ context, event }) => rules.untilSeconds(context, event.atSeconds),
    pauseCalledAtSeconds: ({ context, event }) =>
      isCalled ? rules.pauseCalledAtSeconds(context, event.atSeconds) : 0,
  })
const countPause = kit.assign({
  pausedSeconds: ({ context, event }) =>
    context.pausedSeconds + event.atSeconds - context.pausedAtSeconds,
  activeSinceSeconds: at,
})
const endPause = kit.assign({ pausedAtSeconds: 0, pauseCalledAtSeconds: 0 })
const rate = kit.assign({
  rating: ({ event }) => event.rating ?? 0n,
  feedbackHash: ({ event }) => event.feedbackHash ?? 0n,
})

/** Declares what was decided on, then its pushes; what does not arrive becomes a claim. */
const payingAction = (
  decide: (told: Told) => {
    readonly name: string
    readonly args: Record<string, Scalar>
    readonly shares: readonly (readonly [ShareOwner, bigint])[]
    readonly change: Partial<ProgressiveContext>
  },
) =>
  kit.enqueueActions(({ context, event, enqueue }) => {
    const { name, args, shares, change } = decide({ context, event })
    enqueue({ type: 'emitLog', params: { name, args } })
    const pushes = pushesOf(shares, event.pays, event.heldUnits ?? 0n)
    for (const push of pushes) enqueue(pushEffect(push))
    enqueue.assign({ ...change, claims: claimsAfter(context.claims, pushes) })
  })

function released({ context }: Told, { grossUnits, platformUnits }: rules.Release) {
  return {
    releasedUnits: context.releasedUnits + grossUnits,
    feePaidUnits: context.feePaidUnits + platformUnits,
  }
}
const payRelease = payingAction((told) => {
  const { context, event } = told
  const grossUnits = rules.entitlementUnits(context, event.atSeconds) - context.releasedUnits
  const release = rules.releaseOf(context, grossUnits)
  const { mentorUnits, platformUnits } = release
  return {
    name: 'Released',
    args: { by: event.by, mentorUnits, platformUnits },
    shares: [
      ['mentor', mentorUnits],
      ['platform', platformUnits],
    ],
    change: { ...released(told, release), lastReleaseAtSeconds: event.atSeconds },
  }
})
const payCompletion = payingAction((told) => {
  const { context, event } = told
  const completion = rules.completionOf(context, event.atSeconds)
  const { mentorUnits, platformUnits, refundUnits } = completion
  const { rating } = context
  return {
    name: 'Completed',
    args: { by: event.by, rating, mentorUnits, platformUnits, refundUnits },
    shares: [
      ['mentor', mentorUnits],
      ['platform', platformUnits],
      ['student', refundUnits],
    ],
    change: released(told, completion),
  }
})
const payEmergency = payingAction((told) => {
  const { context, event } = told
  const grossUnits = offered(event)
  const release = rules.releaseOf(context, grossUnits)
  const { mentorUnits, platformUnits } = release
  return {
    name: 'EmergencyReleased',
    args: { mentorUnits, platformUnits },
    shares: [
      ['mentor', mentorUnits],
      ['platform', platformUnits],
    ],
    change: {
      ...released(told, release),
      emergencyUnits: context.emergencyUnits + grossUnits,
    },
  }
})
const refundAll = payingAction(({ context }) => {
  const refundUnits = rules.unreleasedUnits(context)
  return {
    name: 'Cancelled',
    args: { refundUnits },
    shares: [['student', refundUnits]],
    change: {},
  }
})
const payClaim = kit.enqueueActions(({ context, event, enqueue }) => {
  const owner = event.by as ShareOwner
  const amountUnits = context.claims[owner]
  const to = event.claimTo?.holder ?? owner
  enqueue({ type: 'emitLog', params: { name: 'Claimed', args: { owner, to, amountUnits } } })
  enqueue({ type: 'transfer', params: { from: 'escrow', to, amountUnits } })
  enqueue.assign({ claims: { ...context.claims, [owner]: 0n } })
})

// -------------------------------------------------------------------------- what each action does

const refuse = rejectIf<Told>
const notStudent = refuse(({ event }) => event.by !== 'student', 'NotStudent')
const notParticipant = refuse(
  ({ event }) => event.by !== 'student' && event.by !== 'mentor',
  'NotParticipant',
)
const silent: Guard = ({ context, event }) => rules.isSilent(context, event.atSeconds)
const otherIsThere: Guard = ({ context, event }) =>
  rules.otherIsThere(context, event.by, event.atSeconds)

const create = [
  notStudent,
  refuse(({ event }) => event.nonceUsed === true, 'NonceUsed'),
  refuse(({ context }) => !context.mentorIsValid, 'InvalidMentor'),
  refuse(({ context }) => context.durationMinutes === 0, 'ZeroDuration'),
  refuse(({ context }) => context.totalAmountUnits === 0n, 'ZeroAmount'),
  refuse(({ event }) => event.transferIn === 'failed', 'DepositFailed'),
  refuse(({ event }) => event.transferIn === 'short', 'DepositShort'),
  { target: 'Created' as const, actions: [lock, log('Created'), takeIn] },
]
const begin = { target: 'Active' as const, actions: [seen, run, log('Started')] }
const start = {
  'as-described': [notParticipant, begin],
  hardened: [
    notParticipant,
    { guard: otherIsThere, ...begin },
    { actions: [seen, log('Confirmed')] },
  ],
}
const beat = { actions: [seen, log('HeartbeatReceived')] }
const heartbeat = {
  'as-described': [notParticipant, beat],
  hardened: [notParticipant, refuse(silent, 'TimedOut'), beat],
}
const release = (policy: Policy) => [
  notParticipant,
  refuse(
    ({ context, event }) =>
      event.atSeconds < context.lastReleaseAtSeconds + context.releaseIntervalSeconds,
    'TooEarly',
  ),
  ...(policy === 'hardened' ? [refuse(silent, 'StaleHeartbeat')] : []),
  refuse(
    ({ context, event }) =>
      rules.entitlementUnits(context, event.atSeconds) <= context.releasedUnits,
    'NothingToRelease',
  ),
  { actions: [payRelease] },
]
const pause = [
  notParticipant,
  { target: 'Paused' as const, actions: [interrupt(true), log('Paused')] },
]
const pauseOnTimeout = [
  refuse((told) => !silent(told), 'NotTimedOut'),
  { target: 'Paused' as const, actions: [interrupt(false), log('Paused')] },
]
const goOn = {
  target: 'Active' as const,
  actions: [seen, countPause, endPause, log('Resumed')],
}
const resume = {
  'as-described': [notParticipant, goOn],
  hardened: [
    notParticipant,
    {
      guard: ({ context, event }: Told) => event.atSeconds === context.pauseCalledAtSeconds,
      target: 'Active' as const,
      actions: [seen, endPause, log('Resumed')],
    },
    { guard: otherIsThere, ...goOn },
    { actions: [seen, log('Confirmed')] },
  ],
}
const isRating = (rating: bigint) => rating >= 1n && rating <= 5n
const complete = [
  notStudent,
  refuse(({ event }) => !isRating(event.rating ?? 0n), 'InvalidRating'),
  { target: 'Completed' as const, actions: [rate, payCompletion] },
]
const autoComplete = [
  refuse(
    ({ context, event }) => event.atSeconds < rules.autoCompleteFromSeconds(context),
    'AutoReleasePending',
  ),
  { target: 'Completed' as const, actions: [payCompletion] },
]
const cancel = [notParticipant, { target: 'Cancelled' as const, actions: [refundAll] }]
const beyondBounds = {
  'as-described': refuse(
    ({ event }) => (event.heldUnits ?? 0n) < offered(event),
    'InsufficientFunds',
  ),
  hardened: refuse(
    ({ context, event }) => context.releasedUnits + offered(event) > context.totalUnits,
    'TooMuch',
  ),
}
const emergencyRelease = (policy: Policy) => [
  refuse(({ event }) => event.by !== 'owner', 'NotOwner'),
  refuse(({ event }) => offered(event) === 0n, 'ZeroAmount'),
  beyondBounds[policy],
  { actions: [payEmergency] },
]
const claimUnits = ({ context, event }: Told) => context.claims[event.by as ShareOwner] ?? 0n
const claim = [
  refuse((told) => claimUnits(told) === 0n, 'NothingToClaim'),
  refuse(({ event }) => event.claimTo?.valid === false, 'InvalidRecipient'),
  refuse(
    (told) => told.event.claimTo?.paid === false || (told.event.heldUnits ?? 0n) < claimUnits(told),
    'ClaimFailed',
  ),
  { actions: [payClaim] },
]

const refusedBefore = {
  start: [reject('NotCreated')],
  heartbeat: [reject('NotActive')],
  release: [reject('NotActive')],
  pause: [reject('NotActive')],
  resume: [reject('NotPaused')],
  pauseOnTimeout: [reject('NotActive')],
  complete: [reject('NotRunning')],
  autoComplete: [reject('NotRunning')],
  cancel: [reject('NotCreated')],
  emergencyRelease: [reject('NotOpen')],
  claim: [reject('NothingToClaim')],
}
/** What a session answers once it was created, unless its state says otherwise. */
const refusedLater = { ...refusedBefore, create: [reject('SessionExists')], claim }

const untouched = {
  totalUnits: 0n,
  createdAtSeconds: 0,
  startedAtSeconds: 0,
  activeSinceSeconds: 0,
  pausedAtSeconds: 0,
  pauseCalledAtSeconds: 0,
  pausedSeconds: 0,
  studentSeenAtSeconds: 0,
  mentorSeenAtSeconds: 0,
  lastReleaseAtSeconds: 0,
  releasedUnits: 0n,
  feePaidUnits: 0n,
  emergencyUnits: 0n,
  rating: 0n,
  feedbackHash: 0n,
  claims: { student: 0n, mentor: 0n, platform: 0n },
}

/** The machine of one policy. Its input is the session's terms and the deployment's parameters. */
export function createProgressiveEscrowMachine(policy: Policy) {
  const open = { ...refusedLater, emergencyRelease: emergencyRelease(policy) }
  const running = { ...open, complete, autoComplete }
  return kit.createMachine({
    id: 'progressive-escrow',
    context: ({ input }) => ({ ...input, ...untouched, policy }),
    initial: 'None',
    states: {
      None: { on: { ...refusedBefore, create } },
      Created: { on: { ...open, start: start[policy], cancel } },
      Active: {
        on: {
          ...running,
          heartbeat: heartbeat[policy],
          release: release(policy),
          pause,
          pauseOnTimeout,
        },
      },
      Paused: { on: { ...running, resume: resume[policy] } },
      Completed: { on: refusedLater },
      Cancelled: { on: refusedLater },
    },
  })
}
