/**
 * How attendance-hold is played: lessons over plain and hostile tokens, with and without referrers;
 * records around the threshold and around the edges of the session, repeated, out of order and
 * forged; finishes early, late and impossible; decisions around the edges of every window.
 */
import fc from 'fast-check'
import { attendanceHoldBinding } from '../../contracts/bindings/attendanceHold.ts'
import { HOLD_PARTICIPANTS } from '../../models/attendance-hold/cast.ts'
import { attendanceHoldParameters } from '../../models/attendance-hold/parameters.ts'
import type { Agreement, AgreementView, PlannedStep } from '../../models/kit/trace.ts'
import { weighted } from '../kit/draws.ts'
import {
  type Command,
  HORIZON_SECONDS,
  type Moment,
  type Player,
  type RunSetup,
  START_SECONDS,
} from '../kit/player.ts'
import { holdAbstraction, holdAlphabet, holdPathSetups } from './alphabet.ts'
import { attestationOf, COMMAND_LENGTHS, type Drawn, numberOf, toldOf } from './commands.ts'
import { agreementOf, claimants, deadlines, isHopeless, type Move, timesOf } from './moves.ts'
import { endOf, recordOf } from './records.ts'
import { holdRelations } from './relations.ts'
import { attendanceHoldScenario } from './scenario.ts'

const cases = [
  {},
  {
    sessionSeconds: 100,
    attendanceThresholdBps: 3_333,
    commissionBps: 3_333,
    attestationWindowSeconds: 60,
    keeperWindowSeconds: 30,
    noShowSeconds: 60,
    lateAfterSeconds: 10,
  },
  {
    sessionSeconds: 600,
    attendanceThresholdBps: 10_000,
    commissionBps: 10_000,
    attestationWindowSeconds: 0,
    keeperWindowSeconds: 0,
    noShowSeconds: 0,
    lateAfterSeconds: 0,
  },
  { attendanceThresholdBps: 0, commissionBps: 0, keeperWindowSeconds: 86_400 },
].map((given) => attendanceHoldParameters.parse(given))

/** More are drawn than played, so that runs of several holds are the most frequent. */
const HOLDS_MAX = 4
const DRAWN_MAX = 9

const setup: fc.Arbitrary<RunSetup> = fc
  .tuple(
    weighted([6, 3, 1, 1]),
    fc.array(
      fc.tuple(
        weighted([6, 2]),
        weighted([60, 20, 1, 1, 1]),
        weighted([20, 30, 1, 1, 1]),
        weighted([24, 1, 2, 2, 4, 1, 2, 5, 4, 4, 6, 8]),
        weighted([20, 8, 4, 4, 1, 1]),
        weighted([20, 3, 2, 6, 10, 1]),
      ),
      { minLength: 1, maxLength: DRAWN_MAX, size: 'max' },
    ),
  )
  .map(([caseIndex, drawn]) => ({
    caseIndex,
    agreements: drawn.slice(0, HOLDS_MAX).map((one, index) => agreementOf(index, one)),
  }))

const command: fc.Arbitrary<Command> = fc.tuple(...COMMAND_LENGTHS.map((most) => fc.nat(most)))

function progress(moment: Moment, agreement: Agreement, view: AgreementView): readonly Move[] {
  const { student, teacher } = agreement.roles as { student: string; teacher: string }
  const isHardened = moment.cast.policy === 'hardened'
  const recorder = isHardened ? teacher : 'attestor'
  const record: Move = ['recordAttendance', recorder]
  const { finishedAt, recordsCloseAt, missing } = timesOf(moment, agreement, view)
  switch (view.state) {
    case 'None':
      return [
        ['purchase', student],
        ['purchase', student],
        ['purchase', 'stranger'],
        ['purchase', student],
        ['purchase', student],
      ]
    case 'Held':
      if (finishedAt !== null) {
        const decide: Move = ['process', 'keeper']
        return isHardened && moment.nowSeconds >= recordsCloseAt
          ? [decide, ['process', 'stranger'], decide, record, ['process', student], decide]
          : [decide, record, decide, ['process', student], record, decide, decide]
      }
      return missing > 0
        ? [
            record,
            record,
            ['refundUnfinished', isHardened ? student : 'keeper'],
            record,
            ['finishSession', teacher],
            record,
            ['recordAttendance', isHardened ? 'stranger' : recorder],
            ['refundUnfinished', student],
            record,
            ['finishSession', isHardened ? student : 'attestor'],
            record,
            ['process', 'keeper'],
          ]
        : [
            ['finishSession', teacher],
            ['finishSession', isHardened ? student : 'attestor'],
            record,
            ['finishSession', teacher],
            ['finishSession', teacher],
            ['refundUnfinished', student],
          ]
    default:
      return [...claimants(agreement, view), ...claimants(agreement, view), ['purchase', student]]
  }
}

