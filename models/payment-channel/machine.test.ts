/**
 * The lifecycle of payment-channel against its words: every action is answered in every state,
 * every refusal has a name and a meaning, and the worked examples of the README come out to the
 * unit.
 */
import { describe, expect, test } from 'vitest'
import { declaredEdges, declaredStates } from '../kit/edges.ts'
import { AMOUNT_UNITS_MAX } from '../kit/money.ts'
import { type Cast, predict, startPopulation } from '../kit/population.ts'
import type { PlannedStep, Policy, StepAccount } from '../kit/trace.ts'
import { POLICIES } from '../kit/trace.ts'
import { createPaymentChannelMachine } from './machine.ts'
import { channelTermsDefault, paymentChannelParameters } from './parameters.ts'
import { paymentChannel } from './protocol.ts'
import { paymentChannelErrors } from './words.ts'

const ACTIONS = paymentChannel.actions.map(({ name }) => name)

describe.each(POLICIES)('%s', (policy) => {
  const machine = createPaymentChannelMachine(policy)
  const edges = declaredEdges(machine)

  test('every action is answered in every state, last of all without a condition', () => {
    for (const state of Object.values(machine.root.states)) {
      for (const action of ACTIONS) {
        const answers = state.transitions.get(action) ?? []
        expect(answers.length, `${state.key} ${action}`).toBeGreaterThan(0)
        expect(answers.at(-1)?.guard, `${state.key} ${action}`).toBeUndefined()
      }
      expect([...state.transitions.keys()].sort()).toEqual(ACTIONS.toSorted())
    }
  })

  test('refuses with names that have a meaning, and uses every name', () => {
    const used = new Set(edges.flatMap(({ rejection }) => rejection ?? []))
    expect([...used].sort()).toEqual(Object.keys(paymentChannelErrors).sort())
  })

  test('has the four states, and no way out of the last but claims', () => {
    expect(declaredStates(machine)).toEqual(['None', 'Open', 'Closing', 'Closed'])
    const accepted = edges.filter(({ rejection }) => rejection === null)
    const ofClosed = accepted.filter(({ from }) => from === 'Closed').map(({ name }) => name)
    expect(ofClosed).toEqual(['Closed|claim|Closed'])
  })
})

const START = 1_000_000
const { depositUnits, expirySeconds } = channelTermsDefault

/** One channel that was opened at `START`; `attempt` tries one action on it. */
function openChannel(options: { readonly policy: Policy; readonly token?: string }) {
  const { policy, token = 'plain6' } = options
  const cast: Cast = {
    protocol: paymentChannel,
    policy,
    parameters: paymentChannelParameters.parse({}),
    agreements: [
      {
        index: 0,
        roles: { payer: 'payer0', provider: 'provider0' },
        token,
        terms: { ...channelTermsDefault, salt: 0n },
      },
    ],
  }
  let population = startPopulation(cast)
  const attempt = (
    afterSeconds: number,
    by: string,
    action: string,
    args: PlannedStep['args'] = {},
  ) => {
    const step = { agreement: 0, action, by, atSeconds: START + afterSeconds, args }
    const prediction = predict(cast, population, step)
    population = prediction.population
    return prediction.account
  }
  const figures = () => population.view.agreements[0]?.figures
  attempt(0, 'payer0', 'open', { amountUnits: depositUnits })
  return { attempt, figures }
}

const genuine = (cumulativeUnits: bigint) => ({ cumulativeUnits, voucher: 'genuine' })

/** Payouts as `to: units`. */
function payouts({ transfers }: StepAccount) {
  return Object.fromEntries(transfers.map(({ to, amountUnits }) => [to, amountUnits]))
}

const errorOf = ({ outcome }: StepAccount) => outcome.error

