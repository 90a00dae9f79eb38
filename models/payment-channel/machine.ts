/**
 * The lifecycle of payment-channel as an XState machine, one for each policy.
 *
 * None → Open → Closing → Closed, and Open → Closed. Pure: no clock, no timer, no randomness; that
 * a channel has expired is a time and no state. Every action is answered in every state, by a
 * change or by a rejection whose name is the contract's custom error. Guards stand in the
 * contract's order of checks: state, caller, time, arguments, transfer.
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
import { AMOUNT_UNITS_MAX } from '../kit/money.ts'
import type { DeclaredLog } from '../kit/step.ts'
import type { Policy } from '../kit/trace.ts'
import type { ChannelContext, ChannelEvent, ChannelInput, ShareOwner } from './machineTypes.ts'
import * as rules from './rules.ts'

type Told = { readonly context: ChannelContext; readonly event: ChannelEvent }

const kit = setup({
  types: {
    context: {} as ChannelContext,
    events: {} as ChannelEvent,
    input: {} as ChannelInput,
  },
  actions: declaredActions,
})

const offered = (event: ChannelEvent) => event.amountUnits ?? 0n
const promised = (event: ChannelEvent) => event.cumulativeUnits ?? 0n
const increase = ({ context, event }: Told) => rules.increaseUnits(context, promised(event))

const fund = kit.enqueueActions(({ context, event, enqueue }) => {
  const amountUnits = offered(event)
  const { token } = context
  const expirySeconds = BigInt(context.expirySeconds)
  const args = { payer: 'payer', provider: 'provider', token, expirySeconds, amountUnits }
  enqueue({ type: 'emitLog', params: { name: 'Opened', args } })
  enqueue({ type: 'transfer', params: { from: 'payer', to: 'escrow', amountUnits } })
  enqueue.assign({ depositUnits: amountUnits, openedAtSeconds: event.atSeconds })
})
const addToDeposit = kit.enqueueActions(({ context, event, enqueue }) => {
  const amountUnits = offered(event)
  const depositUnits = context.depositUnits + amountUnits
  enqueue({ type: 'emitLog', params: { name: 'ToppedUp', args: { amountUnits, depositUnits } } })
  enqueue({ type: 'transfer', params: { from: 'payer', to: 'escrow', amountUnits } })
  enqueue.assign({ depositUnits })
})
/** The provider has a full challenge period from this second on. */
const startChallenge = kit.assign({
  challengeEndsAtSeconds: ({ context, event }) => event.atSeconds + context.challengeSeconds,
})
const announceClose = kit.enqueueActions(({ context, enqueue }) => {
  const args = { challengeEndsAtSeconds: BigInt(context.challengeEndsAtSeconds) }
  enqueue({ type: 'emitLog', params: { name: 'CloseRequested', args } })
})
const payClaim = kit.enqueueActions(({ context, event, enqueue }) => {
  const owner = event.by as ShareOwner
  const amountUnits = context.claims[owner]
  const to = event.claimTo?.holder ?? owner
  enqueue({ type: 'emitLog', params: { name: 'Claimed', args: { owner, to, amountUnits } } })
  enqueue({ type: 'transfer', params: { from: 'escrow', to, amountUnits } })
  enqueue.assign({ claims: { ...context.claims, [owner]: 0n } })
})

/** What leaves the channel with one action, in base units. */
type Shares = Readonly<Record<ShareOwner, bigint>>

/** Logs a payment and pushes its shares, the provider's first; what cannot be pushed waits. */
const payOut = (sharesOf: (told: Told) => Shares, logOf: (told: Told) => DeclaredLog) =>
  kit.enqueueActions(({ context, event, enqueue }) => {
    const { provider, payer } = sharesOf({ context, event })
    enqueue({ type: 'emitLog', params: logOf({ context, event }) })
    const shares = [['provider', provider] as const, ['payer', payer] as const]
    const pushes = pushesOf<ShareOwner>(shares, event.pays)
    for (const push of pushes) enqueue(pushEffect(push))
    const claims = claimsAfter(context.claims, pushes)
    enqueue.assign({ paidUnits: context.paidUnits + provider, claims })
  })

const payVoucher = payOut(
  (told) => ({ provider: increase(told), payer: 0n }),
  (told) => {
    const cumulativeUnits = promised(told.event)
    const args = { by: told.event.by, cumulativeUnits, amountUnits: increase(told) }
    return { name: 'Redeemed', args }
  },
)
/** The end of a channel, after which the provider has had `amountOf` on top of what was paid. */
const settleWith = (amountOf: (told: Told) => bigint) => {
  const sharesOf = (told: Told): Shares => {
    const provider = amountOf(told)
    return {
      provider,
      payer: rules.refundUnits(told.context, told.context.paidUnits + provider),
    }
  }
  return payOut(sharesOf, (told) => {
    const { provider, payer } = sharesOf(told)
    const args = { by: told.event.by, amountUnits: provider, refundUnits: payer }
    return { name: 'ChannelClosed', args }
  })
}
const closeWithVoucher = { target: 'Closed' as const, actions: [settleWith(increase)] }
const refundRest = { target: 'Closed' as const, actions: [settleWith(() => 0n)] }

