/**
 * The paths campaign: every state that a machine can reach, every edge out of it, on the contract.
 *
 * `xstate/graph` walks the machine over the player's alphabet. Time and money make its states
 * endless, so states that a player's `abstraction` cannot tell apart count as one. From each such
 * state one attempt for every edge is tried after the shortest way there: accepted ones each in a
 * run of its own, and refused ones, which change nothing, one after the other in one run. Simple
 * paths over accepting edges are run as a whole, until every two edges that follow each other in
 * any of them have done so. A run that another one begins with is left out.
 */
import { type AnyActorLogic, fromTransition, type Snapshot } from 'xstate'
import { getAdjacencyMap } from 'xstate/graph'
import { predict } from '../../models/kit/population.ts'
import type { PlannedStep, Policy } from '../../models/kit/trace.ts'
import { castOf, emptyPlan, extended, momentAfter, type Plan } from './plan.ts'
import type { Player } from './player.ts'

type Attempt = { readonly type: string; readonly planned: PlannedStep; readonly edge: string }

/** A state that the walk reached, by its abstraction. */
interface Place {
  /** The shortest way there. */
  readonly plan: Plan
  readonly attempts: readonly Attempt[]
  readonly onward: readonly Onward[]
}

/** An accepted attempt, the state that it leads to, and the way there and on. */
interface Onward {
  readonly attempt: Attempt
  readonly to: string
  readonly plan: Plan
}

/** A state as the walk gives it. */
interface Visited {
  readonly state: unknown
  readonly transitions: Readonly<
    Record<string, { readonly event: Attempt; readonly state: unknown }>
  >
}

/** One run of the campaign. */
export interface PathPlan {
  readonly plan: Plan
  /** Where several refusals are tried in one run: each by itself. */
  readonly apart: readonly Plan[]
}

/** Simple paths of one setup that are looked at; the alphabet grows quickly. */
const SIMPLE_PATHS_MAX = 20_000

/** Plans of one setup: every edge from every reachable state, and simple paths. */
export function pathPlans(player: Player, policy: Policy, setupIndex: number): readonly PathPlan[] {
  const setup = player.pathSetups[setupIndex]
  if (setup === undefined) return []
  const start = emptyPlan(castOf(player, policy, setup))
  const places = placesFrom(player, start)
  const lookalikes = new Map<string, Plan>()
  for (const { onward } of places.values()) {
    for (const { to, plan } of onward) lookalikes.set(to, plan)
  }
  const edges = [...places].flatMap(([key, place]) => {
    const lookalike = lookalikes.get(key)
    return edgePlans(place, lookalike === undefined ? [] : edgeAttempts(player, lookalike))
  })
  const retrace = retracer(player, start)
  const whole = pathsOfPairs(places, player.abstraction(momentAfter(start))).map((path) => {
    return { plan: retrace(path), apart: [] }
  })
  return withoutBeginnings([...edges, ...whole])
}

/** All states that accepted attempts lead to, by their abstraction. */
function placesFrom(player: Player, start: Plan): ReadonlyMap<string, Place> {
  const known = new WeakMap<Plan, readonly Attempt[]>()
  const attemptsAt = (plan: Plan): readonly Attempt[] => {
    const attempts = known.get(plan) ?? edgeAttempts(player, plan)
    known.set(plan, attempts)
    return attempts
  }
  const isAccepted = ({ edge }: Attempt) => !edge.includes('|!')
  const abstraction = (plan: Plan) => player.abstraction(momentAfter(plan))
  const adjacency = getAdjacencyMap(walkable(start), {
    serializeState: (snapshot: Snapshot<unknown>) => abstraction(planAt(snapshot)),
    serializeEvent: (event: unknown) => attemptText(event as Attempt),
    events: (snapshot: unknown) => attemptsAt(planAt(snapshot)).filter(isAccepted),
  } as never) as Readonly<Record<string, Visited>>
  return new Map(
    Object.entries(adjacency).map(([key, { state, transitions }]): [string, Place] => {
      const plan = planAt(state)
      const onward = Object.values(transitions).map(({ event, state: next }) => {
        return { attempt: event, to: abstraction(planAt(next)), plan: planAt(next) }
      })
      return [key, { plan, attempts: attemptsAt(plan), onward }]
    }),
  )
}

/**
 * The graph walks over plans: each knows where it leads, and nothing has to be worked out twice.
 */
function walkable(start: Plan): AnyActorLogic {
  return fromTransition(
    (plan: Plan, { planned }: Attempt): Plan => extended(plan, [planned]),
    start,
  )
}

function planAt(snapshot: unknown): Plan {
  return (snapshot as { readonly context: Plan }).context
}

/**
 * One attempt for every edge, and for every state that an edge can lead to, after this plan; of a
 * refusal also the latest one, as it is at its last second that a bound is off by one.
 */
