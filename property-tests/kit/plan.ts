/**
 * From drawn commands to a plan: attempts in order, each with what the model predicts.
 *
 * Planning never looks at the contract. That is what lets a whole plan be executed in one request,
 * and what keeps a plan the same whatever the contract does with it.
 */
import {
  type Cast,
  type Population,
  type Prediction,
  predict,
  startPopulation,
} from '../../models/kit/population.ts'
import type { PlannedStep, Policy } from '../../models/kit/trace.ts'
import { type Command, type Moment, type Player, type RunSetup, START_SECONDS } from './player.ts'

export interface Plan {
  readonly cast: Cast
  readonly start: Population
  readonly steps: readonly PlannedStep[]
  readonly predictions: readonly Prediction[]
}

/** Steps that an exit may take; each protocol needs far fewer. */
const EXIT_STEPS_MAX = 8

/** What fast-check draws for one run. */
export interface Draw {
  readonly setup: RunSetup
  readonly commands: readonly Command[]
  /**
   * Who leaves each agreement alone at the end: nobody for 0, else the party at `leaver − 1`. The
   * list is used round and round.
   */
  readonly leavers: readonly number[]
}

export function castOf(player: Player, policy: Policy, setup: RunSetup): Cast {
  const parameters = player.cases[setup.caseIndex] ?? player.cases[0]
  if (parameters === undefined) throw new Error('a player has at least one deployment')
  return { protocol: player.binding.protocol, policy, parameters, agreements: setup.agreements }
}

/** Plans what the commands mean, then lets one party of each agreement leave alone. */
export function planDraw(player: Player, policy: Policy, draw: Draw): Plan {
  const cast = castOf(player, policy, draw.setup)
  const builder = planBuilder(cast)
  for (const command of draw.commands) {
    const planned = player.resolve(command, builder.moment())
    if (planned !== null) builder.add(planned)
  }
  cast.agreements.forEach((agreement, index) => {
    const parties = player.exitParties(agreement)
    const leaver = draw.leavers[index % Math.max(1, draw.leavers.length)]
    const by = parties[(leaver ?? 0) - 1]
    if (by === undefined) return
    for (let step = 0; step < EXIT_STEPS_MAX; step += 1) {
      const planned = player.exit({ moment: builder.moment(), agreement: index, by })
      if (planned === null) break
      // Whoever is refused is stuck; asking again would change nothing.
      if (!builder.add(planned).account.outcome.accepted) break
    }
  })
  return builder.plan()
}

/** Plans attempts that are already concrete, as a trace file holds them. */
export function planSteps(cast: Cast, steps: readonly PlannedStep[]): Plan {
  const builder = planBuilder(cast)
  for (const planned of steps) builder.add(planned)
  return builder.plan()
}

/** A plan of no attempts. */
export function emptyPlan(cast: Cast): Plan {
  return { cast, start: startPopulation(cast), steps: [], predictions: [] }
}

/** The moment after all attempts of a plan. */
export function momentAfter({ cast, start, steps, predictions }: Plan): Moment {
  const population = predictions.at(-1)?.population ?? start
  return { cast, population, nowSeconds: steps.at(-1)?.atSeconds ?? START_SECONDS }
}

/** The plan with more attempts at its end; what it held is not predicted again. */
export function extended(plan: Plan, more: readonly PlannedStep[]): Plan {
  let { population } = momentAfter(plan)
  const predictions = more.map((planned) => {
    const prediction = predict(plan.cast, population, planned)
    population = prediction.population
    return prediction
  })
  return {
    ...plan,
    steps: [...plan.steps, ...more],
    predictions: [...plan.predictions, ...predictions],
  }
}

/** Collects attempts and predicts each in the state that the earlier ones lead to. */
export function planBuilder(cast: Cast) {
  const start = startPopulation(cast)
  let population = start
  let nowSeconds = START_SECONDS
  const steps: PlannedStep[] = []
  const predictions: Prediction[] = []
  return {
    moment: () => ({ cast, population, nowSeconds }),
    add(planned: PlannedStep): Prediction {
      const prediction = predict(cast, population, planned)
      steps.push(planned)
      predictions.push(prediction)
      population = prediction.population
      nowSeconds = planned.atSeconds
      return prediction
    },
    plan: (): Plan => ({ cast, start, steps, predictions }),
  }
}
