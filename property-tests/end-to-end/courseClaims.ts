/**
 * Claims about the course of a journey: its credential and ratings, what the drop cost, and the
 * time within which all of it is over.
 */
import type { AgreementView, TraceStep } from '../../models/kit/trace.ts'
import { placeOf } from '../../models/matchmaking/cast.ts'
import {
  askedTimed,
  matchTimed,
  ratedTimed,
  settledTimed,
  type Timed,
} from '../../sim/end-to-end/allowance.ts'
import { CONTRACTS, REQUEST } from '../../sim/end-to-end/parts.ts'
import { leakageBoundMs } from '../../sim/session-escrow/allowance.ts'
import { withdrawalWorldInvariants } from '../../sim/withdrawal/worldInvariants.ts'
import {
  accepted,
  figure,
  type JourneyClaim,
  requestIn,
  sessionIn,
  UNTESTED,
  viewAtEnd,
  withdrawalsIn,
} from './claim.ts'
import type { ExecutedJourney } from './execute.ts'

/** States in which nobody waits for anybody. */
const REQUEST_OVER: readonly string[] = ['None', 'Completed', 'Cancelled', 'Expired']
const OPEN: readonly string[] = ['Pending', 'Processing']
const SIDES = [
  ['student', 'student0', 'ratingStudent'],
  ['tutor', 'tutor0', 'ratingTutor'],
] as const

/** What is wrong with the credential of a request that is completed, or null. */
function wrongCredential(
  request: AgreementView | undefined,
  billedSeconds: bigint,
  leastSeconds: bigint,
): string | null {
  const due = billedSeconds >= leastSeconds ? 1n : 0n
  const credentials = figure(request, 'credentials')
  if (credentials !== due) return `${credentials} credentials for ${billedSeconds} s`
  if (figure(request, 'billedSeconds') !== billedSeconds) return 'another time was reported'
  const holder = figure(request, 'holder')
  const isHeld = holder === (due === 1n ? placeOf('student0') : 0n)
  return isHeld ? null : `the credential is with holder ${holder}`
}

/** What is wrong with the ratings, or null. */
function wrongRating(journey: ExecutedJourney): string | null {
  const rated = accepted(journey, 'rate', REQUEST)
  for (const [side, by, name] of SIDES) {
    const own = rated.filter(({ step }) => step.planned.by === by)
    if (own.length > 1) return `the ${side} has rated ${own.length} times`
    const score = BigInt((own[0]?.step.planned.args.score as number | undefined) ?? 0)
    const kept = figure(requestIn(viewAtEnd(journey)), name)
    if (kept !== score) return `the ${side} has rated ${score}, the contract says ${kept}`
  }
  const others = rated.find(({ step }) => SIDES.every(([, by]) => by !== step.planned.by))
  return others === undefined ? null : `${others.step.planned.by} has rated`
}

const credential: JourneyClaim = {
  id: 'INV-E2E-CREDENTIAL',
  statement:
    'A session has exactly one credential, with its student, if and only if as much time was ' +
    'billed as one is given for; and each side has rated it once at most, as the contract says.',
  formula: 'credentials = [billed ≥ least], holder = student; #ratings(side) ≤ 1, kept = given',
  witness: 'a request that was completed',
  judge(journey) {
    const end = viewAtEnd(journey)
    const request = requestIn(end)
    if (request?.state !== 'Completed') {
      const isEmpty = figure(request, 'credentials') === 0n
      const evidence = 'a credential without a completed session'
      return isEmpty ? UNTESTED : { witnesses: 1, violation: { stepIndex: null, evidence } }
    }
    const billedSeconds = figure(sessionIn(end), 'billedSeconds')
    const leastSeconds = BigInt(journey.trace.parameters.credentialSeconds as number)
    const evidence = wrongCredential(request, billedSeconds, leastSeconds) ?? wrongRating(journey)
    return { witnesses: 1, violation: evidence === null ? null : { stepIndex: null, evidence } }
  },
}

