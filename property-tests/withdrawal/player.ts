/**
 * How withdrawal is played: several requests of two teachers over plain and hostile tokens, mostly
 * over the same money, credits around what they ask for, two admins at once, references that are
 * fresh, used and empty, at times around the end of the bank's.
 */
import fc from 'fast-check'
import { withdrawalBinding } from '../../contracts/bindings/withdrawal.ts'
import { AMOUNT_UNITS_MAX } from '../../models/kit/money.ts'
import type { Agreement, AgreementView, PlannedStep } from '../../models/kit/trace.ts'
import { WITHDRAWAL_PARTICIPANTS } from '../../models/withdrawal/cast.ts'
import { weighted } from '../kit/draws.ts'
import {
  type Command,
  HORIZON_SECONDS,
  type Moment,
  type Player,
  type RunSetup,
  START_SECONDS,
} from '../kit/player.ts'
import { withdrawalAbstraction, withdrawalAlphabet, withdrawalPathSetups } from './alphabet.ts'
import {
  agreementsOf,
  amountUnits,
  availableUnits,
  CASES,
  claimants,
  completerOf,
  deadline,
  grossFor,
  isAskedFor,
  isHopeless,
  type Move,
} from './moves.ts'
import { withdrawalRelations } from './relations.ts'
import { withdrawalScenario } from './scenario.ts'

const drawnWithdrawal = fc.record({
  teacher: weighted([7, 3]),
  apart: weighted([6, 2]),
  amount: weighted([14, 4, 6, 1, 1]),
})
const WITHDRAWALS_MAX = 4
const setup: fc.Arbitrary<RunSetup> = fc
  .tuple(
    weighted([10, 8, 4, 1]),
    weighted([30, 1, 2, 2, 5, 1, 6, 5, 4, 7, 8]),
    weighted([2, 5, 3, 3]),
    fc.array(drawnWithdrawal, { minLength: WITHDRAWALS_MAX, maxLength: WITHDRAWALS_MAX }),
  )
  .map(([caseIndex, token, others, drawn]) => {
    return { caseIndex, agreements: agreementsOf(caseIndex, token, drawn.slice(0, others + 1)) }
  })

/** Positions of the integers of a command. */
const AGREEMENT = 0
const MOVE = 1
const BY = 2
const WHEN = 3
const WAIT = 4
const AMOUNT = 5
const FACTOR = 6
const REFERENCE = 7
const TO = 8
const command: fc.Arbitrary<Command> = fc.tuple(
  fc.nat(3),
  fc.nat(99),
  fc.nat(WITHDRAWAL_PARTICIPANTS.length - 1),
  fc.nat(11),
  fc.nat(60),
  fc.nat(9),
  fc.nat(150),
  fc.nat(9),
  fc.nat(5),
)

function progress(moment: Moment, agreement: Agreement, view: AgreementView): readonly Move[] {
  const teacher = agreement.roles.teacher as string
  const completer = completerOf(moment.cast.policy)
  const payouts = claimants(moment, agreement, view)
  switch (view.state) {
    case 'None': {
      const credit: Move = ['credit', 'platform']
      const request: Move = ['request', teacher]
      if (availableUnits(moment, agreement) >= amountUnits(agreement)) {
        return [request, request, request, request, credit]
      }
      // An approval shows whether a request for what is asked for already was really refused.
      if (isAskedFor(moment, agreement)) return [request, ['approve', 'admin0'], request, credit]
      return [credit, credit, credit, credit, request]
    }
    case 'Pending':
      return [
        ['approve', 'admin0'],
        ['approve', 'admin1'],
        ['reject', 'admin0'],
        ['approve', 'admin0'],
        ['cancel', teacher],
        ['approve', 'admin1'],
        ['reject', 'admin1'],
        ['credit', 'platform'],
      ]
    case 'Processing':
      return [
        ['complete', completer],
        ['complete', completer],
        ['bankFailed', 'bank'],
        ['cancel', teacher],
        ['complete', completer],
        ['complete', completer],
        ['complete', completer === 'bank' ? 'admin0' : 'bank'],
        ...payouts,
      ]
    default:
      return [...payouts, ...payouts, ['request', teacher], ['cancel', teacher]]
  }
}

const ACTIONS = [
  'approve',
  'complete',
  'cancel',
  'reject',
  'bankFailed',
  'claim',
  'request',
  'credit',
  'withdrawCommission',
] as const
/** Draws of a move from here on are made even on a withdrawal that is over. */
const INSISTS_FROM = 92
/** Moves below this number are progress, the others are anything by anyone. */
const PROGRESS_BELOW = 80

function moveOf(drawn: Command, moment: Moment, agreement: Agreement, view: AgreementView): Move {
  const move = drawn[MOVE] as number
  const moves = progress(moment, agreement, view)
  if (move < PROGRESS_BELOW && moves.length > 0) return moves[move % moves.length] as Move
  const action = ACTIONS[move % ACTIONS.length] as string
  return [action, WITHDRAWAL_PARTICIPANTS[drawn[BY] as number] as string]
}

/** Below which draw of `when` the end of the bank's time is left alone. */
const DEADLINE_ABOVE: Readonly<Record<string, number>> = { cancel: 1, complete: 7 }

