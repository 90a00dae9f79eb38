/**
 * How token-job is played: jobs over plain and hostile tokens that share hosts, at prices and
 * deposits around their limits, proofs around what the deposit buys, at times around the end of the
 * job and of the proof window, with genuine and forged receipts.
 */
import fc from 'fast-check'
import { tokenJobBinding } from '../../contracts/bindings/tokenJob.ts'
import type { Agreement, AgreementView, PlannedStep } from '../../models/kit/trace.ts'
import { JOB_PARTICIPANTS, RECEIPT_KINDS } from '../../models/token-job/cast.ts'
import { tokenJobParameters } from '../../models/token-job/parameters.ts'
import { weighted } from '../kit/draws.ts'
import {
  type Command,
  HORIZON_SECONDS,
  type Moment,
  type Player,
  type RunSetup,
  START_SECONDS,
} from '../kit/player.ts'
import { jobAbstraction, jobAlphabet, jobPathSetups } from './alphabet.ts'
import {
  affordable,
  agreementsOf,
  claimants,
  DEPOSIT_UNITS_MAX,
  deadline,
  ENDLESS_UNITS,
  isHopeless,
  type Move,
} from './moves.ts'
import { jobRelations } from './relations.ts'
import { tokenJobScenario } from './scenario.ts'

const cases = [
  {},
  { hostBps: 8_767, proofWindowSeconds: 600 },
  { hostBps: 3_333, proofWindowSeconds: 0 },
  { hostBps: 10_000, proofWindowSeconds: 1 },
].map((given) => tokenJobParameters.parse(given))

const job = fc.record({
  user: weighted([6, 2, 2]),
  host: weighted([80, 30, 1, 1, 1]),
  token: weighted([30, 1, 2, 2, 4, 1, 2, 4, 4, 3, 6, 8]),
  price: weighted([18, 7, 12, 8, 1, 1]),
  deposit: weighted([12, 8, 12, 8, 2, 1, 1]),
  duration: weighted([20, 5, 1, 8, 1, 1]),
})
const setup: fc.Arbitrary<RunSetup> = fc
  .tuple(weighted([4, 3, 1, 2]), fc.array(job, { minLength: 1, maxLength: 3, size: 'max' }))
  .map(([caseIndex, drawn]) => ({ caseIndex, agreements: agreementsOf(drawn) }))

/** Positions of the integers of a command. */
const AGREEMENT = 0
const MOVE = 1
const BY = 2
const WHEN = 3
const WAIT = 4
const AMOUNT = 5
const FACTOR = 6
const RECEIPT = 7
const TO = 8
const command: fc.Arbitrary<Command> = fc.tuple(
  fc.nat(2),
  fc.nat(99),
  fc.nat(JOB_PARTICIPANTS.length - 1),
  fc.nat(11),
  fc.nat(150),
  fc.nat(9),
  fc.nat(150),
  fc.nat(19),
  fc.nat(5),
)

function progress(moment: Moment, agreement: Agreement, view: AgreementView): readonly Move[] {
  const { user, host } = agreement.roles as { user: string; host: string }
  const payouts = claimants(moment, agreement, view)
  switch (view.state) {
    case 'None':
      return [['approve', user]]
    case 'Approved': {
      const suffices = (view.figures.allowance ?? 0n) >= (agreement.terms.depositUnits as bigint)
      const create: Move = ['createSession', user]
      const approve: Move = ['approve', user]
      return suffices ? [create, create, create, create, approve] : [approve, create, approve]
    }
    case 'Active':
      if (moment.nowSeconds > (deadline(moment, agreement, view) ?? 0)) {
        return [
          ['timeout', 'stranger'],
          ['endSession', user],
          ['timeout', 'stranger'],
          ['submitProof', host],
          ['endSession', host],
        ]
      }
      return [
        ['submitProof', host],
        ['submitProof', host],
        ['submitProof', host],
        ['endSession', user],
        ['submitProof', host],
        ['submitProof', host],
        ['submitProof', host],
        ['endSession', host],
        ['submitProof', host],
        ['timeout', 'stranger'],
        ...payouts,
      ]
    case 'Ending':
      return [
        ['submitProof', host],
        ['endSession', 'stranger'],
        ['submitProof', host],
        ['endSession', user],
      ]
    default:
      return [...payouts, ...payouts, ['submitProof', host], ['createSession', user]]
  }
}

