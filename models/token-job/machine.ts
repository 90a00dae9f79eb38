/**
 * The lifecycle of token-job as an XState machine, one for each policy.
 *
 * None → Approved → Active → Completed | TimedOut | Abandoned; hardened has Ending between a user's
 * wish to end and Completed. Pure: no clock, no timer, no randomness. Every action is answered in
 * every state, by a change or by a rejection whose name is the contract's custom error. Guards
 * stand in the contract's order of checks: state, caller, time, arguments, transfer.
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
import type { JobContext, JobEvent, JobInput } from './machineTypes.ts'
import * as rules from './rules.ts'

type Told = { readonly context: JobContext; readonly event: JobEvent }

const kit = setup({
  types: { context: {} as JobContext, events: {} as JobEvent, input: {} as JobInput },
  actions: declaredActions,
})

const offered = (event: JobEvent) => event.amountUnits ?? 0n
const counted = (event: JobEvent) => event.cumulativeTokens ?? 0n
const recipient = (event: JobEvent) => event.payTo?.holder ?? event.by

const allow = kit.assign({ allowanceUnits: ({ event }) => offered(event) })
const takeDeposit = kit.enqueueActions(({ context, event, enqueue }) => {
  const { termsDepositUnits: amountUnits, pricePerTokenUnits, token } = context
  const args = { user: 'user', host: 'host', token, pricePerTokenUnits, depositUnits: amountUnits }
  enqueue({ type: 'emitLog', params: { name: 'SessionCreated', args } })
  enqueue({ type: 'transfer', params: { from: 'user', to: 'escrow', amountUnits } })
  enqueue.assign({
    depositUnits: amountUnits,
    startedAtSeconds: event.atSeconds,
    allowanceUnits: rules.allowanceAfter(context.allowanceUnits, amountUnits),
  })
})
const creditProof = kit.enqueueActions(({ context, event, enqueue }) => {
  const provenTokens = counted(event)
  const bill = rules.bill(context, provenTokens)
  const hostUnits = bill.hostUnits - context.hostUnits
  const treasuryUnits = bill.treasuryUnits - context.treasuryUnits
  const { billedTokens } = bill
  const args = { cumulativeTokens: provenTokens, billedTokens, hostUnits, treasuryUnits }
  enqueue({ type: 'emitLog', params: { name: 'ProofAccepted', args } })
  enqueue({ type: 'post', params: { account: 'earnings:host', amountUnits: hostUnits } })
  enqueue({ type: 'post', params: { account: 'treasury', amountUnits: treasuryUnits } })
  enqueue.assign({ provenTokens, ...bill })
})
const openWindow = kit.enqueueActions(({ context, event, enqueue }) => {
  const endsAtSeconds = event.atSeconds + context.proofWindowSeconds
  const args = { endsAtSeconds: BigInt(endsAtSeconds) }
  enqueue({ type: 'emitLog', params: { name: 'EndRequested', args } })
  enqueue.assign({ endsAtSeconds })
})
const refund = kit.enqueueActions(({ context, event, enqueue }) => {
  const amountUnits = rules.refundUnits(context)
  const ended = { by: event.by, billedTokens: context.billedTokens, refundUnits: amountUnits }
  enqueue({ type: 'emitLog', params: { name: 'SessionEnded', args: ended } })
  const pushes = pushesOf<'user'>([['user', amountUnits]], { user: event.paysUser === true })
  for (const push of pushes) enqueue(pushEffect(push))
  const claimUserUnits = pushes.some(({ paid }) => !paid) ? amountUnits : 0n
  enqueue.assign({ claimUserUnits })
})
const payEarnings = kit.enqueueActions(({ context, event, enqueue }) => {
  const amountUnits = event.onAccountUnits ?? 0n
  const to = recipient(event)
  const args = { host: 'host', token: context.token, to, amountUnits }
  enqueue({ type: 'emitLog', params: { name: 'EarningsWithdrawn', args } })
  enqueue({ type: 'post', params: { account: 'earnings:host', amountUnits: -amountUnits } })
  enqueue({ type: 'transfer', params: { from: 'escrow', to, amountUnits } })
})
const payTreasury = kit.enqueueActions(({ context, event, enqueue }) => {
  const amountUnits = event.onAccountUnits ?? 0n
  const to = recipient(event)
  const args = { token: context.token, to, amountUnits }
  enqueue({ type: 'emitLog', params: { name: 'TreasuryWithdrawn', args } })
  enqueue({ type: 'post', params: { account: 'treasury', amountUnits: -amountUnits } })
  enqueue({ type: 'transfer', params: { from: 'escrow', to, amountUnits } })
})
const payClaim = kit.enqueueActions(({ context, event, enqueue }) => {
  const amountUnits = context.claimUserUnits
  const to = recipient(event)
  const args = { owner: 'user', to, amountUnits }
  enqueue({ type: 'emitLog', params: { name: 'Claimed', args } })
  enqueue({ type: 'transfer', params: { from: 'escrow', to, amountUnits } })
  enqueue.assign({ claimUserUnits: 0n })
})

type Guard = (told: Told) => boolean
const rejectIf = refuse<Told>
const isParty = ({ event }: Told) => event.by === 'user' || event.by === 'host'

/** An allowance of the user shows as a state only as long as there is no job. */
const approve = {
  None: [
    {
      guard: ({ event }: Told) => event.by === 'user' && offered(event) > 0n,
      target: 'Approved' as const,
      actions: [allow],
    },
    {},
  ],
  Approved: [
    {
      guard: ({ event }: Told) => event.by === 'user' && offered(event) === 0n,
      target: 'None' as const,
      actions: [allow],
    },
    { guard: ({ event }: Told) => event.by === 'user', actions: [allow] },
    {},
  ],
  later: [{ guard: ({ event }: Told) => event.by === 'user', actions: [allow] }, {}],
}

