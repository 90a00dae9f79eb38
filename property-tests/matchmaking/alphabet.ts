/**
 * Every attempt worth trying in a state of matchmaking, and the setups from which all its edges can
 * be reached: the input of the paths campaign.
 *
 * That a tutor is taken, and that a nonce was used, can only be seen beside another request. In the
 * setup that shows it a second one, of another student, is declined by one tutor and accepted by
 * another before the first begins, and may be cancelled later.
 */
import type { Agreement, AgreementView, PlannedStep } from '../../models/kit/trace.ts'
import { MATCHMAKING_PARTICIPANTS, placeOf } from '../../models/matchmaking/cast.ts'
import { HORIZON_SECONDS, type Moment, type RunSetup, START_SECONDS } from '../kit/player.ts'
import {
  acceptanceArgs,
  agreementsOf,
  type DrawnRequest,
  deadlines,
  LOW_CAP_TERMS,
  maxRateUnits,
  ONE_ATTEMPT_CASE,
  otherStudent,
  studentOf,
  TWO_ATTEMPTS_CASE,
  tutorNow,
  ZERO_RATE_TERMS,
} from './moves.ts'

const plain: DrawnRequest = { student: 0, token: 0, terms: 0 }
const other: DrawnRequest = { ...plain, student: 1 }
/** The nonce with which the second request is accepted. */
const USED_NONCE = 9n
const LASTING_SECONDS = 1_000_000

const setupOf = (caseIndex: number, drawn: readonly DrawnRequest[]): RunSetup => {
  return { caseIndex, agreements: agreementsOf(drawn) }
}

export const matchmakingPathSetups: readonly RunSetup[] = [
  setupOf(TWO_ATTEMPTS_CASE, [plain]),
  setupOf(ONE_ATTEMPT_CASE, [plain]),
  setupOf(0, [plain, other]),
  setupOf(0, [{ ...plain, terms: ZERO_RATE_TERMS }]),
  setupOf(0, [{ ...plain, terms: LOW_CAP_TERMS }]),
]

/** Moments of time worth trying: now, and around what somebody waits for. */
function times(moment: Moment, view: AgreementView): number[] {
  const { nowSeconds } = moment
  const ahead = deadlines(moment, view)
    .flatMap((at) => [at - 1, at])
    .filter((at) => at > nowSeconds && at < START_SECONDS + HORIZON_SECONDS)
  return [...new Set([nowSeconds, ...ahead])]
}

const lasting = ({ nowSeconds }: Moment) => nowSeconds + LASTING_SECONDS

/** What brings the second request to where the first one begins: accepted by tutor0, not tutor1. */
function before(moment: Moment): readonly PlannedStep[] {
  const { cast, population, nowSeconds: atSeconds } = moment
  const second = cast.agreements[1]
  const view = population.view.agreements[1]
  if (second === undefined || view === undefined) return []
  const step = (action: string, by: string, args: PlannedStep['args'] = {}) => [
    { agreement: 1, action, by, atSeconds, args },
  ]
  switch (view.state) {
    case 'None':
      return step('request', studentOf(second))
    case 'Searching': {
      const tutor = view.figures.proposedAt === 0n ? 'tutor1' : 'tutor0'
      return step('propose', 'matchmaker', { tutor })
    }
    case 'Proposed': {
      if (tutorNow(view) === 'tutor1') return step('decline', 'tutor1')
      const said = { nonce: USED_NONCE, expiry: lasting(moment), quote: 'genuine', tutor: 'tutor0' }
      const rateUnits = maxRateUnits(second)
      return step('accept', 'tutor0', acceptanceArgs(moment, { rateUnits, ...said }))
    }
    default:
      return []
  }
}

/** Acceptances that differ in one word each from one that counts. */
function acceptances(moment: Moment, agreement: Agreement, atSeconds: number) {
  const most = maxRateUnits(agreement)
  const window = moment.cast.parameters.depositWindowSeconds as number
  const tutor = tutorNow(moment.population.view.agreements[0] as AgreementView)
  const quote = { expiry: lasting(moment), nonce: 1n, quote: 'genuine', tutor }
  const sound = { rateUnits: most, ...quote }
  const said = [
    sound,
    { ...sound, expiry: atSeconds + Math.ceil(window / 2) },
    { ...sound, rateUnits: most + 1n },
    { ...sound, rateUnits: 0n },
    { ...sound, expiry: atSeconds },
    { ...sound, nonce: USED_NONCE },
    { ...sound, quote: 'forged' },
  ]
  return said.map((each) => acceptanceArgs(moment, each))
}

