/**
 * Ways out: how each party that must be able to leave alone does so from a state, and whether the
 * deadline is kept that its protocol states.
 *
 * The player's way is tried first. It is a witness: one way that keeps the deadline proves that
 * there is one, whoever thought of it. Where it does not, the party's own calls are searched, and
 * what they cannot do is a violation of INV-EXIT, with a plan that shows it.
 */
import { assert } from '../../models/kit/error.ts'
import { isOut, type Leaving, leavingOf, type Seat } from '../../models/kit/leaving.ts'
import { predict } from '../../models/kit/population.ts'
import type { Agreement, ParticipantId, PlannedStep } from '../../models/kit/trace.ts'
import { canonicalJson } from '../../sim/world/canonicalJson.ts'
import { predictedTrace } from '../kit/detect.ts'
import { extended, momentAfter, type Plan } from '../kit/plan.ts'
import type { Player } from '../kit/player.ts'
import { alone } from './alphabet.ts'

/** The claim that every exit is judged by. */
export const EXIT_CLAIM = 'INV-EXIT'

/** How a party gets out alone from one state, or what shows that it does not in time. */
export interface Exit {
  readonly plan: Plan
  readonly party: string
  /** State of the agreement that it leaves. */
  readonly from: string
  readonly calls: number
  /** From the state to the last call. */
  readonly seconds: number
  readonly deadlineSeconds: number
  /** Whether it is out in time, by the model. */
  readonly isInTime: boolean
}

/** Steps that the player's way may take; each protocol needs far fewer. */
const EXIT_STEPS_MAX = 8
/** Calls of its own in which a party is looked for a way out. */
const SEARCH_CALLS_MAX = 3

/** Who leaves which agreement, and by when at the latest. */
interface Leaver {
  readonly player: Player
  readonly leaving: Leaving
  readonly index: number
  readonly by: ParticipantId
  readonly untilSeconds: number
}

/** For each party of each agreement that is in, its way out. */
export function exitsFrom(plan: Plan, player: Player): readonly Exit[] {
  const { protocol } = player.binding
  const { nowSeconds } = momentAfter(plan)
  const { policy, parameters, agreements } = plan.cast
  return agreements.flatMap((agreement, index) =>
    protocol.participants.flatMap((by) => {
      const leaving = leavingOf(protocol.leaving, protocol.roleOf(agreement, by))
      if (leaving === null || hasLeft(plan, { player, leaving, index, by })) return []
      const beginning = { parameters, agreement, atSeconds: nowSeconds }
      const deadlineSeconds = leaving.deadline[policy].seconds(beginning)
      const untilSeconds = nowSeconds + deadlineSeconds
      return [exitOf(plan, { player, leaving, index, by, untilSeconds }, deadlineSeconds)]
    }),
  )
}

function exitOf(plan: Plan, leaver: Leaver, deadlineSeconds: number): Exit {
  const { nowSeconds, population } = momentAfter(plan)
  const played = playersWay(plan, leaver)
  const found = keepsDeadline(played, leaver) ? played : ownWayOut(plan, leaver)
  const shown = found ?? stuckPlan(plan, played, leaver)
  return {
    plan: shown,
    party: leaver.leaving.party,
    from: population.view.agreements[leaver.index]?.state ?? 'unknown',
    calls: shown.steps.length - plan.steps.length,
    seconds: momentAfter(shown).nowSeconds - nowSeconds,
    deadlineSeconds,
    isInTime: found !== null,
  }
}

type Place = Omit<Leaver, 'untilSeconds'>

function hasLeft(plan: Plan, { player, leaving, index, by }: Place): boolean {
  const agreement = plan.cast.agreements[index] as Agreement
  const role = player.binding.protocol.roleOf(agreement, by)
  const { view } = momentAfter(plan).population
  // What an account holds in an agreement that has not begun, it holds of another one.
  if (view.agreements[index]?.state === player.binding.protocol.initialState) return true
  const seat: Seat = { view, agreement, index, by, role }
  return isOut(leaving, seat)
}

const keepsDeadline = (plan: Plan, leaver: Leaver) =>
  momentAfter(plan).nowSeconds <= leaver.untilSeconds && hasLeft(plan, leaver)

/** What the player does to get this party out, until it is out, refused, or out of steps. */
function playersWay(plan: Plan, { player, index, by }: Leaver): Plan {
  let left = plan
  for (let step = 0; step < EXIT_STEPS_MAX; step += 1) {
    const planned = player.exit({ moment: momentAfter(left), agreement: index, by })
    if (planned === null) return left
    left = extended(left, [planned])
    if (left.predictions.at(-1)?.account.outcome.accepted !== true) return left
  }
  return left
}

/**
 * A way out by at most three calls of the party's own within the time, or null: of those with the
 * fewest calls the quickest.
 */
function ownWayOut(plan: Plan, leaver: Leaver): Plan | null {
  let frontier: readonly Plan[] = [plan]
  const seen = new Set<string>()
  for (let calls = 1; calls <= SEARCH_CALLS_MAX; calls += 1) {
    let best: Plan | null = null
    const next: Plan[] = []
    for (const from of frontier) {
      for (const planned of ownAttempts(from, leaver)) {
        if (best !== null && planned.atSeconds >= momentAfter(best).nowSeconds) continue
        const after = extended(from, [planned])
        if (after.predictions.at(-1)?.account.outcome.accepted !== true) continue
        if (hasLeft(after, leaver)) best = after
        else if (isNew(seen, after)) next.push(after)
      }
    }
    if (best !== null) return best
    frontier = next
  }
  return null
}

