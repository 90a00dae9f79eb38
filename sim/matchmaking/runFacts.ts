/**
 * The facts of one run of matchmaking, for statistics; `sim/world/facts.ts` says what they are.
 *
 * Everything is derived from a `WorldRun`; nothing here runs or draws. The provider's side are the
 * tutors, who risk their time; the payer's side are the students, who risk what is deposited twice.
 * No tokens are held here, and nothing is charged for time, so there is no leakage.
 */
import { maxBig, minBig } from '../../models/kit/money.ts'
import type { Span } from '../links.ts'
import {
  chainSamples,
  judgementFacts,
  paidTransactions,
  stageSample,
} from '../world/deriveFacts.ts'
import { courseOf } from '../world/exposureCourse.ts'
import type { RunFacts, StageSample } from '../world/facts.ts'
import { tutorBoundUnits } from './allowance.ts'
import { type Hold, holdsOf, idleSpans } from './truth.ts'
import { matchmakingWorldInvariants } from './worldInvariants.ts'
import type { Course, Stay, WorldRun } from './worldRun.ts'

export const STAGES = {
  search: 'asked → proposed',
  answer: 'proposed → accepted',
  deposit: 'accepted → deposited',
  match: 'asked → matched',
  again: 'declined or silent → next proposal',
  waitlist: 'waiting list → proposed',
  booking: 'booked time → proposed',
} as const

function isOver({ courses }: WorldRun): boolean {
  return courses.every(({ requestedMs, end }) => requestedMs === null || end !== null)
}

const matchedMs = ({ deposits }: Course) => deposits[0]?.atMs ?? null

/** From a stay to the next one in a state; null when it ended otherwise. */
function until(stay: Stay, ...by: readonly string[]): number | null {
  return stay.by !== null && by.includes(stay.by) ? stay.untilMs : null
}

/** Times of one request. What the student gave up is none of anybody's. */
function samplesOfCourse(run: WorldRun, course: Course): readonly StageSample[] {
  const { requestedMs, stays, bookedForMs } = course
  const [first] = stays.filter(({ state }) => state === 'Proposed')
  const endMs = matchedMs(course)
  const each = (stage: string, state: string, fromOf: (stay: Stay) => number | null, by: string) =>
    stays
      .filter((stay) => stay.state === state && stay.by !== 'cancel')
      .flatMap((stay) => {
        const beginMs = fromOf(stay)
        return stageSample(stage, { beginMs, endMs: until(stay, by) }, stay.untilMs !== null)
      })
  const isGivenUp = endMs === null && course.end === 'Cancelled'
  const whole = stageSample(
    STAGES.match,
    { beginMs: isGivenUp ? null : requestedMs, endMs },
    isOver(run),
  )
  const isSought = first !== undefined || course.end !== 'Cancelled'
  const search = stageSample(
    STAGES.search,
    { beginMs: isSought ? requestedMs : null, endMs: first?.fromMs ?? null },
    isOver(run),
  )
  const begins = ({ fromMs }: Stay) => fromMs
  // Who said no has answered; where nobody is left to ask there is no next.
  const undeclined = ({ by, fromMs }: Stay) => (by === 'decline' ? null : fromMs)
  const later = ({ attempt, by, fromMs }: Stay) => (attempt > 0 && by !== 'noMatch' ? fromMs : null)
  const booked = (stay: Stay) => Math.max(stay.fromMs, bookedForMs ?? 0)
  return [
    ...search,
    ...each(STAGES.answer, 'Proposed', undeclined, 'accept'),
    ...each(STAGES.deposit, 'AwaitingDeposit', begins, 'consume'),
    ...whole,
    ...each(STAGES.again, 'Searching', later, 'propose'),
    ...each(STAGES.waitlist, 'Waitlisted', begins, 'propose'),
    ...each(STAGES.booking, 'Booked', booked, 'propose'),
  ]
}

const lengthMs = ({ fromMs, untilMs }: Span) => untilMs - fromMs
const sumMs = (spans: readonly Span[]) => spans.reduce((sum, span) => sum + lengthMs(span), 0)

/** Instants at which a tutor comes to be held by a second request. */
function doubleHolds(holds: readonly Hold[]): readonly Hold[] {
  return holds.filter((hold) =>
    holds.some(({ tutor, request, fromMs, untilMs }) => {
      const isOther = tutor === hold.tutor && request !== hold.request
      return isOther && fromMs <= hold.fromMs && hold.fromMs < untilMs
    }),
  )
}

