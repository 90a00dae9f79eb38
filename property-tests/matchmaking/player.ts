/**
 * How matchmaking is played: requests of two students that want the same tutors, answers and
 * deposits around the ends of their times, quotes of all kinds, at rates around what the student
 * pays, sessions around what earns a credential, and everything that a stranger can think of.
 */
import fc from 'fast-check'
import { matchmakingBinding } from '../../contracts/bindings/matchmaking.ts'
import type { Agreement, AgreementView, PlannedStep } from '../../models/kit/trace.ts'
import { MATCHMAKING_PARTICIPANTS } from '../../models/matchmaking/cast.ts'
import { weighted } from '../kit/draws.ts'
import {
  type Command,
  HORIZON_SECONDS,
  type Moment,
  type Player,
  type RunSetup,
  START_SECONDS,
} from '../kit/player.ts'
import { matchmakingAbstraction, matchmakingAlphabet, matchmakingPathSetups } from './alphabet.ts'
import { agreementsOf, CASES, deadlines, type Move, studentOf, tutorNow } from './moves.ts'
import { matchmakingRelations } from './relations.ts'
import { matchmakingScenario } from './scenario.ts'
import { argsOf, COMMAND_LENGTHS, numberOf } from './words.ts'

const REQUESTS_MAX = 3

const drawnRequest = fc.record({
  student: weighted([5, 5]),
  token: weighted([6, 1]),
  terms: weighted([16, 5, 3, 2, 1, 1]),
})
const setup: fc.Arbitrary<RunSetup> = fc
  .tuple(
    weighted([5, 4, 3, 2]),
    fc.array(drawnRequest, { minLength: 1, maxLength: REQUESTS_MAX, size: 'max' }),
  )
  .map(([caseIndex, drawn]) => ({ caseIndex, agreements: agreementsOf(drawn) }))

const command: fc.Arbitrary<Command> = fc.tuple(...COMMAND_LENGTHS.map((most) => fc.nat(most)))

const times = (count: number, move: Move) => Array<Move>(count).fill(move)

/** Who lets a proposal or an acceptance end: nobody in particular, as described the matchmaker. */
function finisher({ cast }: Moment, tutor: string): string {
  return cast.policy === 'hardened' ? tutor : 'matchmaker'
}

function progress(moment: Moment, agreement: Agreement, view: AgreementView): readonly Move[] {
  const student = studentOf(agreement)
  const tutor = tutorNow(view)
  const propose: Move = ['propose', 'matchmaker']
  const cancel: Move = ['cancel', student]
  switch (view.state) {
    case 'None':
      return [...times(11, ['request', student]), ['request', 'stranger']]
    case 'Searching':
      // Whoever was proposed before may answer late.
      return [
        ...times(7, propose),
        ['noMatch', 'matchmaker'],
        (view.figures.tutor ?? 0n) > 0n ? ['accept', tutor] : propose,
        propose,
        cancel,
      ]
    case 'Waitlisted':
    case 'Booked':
      return [...times(6, propose), cancel]
    case 'NoMatch':
      return [['waitlist', student], ['book', student], ['waitlist', student], propose, cancel]
    case 'Proposed':
      return [
        ...times(5, ['accept', tutor]),
        ['decline', tutor],
        ['lapse', finisher(moment, tutor)],
        ...times(2, ['accept', moment.cast.policy === 'hardened' ? 'stranger' : tutor]),
        ['lapse', 'stranger'],
        cancel,
      ]
    case 'AwaitingDeposit':
      return [
        ...times(6, ['consume', 'sessionEscrow']),
        ['release', finisher(moment, tutor)],
        ...times(6, ['reduceCap', student]),
        ['release', 'stranger'],
        cancel,
      ]
    case 'Matched':
      return [
        ...times(5, ['complete', 'sessionEscrow']),
        ['consume', 'sessionEscrow'],
        ['complete', tutor],
        cancel,
      ]
    case 'Completed':
      return [
        ['rate', tutor],
        ['complete', 'sessionEscrow'],
        ['transferCredential', student],
        ['rate', student],
        ['rate', 'stranger'],
      ]
    default:
      return []
  }
}

const ACTIONS = [
  'accept',
  'consume',
  'propose',
  'release',
  'lapse',
  'decline',
  'complete',
  'rate',
  'cancel',
  'request',
  'transferCredential',
  'reduceCap',
  'waitlist',
  'book',
  'noMatch',
] as const
/** Draws of a move from here on are made even on a request that is over. */
const INSISTS_FROM = 92
/** Moves below this number are progress, the others are anything by anyone. */
const PROGRESS_BELOW = 80

/**
 * The move, or one like it with which a counterexample stays short: who has rated is not needed to
 * rate again, and a search that is too long is seen where few proposals are too many.
 */
