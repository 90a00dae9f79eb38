/**
 * How payment-channel is played: channels over plain and hostile tokens, with deposits and vouchers
 * around their limits, at times around expiry and challenge, with genuine and forged vouchers.
 */
import fc from 'fast-check'
import { paymentChannelBinding } from '../../contracts/bindings/paymentChannel.ts'
import { AMOUNT_UNITS_MAX, minBig } from '../../models/kit/money.ts'
import type { Agreement, AgreementView, PlannedStep } from '../../models/kit/trace.ts'
import { CHANNEL_PARTICIPANTS, VOUCHER_KINDS } from '../../models/payment-channel/cast.ts'
import {
  channelTermsDefault,
  paymentChannelParameters,
} from '../../models/payment-channel/parameters.ts'
import { weighted } from '../kit/draws.ts'
import {
  type Command,
  HORIZON_SECONDS,
  type Moment,
  type Player,
  type RunSetup,
  START_SECONDS,
} from '../kit/player.ts'
import { channelAbstraction, channelAlphabet, channelPathSetups } from './alphabet.ts'
import { agreementOf, claimants, deadlines, type Move, voucherStepOf } from './moves.ts'
import { channelRelations } from './relations.ts'
import { paymentChannelScenario } from './scenario.ts'

const cases = [
  {},
  { challengeSeconds: 60, redeemMarginSeconds: 0 },
  { challengeSeconds: 61, redeemMarginSeconds: 30 },
  { challengeSeconds: 86_400, redeemMarginSeconds: 3_600 },
].map((given) => paymentChannelParameters.parse(given))

/** More are drawn than played, so that runs of several channels are the most frequent. */
const CHANNELS_MAX = 3
const DRAWN_MAX = 5

const setup: fc.Arbitrary<RunSetup> = fc
  .tuple(
    weighted([4, 3, 2, 1]),
    fc.array(
      fc.tuple(
        weighted([6, 1]),
        weighted([60, 20, 1, 1, 1]),
        weighted([24, 1, 2, 2, 4, 1, 2, 5, 4, 6, 8]),
        weighted([24, 6, 6, 4]),
        weighted([16, 6, 6, 2, 1, 2]),
      ),
      { minLength: 1, maxLength: DRAWN_MAX, size: 'max' },
    ),
  )
  .map(([caseIndex, drawn]) => ({
    caseIndex,
    agreements: drawn.slice(0, CHANNELS_MAX).map((one, index) => agreementOf(index, one)),
  }))

/** Positions of the integers of a command. */
const AGREEMENT = 0
const MOVE = 1
const BY = 2
const WHEN = 3
const WAIT = 4
const AMOUNT = 5
const FACTOR = 6
const VOUCHER = 7
const TO = 8
const command: fc.Arbitrary<Command> = fc.tuple(
  fc.nat(2),
  fc.nat(99),
  fc.nat(CHANNEL_PARTICIPANTS.length - 1),
  fc.nat(11),
  fc.nat(150),
  fc.nat(9),
  fc.nat(150),
  fc.nat(13),
  fc.nat(5),
)

function progress(agreement: Agreement, view: AgreementView): readonly Move[] {
  const { payer, provider } = agreement.roles as { payer: string; provider: string }
  switch (view.state) {
    case 'None':
      return [
        ['open', payer],
        ['open', 'stranger'],
        ['open', payer],
        ['open', payer],
      ]
    case 'Open':
      return [
        ['redeem', provider],
        ['requestClose', payer],
        ['topUp', payer],
        ['redeem', 'watcher'],
        ['redeem', provider],
        ['requestClose', payer],
        ['topUp', payer],
        ['redeem', provider],
        ['redeem', provider],
        ['requestClose', payer],
        ['topUp', payer],
        ['redeem', provider],
        ['reclaimExpired', payer],
        ...claimants(agreement, view),
      ]
    case 'Closing':
      return [
        ['redeem', provider],
        ['finalise', 'stranger'],
        ['redeem', 'watcher'],
        ['redeem', provider],
        ['finalise', payer],
        ['redeem', provider],
        ['redeem', provider],
        ['close', provider],
        ...claimants(agreement, view),
      ]
    default:
      return claimants(agreement, view)
  }
}