/** Deposited at a higher rate than the student said it would pay. */
function overchargedUnits({ courses }: WorldRun): bigint {
  return courses.reduce((sum, { deposits, reports, maxRateUnits }) => {
    const [deposit] = deposits
    const seconds = BigInt(reports[0]?.billedSeconds ?? 0)
    const overUnits = maxBig(0n, (deposit?.rateUnits ?? 0n) - maxRateUnits)
    return sum + overUnits * seconds
  }, 0n)
}

/** What a session costs: its billed seconds at its rate, and no more than was deposited. */
function earnedUnits({ deposits, reports }: Course): bigint {
  const [deposit] = deposits
  if (deposit === undefined) return 0n
  return minBig(deposit.units, deposit.rateUnits * BigInt(reports.at(-1)?.billedSeconds ?? 0))
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, units) => total + units, 0n)
}

function samplesOf(run: WorldRun): RunFacts['samples'] {
  const requested = run.courses.filter(({ requestedMs }) => requestedMs !== null)
  if (requested.length === 0) return {}
  const holds = holdsOf(run)
  const proposals = requested.flatMap(({ stays }) => {
    return stays.filter(({ state }) => state === 'Proposed')
  })
  const vain = holds.filter(({ state, request, fromMs }) => {
    return state !== 'Matched' && !leadsToMatch(run.courses[request] as Course, fromMs)
  })
  const idle = requested.flatMap((course) => idleSpans(run, course, holds))
  return {
    requests: [requested.length],
    matches: [requested.filter((course) => matchedMs(course) !== null).length],
    proposals: [proposals.length],
    lapsed: [proposals.filter(({ by }) => by === 'lapse').length],
    heldInVainMs: [sumMs(vain)],
    idleMs: [sumMs(idle)],
    overchargedUnits: [overchargedUnits(run)],
    depositedTwiceUnits: [sum(requested.flatMap(({ deposits }) => deposits.slice(1)).map(toUnits))],
  }
}

const toUnits = ({ units }: Course['deposits'][number]) => units

/** Whether a hold that begins then is the one that ends in the match. */
function leadsToMatch({ stays }: Course, fromMs: number): boolean {
  const at = stays.findIndex((stay) => stay.fromMs === fromMs)
  const [here, next, last] = stays.slice(at, at + 3)
  if (here?.state === 'AwaitingDeposit') return next?.state === 'Matched'
  return next?.state === 'AwaitingDeposit' && last?.state === 'Matched'
}

function sharesOf(run: WorldRun): RunFacts['shares'] {
  const requested = run.courses.filter(({ requestedMs }) => requestedMs !== null)
  const some = (is: (course: Course) => boolean) =>
    requested.length === 0 ? null : requested.some(is)
  const isMatched = (course: Course) => matchedMs(course) !== null
  const least = run.parameters.credentialSeconds as number
  return {
    allMatched: requested.length === 0 ? null : requested.every(isMatched),
    noMatch: some(({ stays }) => stays.some(({ state }) => state === 'NoMatch')),
    givenUp: some(({ end }) => end === 'Cancelled'),
    expired: some(({ end }) => end === 'Expired'),
    doubleBooked: requested.length === 0 ? null : doubleHolds(holdsOf(run)).length > 0,
    depositedTwice: some(({ deposits }) => deposits.length > 1),
    falseCredential: some(({ credentials, reports }) => {
      const due = reports.length > 0 && (reports[0]?.billedSeconds ?? 0) >= least ? 1 : 0
      return credentials !== due
    }),
    unfunded:
      run.courses.length === 0 ? null : run.courses.some((each) => each.unfundedMs !== null),
  }
}

/** The facts of a run; with `hasCourse`, the course of its exposures over time as well. */
export function runFactsOf(run: WorldRun, hasCourse: boolean): RunFacts {
  const { courses, exposure } = run
  return {
    ...{ run: run.run, hash: run.hash, platformUnits: 0n, residualUnits: 0n },
    grossUnits: sum(courses.map(earnedUnits)),
    isStarted: courses.some(({ requestedMs }) => requestedMs !== null),
    isSettled: isOver(run),
    isOver: isOver(run),
    endMs: run.steps.at(-1)?.includedMs ?? 0,
    stages: [
      ...chainSamples(run.transactions, true),
      ...courses.flatMap((course) => samplesOfCourse(run, course)),
    ],
    leakage: null,
    payer: { ...courseOf(exposure, 'payerUnits', hasCourse), boundUnits: 0n },
    provider: {
      ...courseOf(exposure, 'providerUnits', hasCourse),
      boundUnits: tutorBoundUnits(run),
    },
    token: run.agreements[0]?.token ?? '',
    protectedUnits: null,
    ...paidTransactions(run.transactions),
    judgements: judgementFacts(matchmakingWorldInvariants, run),
    samples: samplesOf(run),
    shares: sharesOf(run),
  }
}
