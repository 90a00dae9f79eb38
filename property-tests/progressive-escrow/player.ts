/**
 * How progressive-escrow is played: sessions over plain and hostile tokens, of tiny to huge prices
 * and of a minute to weeks, with signs of life, releases and interruptions at times around the
 * release interval, the silence, the end of a session and the delay behind it.
 */
import fc from 'fast-check'
import { progressiveEscrowBinding } from '../../contracts/bindings/progressiveEscrow.ts'
import { AMOUNT_UNITS_MAX } from '../../models/kit/money.ts'
import {
  type Agreement,
  type AgreementView,
  ESCROW,
  type PlannedStep,
} from '../../models/kit/trace.ts'
import { PROGRESSIVE_PARTICIPANTS } from '../../models/progressive-escrow/cast.ts'
import { progressiveEscrowParameters } from '../../models/progressive-escrow/parameters.ts'
import { weighted } from '../kit/draws.ts'
import type { Command, Moment, Player, RunSetup } from '../kit/player.ts'
import { progressiveAbstraction, progressiveAlphabet, progressivePathSetups } from './alphabet.ts'
import {
  agreementsOf,
  claimants,
  isHopeless,
  isWithinRun,
  type Move,
  otherCountsUntil,
  timesOf,
} from './moves.ts'
import { progress } from './progress.ts'
import { progressiveRelations } from './relations.ts'
import { progressiveEscrowScenario } from './scenario.ts'

const cases = [
  {},
  {
    feeBps: 333,
    progressiveBps: 10_000,
    releaseIntervalSeconds: 1,
    heartbeatIntervalSeconds: 60,
    graceSeconds: 0,
    autoReleaseDelaySeconds: 0,
  },
  {
    feeBps: 2_000,
    progressiveBps: 5_000,
    releaseIntervalSeconds: 30,
    heartbeatIntervalSeconds: 3_600,
    autoReleaseDelaySeconds: 600,
  },
  { feeBps: 0, progressiveBps: 1, heartbeatIntervalSeconds: 1, graceSeconds: 86_400 },
].map((given) => progressiveEscrowParameters.parse(given))

const session = fc.record({
  student: weighted([6, 2]),
  mentor: weighted([80, 30, 1, 1, 1]),
  token: weighted([30, 1, 2, 2, 4, 1, 2, 5, 5, 4, 6, 8]),
  total: weighted([16, 24, 2, 4, 10, 2, 1, 1]),
  duration: weighted([24, 24, 8, 8, 2, 1]),
  nonce: weighted([1, 5]),
})
const setup: fc.Arbitrary<RunSetup> = fc
  .tuple(weighted([2, 3, 7, 1]), fc.array(session, { minLength: 1, maxLength: 3, size: 'max' }))
  .map(([caseIndex, drawn]) => ({ caseIndex, agreements: agreementsOf(drawn) }))

/** Positions of the integers of a command. */
const AGREEMENT = 0
const MOVE = 1
const BY = 2
const WHEN = 3
const WAIT = 4
const AMOUNT = 5
const FACTOR = 6
const TO = 7
const command: fc.Arbitrary<Command> = fc.tuple(
  fc.nat(2),
  fc.nat(99),
  fc.nat(PROGRESSIVE_PARTICIPANTS.length - 1),
  fc.nat(11),
  fc.nat(150),
  fc.nat(9),
  fc.nat(150),
  fc.nat(5),
)

const ACTIONS = [
  'heartbeat',
  'release',
  'pause',
  'resume',
  'start',
  'complete',
  'claim',
  'autoComplete',
  'create',
  'cancel',
  'pauseOnTimeout',
  'emergencyRelease',
  'emergencyRelease',
] as const
/** Draws of a move from here on are made even on a session that has ended. */
const INSISTS_FROM = 90
/** Moves below this number are progress, the others are anything by anyone. */
const PROGRESS_BELOW = 76

