/**
 * How session-escrow is played: sessions over plain and hostile tokens, at rates and amounts around
 * their limits, at times around the cap, the start window, the silence timeout and the evidence
 * window, with genuine and forged pings.
 */
import fc from 'fast-check'
import { sessionEscrowBinding } from '../../contracts/bindings/sessionEscrow.ts'
import { AMOUNT_UNITS_MAX } from '../../models/kit/money.ts'
import type { Agreement, AgreementView, PlannedStep } from '../../models/kit/trace.ts'
import { SESSION_PARTICIPANTS } from '../../models/session-escrow/cast.ts'
import {
  sessionEscrowParameters,
  sessionTermsDefault,
} from '../../models/session-escrow/parameters.ts'
import { weighted } from '../kit/draws.ts'
import {
  type Command,
  HORIZON_SECONDS,
  type Moment,
  type Player,
  type RunSetup,
  START_SECONDS,
} from '../kit/player.ts'
import { sessionAbstraction, sessionAlphabet, sessionPathSetups } from './alphabet.ts'
import { agreementOf, claimants, deadlines, type Move, pingOf } from './moves.ts'
import { sessionRelations } from './relations.ts'
import { sessionEscrowScenario } from './scenario.ts'

const cases = [
  { feeBps: 1_000 },
  {},
  { feeBps: 333, silenceTimeoutSeconds: 1, startWindowSeconds: 60, evidenceWindowSeconds: 0 },
  {
    feeBps: 2_000,
    silenceTimeoutSeconds: 30,
    startWindowSeconds: 30,
    evidenceWindowSeconds: 3_600,
  },
].map((given) => sessionEscrowParameters.parse(given))

const setup: fc.Arbitrary<RunSetup> = fc
  .tuple(
    weighted([4, 2, 2, 2]),
    fc.array(
      fc.tuple(
        weighted([6, 1]),
        weighted([60, 20, 1, 1, 1]),
        weighted([24, 1, 2, 2, 4, 1, 2, 4, 4, 3, 6, 6]),
        weighted([24, 6, 6, 6, 4, 1]),
      ),
      { minLength: 1, maxLength: 3, size: 'max' },
    ),
  )
  .map(([caseIndex, drawn]) => ({
    caseIndex,
    agreements: drawn.map((one, index) => agreementOf(index, one)),
  }))

/** Positions of the integers of a command. */
const AGREEMENT = 0
const MOVE = 1
const BY = 2
const WHEN = 3
const WAIT = 4
const AMOUNT = 5
const FACTOR = 6
const PINGS = 7
const TO = 8
const command: fc.Arbitrary<Command> = fc.tuple(
  fc.nat(2),
  fc.nat(99),
  fc.nat(SESSION_PARTICIPANTS.length - 1),
  fc.nat(11),
  fc.nat(150),
  fc.nat(9),
  fc.nat(150),
  fc.nat(99),
  fc.nat(5),
)

function progress(
  agreement: Agreement,
  view: AgreementView,
  windowIsOver: boolean,
): readonly Move[] {
  const student = agreement.roles.student as string
  const tutor = agreement.roles.tutor as string
  switch (view.state) {
    case 'Idle':
      return [['deposit', student]]
    case 'Funded':
      if (windowIsOver) return [['cancel', 'stranger']]
      return view.figures.studentJoined === 0n ? [['join', student]] : [['join', tutor]]
    case 'Active':
      return [
        ['stop', student],
        ['stop', tutor],
        ['stop', 'relayer'],
        ['topUp', student],
        ['stop', 'stranger'],
      ]
    case 'Stopping':
      return [
        ['settle', 'stranger'],
        ['stop', tutor],
        ['stop', 'relayer'],
        ['settle', student],
      ]
    case 'Settled':
    case 'Refunded':
      return [...claimants(agreement, view), ['claim', 'stranger']]
    case 'Cancelled':
      return claimants(agreement, view)
    default:
      return []
  }
}

const ACTIONS = [
  'join',
  'stop',
  'settle',
  'topUp',
  'claim',
  'deposit',
  'stop',
  'topUp',
  'cancel',
] as const
/** Draws of a move from here on are made even on a session that has ended. */
const INSISTS_FROM = 88
/** Moves below this number are progress, the others are anything by anyone. */
const PROGRESS_BELOW = 66

function moveOf(
  drawn: Command,
  agreement: Agreement,
  view: AgreementView,
  windowIsOver: boolean,
): Move {
  const move = drawn[MOVE] as number
  const moves = progress(agreement, view, windowIsOver)
  if (move < PROGRESS_BELOW && moves.length > 0) return moves[move % moves.length] as Move
  const action = ACTIONS[move % ACTIONS.length] as string
  return [action, SESSION_PARTICIPANTS[drawn[BY] as number] as string]
}

/** Short waits where a long one would only let a window pass. */
const WAIT_BELOW_SECONDS: Readonly<Record<string, number>> = { Funded: 8, Stopping: 20 }

/** The next deadline, and below which draw of `when` it is left alone. */
interface Ahead {
  readonly at: bigint
  readonly bias: number
  /** Waits are drawn below this many seconds. */
  readonly waitBelow: number
}

