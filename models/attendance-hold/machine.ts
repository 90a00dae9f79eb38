/**
 * The lifecycle of attendance-hold as an XState machine, one for each policy.
 *
 * None → Held → Released | Refunded. Pure: no clock, no timer, no randomness; that a session is
 * finished is a time and no state. Every action is answered in every state, by a change or by a
 * rejection whose name is the contract's custom error. Guards stand in the contract's order of
 * checks: state, caller, time, arguments, signature, token.
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
import { NOBODY, type Policy } from '../kit/trace.ts'
import {
  ATTENDANCE,
  type HoldContext,
  type HoldEvent,
  type HoldInput,
  type ShareOwner,
} from './machineTypes.ts'
import * as rules from './rules.ts'

type Told = { readonly context: HoldContext; readonly event: HoldEvent }
type Guard = (told: Told) => boolean
const rejectIf = refuse<Told>

const kit = setup({
  types: { context: {} as HoldContext, events: {} as HoldEvent, input: {} as HoldInput },
  actions: declaredActions,
})

const fund = kit.enqueueActions(({ context, enqueue }) => {
  const { priceUnits: amountUnits, token, hasReferrer } = context
  const startsAt = BigInt(context.startsAtSeconds)
  const referrer = hasReferrer ? 'referrer' : NOBODY
  const args = { student: 'student', teacher: 'teacher', referrer, token, amountUnits, startsAt }
  enqueue({ type: 'emitLog', params: { name: 'Purchased', args } })
  enqueue({ type: 'transfer', params: { from: 'student', to: 'escrow', amountUnits } })
  enqueue.assign({ heldUnits: amountUnits })
})
const recordTold = kit.enqueueActions(({ context, event, enqueue }) => {
  const told = event.told ?? { kind: 'joined', atSeconds: 0 }
  const records = rules.afterTold(context, told)
  const kind = told.kind === 'joined' ? 0n : 1n
  const attendedSeconds = BigInt(records.attendedSeconds)
  const args = { kind, at: BigInt(told.atSeconds), attendedSeconds }
  enqueue({ type: 'emitLog', params: { name: 'AttendanceRecorded', args } })
  enqueue.assign(records)
})
const recordInterval = kit.enqueueActions(({ context, event, enqueue }) => {
  const record = spanOf(event)
  const records = rules.afterRecord(context, record)
  const args = {
    index: BigInt(record.index),
    joinedAt: BigInt(record.joinedAtSeconds),
    leftAt: BigInt(record.leftAtSeconds),
    attendedSeconds: BigInt(records.attendedSeconds),
  }
  enqueue({ type: 'emitLog', params: { name: 'AttendanceRecorded', args } })
  enqueue.assign(records)
})
/** Notes that the session is over; `endOf` says since when and how long it counts. */
const finish = (endOf: (told: Told) => { readonly endedAt: number; readonly length: number }) =>
  kit.enqueueActions(({ context, event, enqueue }) => {
    const { endedAt, length } = endOf({ context, event })
    const args = { by: event.by, endedAt: BigInt(endedAt), lengthSeconds: BigInt(length) }
    enqueue({ type: 'emitLog', params: { name: 'SessionFinished', args } })
    enqueue.assign({ finishedAtSeconds: event.atSeconds, lengthSeconds: length })
  })