function moveOf(drawn: Command, moment: Moment, agreement: Agreement, view: AgreementView): Move {
  const move = drawn[MOVE] as number
  const moves = progress(moment, agreement, view)
  if (move < PROGRESS_BELOW && moves.length > 0) return moves[move % moves.length] as Move
  const action = ACTIONS[move % ACTIONS.length] as string
  const anyone = PROGRESSIVE_PARTICIPANTS[drawn[BY] as number] as string
  const isOwners = action === 'emergencyRelease' && (drawn[FACTOR] as number) % 2 === 0
  return [action, isOwners ? 'owner' : anyone]
}

/** Seconds around which this move means something else before and after. */
function boundariesOf(
  moment: Moment,
  agreement: Agreement,
  view: AgreementView,
  [action, by]: Move,
): readonly number[] {
  const times = timesOf(moment, agreement, view)
  switch (action) {
    case 'start':
    case 'resume':
      return [otherCountsUntil(moment, agreement, view, by)]
    case 'heartbeat':
      return [times.provenUntil, times.silentAfter]
    case 'release':
      return [times.releaseFrom, times.releaseFrom, times.silentAfter, times.scheduledEnd]
    case 'pause':
      return [times.provenUntil, times.silentAfter]
    case 'pauseOnTimeout':
      return [times.silentAfter]
    case 'complete':
      return [times.scheduledEnd, times.provenUntil]
    case 'autoComplete':
      return [times.autoFrom]
    default:
      return []
  }
}

/** Below which draw of `when` the boundary is left alone, by action. */
const NEAR_ABOVE: Readonly<Record<string, number>> = {
  release: 2,
  autoComplete: 1,
  pauseOnTimeout: 1,
  heartbeat: 7,
  start: 8,
  resume: 8,
}
const NEAR_ABOVE_ELSE = 7
/** The boundary itself is the simplest. */
const AROUND_SECONDS = [0, 1, -1] as const
/** Long waits would only let both sides fall silent, above all where both must agree. */
const WAIT_BELOW_SECONDS: Readonly<Record<string, number>> = { None: 8, Created: 8, Paused: 16 }

function timeOf(
  drawn: Command,
  moment: Moment,
  agreement: Agreement,
  view: AgreementView,
  move: Move,
): number {
  const { nowSeconds } = moment
  const when = drawn[WHEN] as number
  const wait = drawn[WAIT] as number
  const boundaries = boundariesOf(moment, agreement, view, move)
  if (when > (NEAR_ABOVE[move[0]] ?? NEAR_ABOVE_ELSE) && when <= 10 && boundaries.length > 0) {
    const boundary = boundaries[Math.floor(wait / 3) % boundaries.length] as number
    const at = boundary + (AROUND_SECONDS[wait % 3] as number)
    if (isWithinRun(at, nowSeconds)) return at
  }
  if (when === 11) return nowSeconds + (wait < 15 ? 86_400 : wait)
  if (when <= (move[0] === 'resume' ? 3 : 0)) return nowSeconds
  const { silentAfter } = timesOf(moment, agreement, view)
  const isSign = move[0] === 'heartbeat' && silentAfter > nowSeconds
  const waitBelow = isSign ? silentAfter - nowSeconds + 1 : (WAIT_BELOW_SECONDS[view.state] ?? 31)
  return nowSeconds + (wait % waitBelow)
}

/** Around what is left of the session, what the contract holds, and the limits. */
function emergencyUnits(drawn: Command, moment: Moment, agreement: Agreement, view: AgreementView) {
  const factor = BigInt(drawn[FACTOR] as number)
  const { total = 0n, released = 0n } = view.figures
  const left = total > released ? total - released : 0n
  const held = moment.population.view.balances[agreement.token]?.[ESCROW] ?? 0n
  const within = (units: bigint) => (units > AMOUNT_UNITS_MAX ? AMOUNT_UNITS_MAX : units)
  switch (drawn[AMOUNT]) {
    case 1:
      return within(left + 1n + factor)
    case 2:
      return left / 2n + 1n
    case 3:
      return within(held)
    case 4:
      return left
    case 5:
      return left > 0n ? left - 1n : 0n
    case 6:
      return 0n
    case 7:
      return AMOUNT_UNITS_MAX
    case 8:
      return within(total + factor)
    default:
      return 1n + factor
  }
}

