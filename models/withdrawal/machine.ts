/**
 * The lifecycle of withdrawal as an XState machine, one for each policy.
 *
 * None → Pending → Processing → Completed, or Rejected; hardened has Failed and Cancelled as well.
 * Pure: no clock, no timer, no randomness. Every action is answered in every state, by a change or
 * by a rejection whose name is the contract's custom error. Guards stand in the contract's order of
 * checks: state, caller, time, arguments, balance or token.
 */
import { setup } from 'xstate'
import {
  declaredActions,
  pushEffect,
  pushesOf,
  rejectIf as refuse,
  reject,
} from '../kit/declare.ts'
import type { Policy } from '../kit/trace.ts'
import type { WithdrawalContext, WithdrawalEvent, WithdrawalInput } from './machineTypes.ts'
import * as rules from './rules.ts'

type Told = { readonly context: WithdrawalContext; readonly event: WithdrawalEvent }

const kit = setup({
  types: {
    context: {} as WithdrawalContext,
    events: {} as WithdrawalEvent,
    input: {} as WithdrawalInput,
  },
  actions: declaredActions,
})

/** As an agreement's index in events that concern accounts and name no withdrawal. */
const NO_WITHDRAWAL = { agreement: -1 }
const AVAILABLE = 'available:teacher'
const PENDING = 'pending:teacher'

const post = (account: string, amountUnits: bigint) => ({
  type: 'post' as const,
  params: { account, amountUnits },
})
const available = (event: WithdrawalEvent) => event.availableUnits ?? 0n
const recipient = (event: WithdrawalEvent) => event.payTo?.holder ?? event.by

const takeCredit = kit.enqueueActions(({ context, event, enqueue }) => {
  const grossUnits = event.grossUnits ?? 0n
  const { commissionUnits, netUnits } = rules.creditParts(context, grossUnits)
  const { token } = context
  const args = { ...NO_WITHDRAWAL, teacher: 'teacher', token, grossUnits, commissionUnits }
  enqueue({ type: 'emitLog', params: { name: 'Credited', args } })
  enqueue(post('commission', commissionUnits))
  enqueue(post(AVAILABLE, netUnits))
  const transfer = { from: 'platform', to: 'escrow', amountUnits: grossUnits }
  enqueue({ type: 'transfer', params: transfer })
})
const noteRequest = kit.enqueueActions(({ context, event, enqueue }) => {
  const { token, termsAmountUnits: amountUnits } = context
  const args = { teacher: 'teacher', token, amountUnits }
  enqueue({ type: 'emitLog', params: { name: 'Requested', args } })
  enqueue.assign({ amountUnits, requestedAtSeconds: event.atSeconds })
})
const reserve = kit.enqueueActions(({ context: { termsAmountUnits }, enqueue }) => {
  enqueue(post(AVAILABLE, -termsAmountUnits))
  enqueue(post(PENDING, termsAmountUnits))
})
const noteApproval = kit.enqueueActions(({ event, enqueue }) => {
  enqueue({ type: 'emitLog', params: { name: 'Approved', args: { by: event.by } } })
  enqueue.assign({ approvedAtSeconds: event.atSeconds })
})
/** All of an approved amount is owed, however little there was to deduct it from. */
const deduct = kit.enqueueActions(({ context, event, enqueue }) => {
  enqueue(post(AVAILABLE, -rules.deductedUnits(context, available(event))))
  enqueue(post(PENDING, context.amountUnits))
})
const pay = kit.enqueueActions(({ context, event, enqueue }) => {
  const { amountUnits } = context
  const reference = event.reference ?? 0n
  const args = { by: event.by, reference, amountUnits }
  enqueue({ type: 'emitLog', params: { name: 'Completed', args } })
  enqueue(post(PENDING, -amountUnits))
  const pushes = pushesOf<'bank'>([['bank', amountUnits]], { bank: event.paysBank === true })
  for (const push of pushes) enqueue(pushEffect(push))
  const claimBankUnits = pushes.some(({ paid }) => !paid) ? amountUnits : 0n
  enqueue.assign({ reference, claimBankUnits })
})
const giveBack = kit.enqueueActions(({ context: { amountUnits }, enqueue }) => {
  enqueue(post(PENDING, -amountUnits))
  enqueue(post(AVAILABLE, amountUnits))
})
const noteRejection = kit.enqueueActions(({ event, enqueue }) => {
  enqueue({ type: 'emitLog', params: { name: 'RequestRejected', args: { by: event.by } } })
})
const noteFailure = kit.enqueueActions(({ enqueue }) => {
  enqueue({ type: 'emitLog', params: { name: 'BankFailed', args: {} } })
})
const noteCancel = kit.enqueueActions(({ enqueue }) => {
  enqueue({ type: 'emitLog', params: { name: 'Cancelled', args: {} } })
})
const payCommission = kit.enqueueActions(({ context, event, enqueue }) => {
  const amountUnits = event.onAccountUnits ?? 0n
  const to = recipient(event)
  const args = { ...NO_WITHDRAWAL, token: context.token, to, amountUnits }
  enqueue({ type: 'emitLog', params: { name: 'CommissionWithdrawn', args } })
  enqueue(post('commission', -amountUnits))
  enqueue({ type: 'transfer', params: { from: 'escrow', to, amountUnits } })
})
const payClaim = kit.enqueueActions(({ context, event, enqueue }) => {
  const amountUnits = context.claimBankUnits
  const to = recipient(event)
  enqueue({
    type: 'emitLog',
    params: { name: 'Claimed', args: { owner: 'bank', to, amountUnits } },
  })
  enqueue({ type: 'transfer', params: { from: 'escrow', to, amountUnits } })
  enqueue.assign({ claimBankUnits: 0n })
})