type Guard = (told: Told) => boolean

const notPayer = rejectIf(({ event }: Told) => event.by !== 'payer', 'NotPayer')
const voucherIsInvalid: Guard = ({ event }) => event.voucherIsAuthentic !== true
const depositRefusals = (tooLarge: readonly ReturnType<typeof rejectIf<Told>>[]) => [
  rejectIf(({ event }: Told) => offered(event) === 0n, 'ZeroAmount'),
  ...tooLarge,
  rejectIf(({ event }: Told) => event.transferIn === 'failed', 'DepositFailed'),
  rejectIf(({ event }: Told) => event.transferIn === 'short', 'DepositShort'),
]

const open = [
  notPayer,
  rejectIf(({ context }: Told) => !context.providerIsValid, 'InvalidProvider'),
  rejectIf(({ context }: Told) => context.expirySeconds === 0, 'ZeroExpiry'),
  ...depositRefusals([]),
  { target: 'Open' as const, actions: [fund] },
]
const topUp = [
  notPayer,
  rejectIf(
    ({ context, event }: Told) => event.atSeconds >= rules.expiresAtSeconds(context),
    'ChannelExpired',
  ),
  ...depositRefusals([
    rejectIf(
      ({ context, event }: Told) => context.depositUnits + offered(event) > AMOUNT_UNITS_MAX,
      'AmountTooLarge',
    ),
  ]),
  { actions: [addToDeposit] },
]

const mayRedeem: Record<Policy, Guard> = {
  'as-described': ({ event }) => event.by === 'provider',
  hardened: ({ event }) => event.by === 'provider' || event.by === 'watcher',
}
const redeemRefusals = (policy: Policy) => [
  rejectIf((told: Told) => !mayRedeem[policy](told), 'NotProvider'),
  rejectIf((told: Told) => increase(told) === 0n, 'StaleVoucher'),
  rejectIf(voucherIsInvalid, 'InvalidVoucher'),
]
/** as-described: each voucher that is redeemed during the challenge starts it anew. */
const redeemWhileClosing = {
  'as-described': { actions: [startChallenge, payVoucher] },
  hardened: { actions: [payVoucher] },
}
const close = [
  rejectIf(({ event }: Told) => event.by !== 'provider', 'NotProvider'),
  rejectIf((told: Told) => promised(told.event) > 0n && voucherIsInvalid(told), 'InvalidVoucher'),
  closeWithVoucher,
]
const requestClose = [
  notPayer,
  { target: 'Closing' as const, actions: [startChallenge, announceClose] },
]
const finalise = [
  rejectIf(
    ({ context, event }: Told) => event.atSeconds < context.challengeEndsAtSeconds,
    'ChallengeRunning',
  ),
  refundRest,
]
const reclaimExpired = [
  notPayer,
  rejectIf(
    ({ context, event }: Told) => event.atSeconds < rules.reclaimableAtSeconds(context),
    'NotExpired',
  ),
  refundRest,
]
const claim = [
  rejectIf(
    ({ context, event }: Told) => !((context.claims[event.by as ShareOwner] ?? 0n) > 0n),
    'NothingToClaim',
  ),
  rejectIf(({ event }: Told) => event.claimTo?.valid === false, 'InvalidRecipient'),
  rejectIf(({ event }: Told) => event.claimTo?.paid === false, 'ClaimFailed'),
  { actions: [payClaim] },
]

const refusedBefore = {
  topUp: [reject('NotOpen')],
  redeem: [reject('NotRedeemable')],
  close: [reject('NotOpen')],
  requestClose: [reject('NotOpen')],
  finalise: [reject('NotClosing')],
  reclaimExpired: [reject('NotOpen')],
  claim: [reject('NothingToClaim')],
}
/** What a channel answers from its opening on, unless its state says otherwise. */
const later = { ...refusedBefore, open: [reject('ChannelExists')], claim }

/** The machine of one policy. Its input is the channel's terms and the deployment's parameters. */
export function createPaymentChannelMachine(policy: Policy) {
  const refusals = redeemRefusals(policy)
  return kit.createMachine({
    id: 'payment-channel',
    context: ({ input }) => ({
      ...input,
      graceSeconds: policy === 'hardened' ? input.challengeSeconds : 0,
      depositUnits: 0n,
      openedAtSeconds: 0,
      paidUnits: 0n,
      challengeEndsAtSeconds: 0,
      claims: { payer: 0n, provider: 0n },
    }),
    initial: 'None',
    states: {
      None: { on: { ...refusedBefore, open } },
      Open: {
        on: {
          ...later,
          topUp,
          redeem: [...refusals, { actions: [payVoucher] }],
          close,
          requestClose,
          reclaimExpired,
        },
      },
      Closing: {
        on: { ...later, redeem: [...refusals, redeemWhileClosing[policy]], close, finalise },
      },
      Closed: { on: later },
    },
  })
}