function shortened(
  [action, by]: Move,
  { cast }: Moment,
  agreement: Agreement,
  view: AgreementView,
) {
  const { ratingStudent = 0n, ratingTutor = 0n, attempts = 0n } = view.figures
  const most = cast.parameters.maxAttempts as number
  const hasRated =
    (by === studentOf(agreement) && ratingStudent > 0n) ||
    (by === tutorNow(view) && ratingTutor > 0n)
  const isAsDescribed = cast.policy === 'as-described'
  if (action === 'rate' && isAsDescribed && hasRated) return [action, 'stranger'] as const
  const isLong = most > FEW_ATTEMPTS && attempts >= BigInt(most)
  return action === 'propose' && isLong ? (['noMatch', by] as const) : ([action, by] as const)
}

const FEW_ATTEMPTS = 2

function moveOf(drawn: Command, moment: Moment, agreement: Agreement, view: AgreementView): Move {
  const move = numberOf(drawn, 'move')
  const moves = progress(moment, agreement, view)
  if (move < PROGRESS_BELOW && moves.length > 0) return moves[move % moves.length] as Move
  const action = ACTIONS[move % ACTIONS.length] as string
  return [action, MATCHMAKING_PARTICIPANTS[numberOf(drawn, 'by')] as string]
}

/** Draws of `when` above this go to a deadline; by actions that wait for one, more often. */
const ANYTIME_TO = 8
const ANYTIME_TO_BY_ACTION: Readonly<Record<string, number>> = {
  lapse: 2,
  release: 2,
  propose: 5,
}

function timeOf(drawn: Command, moment: Moment, view: AgreementView, action: string): number {
  const { nowSeconds } = moment
  const when = numberOf(drawn, 'when')
  const wait = numberOf(drawn, 'wait')
  const ahead = deadlines(moment, view)
  const deadline = ahead[Math.floor(wait / 3) % Math.max(1, ahead.length)]
  if (deadline !== undefined && when > (ANYTIME_TO_BY_ACTION[action] ?? ANYTIME_TO)) {
    const at = deadline + (wait % 3) - 1
    if (at >= nowSeconds && at <= START_SECONDS + HORIZON_SECONDS) return at
  }
  if (when < 7) return nowSeconds
  return nowSeconds + (when < 11 ? wait % 10 : wait)
}

/** The drawn request, or, when nothing is left to do in it, mostly another in which there is. */
function worthwhile(drawn: Command, { cast, population }: Moment): number | null {
  const index = numberOf(drawn, 'agreement') % cast.agreements.length
  const isOver = (at: number) => {
    const { state, figures } = population.view.agreements[at] as AgreementView
    if (state === 'Completed') return (figures.ratingStudent ?? 0n) > 0n
    return cast.protocol.terminalStates.includes(state)
  }
  if (!isOver(index) || numberOf(drawn, 'move') >= INSISTS_FROM) return index
  const other = cast.agreements.findIndex((_, at) => !isOver(at))
  return other < 0 ? null : other
}

function resolve(drawn: Command, moment: Moment): PlannedStep | null {
  const index = worthwhile(drawn, moment)
  if (index === null) return null
  const agreement = moment.cast.agreements[index] as Agreement
  const view = moment.population.view.agreements[index] as AgreementView
  const move = shortened(moveOf(drawn, moment, agreement, view), moment, agreement, view)
  const [action, by] = move
  if (!MATCHMAKING_PARTICIPANTS.includes(by as never)) return null
  const atSeconds = timeOf(drawn, moment, view, action)
  if (atSeconds > START_SECONDS + HORIZON_SECONDS) return null
  const args = argsOf(drawn, moment, agreement, { move, atSeconds })
  return { agreement: index, action, by, atSeconds, args }
}

/** States in which a student can give up. */
const OPEN = ['Searching', 'Proposed', 'AwaitingDeposit', 'NoMatch', 'Waitlisted', 'Booked']

/**
 * The student gives up, the tutor declines or waits until the timers let it go. A matched pair is
 * the session escrow's.
 */
function exit({ moment, agreement, by }: Parameters<Player['exit']>[0]): PlannedStep | null {
  const { cast, population, nowSeconds } = moment
  const view = population.view.agreements[agreement] as AgreementView
  const { boundUntil = 0n } = view.figures
  const attempt = (action: string, fromSeconds = nowSeconds) => {
    const atSeconds = Math.max(nowSeconds, fromSeconds)
    return { agreement, action, by, atSeconds, args: {}, purpose: 'exit' as const }
  }
  if (by === studentOf(cast.agreements[agreement] as Agreement)) {
    return OPEN.includes(view.state) ? attempt('cancel') : null
  }
  if (by !== tutorNow(view)) return null
  const isLate = BigInt(nowSeconds) >= boundUntil
  switch (view.state) {
    case 'Proposed':
      return attempt(isLate && cast.policy === 'hardened' ? 'lapse' : 'decline')
    case 'AwaitingDeposit':
      return attempt('release', Number(boundUntil))
    default:
      return null
  }
}

export const matchmakingPlayer: Player = {
  binding: matchmakingBinding,
  cases: CASES,
  setup,
  command,
  resolve,
  pathSetups: matchmakingPathSetups,
  alphabet: matchmakingAlphabet,
  abstraction: matchmakingAbstraction,
  relations: matchmakingRelations,
  exit,
  exitParties: ({ roles }) => [roles.student as string, 'tutor0', 'tutor1'],
  scenario: matchmakingScenario,
}