function timeOf(drawn: Command, moment: Moment, view: AgreementView, action: string): number {
  const { nowSeconds } = moment
  const when = drawn[WHEN] as number
  const wait = drawn[WAIT] as number
  const end = deadline(moment, view)
  if (end !== null && when > (DEADLINE_ABOVE[action] ?? 10) && when <= 10) {
    const at = end + (wait % 3) - 1
    if (at >= nowSeconds && at <= START_SECONDS + HORIZON_SECONDS) return at
  }
  if (when === 11 && wait < 20) return nowSeconds + 86_400
  return nowSeconds + (when < 6 ? 0 : wait)
}

/** What is paid in: enough for the request, or just not, for several, odd, nothing, the limit. */
function grossOf(drawn: Command, moment: Moment, agreement: Agreement): bigint {
  const asked = amountUnits(agreement)
  const factor = BigInt(drawn[FACTOR] as number)
  const enough = grossFor(moment, asked)
  const within = (units: bigint) => (units > AMOUNT_UNITS_MAX ? AMOUNT_UNITS_MAX : units)
  switch (drawn[AMOUNT]) {
    case 3:
      return within(enough * (2n + (factor % 2n)))
    case 4:
      return enough > 0n ? enough - 1n : 0n
    case 5:
      return within((asked / 10_000n + 1n) * 20_000n)
    case 6:
      return 1n + factor
    case 7:
      return 999_999n + (factor % 2n)
    case 8:
      return factor % 3n === 0n ? AMOUNT_UNITS_MAX : enough
    case 9:
      return factor % 3n === 0n ? 0n : enough
    default:
      return enough
  }
}

/** A reference by a small integer: the withdrawal's own mostly, another's, none, the largest. */
function referenceOf(drawn: number, { index }: Agreement): bigint {
  if (drawn < 6) return BigInt(index + 1)
  if (drawn < 8) return 1n
  return drawn === 8 ? 0n : (1n << 256n) - 1n
}

const RECIPIENTS = ['elsewhere', 'elsewhere', 'own', 'teacher1', 'nobody', 'escrow'] as const

function argsOf(
  drawn: Command,
  moment: Moment,
  agreement: Agreement,
  [action, by]: Move,
): PlannedStep['args'] {
  switch (action) {
    case 'credit':
      return { grossUnits: grossOf(drawn, moment, agreement) }
    case 'complete':
      return { reference: referenceOf(drawn[REFERENCE] as number, agreement) }
    case 'withdrawCommission':
    case 'claim': {
      const to = RECIPIENTS[drawn[TO] as number] as string
      return { to: to === 'own' ? by : to }
    }
    default:
      return {}
  }
}

/** The drawn withdrawal, or, when nothing is left to do in it, mostly another in which there is. */
function worthwhile(drawn: Command, moment: Moment): number | null {
  const { cast, population } = moment
  const index = (drawn[AGREEMENT] as number) % cast.agreements.length
  const isOver = (at: number) => {
    const view = population.view.agreements[at] as AgreementView
    const agreement = cast.agreements[at] as Agreement
    if (view.state === 'None') {
      const earned = availableUnits(moment, agreement) > 0n
      return isHopeless(moment, agreement) && earned
    }
    const ended = cast.protocol.terminalStates.includes(view.state)
    return ended && (view.figures.claimBank ?? 0n) === 0n
  }
  if (!isOver(index) || (drawn[MOVE] as number) >= INSISTS_FROM) return index
  const other = cast.agreements.findIndex((_, at) => !isOver(at))
  return other < 0 ? null : other
}

function resolve(drawn: Command, moment: Moment): PlannedStep | null {
  const { cast, population } = moment
  const index = worthwhile(drawn, moment)
  if (index === null) return null
  const agreement = cast.agreements[index] as Agreement
  const view = population.view.agreements[index] as AgreementView
  const move = moveOf(drawn, moment, agreement, view)
  const [action, by] = move
  const atSeconds = timeOf(drawn, moment, view, action)
  if (atSeconds > START_SECONDS + HORIZON_SECONDS) return null
  return { agreement: index, action, by, atSeconds, args: argsOf(drawn, moment, agreement, move) }
}

/** A teacher takes an open request back, as soon as nobody is owed time for it. */
function exit({ moment, agreement, by }: Parameters<Player['exit']>[0]): PlannedStep | null {
  const { cast, population, nowSeconds } = moment
  const view = population.view.agreements[agreement] as AgreementView
  if (view.state !== 'Pending' && view.state !== 'Processing') return null
  const mayWait = cast.policy === 'hardened' ? (deadline(moment, view) ?? nowSeconds) : nowSeconds
  const atSeconds = Math.max(nowSeconds, mayWait)
  return { agreement, action: 'cancel', by, atSeconds, args: {}, purpose: 'exit' }
}

export const withdrawalPlayer: Player = {
  binding: withdrawalBinding,
  cases: CASES,
  setup,
  command,
  resolve,
  pathSetups: withdrawalPathSetups,
  alphabet: withdrawalAlphabet,
  abstraction: withdrawalAbstraction,
  relations: withdrawalRelations,
  exit,
  exitParties: ({ roles }) => [roles.teacher as string],
  scenario: withdrawalScenario,
}