const RATINGS = [5n, 1n, 3n, 5n, 2n, 4n, 0n, 6n, 1n, 255n] as const
const RECIPIENTS = ['elsewhere', 'elsewhere', 'own', 'mentor1', 'nobody', 'escrow'] as const

function argsOf(
  drawn: Command,
  moment: Moment,
  agreement: Agreement,
  view: AgreementView,
  [action, by]: Move,
): PlannedStep['args'] {
  const factor = BigInt(drawn[FACTOR] as number)
  switch (action) {
    case 'complete': {
      const feedbackHash = factor % 5n === 4n ? (1n << 256n) - factor : factor
      return { rating: RATINGS[drawn[AMOUNT] as number] as bigint, feedbackHash }
    }
    case 'emergencyRelease':
      return { amountUnits: emergencyUnits(drawn, moment, agreement, view) }
    case 'claim': {
      const to = RECIPIENTS[drawn[TO] as number] as string
      return { to: to === 'own' ? by : to }
    }
    default:
      return {}
  }
}

/** The drawn session, or, when that has ended, mostly another that has not. */
function worthwhile(drawn: Command, { cast, population }: Moment): number | null {
  const index = (drawn[AGREEMENT] as number) % cast.agreements.length
  const isOver = (at: number) => {
    const view = population.view.agreements[at] as AgreementView
    const agreement = cast.agreements[at] as Agreement
    if (view.state === cast.protocol.initialState) return isHopeless(agreement)
    const ended = cast.protocol.terminalStates.includes(view.state)
    return ended && claimants(agreement, view).length === 0
  }
  if (!isOver(index) || (drawn[MOVE] as number) >= INSISTS_FROM) return index
  const other = cast.agreements.findIndex((_, at) => !isOver(at))
  if (other >= 0) return other
  const view = population.view.agreements[index] as AgreementView
  return view.state === cast.protocol.initialState ? index : null
}

function resolve(drawn: Command, moment: Moment): PlannedStep | null {
  const index = worthwhile(drawn, moment)
  if (index === null) return null
  const agreement = moment.cast.agreements[index] as Agreement
  const view = moment.population.view.agreements[index] as AgreementView
  const move = moveOf(drawn, moment, agreement, view)
  const [action, by] = move
  if (!PROGRESSIVE_PARTICIPANTS.includes(by as never)) return null
  const atSeconds = timeOf(drawn, moment, agreement, view, move)
  if (!isWithinRun(atSeconds, moment.nowSeconds)) return null
  const args = argsOf(drawn, moment, agreement, view, move)
  return { agreement: index, action, by, atSeconds, args }
}

function exit({ moment, agreement: index, by }: Parameters<Player['exit']>[0]): PlannedStep | null {
  const { cast, population, nowSeconds } = moment
  const agreement = cast.agreements[index] as Agreement
  const view = population.view.agreements[index] as AgreementView
  const attempt = (action: string, atSeconds: number, args: PlannedStep['args'] = {}) => {
    return { agreement: index, action, by, atSeconds, args, purpose: 'exit' as const }
  }
  switch (view.state) {
    case 'Created':
      return attempt('cancel', nowSeconds)
    case 'Active':
    case 'Paused': {
      if (by === agreement.roles.student) {
        return attempt('complete', nowSeconds, { rating: 5n, feedbackHash: 0n })
      }
      const { autoFrom } = timesOf(moment, agreement, view)
      return attempt('autoComplete', Math.max(nowSeconds, autoFrom))
    }
    default: {
      const mine = claimants(agreement, view).some(([, owner]) => owner === by)
      return mine ? attempt('claim', nowSeconds, { to: 'elsewhere' }) : null
    }
  }
}

export const progressiveEscrowPlayer: Player = {
  binding: progressiveEscrowBinding,
  cases,
  setup,
  command,
  resolve,
  pathSetups: progressivePathSetups,
  alphabet: progressiveAlphabet,
  abstraction: progressiveAbstraction,
  relations: progressiveRelations,
  scenario: progressiveEscrowScenario,
  exit,
  exitParties: ({ roles }) => [roles.student as string, roles.mentor as string],
}