const leakage: JourneyClaim = {
  id: 'INV-E2E-LEAKAGE',
  statement:
    'What is billed after the last instant of service is bounded by the parameters, however late ' +
    'the stop gets into a block: silence timeout, and how far a clock of the sides runs ahead.',
  formula: 'started + billed − served until ≤ silence timeout + max(0, ahead)',
  witness: 'a session with service, which has been stopped',
  judge(journey) {
    const { run } = journey
    const session = sessionIn(viewAtEnd(journey))
    const servedUntilMs = run.served.at(-1)?.untilMs
    const startedAt = Number(figure(session, 'startedAt'))
    if (servedUntilMs === undefined || figure(session, 'stoppedAt') === 0n) return UNTESTED
    const startedMs = (startedAt - run.epochSeconds) * 1000
    const billedMs = Number(figure(session, 'billedSeconds')) * 1000
    const afterMs = startedMs + billedMs - Math.max(startedMs, servedUntilMs)
    const boundMs = leakageBoundMs(run.call)
    const evidence = `billed ${afterMs} ms after the last service, at most ${boundMs} ms`
    const violation = afterMs > boundMs ? { stepIndex: null, evidence } : null
    return { witnesses: 1, violation }
  },
}

/** When the request was matched or over; null when neither. */
function matchedOrOverMs({ run, trace }: ExecutedJourney): number | null {
  const isEnd = ({ planned, observed }: TraceStep) => {
    const { action, agreement } = planned
    const ends = ['cancel', 'release'].includes(action) && agreement === REQUEST
    return observed.outcome.accepted && (ends || action === 'deposit')
  }
  const index = trace.steps.findIndex(isEnd)
  return run.steps[index]?.includedMs ?? null
}

/** All times that a journey took, against their bounds. */
function timesOf(journey: ExecutedJourney): readonly Timed[] {
  const { run } = journey
  const end = viewAtEnd(journey)
  const isMatched = run.milestones.matchedMs !== null
  const wasAsked = run.askedUnits >= BigInt(run.parameters.minimumUnits as number)
  const isEarned = run.milestones.settledMs !== null && (run.askedUnits === 0n || wasAsked)
  const hasShare = figure(sessionIn(end), 'billedSeconds') > 0n
  const { overMs } = run.call.milestones
  return [
    matchTimed(run, matchedOrOverMs(journey)),
    isMatched ? settledTimed(run) : null,
    isEarned && hasShare ? askedTimed(run) : null,
    requestIn(end)?.state === 'Completed' && overMs !== null ? ratedTimed(run, overMs) : null,
  ].filter((timed) => timed !== null)
}

/** Who still waits for something at the end, or null. */
function unfinished(journey: ExecutedJourney): string | null {
  const end = viewAtEnd(journey)
  const token = journey.run.agreements[0]?.token ?? ''
  const held = end.balances[token]?.[CONTRACTS['session-escrow']] ?? 0n
  if (held > 0n) return `the escrow still holds ${held}`
  const request = requestIn(end)?.state ?? 'None'
  if (!REQUEST_OVER.includes(request)) return `the request is ${request}`
  const open = withdrawalsIn(end).find(({ state }) => OPEN.includes(state))
  return open === undefined ? null : `a withdrawal is ${open.state}`
}

const OF_PAYOUT: readonly string[] = ['INV-W-LIVENESS', 'INV-W-PAYOUT-TIME']

const liveness: JourneyClaim = {
  id: 'INV-E2E-LIVENESS',
  statement:
    'A journey is over, at whatever stage it ends, within a time that follows from parameters, ' +
    'chain and faults: nobody is left bound, nothing stays in the escrow, no request stays open.',
  formula: 'each stage ≤ its bound (T), exit, (A), payout; at the end nothing is open',
  witness: 'a stage that had to end',
  judge(journey) {
    const times = timesOf(journey)
    const payout = withdrawalWorldInvariants
      .filter(({ id }) => OF_PAYOUT.includes(id))
      .map((claim) => claim.judge(journey.run.payout))
    const witnesses = times.length + payout.reduce((all, each) => all + each.witnesses, 0)
    const broken = (evidence: string) => ({ witnesses, violation: { stepIndex: null, evidence } })
    const left = unfinished(journey)
    if (left !== null) return broken(left)
    for (const { what, fromMs, untilMs, boundMs } of times) {
      if (untilMs === null) return broken(`${what}: it never was`)
      const tookMs = Math.max(0, untilMs - fromMs)
      if (tookMs > boundMs) return broken(`${what}: ${tookMs} ms > ${boundMs} ms`)
    }
    const late = payout.find(({ violation }) => violation !== null)
    return late?.violation ? broken(late.violation.evidence) : { witnesses, violation: null }
  },
}

export const courseClaims: readonly JourneyClaim[] = [credential, leakage, liveness]
