/**
 * The paths campaign: every state that a machine can reach, every edge out of it, on the contract.
 *
 * `xstate/graph` walks the machine over the player's alphabet. Time and money make its states
 * endless, so states that a player's `abstraction` cannot tell apart count as one. From each such
 * state one attempt for every edge is tried, refusals included, after the shortest path there; and
 * every simple path over accepting edges is run as a whole.
 */
import { type AnyActorLogic, fromTransition, type Snapshot } from 'xstate'
import { getAdjacencyMap, getShortestPaths, getSimplePaths } from 'xstate/graph'
import {
  type Cast,
  type Population,
  predict,
  startPopulation,
} from '../../models/kit/population.ts'
import type { PlannedStep, Policy } from '../../models/kit/trace.ts'
import { castOf, type Plan, planBuilder, planSteps } from './plan.ts'
import { type Moment, type Player, START_SECONDS } from './player.ts'

/** What the graph walks over: a whole moment, and nothing that a transition would have to guess. */
interface Place {
  readonly population: Population
  readonly nowSeconds: number
}
type Attempt = { readonly type: string; readonly planned: PlannedStep; readonly edge: string }

/** Simple paths run for one setup at most; the alphabet grows quickly. */
const SIMPLE_PATHS_MAX = 150

/** Plans of one setup: every edge from every reachable state, and simple paths. */
export function pathPlans(player: Player, policy: Policy, setupIndex: number): readonly Plan[] {
  const setup = player.pathSetups[setupIndex]
  if (setup === undefined) return []
  const cast = castOf(player, policy, setup)
  const logic = walkable(cast)
  const momentOf = (place: Place): Moment => ({ cast, ...place })
  const serializeState = (snapshot: Snapshot<unknown>) => player.abstraction(momentOf(at(snapshot)))
  const serializeEvent = (event: unknown) => attemptText(event as Attempt)
  const all = (snapshot: unknown) => edgeAttempts(player, momentOf(at(snapshot)))
  const accepting = (snapshot: unknown) =>
    all(snapshot).filter(({ edge }) => !edge.includes('|!')) as readonly Attempt[]
  const options = { serializeState, serializeEvent }

  const shortest = getShortestPaths(logic, { ...options, events: accepting } as never)
  const edges = shortest.flatMap(({ state, steps }) => {
    const before = attemptsOf(steps).map(({ planned }) => planned)
    return all(state).map(({ planned }) => planSteps(cast, [...before, planned]))
  })
  const simple = getSimplePaths(logic, { ...options, events: accepting } as never)
  const whole = simple
    .slice(0, SIMPLE_PATHS_MAX)
    .map(({ steps }) => retraced(player, cast, attemptsOf(steps)))
  return [...edges, ...whole].filter(({ steps }) => steps.length > 0)
}

/**
 * A simple path made concrete. The graph joins paths at states that only look the same, so each
 * edge is looked up again in the moment that was really reached; the path ends where there is none.
 */
function retraced(player: Player, cast: Cast, attempts: readonly Attempt[]): Plan {
  const builder = planBuilder(cast)
  for (const { planned, edge } of attempts) {
    const moment = builder.moment()
    const same = player
      .alphabet(moment)
      .filter(({ action, by }) => action === planned.action && by === planned.by)
      .find((each) => predict(cast, moment.population, each).edge === edge)
    if (same === undefined) break
    builder.add(same)
  }
  return builder.plan()
}

/** Number of abstract states that a setup reaches; for reports. */
export function reachableStates(player: Player, policy: Policy, setupIndex: number): number {
  const setup = player.pathSetups[setupIndex]
  if (setup === undefined) return 0
  const cast = castOf(player, policy, setup)
  const events = (snapshot: unknown) => edgeAttempts(player, { cast, ...at(snapshot) })
  const serializeState = (snapshot: unknown) => player.abstraction({ cast, ...at(snapshot) })
  const serializeEvent = (event: unknown) => attemptText(event as Attempt)
  const options = { events, serializeState, serializeEvent } as never
  return Object.keys(getAdjacencyMap(walkable(cast), options)).length
}

function at(snapshot: unknown): Place {
  return (snapshot as { readonly context: Place }).context
}

function walkable(cast: Cast): AnyActorLogic {
  const start: Place = { population: startPopulation(cast), nowSeconds: START_SECONDS }
  return fromTransition((place: Place, event: Attempt): Place => {
    // XState starts a walk with an event of its own.
    if (event.planned === undefined) return place
    const { population } = predict(cast, place.population, event.planned)
    return { population, nowSeconds: event.planned.atSeconds }
  }, start)
}

/** One attempt for every edge, and for every state that an edge can lead to, out of this moment. */
function edgeAttempts(player: Player, moment: Moment): readonly Attempt[] {
  const found = new Map<string, Attempt>()
  for (const planned of player.alphabet(moment)) {
    const { edge, population } = predict(moment.cast, moment.population, planned)
    const after = { cast: moment.cast, population, nowSeconds: planned.atSeconds }
    const key = edge.includes('|!') ? edge : `${edge}→${player.abstraction(after)}`
    if (!found.has(key)) found.set(key, { type: planned.action, planned, edge })
  }
  return [...found.values()]
}

function attemptText({ planned }: Attempt): string {
  if (planned === undefined) return 'start'
  const show = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)
  return JSON.stringify(planned, show)
}

function attemptsOf(steps: readonly { readonly event: unknown }[]): Attempt[] {
  const attempts = steps.map(({ event }) => event as Attempt)
  return attempts.filter(({ planned }) => planned !== undefined)
}