const ACTIONS = [
  'submitProof',
  'endSession',
  'timeout',
  'withdrawEarnings',
  'claim',
  'createSession',
  'approve',
  'withdrawTreasury',
] as const
/** Draws of a move from here on are made even on a job that has ended. */
const INSISTS_FROM = 88
/** Moves below this number are progress, the others are anything by anyone. */
const PROGRESS_BELOW = 70

function moveOf(drawn: Command, moment: Moment, agreement: Agreement, view: AgreementView): Move {
  const move = drawn[MOVE] as number
  const moves = progress(moment, agreement, view)
  if (move < PROGRESS_BELOW && moves.length > 0) return moves[move % moves.length] as Move
  const action = ACTIONS[move % ACTIONS.length] as string
  return [action, JOB_PARTICIPANTS[drawn[BY] as number] as string]
}

/** Below which draw of `when` the next deadline is left alone, by action and else by state. */
const DEADLINE_ABOVE: Readonly<Record<string, number>> = { timeout: 2, Active: 8, Ending: 5 }
const WAIT_BELOW_SECONDS = 151

/** Short waits where long ones would only let the time of a job or of its window pass. */
function waitBelow(state: string, end: number | null, nowSeconds: number): number {
  if (['None', 'Approved', 'Completed'].includes(state)) return 20
  if (end === null || end < nowSeconds) return WAIT_BELOW_SECONDS
  return Math.min(WAIT_BELOW_SECONDS, 1 + Math.ceil((end - nowSeconds) / 4))
}

function timeOf(drawn: Command, moment: Moment, agreement: Agreement, action: string): number {
  const { nowSeconds, population } = moment
  const view = population.view.agreements[agreement.index] as AgreementView
  const when = drawn[WHEN] as number
  const wait = drawn[WAIT] as number
  const end = deadline(moment, agreement, view)
  const above = DEADLINE_ABOVE[action] ?? DEADLINE_ABOVE[view.state] ?? 10
  if (end !== null && when > above && when <= 10) {
    const at = end + (wait % 3) - 1
    if (at >= nowSeconds && at <= START_SECONDS + HORIZON_SECONDS) return at
  }
  if (when === 11 && view.state !== 'Active') return nowSeconds + 3_600
  return nowSeconds + (wait % waitBelow(view.state, end, nowSeconds))
}

function approvalOf(drawn: Command, { cast }: Moment, agreement: Agreement): bigint {
  const factor = BigInt(drawn[FACTOR] as number)
  const deposit = agreement.terms.depositUnits as bigint
  switch (drawn[AMOUNT]) {
    case 5:
      return BigInt(cast.parameters.approvalUnits as number)
    case 6:
      return deposit > 0n ? deposit - 1n : 0n
    case 7:
      return 0n
    case 8:
      return ENDLESS_UNITS - (factor % 2n)
    case 9:
      return deposit * (factor + 1n)
    default:
      return deposit
  }
}

/** A cumulative number of tokens: the next interval, around what the deposit buys, stale, huge. */
function tokensOf(drawn: Command, { cast }: Moment, agreement: Agreement, view: AgreementView) {
  const factor = BigInt(drawn[FACTOR] as number)
  const proven = view.figures.provenTokens ?? 0n
  const most = affordable(agreement)
  const within = (tokens: bigint) => {
    if (tokens < 0n) return 0n
    return tokens > DEPOSIT_UNITS_MAX ? DEPOSIT_UNITS_MAX : tokens
  }
  switch (drawn[AMOUNT]) {
    case 3:
      return within(proven + BigInt(cast.parameters.proofIntervalTokens as number))
    case 4:
      return within(most - (factor % 2n))
    case 5:
      return within(most + 1n)
    case 6:
      return within(proven - (factor % 2n))
    case 7:
      return within(proven + (most - proven) / 2n)
    case 8:
      return factor % 4n === 0n ? DEPOSIT_UNITS_MAX : within(proven * 2n + 1n)
    default:
      return within(proven + 1n + factor)
  }
}