function isNew(seen: Set<string>, plan: Plan): boolean {
  const { population, nowSeconds } = momentAfter(plan)
  const machines = population.snapshots.map(({ value, context }) => [value, context])
  const key = canonicalJson([machines, population.view.balances, nowSeconds])
  if (seen.has(key)) return false
  seen.add(key)
  return true
}

/**
 * What the party can try by itself until its time is over: the calls that the alphabet has for it,
 * and those of others that take no words, since anyone may have the right to them. Each is tried in
 * the last second, too.
 */
function ownAttempts(plan: Plan, { player, index, by, untilSeconds }: Leaver) {
  const moment = momentAfter(plan)
  const all = player.alphabet(alone(moment, index)).filter(({ agreement }) => agreement === 0)
  const own = [
    ...all.filter((planned) => planned.by === by && !isWordless(planned)),
    ...new Map(
      all.filter(isWordless).map((each) => [`${each.action} ${each.atSeconds}`, each]),
    ).values(),
  ]
  const late = own
    .filter(({ atSeconds }) => atSeconds === moment.nowSeconds)
    .map((planned) => ({ ...planned, atSeconds: untilSeconds }))
  return [...own, ...late]
    .filter(({ atSeconds }) => atSeconds <= untilSeconds)
    .map((planned): PlannedStep => ({ ...planned, agreement: index, by, purpose: 'exit' }))
    .sort((a, b) => a.atSeconds - b.atSeconds)
}

const isWordless = ({ args }: PlannedStep) => Object.keys(args).length === 0

/**
 * Attempts that end with the party still in, or out too late: the player's way, if that shows it,
 * or a call in the last second that is refused.
 */
function stuckPlan(plan: Plan, played: Plan, leaver: Leaver): Plan {
  if (played !== plan && isViolated(played, leaver)) return played
  const { population } = momentAfter(plan)
  const tried = [...played.steps.slice(plan.steps.length), ...ownAttempts(plan, leaver)]
  const refused = tried
    .map((planned) => ({ ...planned, atSeconds: leaver.untilSeconds }))
    .find((planned) => !predict(plan.cast, population, planned).account.outcome.accepted)
  assert(refused !== undefined, `${leaver.by} is refused something while it is in`)
  const stuck = extended(plan, [refused])
  assert(isViolated(stuck, leaver), `${EXIT_CLAIM} is broken where ${leaver.by} has no way out`)
  return stuck
}

function isViolated(plan: Plan, { player }: Leaver): boolean {
  const claim = player.binding.protocol.invariants.find(({ id }) => id === EXIT_CLAIM)
  assert(claim !== undefined, `there is a claim ${EXIT_CLAIM}`)
  return claim.judge(predictedTrace(plan)).violation !== null
}

/** The exits of one party over many states. */
export interface LeavingFacts {
  /** States from which a way out in time was shown, and from which none was. */
  readonly states: number
  readonly missed: number
  readonly deadlineSeconds: number
  /** The longest of the ways that were shown: the first of those that are as long. */
  readonly longest: LongestExit | null
}

export interface LongestExit extends Pick<Exit, 'from' | 'calls' | 'seconds'> {
  /** From the beginning to the last call. */
  readonly steps: readonly PlannedStep[]
}

export type LeavingOfParties = Readonly<Record<string, LeavingFacts>>

const NOTHING: LeavingFacts = { states: 0, missed: 0, deadlineSeconds: 0, longest: null }

/** @param isShown whether the contract went that way, too, as the model says */
export function leavingOfExits(
  exits: readonly Exit[],
  isShown: (exit: Exit) => boolean,
): LeavingOfParties {
  const facts: Record<string, LeavingFacts> = {}
  for (const exit of exits) {
    const { party, plan, from, calls, seconds, deadlineSeconds } = exit
    const isFound = exit.isInTime && isShown(exit)
    facts[party] = bothFacts(facts[party] ?? NOTHING, {
      states: isFound ? 1 : 0,
      missed: isFound ? 0 : 1,
      deadlineSeconds,
      longest: isFound ? { from, calls, seconds, steps: plan.steps } : null,
    })
  }
  return facts
}

/** What two parts of a search say together; the first goes before what is alike in the second. */
export function bothLeaving(one: LeavingOfParties, other: LeavingOfParties): LeavingOfParties {
  const both: Record<string, LeavingFacts> = { ...one }
  for (const [party, facts] of Object.entries(other)) {
    both[party] = bothFacts(one[party] ?? NOTHING, facts)
  }
  return both
}

function bothFacts(one: LeavingFacts, other: LeavingFacts): LeavingFacts {
  const isLonger = (other.longest?.seconds ?? -1) > (one.longest?.seconds ?? -1)
  return {
    states: one.states + other.states,
    missed: one.missed + other.missed,
    deadlineSeconds: Math.max(one.deadlineSeconds, other.deadlineSeconds),
    longest: isLonger ? other.longest : one.longest,
  }
}