type Add = (action: string, by: string, args?: PlannedStep['args']) => void

/** What anybody may try, with the words that each action takes. */
function addAll(moment: Moment, atSeconds: number, by: string, add: Add) {
  const { cast, population } = moment
  const agreement = cast.agreements[0] as Agreement
  const view = population.view.agreements[0] as AgreementView
  const { rate = 0n, cap = 0n } = view.figures
  const least = cast.parameters.credentialSeconds as number
  const student = studentOf(agreement)
  for (const action of ['request', 'noMatch', 'decline', 'lapse', 'release']) add(action, by)
  for (const action of ['waitlist', 'cancel']) add(action, by)
  for (const tutor of ['tutor0', 'tutor1', 'nobody']) add('propose', by, { tutor })
  for (const args of acceptances(moment, agreement, atSeconds)) add('accept', by, args)
  add('consume', by, { student, rateUnits: rate })
  add('consume', by, { student, rateUnits: rate + 1n })
  add('consume', by, { student: otherStudent(agreement), rateUnits: rate })
  for (const capUnits of [cap - 1n, cap, 0n]) {
    if (capUnits >= 0n) add('reduceCap', by, { capUnits })
  }
  // The present second, and where a search is one proposal, the one before it.
  const passed = atSeconds - (cast.parameters.maxAttempts === 1 ? 1 : 0)
  for (const at of [atSeconds + 60, passed]) add('book', by, { at })
  for (const billedSeconds of [least, Math.max(0, least - 1)]) {
    add('complete', by, { billedSeconds })
  }
  for (const to of ['elsewhere', 'nobody']) add('transferCredential', by, { to })
  for (const score of [5, 6]) add('rate', by, { score })
}

/** What anybody may do is done by a stranger. */
const STRANGERS_FIRST = MATCHMAKING_PARTICIPANTS.toReversed()

export function matchmakingAlphabet(moment: Moment): readonly PlannedStep[] {
  const first = before(moment)
  if (first.length > 0) return first
  const { cast, population } = moment
  const view = population.view.agreements[0] as AgreementView
  const second = population.view.agreements[1]
  const steps: PlannedStep[] = []
  for (const atSeconds of times(moment, view)) {
    for (const by of STRANGERS_FIRST) {
      addAll(moment, atSeconds, by, (action, who, args = {}) => {
        steps.push({ agreement: 0, action, by: who, atSeconds, args })
      })
    }
    if (second?.state === 'AwaitingDeposit') {
      const by = studentOf(cast.agreements[1] as Agreement)
      steps.push({ agreement: 1, action: 'cancel', by, atSeconds, args: {} })
    }
  }
  return steps
}

/** Requests that agree in this are the same to the paths campaign. */
export function matchmakingAbstraction(moment: Moment): string {
  const { cast, population, nowSeconds } = moment
  const most = BigInt(cast.parameters.maxAttempts as number)
  return population.view.agreements
    .map((view, index) => {
      const { state, figures } = view
      const flag = (name: string) => ((figures[name] ?? 0n) > 0n ? 'y' : 'n')
      const passed = deadlines(moment, view).map((at) => nowSeconds >= at)
      switch (state) {
        case 'Searching':
        case 'Waitlisted':
          // What binds the other request’s tutor is seen in that request, which is declined once.
          return index === 0 ? state : `${state} ${flag('proposedAt')}`
        case 'Proposed':
          return `${state} ${tutorNow(view)} ${(figures.attempts ?? 0n) >= most} ${passed}`
        case 'Completed': {
          const { student } = (cast.agreements[index] as Agreement).roles
          const isKept = figures.holder === placeOf(student ?? null)
          const flags = ['credentials', 'ratingStudent', 'ratingTutor'].map(flag).join('')
          return `${state} ${flags} ${isKept}`
        }
        case 'AwaitingDeposit': {
          const isLower = figures.cap !== cast.agreements[index]?.terms.capUnits
          const isShort = (figures.quoteExpiry ?? 0n) > (figures.boundUntil ?? 0n)
          return `${state} ${isLower} ${isShort} ${passed}`
        }
        default:
          return `${state} ${passed}`
      }
    })
    .join(' / ')
}