describe.each(POLICIES)('vouchers, %s', (policy) => {
  test('37 chunks of 0.10 cost 3.70 of 10.00, whatever was redeemed in between', () => {
    const { attempt } = openChannel({ policy })
    expect(payouts(attempt(60, 'provider0', 'redeem', genuine(1_200_000n)))).toEqual({
      provider0: 1_200_000n,
    })
    expect(payouts(attempt(300, 'provider0', 'close', genuine(3_700_000n)))).toEqual({
      provider0: 2_500_000n,
      payer0: 6_300_000n,
    })
  })

  test('a repeated or overtaken voucher pays nothing, and a close with one only refunds', () => {
    const { attempt } = openChannel({ policy })
    attempt(60, 'provider0', 'redeem', genuine(500_000n))
    expect(errorOf(attempt(61, 'provider0', 'redeem', genuine(500_000n)))).toBe('StaleVoucher')
    expect(errorOf(attempt(61, 'provider0', 'redeem', genuine(499_999n)))).toBe('StaleVoucher')
    const closed = attempt(62, 'provider0', 'close', genuine(499_999n))
    expect(payouts(closed)).toEqual({ payer0: 9_500_000n })
  })

  test('a voucher over more than the deposit pays the deposit, and more after a top-up', () => {
    const { attempt } = openChannel({ policy })
    const all = genuine(AMOUNT_UNITS_MAX)
    expect(payouts(attempt(1, 'provider0', 'redeem', all))).toEqual({ provider0: depositUnits })
    expect(errorOf(attempt(2, 'provider0', 'redeem', all))).toBe('StaleVoucher')
    attempt(3, 'payer0', 'topUp', { amountUnits: 7n })
    expect(payouts(attempt(4, 'provider0', 'redeem', all))).toEqual({ provider0: 7n })
  })

  test.each(['forged', 'foreign', 'altered', 'crossed', null])('%s is refused', (voucher) => {
    const { attempt } = openChannel({ policy })
    const args = { cumulativeUnits: 1n, voucher }
    expect(errorOf(attempt(1, 'provider0', 'redeem', args))).toBe('InvalidVoucher')
    expect(errorOf(attempt(1, 'provider0', 'close', args))).toBe('InvalidVoucher')
    const without = { cumulativeUnits: 0n, voucher }
    expect(payouts(attempt(1, 'provider0', 'close', without))).toEqual({ payer0: depositUnits })
  })

  test('payments that cannot be pushed add up until they are claimed', () => {
    const { attempt, figures } = openChannel({ policy, token: 'refusesProviders' })
    attempt(1, 'provider0', 'redeem', genuine(3n))
    attempt(2, 'provider0', 'redeem', genuine(10n))
    expect(figures()).toMatchObject({ paid: 10n, claimProvider: 10n })
    const own = attempt(3, 'provider0', 'claim', { to: 'provider0' })
    expect(errorOf(own)).toBe('ClaimFailed')
    const claimed = attempt(3, 'provider0', 'claim', { to: 'elsewhere' })
    expect(payouts(claimed)).toEqual({ elsewhere: 10n })
  })
})

describe('where the policies differ', () => {
  test('as-described: a redemption starts the challenge anew, hardened: it does not', () => {
    for (const [policy, endsAt] of [
      ['as-described', 1_799],
      ['hardened', 1_000],
    ] as const) {
      const { attempt } = openChannel({ policy })
      attempt(100, 'payer0', 'requestClose')
      attempt(899, 'provider0', 'redeem', genuine(1n))
      expect(errorOf(attempt(endsAt - 1, 'stranger', 'finalise'))).toBe('ChallengeRunning')
      const closed = attempt(endsAt, 'stranger', 'finalise')
      expect(payouts(closed)).toEqual({ payer0: depositUnits - 1n })
    }
  })

  test('the watcher redeems for the provider in hardened only', () => {
    const described = openChannel({ policy: 'as-described' })
    expect(errorOf(described.attempt(1, 'watcher', 'redeem', genuine(5n)))).toBe('NotProvider')
    const hardened = openChannel({ policy: 'hardened' })
    const redeemed = hardened.attempt(1, 'watcher', 'redeem', genuine(5n))
    expect(payouts(redeemed)).toEqual({ provider0: 5n })
    expect(errorOf(hardened.attempt(2, 'watcher', 'close', genuine(6n)))).toBe('NotProvider')
  })

  test('hardened leaves the provider a challenge period after the expiry', () => {
    for (const [policy, grace] of [
      ['as-described', 0],
      ['hardened', 900],
    ] as const) {
      const { attempt } = openChannel({ policy })
      const from = expirySeconds + grace
      const late = attempt(expirySeconds, 'payer0', 'topUp', { amountUnits: 1n })
      expect(errorOf(late)).toBe('ChannelExpired')
      expect(errorOf(attempt(from - 1, 'payer0', 'reclaimExpired'))).toBe('NotExpired')
      attempt(from, 'provider0', 'redeem', genuine(4n))
      const reclaimed = attempt(from, 'payer0', 'reclaimExpired')
      expect(payouts(reclaimed)).toEqual({ payer0: depositUnits - 4n })
    }
  })
})
