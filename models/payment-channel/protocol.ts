/**
 * payment-channel as the rest of Meterproof sees it: words, roles, machines, translations.
 *
 * Described by the third phase of an integration guide for paid file sharing: open a channel, pay
 * for each chunk with a signed voucher off chain, close.
 */
import { defineProtocol } from '../kit/protocol.ts'
import { type Ledger, pays, transferIn } from '../kit/token.ts'
import { tokenOf } from '../kit/tokens.ts'
import { type Agreement, ESCROW, NOBODY, type PlannedStep } from '../kit/trace.ts'
import { CHANNEL_PARTICIPANTS, CHANNEL_STARTING_UNITS, CHANNEL_TOKENS } from './cast.ts'
import { paymentChannelDeployments } from './deployments.ts'
import { paymentChannelInvariants } from './invariants.ts'
import { channelLeaving } from './leaving.ts'
import { createPaymentChannelMachine } from './machine.ts'
import type { ChannelContext, ChannelEvent, ChannelInput, ChannelRole } from './machineTypes.ts'
import { paymentChannelParameters } from './parameters.ts'
import { expiryToldSeconds } from './rules.ts'
import { paymentChannelErrors, paymentChannelGuarded } from './words.ts'

function roleOf(agreement: Agreement, participant: string): ChannelRole {
  if (participant === agreement.roles.payer) return 'payer'
  if (participant === agreement.roles.provider) return 'provider'
  return participant === 'watcher' ? 'watcher' : 'stranger'
}

function toEvent(step: PlannedStep, agreement: Agreement, ledger: Ledger): ChannelEvent {
  const { atSeconds, args } = step
  const token = tokenOf(CHANNEL_TOKENS, agreement)
  const { payer, provider } = agreement.roles as { payer: string; provider: string }
  const type = step.action as ChannelEvent['type']
  const by = roleOf(agreement, step.by)
  const paid = { payer: pays(token, payer), provider: pays(token, provider) }
  switch (type) {
    case 'open':
    case 'topUp': {
      const amountUnits = args.amountUnits as bigint
      const result = transferIn({ token, ledger, fromHolder: step.by, amountUnits })
      return { type, by, atSeconds, amountUnits, transferIn: result }
    }
    case 'redeem':
    case 'close': {
      const cumulativeUnits = args.cumulativeUnits as bigint
      const voucherIsAuthentic = args.voucher === 'genuine'
      return { type, by, atSeconds, cumulativeUnits, voucherIsAuthentic, pays: paid }
    }
    case 'finalise':
    case 'reclaimExpired':
      return { type, by, atSeconds, pays: paid }
    case 'claim': {
      const holder = args.to as string
      const valid = holder !== ESCROW && holder !== NOBODY
      return { type, by, atSeconds, claimTo: { holder, valid, paid: pays(token, holder) } }
    }
    default:
      return { type, by, atSeconds }
  }
}

export const paymentChannel = defineProtocol({
  id: 'payment-channel',
  title: 'Payment channel',
  summary: 'chunks paid with signed vouchers off chain, the newest redeemed on chain',
  policies: ['as-described', 'hardened'],
  parameters: paymentChannelParameters,
  participants: CHANNEL_PARTICIPANTS,
  tokens: CHANNEL_TOKENS,
  startingUnits: CHANNEL_STARTING_UNITS,
  roles: [
    { name: 'payer', summary: 'locks a deposit and signs vouchers' },
    { name: 'provider', summary: 'serves and redeems vouchers' },
    { name: 'watcher', summary: 'redeems for a provider that is offline (hardened)' },
    { name: 'stranger', summary: 'tries everything' },
  ],
  actions: [
    { name: 'open', summary: 'the payer funds a channel' },
    { name: 'topUp', summary: 'the payer adds to the deposit' },
    { name: 'redeem', summary: 'the newest voucher is paid, and the channel goes on' },
    { name: 'close', summary: 'the provider ends the channel at once, with its newest voucher' },
    { name: 'requestClose', summary: 'the payer asks for the end, the challenge begins' },
    { name: 'finalise', summary: 'anyone ends a channel whose challenge is over' },
    { name: 'reclaimExpired', summary: 'the payer takes the rest of an expired channel' },
    { name: 'claim', summary: 'a share whose push failed is fetched by its owner' },
  ],
  initialState: 'None',
  terminalStates: ['Closed'],
  errors: paymentChannelErrors,
  deployments: paymentChannelDeployments,
  guardedActions: paymentChannelGuarded,
  machines: {
    'as-described': createPaymentChannelMachine('as-described'),
    hardened: createPaymentChannelMachine('hardened'),
  },
  invariants: paymentChannelInvariants,
  leaving: channelLeaving,
  expectedRefutations: [
    {
      policy: 'as-described',
      invariant: 'INV-NO-TIMER-RESET',
      claim: 'the payer waits one challenge period for its money',
    },
    {
      policy: 'as-described',
      invariant: 'INV-WATCHER',
      claim: 'a provider that is offline is not robbed of what it earned',
    },
    {
      policy: 'as-described',
      invariant: 'INV-EXPIRY-GRACE',
      claim: 'a voucher that was good until the expiry is paid',
    },
  ],
  input(parameters, agreement): ChannelInput {
    const { payer, provider } = agreement.roles
    return {
      token: agreement.token,
      expirySeconds: agreement.terms.expirySeconds as number,
      challengeSeconds: parameters.challengeSeconds as number,
      providerIsValid: provider !== payer && provider !== ESCROW && provider !== NOBODY,
    }
  },
  roleOf,
  toEvent,
  view(snapshot) {
    const context = snapshot.context as ChannelContext
    return {
      state: snapshot.value as string,
      figures: {
        deposit: context.depositUnits,
        openedAt: BigInt(context.openedAtSeconds),
        paid: context.paidUnits,
        challengeEndsAt: BigInt(context.challengeEndsAtSeconds),
        claimPayer: context.claims.payer,
        claimProvider: context.claims.provider,
        expiresAt: BigInt(expiryToldSeconds(context)),
      },
    }
  },
})