function timeOf(drawn: Command, moment: Moment, ahead: Ahead): number {
  const { nowSeconds } = moment
  const when = drawn[WHEN] as number
  const wait = drawn[WAIT] as number
  if (when > ahead.bias && when <= 10) {
    const deadline = ahead.at
    const at = deadline + BigInt((wait % 3) - 1)
    const reachable = at >= BigInt(nowSeconds) && at <= BigInt(START_SECONDS + HORIZON_SECONDS)
    if (reachable) return Number(at)
  }
  if (when === 11) return nowSeconds + 86_400
  return nowSeconds + (wait % ahead.waitBelow)
}

function amountOf(drawn: Command, rate: bigint): bigint {
  const factor = BigInt(drawn[FACTOR] as number)
  switch (drawn[AMOUNT]) {
    case 4:
      return rate * (factor + 1n) + 1n
    case 5:
      return sessionTermsDefault.depositUnits
    case 6:
      return rate - (rate > 0n && factor % 2n === 0n ? 1n : 0n)
    case 7:
      return 0n
    case 8:
      return AMOUNT_UNITS_MAX - factor
    case 9:
      return factor * 123_456_789_012n
    default:
      return rate * (factor + 1n)
  }
}

const RECIPIENTS = ['elsewhere', 'elsewhere', 'own', 'tutor1', 'nobody', 'escrow'] as const

function argsOf(
  drawn: Command,
  options: {
    readonly action: string
    readonly by: string
    readonly agreement: Agreement
    readonly view: AgreementView
    readonly atSeconds: number
    readonly hardened: boolean
  },
): PlannedStep['args'] {
  const { action, view, atSeconds } = options
  const wait = drawn[WAIT] as number
  switch (action) {
    case 'deposit':
    case 'topUp':
      return { amountUnits: amountOf(drawn, options.agreement.terms.ratePerSecondUnits as bigint) }
    case 'stop': {
      if (!options.hardened) return {}
      const counts = view.state === 'Active' || view.state === 'Stopping'
      if (!counts) return { studentPing: null, tutorPing: null }
      const digits = drawn[PINGS] as number
      return {
        studentPing: pingOf(digits % 10, wait, view, atSeconds),
        tutorPing: pingOf(Math.floor(digits / 10), wait, view, atSeconds),
      }
    }
    case 'claim': {
      const to = RECIPIENTS[drawn[TO] as number] as string
      return { to: to === 'own' ? options.by : to }
    }
    default:
      return {}
  }
}

/** The drawn session, or, when that has ended, mostly another that has not. */
function worthwhile(drawn: Command, { cast, population }: Moment): number | null {
  const index = (drawn[AGREEMENT] as number) % cast.agreements.length
  const ended = (at: number) => {
    const view = population.view.agreements[at] as AgreementView
    const over = view.state === 'Closed' || view.state === 'Cancelled'
    return over && claimants(cast.agreements[at] as Agreement, view).length === 0
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
  const [at = 0n] = deadlines(moment, agreement, view)
  const windowIsOver = BigInt(moment.nowSeconds) > at
  const [action, by] = moveOf(drawn, agreement, view, windowIsOver)
  if (!SESSION_PARTICIPANTS.includes(by as never)) return null
  const bias = view.state === 'Funded' ? 9 : 5
  const waitBelow = WAIT_BELOW_SECONDS[view.state] ?? 151
  const atSeconds = timeOf(drawn, moment, { at, bias, waitBelow })
  if (atSeconds > START_SECONDS + HORIZON_SECONDS) return null
  const hardened = cast.policy === 'hardened'
  const args = argsOf(drawn, { action, by, agreement, view, atSeconds, hardened })
  return { agreement: index, action, by, atSeconds, args }
}

function exit({ moment, agreement: index, by }: Parameters<Player['exit']>[0]): PlannedStep | null {
  const { cast, population, nowSeconds } = moment
  const agreement = cast.agreements[index] as Agreement
  const view = population.view.agreements[index] as AgreementView
  const attempt = (action: string, atSeconds: number, args: PlannedStep['args'] = {}) => ({
    agreement: index,
    action,
    by,
    atSeconds,
    args,
    purpose: 'exit' as const,
  })
  const [deadline = 0n] = deadlines(moment, agreement, view)
  switch (view.state) {
    case 'Funded': {
      const alone = by === agreement.roles.student
      return attempt('cancel', alone ? nowSeconds : Math.max(nowSeconds, Number(deadline) + 1))
    }
    case 'Active': {
      if (cast.policy === 'as-described') return attempt('stop', nowSeconds)
      const own = { kind: 'genuine', sequence: 1n, atSeconds: BigInt(nowSeconds) }
      const student = by === agreement.roles.student
      return attempt('stop', nowSeconds, {
        studentPing: student ? own : null,
        tutorPing: student ? null : own,
      })
    }
    case 'Stopping':
      return attempt('settle', Math.max(nowSeconds, Number(deadline)))
    default: {
      const mine = claimants(agreement, view).some(([, owner]) => owner === by)
      return mine ? attempt('claim', nowSeconds, { to: 'elsewhere' }) : null
    }
  }
}

export const sessionEscrowPlayer: Player = {
  binding: sessionEscrowBinding,
  cases,
  setup,
  command,
  resolve,
  pathSetups: sessionPathSetups,
  alphabet: sessionAlphabet,
  abstraction: sessionAbstraction,
  relations: sessionRelations,
  scenario: sessionEscrowScenario,
  exit,
  exitParties: ({ roles }) => [roles.student as string, roles.tutor as string],
}