const RECIPIENTS = ['elsewhere', 'elsewhere', 'own', 'host1', 'nobody', 'escrow'] as const

const GENUINE_BELOW = 15

/** A receipt by a small integer; genuine mostly. */
function receiptOf(drawn: number) {
  if (drawn < GENUINE_BELOW) return 'genuine'
  return drawn === GENUINE_BELOW ? null : (RECEIPT_KINDS[drawn - GENUINE_BELOW] as string)
}

function argsOf(
  drawn: Command,
  moment: Moment,
  agreement: Agreement,
  [action, by]: Move,
): PlannedStep['args'] {
  const view = moment.population.view.agreements[agreement.index] as AgreementView
  switch (action) {
    case 'approve':
      return { amountUnits: approvalOf(drawn, moment, agreement) }
    case 'submitProof': {
      const cumulativeTokens = tokensOf(drawn, moment, agreement, view)
      if (moment.cast.policy === 'as-described') return { cumulativeTokens }
      const counts = view.state === 'Active' || view.state === 'Ending'
      const receipt = counts ? receiptOf(drawn[RECEIPT] as number) : null
      return { cumulativeTokens, receipt }
    }
    case 'withdrawEarnings':
    case 'withdrawTreasury':
    case 'claim': {
      const to = RECIPIENTS[drawn[TO] as number] as string
      return { to: to === 'own' ? by : to }
    }
    default:
      return {}
  }
}

/** The drawn job, or, when there is nothing left to do in it, mostly another in which there is. */
function worthwhile(drawn: Command, moment: Moment): number | null {
  const { cast, population } = moment
  const index = (drawn[AGREEMENT] as number) % cast.agreements.length
  const isOver = (at: number) => {
    const view = population.view.agreements[at] as AgreementView
    const agreement = cast.agreements[at] as Agreement
    if (view.state === 'Approved') return isHopeless(agreement)
    const ended = cast.protocol.terminalStates.includes(view.state)
    return ended && claimants(moment, agreement, view).length === 0
  }
  if (!isOver(index) || (drawn[MOVE] as number) >= INSISTS_FROM) return index
  const other = cast.agreements.findIndex((_, at) => !isOver(at))
  return other < 0 ? null : other
}

/** An approval acts on the job whose allowance it is, if there is one in this token. */
function ownJob(moment: Moment, agreement: Agreement, [action, by]: Move): Agreement {
  if (action !== 'approve') return agreement
  const { token } = agreement
  const own = moment.cast.agreements.find((job) => job.token === token && job.roles.user === by)
  return own ?? agreement
}

function resolve(drawn: Command, moment: Moment): PlannedStep | null {
  const { cast, population } = moment
  const index = worthwhile(drawn, moment)
  if (index === null) return null
  const asked = cast.agreements[index] as Agreement
  const view = population.view.agreements[index] as AgreementView
  const move = moveOf(drawn, moment, asked, view)
  const [action, by] = move
  if (!JOB_PARTICIPANTS.includes(by as never)) return null
  const agreement = ownJob(moment, asked, move)
  const atSeconds = timeOf(drawn, moment, agreement, action)
  if (atSeconds > START_SECONDS + HORIZON_SECONDS) return null
  const args = argsOf(drawn, moment, agreement, move)
  return { agreement: agreement.index, action, by, atSeconds, args }
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
  if (view.state === 'Active') return attempt('endSession', nowSeconds)
  if (view.state === 'Ending') {
    const until = deadline(moment, agreement, view) ?? nowSeconds
    const alone = by === agreement.roles.host
    return attempt('endSession', alone ? nowSeconds : Math.max(nowSeconds, until))
  }
  const [mine] = claimants(moment, agreement, view).filter(([, owner]) => owner === by)
  return mine === undefined ? null : attempt(mine[0], nowSeconds, { to: 'elsewhere' })
}

export const tokenJobPlayer: Player = {
  binding: tokenJobBinding,
  cases,
  setup,
  command,
  resolve,
  pathSetups: jobPathSetups,
  alphabet: jobAlphabet,
  abstraction: jobAbstraction,
  relations: jobRelations,
  exit,
  exitParties: ({ roles }) => [roles.user as string, roles.host as string],
  scenario: tokenJobScenario,
}