const ACTIONS = [
  'recordAttendance',
  'finishSession',
  'process',
  'claim',
  'refundUnfinished',
  'purchase',
] as const
/** Draws of a move from here on are made even on a hold that is resolved. */
const INSISTS_FROM = 88
/** Moves below this number are progress, the others are anything by anyone. */
const PROGRESS_BELOW = 78
/** Before a purchase there is little else to try. */
const BUYS_BELOW = 92

function moveOf(drawn: Drawn, moment: Moment, agreement: Agreement, view: AgreementView): Move {
  const move = numberOf(drawn, 'move')
  const moves = progress(moment, agreement, view)
  const progressBelow = view.state === 'None' ? BUYS_BELOW : PROGRESS_BELOW
  if (move < progressBelow) return moves[move % moves.length] as Move
  const action = ACTIONS[move % ACTIONS.length] as string
  return [action, HOLD_PARTICIPANTS[numberOf(drawn, 'by')] as string]
}

/** Draws of `when` above this go to a deadline; by actions that wait for one, more often. */
const ANYTIME_TO = 8
const ANYTIME_TO_BY_ACTION: Readonly<Record<string, number>> = {
  process: 3,
  refundUnfinished: 3,
  purchase: 10,
}

function timeOf(drawn: Drawn, moment: Moment, action: string, ahead: readonly number[]): number {
  const { nowSeconds } = moment
  const wait = numberOf(drawn, 'wait')
  const deadline = ahead[Math.floor(wait / 3) % Math.max(1, ahead.length)]
  const anytimeTo = ANYTIME_TO_BY_ACTION[action] ?? ANYTIME_TO
  if (deadline !== undefined && numberOf(drawn, 'when') > anytimeTo) {
    const at = deadline + (wait % 3) - 1
    if (at >= nowSeconds && at <= START_SECONDS + HORIZON_SECONDS) return at
  }
  // A purchase that waits comes too late for its lesson, or for that of another hold.
  const waits = action !== 'purchase' || wait % 5 === 4
  return nowSeconds + (waits ? wait : 0)
}

const RECIPIENTS = ['elsewhere', 'elsewhere', 'own', 'teacher1', 'nobody', 'escrow'] as const

/** The keeper's decision as described: mostly by the figures, one time in four against them. */
function decisionOf(drawn: Drawn, missing: number): boolean {
  const isHonest = numberOf(drawn, 'factor') % 4 !== 3
  return isHonest === missing <= 0
}

/** The attempt that a move means, with its arguments and its second. */
function attemptOf(
  drawn: Drawn,
  moment: Moment,
  [action, by]: Move,
  agreement: Agreement,
  view: AgreementView,
): Pick<PlannedStep, 'args' | 'atSeconds'> {
  const isHardened = moment.cast.policy === 'hardened'
  const atSeconds = timeOf(drawn, moment, action, deadlines(moment, agreement, view))
  const times = timesOf(moment, agreement, view)
  switch (action) {
    case 'recordAttendance': {
      if (!isHardened) return { atSeconds, args: toldOf(drawn, times, view, atSeconds) }
      const { happens, ...record } = recordOf(drawn, times, view, atSeconds)
      return { atSeconds: happens, args: { ...record, attestation: attestationOf(drawn) } }
    }
    case 'finishSession': {
      if (!isHardened) return { atSeconds, args: {} }
      const { endedAt, happens } = endOf(drawn, times, atSeconds)
      return { atSeconds: happens, args: { endedAt, attestation: attestationOf(drawn) } }
    }
    case 'process':
      return { atSeconds, args: isHardened ? {} : { release: decisionOf(drawn, times.missing) } }
    case 'claim': {
      const to = RECIPIENTS[numberOf(drawn, 'to')] as string
      return { atSeconds, args: { to: to === 'own' ? by : to } }
    }
    default:
      return { atSeconds, args: {} }
  }
}

