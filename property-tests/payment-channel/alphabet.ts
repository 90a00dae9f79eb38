/**
 * Every attempt worth trying in a state of payment-channel, and the setups from which all its edges
 * can be reached: the input of the paths campaign.
 */
import { AMOUNT_UNITS_MAX, minBig } from '../../models/kit/money.ts'
import type { Agreement, AgreementView, PlannedStep } from '../../models/kit/trace.ts'
import { CHANNEL_PARTICIPANTS, VOUCHER_KINDS } from '../../models/payment-channel/cast.ts'
import { HORIZON_SECONDS, type Moment, type RunSetup, START_SECONDS } from '../kit/player.ts'
import { agreementOf, deadlines, TOKEN_KINDS, voucherStepOf } from './moves.ts'

/** More than payer1 has, and far below 128 bits. */
const BEYOND_PAYER1 = 2_000_000_000_000n
/** From here on the token with a fee on large pulls takes it. */
const LARGE_PULL_UNITS = 1_000_000n

export const channelPathSetups: readonly RunSetup[] = [
  ...['plain6', 'refusesAll', 'refusesPayers', 'refusesProviders', 'feeOnTransfer'].map((token) =>
    pathSetup({ token }),
  ),
  pathSetup({ token: 'feeOnLargePull', step: 1 }),
  pathSetup({ payer: 1 }),
  pathSetup({ provider: 2 }),
  pathSetup({ expiry: 4 }),
  pathSetup({ expiry: 1 }),
]

function pathSetup(given: {
  readonly payer?: number
  readonly provider?: number
  readonly token?: string
  readonly step?: number
  readonly expiry?: number
}): RunSetup {
  const { payer = 0, provider = 0, token = 'plain6', step = 0, expiry = 0 } = given
  const drawn = [payer, provider, TOKEN_KINDS.indexOf(token), step, expiry]
  return { caseIndex: 0, agreements: [agreementOf(0, drawn)] }
}

/** Moments of time worth trying: now, a while later, and around the deadlines. */
function times(moment: Moment, agreement: Agreement, view: AgreementView): number[] {
  const { nowSeconds } = moment
  const around = deadlines(moment, agreement, view).flatMap((at) => [at - 1, at, at + 1])
  const ahead = around.filter((at) => at > nowSeconds && at < START_SECONDS + HORIZON_SECONDS)
  return [...new Set([nowSeconds, nowSeconds + 20, ...ahead])]
}

export function channelAlphabet(moment: Moment): readonly PlannedStep[] {
  const { cast, population } = moment
  const agreement = cast.agreements[0] as Agreement
  const view = population.view.agreements[0] as AgreementView
  const step = voucherStepOf(agreement)
  const { payer, provider } = agreement.roles as { payer: string; provider: string }
  const everyone = [...new Set([payer, provider, 'watcher', 'stranger'])]
  const participants = everyone.filter((by) => CHANNEL_PARTICIPANTS.includes(by as never))
  const amounts = [step * 100n, 0n, AMOUNT_UNITS_MAX, LARGE_PULL_UNITS]
  const steps: PlannedStep[] = []
  for (const atSeconds of times(moment, agreement, view)) {
    const add = (action: string, by: string, args: PlannedStep['args'] = {}) =>
      steps.push({ agreement: 0, action, by, atSeconds, args })
    for (const by of participants) {
      for (const action of ['requestClose', 'finalise', 'reclaimExpired']) add(action, by)
      for (const to of ['elsewhere', 'nobody', by]) add('claim', by, { to })
      for (const args of voucherArguments(view, step)) {
        add('redeem', by, args)
        add('close', by, args)
      }
    }
    // What just fits beside the deposit.
    const room = AMOUNT_UNITS_MAX - (view.figures.deposit ?? 0n)
    for (const amountUnits of [room, ...amounts]) add('topUp', payer, { amountUnits })
    // Two steps of it can be paid for, and a single base unit is left to refund.
    for (const amountUnits of [step * 2n + 1n, ...amounts]) add('open', payer, { amountUnits })
    for (const action of ['open', 'topUp']) {
      add(action, payer, { amountUnits: BEYOND_PAYER1 })
      add(action, 'stranger', { amountUnits: step })
    }
  }
  return steps
}

function voucherArguments({ figures }: AgreementView, step: bigint): PlannedStep['args'][] {
  const { paid = 0n, deposit = 0n } = figures
  const next = minBig(paid + step, AMOUNT_UNITS_MAX)
  const genuine = [next, paid, deposit, AMOUNT_UNITS_MAX].map((cumulativeUnits) => ({
    cumulativeUnits,
    voucher: 'genuine',
  }))
  const others = [...VOUCHER_KINDS.slice(1), null].map((voucher) => ({
    cumulativeUnits: next,
    voucher,
  }))
  return [...genuine, ...others, { cumulativeUnits: 0n, voucher: null }]
}

/** Channels that agree in this are the same to the paths campaign. */
export function channelAbstraction({ cast, population, nowSeconds }: Moment): string {
  return population.view.agreements
    .map(({ state, figures }, index) => {
      const flag = (name: string) => ((figures[name] ?? 0n) > 0n ? 'y' : 'n')
      const expirySeconds = cast.agreements[index]?.terms.expirySeconds as number
      const expiresAt = Number(figures.openedAt ?? 0n) + expirySeconds
      const expired = state === 'Open' && nowSeconds >= expiresAt
      const challenged = state === 'Closing' && Number(figures.challengeEndsAt) > nowSeconds
      const used = figures.paid === figures.deposit
      const claims = flag('claimPayer') + flag('claimProvider')
      return `${state} ${flag('paid')} ${used} ${claims} ${expired} ${challenged}`
    })
    .join(' / ')
}
