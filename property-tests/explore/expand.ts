/**
 * All that can happen next in one state, on the model: which attempts are accepted and where they
 * lead, which are refused, and how each party would get out alone.
 *
 * Everything is tried. Followed are the attempts of a small alphabet: of those that one caller
 * makes, that take the same edge, and whose ends the player's abstraction cannot tell apart, the
 * first and the last in time. A refusal changes neither model nor contract and is followed no
 * further, unless a claim remembers it.
 */
import { type Prediction, predict } from '../../models/kit/population.ts'
import { canonicalJson } from '../../sim/world/canonicalJson.ts'
import { predictedTrace } from '../kit/detect.ts'
import { momentAfter, type Plan } from '../kit/plan.ts'
import type { Moment, Player } from '../kit/player.ts'
import { type Attempt, alone, type CallFault, faultyAttempts, soundAttempts } from './alphabet.ts'
import { type Exit, exitsFrom } from './exits.ts'
import { digestOf, type KeyOptions, stateKey } from './key.ts'

/** An attempt that is accepted, or whose refusal a claim remembers. */
export interface Edge {
  readonly plan: Plan
  readonly edge: string
  readonly accepted: boolean
  /** What has gone wrong up to here, or null. */
  readonly fault: CallFault | null
  /** Name of the state that it leads to, faults apart; null when it is not followed. */
  readonly key: string | null
}

export interface Expansion {
  readonly plan: Plan
  readonly edges: readonly Edge[]
  /** Attempts that are refused and change nothing, by time. */
  readonly refused: Plan
  /** All refused attempts by edge: many differ in their time alone and are not tried again. */
  readonly refusals: Readonly<Record<string, number>>
  readonly exits: readonly Exit[]
}

export interface ExpandOptions {
  readonly player: Player
  readonly key: KeyOptions
  readonly callFault: boolean
}

export function expand(
  plan: Plan,
  fault: CallFault | null,
  { player, key, callFault }: ExpandOptions,
): Expansion {
  const moment = momentAfter(plan)
  const sound = soundAttempts(player, moment)
  const mayFail = callFault && fault === null
  const predicted = [
    ...sound.map((planned): Attempt => ({ planned })),
    ...(mayFail ? faultyAttempts(moment, sound, plan.steps.at(-1)) : []),
  ].map((attempt) => ({
    ...attempt,
    prediction: predict(plan.cast, moment.population, attempt.planned),
  }))
  const isAccepted = ({ prediction }: Predicted) => prediction.account.outcome.accepted
  const accepted = predicted.filter(isAccepted)
  const { remembered, plain, counts } = refusalsOf(
    plan,
    predicted.filter((each) => !isAccepted(each)),
    key,
  )
  const followed = new Set([...followedOf(player, moment, accepted), ...remembered])
  const edges = [...accepted, ...remembered].map((each): Edge => {
    const next = withPrediction(plan, each)
    return {
      plan: next,
      edge: each.prediction.edge,
      accepted: isAccepted(each),
      fault: each.fault ?? fault,
      key: followed.has(each)
        ? keyOf(next, mayFail && each.fault === undefined, player, key)
        : null,
    }
  })
  const refused = plain.reduce(withPrediction, plan)
  return { plan, edges, refused, refusals: counts, exits: exitsFrom(plan, player) }
}

interface Predicted extends Attempt {
  readonly prediction: Prediction
}

function withPrediction(plan: Plan, { planned, prediction }: Predicted): Plan {
  return {
    ...plan,
    steps: [...plan.steps, planned],
    predictions: [...plan.predictions, prediction],
  }
}

function keyOf(plan: Plan, mayRepeat: boolean, player: Player, key: KeyOptions): string {
  const text = stateKey(plan, predictedTrace(plan), key)
  return digestOf(mayRepeat ? `${text} ${repeated(plan, player)}` : text)
}

/** The last call, where its repetition is none of the attempts that are made anyway. */
function repeated(plan: Plan, player: Player): string {
  const last = plan.steps.at(-1)
  if (last === undefined) return ''
  const { agreement, action, by, args } = last
  const words = canonicalJson(args)
  const isMadeAnyway = player
    .alphabet(alone(momentAfter(plan), agreement))
    .some(
      (each) =>
        each.action === action &&
        each.by === by &&
        each.atSeconds === last.atSeconds &&
        canonicalJson(each.args) === words,
    )
  return isMadeAnyway ? '' : `${action} ${by} ${words}`
}

/** The first and the last of those that are alike, in the order in which they were given. */
function followedOf(
  player: Player,
  { cast }: Moment,
  accepted: readonly Predicted[],
): ReadonlySet<Predicted> {
  const groups = new Map<string, { first: Predicted; last: Predicted }>()
  for (const each of accepted) {
    const { planned, prediction, fault = '' } = each
    const { agreement, by, atSeconds } = planned
    const { population, edge } = prediction
    const after = alone({ cast, population, nowSeconds: atSeconds }, agreement)
    const group = `${fault} ${agreement} ${by} ${edge} ${player.abstraction(after)}`
    const known = groups.get(group)
    if (known === undefined) groups.set(group, { first: each, last: each })
    else if (atSeconds < known.first.planned.atSeconds) known.first = each
    else if (atSeconds > known.last.planned.atSeconds) known.last = each
  }
  return new Set([...groups.values()].flatMap(({ first, last }) => [first, last]))
}

/**
 * Refused attempts: those that a claim remembers, and of the others each at the first and the last
 * time at which it is refused for the same reason.
 */
function refusalsOf(plan: Plan, refused: readonly Predicted[], key: KeyOptions) {
  const memoryAfter = (after: Plan) => canonicalJson(key.remembers(predictedTrace(after)))
  const before = memoryAfter(plan)
  const counts: Record<string, number> = {}
  const groups = new Map<string, { first: Predicted; last: Predicted }>()
  const remembered: Predicted[] = []
  for (const each of refused) {
    const { planned, prediction } = each
    counts[prediction.edge] = (counts[prediction.edge] ?? 0) + 1
    const { agreement, by, args, atSeconds } = planned
    const group = `${agreement} ${by} ${prediction.edge} ${canonicalJson(args)}`
    const known = groups.get(group)
    if (known !== undefined) {
      if (atSeconds < known.first.planned.atSeconds) known.first = each
      if (atSeconds > known.last.planned.atSeconds) known.last = each
      continue
    }
    if (memoryAfter(withPrediction(plan, each)) === before) {
      groups.set(group, { first: each, last: each })
    } else remembered.push(each)
  }
  const plain = [...groups.values()].flatMap(({ first, last }) =>
    first === last ? [first] : [first, last],
  )
  plain.sort((a, b) => a.planned.atSeconds - b.planned.atSeconds)
  return { remembered, plain, counts }
}