const termsRefusals = [
  rejectIf(({ event }) => event.by !== 'user', 'NotUser'),
  rejectIf(({ context }) => !context.hostIsValid, 'InvalidHost'),
  rejectIf(({ context }) => context.pricePerTokenUnits === 0n, 'ZeroPrice'),
  rejectIf(({ context }) => context.durationSeconds === 0, 'ZeroDuration'),
  rejectIf(
    ({ context }) => context.termsDepositUnits < context.pricePerTokenUnits,
    'DepositBelowPrice',
  ),
]
const createSession = [
  ...termsRefusals,
  rejectIf(({ context }) => context.allowanceUnits < context.termsDepositUnits, 'DepositFailed'),
  rejectIf(({ event }) => event.transferIn === 'failed', 'DepositFailed'),
  rejectIf(({ event }) => event.transferIn === 'short', 'DepositShort'),
  { target: 'Active' as const, actions: [takeDeposit] },
]

const notHost = rejectIf(({ event }) => event.by !== 'host', 'NotHost')
const isStale: Guard = ({ context, event }) => counted(event) <= context.provenTokens
const proof = {
  'as-described': [rejectIf(isStale, 'StaleProof'), { actions: [creditProof] }],
  hardened: [
    rejectIf(isStale, 'StaleProof'),
    rejectIf(({ event }) => event.receiptIsAuthentic !== true, 'InvalidReceipt'),
    { actions: [creditProof] },
  ],
}
const proofWhileActive = (policy: Policy) => [
  notHost,
  rejectIf(
    ({ context, event }) => event.atSeconds > rules.closesAtSeconds(context),
    'SessionExpired',
  ),
  ...proof[policy],
]
const proofWhileEnding = [
  notHost,
  rejectIf(({ context, event }) => event.atSeconds >= context.endsAtSeconds, 'ProofWindowOver'),
  ...proof.hardened,
]