/** Draws of a move below this buy a lesson that can still be bought, rather than anything else. */
const BUYS_FIRST_BELOW = 80

/** One that has to be bought now; or the drawn hold; or, when that is over, one that is not. */
function worthwhile(drawn: Drawn, { cast, population, nowSeconds }: Moment): number | null {
  const { agreements } = population.view
  const move = numberOf(drawn, 'move')
  const buyable = cast.agreements.findIndex((agreement, at) => {
    const isLater = (agreement.terms.startsAt as number) > nowSeconds
    return agreements[at]?.state === 'None' && isLater && !isHopeless(agreement)
  })
  if (move < BUYS_FIRST_BELOW && buyable >= 0) return buyable
  const isOver = (at: number) => {
    const view = agreements[at] as AgreementView
    const agreement = cast.agreements[at] as Agreement
    const isPassed = (agreement.terms.startsAt as number) < nowSeconds
    if (view.state === 'None') return isPassed || isHopeless(agreement)
    return view.state !== 'Held' && claimants(agreement, view).length === 0
  }
  const drawnIndex = numberOf(drawn, 'agreement')
  const isDrawn = drawnIndex < cast.agreements.length
  const index = drawnIndex % cast.agreements.length
  if ((isDrawn && !isOver(index)) || move >= INSISTS_FROM) return index
  // Whatever is drawn beyond the holds brings the first of them forward that is not over.
  const first = cast.agreements.findIndex((_, at) => !isOver(at))
  return first < 0 ? null : first
}

function resolve(given: Command, moment: Moment): PlannedStep | null {
  const drawn: Drawn = given
  const { cast, population } = moment
  const index = worthwhile(drawn, moment)
  if (index === null) return null
  const agreement = cast.agreements[index] as Agreement
  const view = population.view.agreements[index] as AgreementView
  const move = moveOf(drawn, moment, agreement, view)
  const [action, by] = move
  if (!HOLD_PARTICIPANTS.includes(by as never)) return null
  const { atSeconds, args } = attemptOf(drawn, moment, move, agreement, view)
  if (atSeconds > START_SECONDS + HORIZON_SECONDS) return null
  return { agreement: index, action, by, atSeconds, args }
}

/**
 * Alone means without keeper and counterparty; what the attestor has signed is in both their hands.
 * The student waits for the deadline of unfinished holds, the teacher finishes what has begun. As
 * described they wait as long, so that the keeper has had its time.
 */
function exit({ moment, agreement: index, by }: Parameters<Player['exit']>[0]): PlannedStep | null {
  const { cast, population, nowSeconds } = moment
  const agreement = cast.agreements[index] as Agreement
  const view = population.view.agreements[index] as AgreementView
  const { finishedAt, noShowAt, openToAllAt, startsAt, nextFrom } = timesOf(moment, agreement, view)
  const isHardened = cast.policy === 'hardened'
  const attempt = (action: string, args: PlannedStep['args'], fromSeconds = nowSeconds) => {
    const atSeconds = Math.max(nowSeconds, fromSeconds)
    return { agreement: index, action, by, atSeconds, args, purpose: 'exit' as const }
  }
  if (view.state !== 'Held') {
    const mine = claimants(agreement, view).some(([, owner]) => owner === by)
    return mine ? attempt('claim', { to: 'elsewhere' }) : null
  }
  const isTeacher = by === agreement.roles.teacher
  if (finishedAt !== null) {
    return attempt('process', isHardened ? {} : { release: isTeacher }, openToAllAt)
  }
  const hasBegun = nowSeconds > startsAt
  if (!isTeacher || !hasBegun) return attempt('refundUnfinished', {}, noShowAt)
  const endedAt = Math.max(nextFrom, startsAt + 1)
  return attempt('finishSession', isHardened ? { endedAt, attestation: 'genuine' } : {})
}

export const attendanceHoldPlayer: Player = {
  binding: attendanceHoldBinding,
  cases,
  setup,
  command,
  resolve,
  pathSetups: holdPathSetups,
  alphabet: holdAlphabet,
  abstraction: holdAbstraction,
  relations: holdRelations,
  scenario: attendanceHoldScenario,
  exit,
  exitParties: ({ roles }) => [roles.student as string, roles.teacher as string],
}