function edgeAttempts(player: Player, plan: Plan): readonly Attempt[] {
  const { cast } = plan
  const moment = momentAfter(plan)
  const found = new Map<string, Attempt>()
  const latest = new Map<string, Attempt>()
  for (const planned of player.alphabet(moment)) {
    const { edge, population } = predict(cast, moment.population, planned)
    const after = { cast, population, nowSeconds: planned.atSeconds }
    const isRefused = edge.includes('|!')
    const key = isRefused ? edge : `${edge}→${player.abstraction(after)}`
    const attempt = { type: planned.action, planned, edge }
    const last = latest.get(key) ?? found.get(key)
    if (last === undefined) found.set(key, attempt)
    else if (isRefused && planned.atSeconds > last.planned.atSeconds) latest.set(key, attempt)
  }
  return [...found.values(), ...latest.values()]
}

function attemptText({ planned }: Attempt): string {
  const show = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)
  return JSON.stringify(planned, show)
}

/**
 * What is tried in a state: its own attempts, and those of another moment that only looks the same,
 * whose amounts are often the interesting ones here. Refused ones share a run.
 */
function edgePlans({ plan, attempts }: Place, others: readonly Attempt[]): readonly PathPlan[] {
  const { nowSeconds } = momentAfter(plan)
  const distinct = new Map([...attempts, ...others].map((each) => [attemptText(each), each]))
  const runs = [...distinct.values()]
    .filter(({ planned }) => planned.atSeconds >= nowSeconds)
    .map(({ planned }) => extended(plan, [planned]))
  const isRefused = ({ predictions }: Plan) => !predictions.at(-1)?.account.outcome.accepted
  const refused = runs
    .filter(isRefused)
    .toSorted((a, b) => momentAfter(a).nowSeconds - momentAfter(b).nowSeconds)
  const together = extended(
    plan,
    refused.flatMap(({ steps }) => steps.slice(-1)),
  )
  const accepted = runs.filter((run) => !isRefused(run))
  return [
    { plan: together, apart: refused.length > 1 ? refused : [] },
    ...accepted.map((run) => ({ plan: run, apart: [] })),
  ]
}

type Path = readonly Onward[]

/** Simple paths that, together, have every two edges that follow each other in any of them. */
function pathsOfPairs(places: ReadonlyMap<string, Place>, from: string): readonly Path[] {
  const seen = new Set<string>()
  const chosen: Path[] = []
  let count = 0
  for (const path of longestPaths(places, from, new Set(), [])) {
    count += 1
    if (count > SIMPLE_PATHS_MAX) break
    const pairs = path.map((onward, index) => `${pairText(path[index - 1])} ${pairText(onward)}`)
    if (pairs.every((pair) => seen.has(pair))) continue
    for (const pair of pairs) seen.add(pair)
    chosen.push(path)
  }
  return chosen
}

function pairText(onward: Onward | undefined): string {
  return onward === undefined ? '' : `${onward.attempt.edge}→${onward.to}`
}

/** Paths that visit no state twice, as long as they can get. */
function* longestPaths(
  places: ReadonlyMap<string, Place>,
  from: string,
  visited: Set<string>,
  path: Path,
): Generator<Path> {
  visited.add(from)
  const onward = places.get(from)?.onward.filter(({ to }) => !visited.has(to)) ?? []
  if (onward.length === 0) yield path
  for (const each of onward) yield* longestPaths(places, each.to, visited, [...path, each])
  visited.delete(from)
}

/**
 * Makes paths concrete. The graph joins them at states that only look the same, so each edge is
 * looked up again in the moment that was really reached; the path ends where there is none. What
 * paths begin with alike is worked out once.
 */
function retracer(player: Player, start: Plan): (path: Path) => Plan {
  const known = new Map<Plan, Map<string, Plan | null>>()
  const onward = (plan: Plan, { planned, edge }: Attempt): Plan | null => {
    const moment = momentAfter(plan)
    const same = player
      .alphabet(moment)
      .filter(({ action, by }) => action === planned.action && by === planned.by)
      .find((each) => predict(plan.cast, moment.population, each).edge === edge)
    return same === undefined ? null : extended(plan, [same])
  }
  return (path) => {
    let plan = start
    for (const { attempt } of path) {
      const after = known.get(plan) ?? new Map<string, Plan | null>()
      known.set(plan, after)
      const key = `${attempt.planned.by} ${attempt.edge} ${attempt.planned.action}`
      const next = after.get(key) ?? onward(plan, attempt)
      after.set(key, next)
      if (next === null) break
      plan = next
    }
    return plan
  }
}

/** Leaves out what is run anyway, because another run begins with it. */
function withoutBeginnings(plans: readonly PathPlan[]): readonly PathPlan[] {
  const begun = new Set<string>()
  const keys = plans.map(({ plan }) => {
    let key = ''
    for (const [index, planned] of plan.steps.entries()) {
      if (index > 0) begun.add(key)
      key += attemptText({ type: planned.action, planned, edge: '' })
    }
    return key
  })
  const kept = new Set<string>()
  return plans.filter((_, index) => {
    const key = keys[index] ?? ''
    if (key === '' || begun.has(key) || kept.has(key)) return false
    kept.add(key)
    return true
  })
}