const finishNow = finish(({ context, event }) => {
  return { endedAt: event.atSeconds, length: context.sessionSeconds }
})
const finishAsAttested = finish(({ context, event }) => {
  const endedAt = event.endedAtSeconds ?? 0
  return { endedAt, length: endedAt - context.startsAtSeconds }
})
/** The teacher is paid first; what cannot be pushed waits. */
const release = kit.enqueueActions(({ context, event, enqueue }) => {
  const { commissionOwner } = context
  const { teacherUnits, commissionUnits } = rules.releasedUnits(context)
  const commissionTo = commissionUnits > 0n ? commissionOwner : NOBODY
  const args = { teacherUnits, commissionUnits, commissionTo }
  enqueue({ type: 'emitLog', params: { name: 'Released', args } })
  const shares = [['teacher', teacherUnits] as const, [commissionOwner, commissionUnits] as const]
  const pushes = pushesOf<ShareOwner>(shares, event.pays)
  for (const push of pushes) enqueue(pushEffect(push))
  enqueue.assign({ claims: claimsAfter(context.claims, pushes) })
})
const refund = kit.enqueueActions(({ context, event, enqueue }) => {
  const amountUnits = context.heldUnits
  enqueue({ type: 'emitLog', params: { name: 'Refunded', args: { amountUnits } } })
  const pushes = pushesOf<ShareOwner>([['student', amountUnits]], event.pays)
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

/** The span that a record brings. */
function spanOf({ record }: HoldEvent): NonNullable<HoldEvent['record']> {
  return record ?? { index: 0, joinedAtSeconds: 0, leftAtSeconds: 0 }
}

const isFinished: Guard = ({ context }) => context.finishedAtSeconds > 0
const isNotAuthentic: Guard = ({ event }) => event.attestationIsAuthentic !== true
const notKeeper = rejectIf(({ event }) => event.by !== 'keeper', 'NotKeeper')
const notFinished = rejectIf((told) => !isFinished(told), 'NotFinished')
const alreadyFinished = rejectIf(isFinished, 'AlreadyFinished')
const invalidAttestation = rejectIf(isNotAuthentic, 'InvalidAttestation')

const purchase = [
  rejectIf(({ event }) => event.by !== 'student', 'NotStudent'),
  rejectIf(({ context, event }) => event.atSeconds > context.startsAtSeconds, 'StartPassed'),
  rejectIf(({ context }) => !context.teacherIsValid, 'InvalidTeacher'),
  rejectIf(({ context }) => !context.referrerIsValid, 'InvalidReferrer'),
  rejectIf(({ context }) => context.priceUnits === 0n, 'ZeroPrice'),
  rejectIf(({ event }) => event.transferIn === 'failed', 'DepositFailed'),
  rejectIf(({ event }) => event.transferIn === 'short', 'DepositShort'),
  { target: 'Held' as const, actions: [fund] },
]

/** What a held price answers: as described, whoever has the job is taken at its word. */
const heldAsDescribed = {
  recordAttendance: [
    rejectIf(({ event }) => event.by !== 'attestor', 'NotAttestor'),
    { actions: [recordTold] },
  ],
  finishSession: [
    alreadyFinished,
    rejectIf(({ event }) => event.by !== 'teacher' && event.by !== 'attestor', 'NotParty'),
    { actions: [finishNow] },
  ],
  process: [
    notFinished,
    notKeeper,
    {
      guard: ({ event }: Told) => event.release === true,
      target: 'Released' as const,
      actions: [release],
    },
    { target: 'Refunded' as const, actions: [refund] },
  ],
  refundUnfinished: [
    alreadyFinished,
    notKeeper,
    { target: 'Refunded' as const, actions: [refund] },
  ],
}

const isBefore = (deadlineOf: (context: HoldContext) => number): Guard => {
  return ({ context, event }) => event.atSeconds < deadlineOf(context)
}
const windowIsOver: Guard = (told) =>
  isFinished(told) && !isBefore(rules.recordsCloseAtSeconds)(told)

/** hardened: whoever brings the attestor's signature is heard, and the figures decide. */
const heldHardened = {
  recordAttendance: [
    rejectIf(windowIsOver, 'AttestationOver'),
    rejectIf(({ context, event }) => spanOf(event).index !== context.intervals, 'WrongIndex'),
    rejectIf(
      ({ context, event }) => !rules.intervalIsValid(context, spanOf(event), event.atSeconds),
      'InvalidInterval',
    ),
    invalidAttestation,
    { actions: [recordInterval] },
  ],
  finishSession: [
    alreadyFinished,
    rejectIf(
      ({ context, event }) =>
        !rules.endIsValid(context, event.endedAtSeconds ?? 0, event.atSeconds),
      'InvalidEnd',
    ),
    invalidAttestation,
    { actions: [finishAsAttested] },
  ],
  process: [
    notFinished,
    rejectIf(
      (told) => told.event.by !== 'keeper' && isBefore(rules.openToAllAtSeconds)(told),
      'NotKeeper',
    ),
    rejectIf(isBefore(rules.recordsCloseAtSeconds), 'AttestationOpen'),
    {
      guard: ({ context }: Told) => rules.isReleased(context),
      target: 'Released' as const,
      actions: [release],
    },
    { target: 'Refunded' as const, actions: [refund] },
  ],
  refundUnfinished: [
    alreadyFinished,
    rejectIf(isBefore(rules.noShowAtSeconds), 'TooEarly'),
    { target: 'Refunded' as const, actions: [refund] },
  ],
}

const claim = [
  rejectIf(
    ({ context, event }) => !((context.claims[event.by as ShareOwner] ?? 0n) > 0n),
    'NothingToClaim',
  ),
  rejectIf(({ event }) => event.claimTo?.valid === false, 'InvalidRecipient'),
  rejectIf(({ event }) => event.claimTo?.paid === false, 'ClaimFailed'),
  { actions: [payClaim] },
]

const notHeld = {
  recordAttendance: [reject('NotHeld')],
  finishSession: [reject('NotHeld')],
  process: [reject('NotHeld')],
  refundUnfinished: [reject('NotHeld')],
  claim: [reject('NothingToClaim')],
}
const resolved = { on: { ...notHeld, purchase: [reject('HoldExists')], claim } }

/** The machine of one policy. Its input is the hold's terms and the deployment's parameters. */
export function createAttendanceHoldMachine(policy: Policy) {
  const isHardened = policy === 'hardened'
  return kit.createMachine({
    id: 'attendance-hold',
    context: ({ input }) => ({
      ...input,
      commissionOwner: isHardened ? 'referrer' : 'platform',
      heldUnits: 0n,
      joinedAtSeconds: 0,
      lastLeftAtSeconds: 0,
      attendedSeconds: 0,
      intervals: 0,
      attendance: ATTENDANCE.absent,
      finishedAtSeconds: 0,
      lengthSeconds: 0,
      claims: { student: 0n, teacher: 0n, referrer: 0n, platform: 0n },
    }),
    initial: 'None',
    states: {
      None: { on: { ...notHeld, purchase } },
      Held: {
        on: {
          ...notHeld,
          purchase: [reject('HoldExists')],
          ...(isHardened ? heldHardened : heldAsDescribed),
        },
      },
      Released: resolved,
      Refunded: resolved,
    },
  })
}