const ACTIONS = [
  'redeem',
  'finalise',
  'topUp',
  'close',
  'claim',
  'requestClose',
  'open',
  'reclaimExpired',
  'redeem',
] as const
/** Draws of a move from here on are made even on a channel that has ended. */
const INSISTS_FROM = 90
/** Moves below this number are progress, the others are anything by anyone. */
const PROGRESS_BELOW = 78

function moveOf(drawn: Command, agreement: Agreement, view: AgreementView): Move {
  const move = drawn[MOVE] as number
  const moves = progress(agreement, view)
  if (move < PROGRESS_BELOW && moves.length > 0) return moves[move % moves.length] as Move
  const action = ACTIONS[move % ACTIONS.length] as string
  return [action, CHANNEL_PARTICIPANTS[drawn[BY] as number] as string]
}

/** Draws of `when` above this go to a deadline; by actions that wait for one, more often. */
const ANYTIME_TO = 8
const ANYTIME_TO_BY_ACTION: Readonly<Record<string, number>> = { finalise: 3, reclaimExpired: 4 }
/** The draw of `when` that lets a day pass, if the wait is a multiple of three. */
const A_DAY_LATER = 11

function timeOf(drawn: Command, moment: Moment, action: string, ahead: readonly number[]): number {
  const { nowSeconds } = moment
  const when = drawn[WHEN] as number
  const wait = drawn[WAIT] as number
  if (when === A_DAY_LATER && wait % 3 === 0) return nowSeconds + 86_400
  const deadline = ahead[Math.floor(wait / 3) % Math.max(1, ahead.length)]
  if (deadline !== undefined && when > (ANYTIME_TO_BY_ACTION[action] ?? ANYTIME_TO)) {
    const at = deadline + (wait % 3) - 1
    if (at >= nowSeconds && at <= START_SECONDS + HORIZON_SECONDS) return at
  }
  return nowSeconds + wait
}

function amountOf(drawn: Command, step: bigint): bigint {
  const factor = BigInt(drawn[FACTOR] as number)
  switch (drawn[AMOUNT]) {
    case 3:
      return factor + 1n
    case 4:
    case 5:
      return channelTermsDefault.depositUnits
    case 6:
      return step * factor * 10n + 1n
    case 7:
      return factor % 2n
    case 8:
      return factor % 4n === 0n ? AMOUNT_UNITS_MAX - factor : step
    case 9:
      return factor * 123_456_789_012n
    default:
      return step * (factor + 1n)
  }
}

/** What a voucher promises: mostly a few steps more than is paid, else around a limit. */
function cumulativeOf(drawn: Command, step: bigint, { figures }: AgreementView): bigint {
  const { paid = 0n, deposit = 0n } = figures
  const factor = BigInt(drawn[FACTOR] as number)
  switch (drawn[AMOUNT]) {
    case 5:
      return deposit
    case 6:
      return deposit + 1n + factor
    case 7:
      return paid > 0n ? paid - (factor % 2n) : 0n
    case 8:
      return factor % 4n === 0n ? AMOUNT_UNITS_MAX : paid + step
    case 9:
      return paid + 1n
    default:
      return paid + step * ((factor % 8n) + 1n)
  }
}

/** Draws of a voucher below this are genuine, the next one is none at all. */
const GENUINE_BELOW = 9

function voucherOf(drawn: Command): string | null {
  const digit = drawn[VOUCHER] as number
  if (digit < GENUINE_BELOW) return 'genuine'
  return digit === GENUINE_BELOW ? null : (VOUCHER_KINDS[digit - GENUINE_BELOW] as string)
}