const rejectIf = refuse<Told>
const unless = (role: WithdrawalEvent['by'], error: string) =>
  rejectIf(({ event }) => event.by !== role, error)
const notTeacher = unless('teacher', 'NotTeacher')
const notAdmin = unless('admin', 'NotAdmin')
const notBank = unless('bank', 'NotBank')
const notPlatform = unless('platform', 'NotPlatform')

const payoutRefusals = (failure: string) => [
  rejectIf(({ event }) => event.payTo?.valid === false, 'InvalidRecipient'),
  rejectIf(({ event }) => event.payTo?.paid === false, failure),
]
/** What concerns accounts alone, in every state alike. */
const ofAccounts = {
  credit: [
    notPlatform,
    rejectIf(({ event }) => (event.grossUnits ?? 0n) === 0n, 'ZeroAmount'),
    rejectIf(({ event }) => event.transferIn === 'failed', 'DepositFailed'),
    rejectIf(({ event }) => event.transferIn === 'short', 'DepositShort'),
    { actions: [takeCredit] },
  ],
  withdrawCommission: [
    notPlatform,
    rejectIf(({ event }) => (event.onAccountUnits ?? 0n) === 0n, 'NothingToWithdraw'),
    ...payoutRefusals('WithdrawFailed'),
    { actions: [payCommission] },
  ],
}
const claim = [
  rejectIf(
    ({ context, event }) => event.by !== 'bank' || context.claimBankUnits === 0n,
    'NothingToClaim',
  ),
  ...payoutRefusals('ClaimFailed'),
  { actions: [payClaim] },
]

/** What differs between the policies: actions by state. */
const byPolicy = {
  'as-described': {
    request: [noteRequest],
    approve: [noteApproval, deduct],
    reject: [noteRejection],
    completeRefusals: [notAdmin],
    bankFailed: { otherwise: [reject('NoWayBack')], Processing: [reject('NoWayBack')] },
    cancel: {
      otherwise: [reject('NoWayBack')],
      Pending: [reject('NoWayBack')],
      Processing: [reject('NoWayBack')],
    },
  },
  hardened: {
    request: [noteRequest, reserve],
    approve: [noteApproval],
    reject: [noteRejection, giveBack],
    completeRefusals: [
      notBank,
      rejectIf(({ event }) => (event.reference ?? 0n) === 0n, 'EmptyReference'),
      rejectIf(({ event }) => event.referenceIsUsed === true, 'ReferenceUsed'),
    ],
    bankFailed: {
      otherwise: [reject('NotProcessing')],
      Processing: [notBank, { target: 'Failed' as const, actions: [noteFailure, giveBack] }],
    },
    cancel: {
      otherwise: [reject('NotOpen')],
      Pending: [notTeacher, { target: 'Cancelled' as const, actions: [noteCancel, giveBack] }],
      Processing: [
        notTeacher,
        rejectIf(
          ({ context, event }) => event.atSeconds < rules.bankTimeEndsAtSeconds(context),
          'StillProcessing',
        ),
        { target: 'Cancelled' as const, actions: [noteCancel, giveBack] },
      ],
    },
  },
} as const

/** The machine of one policy. Its input is the terms and the deployment's parameters. */
export function createWithdrawalMachine(policy: Policy) {
  const own = byPolicy[policy]
  const refused = {
    ...ofAccounts,
    request: [reject('RequestExists')],
    approve: [reject('NotPending')],
    reject: [reject('NotPending')],
    complete: [reject('NotProcessing')],
    bankFailed: own.bankFailed.otherwise,
    cancel: own.cancel.otherwise,
    claim: [reject('NothingToClaim')],
  }
  const request = [
    notTeacher,
    rejectIf(({ context }) => context.termsAmountUnits < context.minimumUnits, 'BelowMinimum'),
    rejectIf(
      ({ context, event }) => context.termsAmountUnits > available(event),
      'InsufficientBalance',
    ),
    { target: 'Pending' as const, actions: own.request },
  ]
  const pending = {
    ...refused,
    approve: [notAdmin, { target: 'Processing' as const, actions: own.approve }],
    reject: [notAdmin, { target: 'Rejected' as const, actions: own.reject }],
    cancel: own.cancel.Pending,
  }
  const processing = {
    ...refused,
    complete: [...own.completeRefusals, { target: 'Completed' as const, actions: [pay] }],
    bankFailed: own.bankFailed.Processing,
    cancel: own.cancel.Processing,
  }
  const ended = { on: refused }
  return kit.createMachine({
    id: 'withdrawal',
    context: ({ input }) => ({
      ...input,
      amountUnits: 0n,
      requestedAtSeconds: 0,
      approvedAtSeconds: 0,
      reference: 0n,
      claimBankUnits: 0n,
    }),
    initial: 'None',
    states: {
      None: { on: { ...refused, request } },
      Pending: { on: pending },
      Processing: { on: processing },
      Completed: { on: { ...refused, claim } },
      Rejected: ended,
      ...(policy === 'hardened' ? { Failed: ended, Cancelled: ended } : {}),
    },
  })
}