const complete = { target: 'Completed' as const, actions: [refund] }
const notParty = rejectIf((told) => !isParty(told), 'NotParty')
const endWhileActive = {
  'as-described': [notParty, complete],
  hardened: [
    notParty,
    { guard: ({ event }: Told) => event.by === 'host', ...complete },
    { target: 'Ending' as const, actions: [openWindow] },
  ],
}
const endWhileEnding = [
  rejectIf(
    ({ context, event }) => event.atSeconds < context.endsAtSeconds && event.by !== 'host',
    'ProofWindowOpen',
  ),
  complete,
]
const timeout = [
  rejectIf(({ context, event }) => event.atSeconds <= rules.closesAtSeconds(context), 'NotExpired'),
  {
    guard: ({ context }: Told) => context.provenTokens === 0n,
    target: 'Abandoned' as const,
    actions: [refund],
  },
  { target: 'TimedOut' as const, actions: [refund] },
]

const payoutRefusals = (failure: string) => [
  rejectIf(({ event }) => event.payTo?.valid === false, 'InvalidRecipient'),
  rejectIf(({ event }) => event.payTo?.paid === false, failure),
]
const accountRefusals = [
  rejectIf(({ event }) => (event.onAccountUnits ?? 0n) === 0n, 'NothingToWithdraw'),
  ...payoutRefusals('WithdrawFailed'),
]
const withdrawals = {
  withdrawEarnings: [notHost, ...accountRefusals, { actions: [payEarnings] }],
  withdrawTreasury: [
    rejectIf(({ event }) => event.by !== 'treasury', 'NotTreasury'),
    ...accountRefusals,
    { actions: [payTreasury] },
  ],
}
const claim = [
  rejectIf(
    ({ context, event }) => event.by !== 'user' || context.claimUserUnits === 0n,
    'NothingToClaim',
  ),
  ...payoutRefusals('ClaimFailed'),
  { actions: [payClaim] },
]

const refusedBefore = {
  submitProof: [reject('NotActive')],
  endSession: [reject('NotActive')],
  timeout: [reject('NotActive')],
  withdrawEarnings: [reject('NotFound')],
  withdrawTreasury: [reject('NotFound')],
  claim: [reject('NothingToClaim')],
}
/** What a job answers from its creation on, unless its state says otherwise. */
const later = {
  ...refusedBefore,
  approve: approve.later,
  createSession: [reject('SessionExists')],
  ...withdrawals,
}
const ended = { on: { ...later, claim } }

/** The machine of one policy. Its input is the job's terms and the deployment's parameters. */
export function createTokenJobMachine(policy: Policy) {
  const isHardened = policy === 'hardened'
  const active = {
    on: {
      ...later,
      submitProof: proofWhileActive(policy),
      endSession: endWhileActive[policy],
      timeout,
    },
  }
  const ending = {
    on: { ...later, submitProof: proofWhileEnding, endSession: endWhileEnding },
  }
  return kit.createMachine({
    id: 'token-job',
    context: ({ input }) => ({
      ...input,
      proofWindowSeconds: isHardened ? input.proofWindowSeconds : 0,
      allowanceUnits: 0n,
      depositUnits: 0n,
      startedAtSeconds: 0,
      provenTokens: 0n,
      billedTokens: 0n,
      hostUnits: 0n,
      treasuryUnits: 0n,
      endsAtSeconds: 0,
      claimUserUnits: 0n,
    }),
    initial: 'None',
    states: {
      None: {
        on: {
          ...refusedBefore,
          approve: approve.None,
          createSession: [...termsRefusals, reject('DepositFailed')],
        },
      },
      Approved: { on: { ...refusedBefore, approve: approve.Approved, createSession } },
      Active: active,
      ...(isHardened ? { Ending: ending } : {}),
      Completed: ended,
      TimedOut: ended,
      Abandoned: ended,
    },
  })
}