const RECIPIENTS = ['elsewhere', 'elsewhere', 'own', 'provider1', 'nobody', 'escrow'] as const

function argsOf(
  drawn: Command,
  [action, by]: Move,
  agreement: Agreement,
  view: AgreementView,
): PlannedStep['args'] {
  const step = voucherStepOf(agreement)
  switch (action) {
    case 'open':
    case 'topUp':
      return { amountUnits: amountOf(drawn, step) }
    case 'redeem':
    case 'close': {
      const voucher = voucherOf(drawn)
      const none = action === 'close' && voucher === null && (drawn[FACTOR] as number) % 4 > 0
      const cumulativeUnits = none ? 0n : minBig(cumulativeOf(drawn, step, view), AMOUNT_UNITS_MAX)
      return { cumulativeUnits, voucher }
    }
    case 'claim': {
      const to = RECIPIENTS[drawn[TO] as number] as string
      return { to: to === 'own' ? by : to }
    }
    default:
      return {}
  }
}

/** The drawn channel, or, when that has ended, mostly another that has not. */
function worthwhile(drawn: Command, { cast, population }: Moment): number | null {
  const index = (drawn[AGREEMENT] as number) % cast.agreements.length
  const ended = (at: number) => {
    const view = population.view.agreements[at] as AgreementView
    const claims = claimants(cast.agreements[at] as Agreement, view)
    return view.state === 'Closed' && claims.length === 0
  }
  if (!ended(index) || (drawn[MOVE] as number) >= INSISTS_FROM) return index
  const other = cast.agreements.findIndex((_, at) => !ended(at))
  return other < 0 ? null : other
}

function resolve(drawn: Command, moment: Moment): PlannedStep | null {
  const { cast, population } = moment
  const index = worthwhile(drawn, moment)
  if (index === null) return null
  const agreement = cast.agreements[index] as Agreement
  const view = population.view.agreements[index] as AgreementView
  const move = moveOf(drawn, agreement, view)
  const [action, by] = move
  if (!CHANNEL_PARTICIPANTS.includes(by as never)) return null
  const atSeconds = timeOf(drawn, moment, action, deadlines(moment, agreement, view))
  if (atSeconds > START_SECONDS + HORIZON_SECONDS) return null
  const args = argsOf(drawn, move, agreement, view)
  return { agreement: index, action, by, atSeconds, args }
}

function exit({ moment, agreement: index, by }: Parameters<Player['exit']>[0]): PlannedStep | null {
  const { cast, population, nowSeconds } = moment
  const agreement = cast.agreements[index] as Agreement
  const view = population.view.agreements[index] as AgreementView
  const attempt = (
    action: string,
    args: PlannedStep['args'] = {},
    atSeconds = nowSeconds,
  ): PlannedStep => ({ agreement: index, action, by, atSeconds, args, purpose: 'exit' })
  const running = view.state === 'Open' || view.state === 'Closing'
  if (running && by === agreement.roles.provider) {
    const cumulativeUnits = view.figures.paid ?? 0n
    return attempt('close', { cumulativeUnits, voucher: cumulativeUnits > 0n ? 'genuine' : null })
  }
  if (view.state === 'Open') return attempt('requestClose')
  if (view.state === 'Closing') {
    const [deadline = 0] = deadlines(moment, agreement, view)
    return attempt('finalise', {}, Math.max(nowSeconds, deadline))
  }
  const mine = claimants(agreement, view).some(([, owner]) => owner === by)
  return mine ? attempt('claim', { to: 'elsewhere' }) : null
}

export const paymentChannelPlayer: Player = {
  binding: paymentChannelBinding,
  cases,
  setup,
  command,
  resolve,
  pathSetups: channelPathSetups,
  alphabet: channelAlphabet,
  abstraction: channelAbstraction,
  relations: channelRelations,
  scenario: paymentChannelScenario,
  exit,
  exitParties: ({ roles }) => [roles.payer as string, roles.provider as string],
}
