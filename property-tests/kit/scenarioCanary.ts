/**
 * Hunts a canary of the world: a part of the world that fails on purpose, and the claim that must
 * notice. A run counts only if the same draw is fine without the defect.
 */
import fc from 'fast-check'
import type { Rung } from '../../reports/record.ts'
import { derivedSeed } from './conformance.ts'
import { climbed, rungOf } from './ladder.ts'
import type { Player } from './player.ts'
import { scenarioOf } from './scenario.ts'
import type { PlayedScenario, ScenarioDefect, ScenarioDraw } from './scenarioPlayer.ts'
import { shrinkDraw } from './scenarioShrink.ts'

/** Draws after which a canary counts as missed. */
const DRAWS_MAX = 400
/** Runs for each way of shrinking: the run is looked at, and handed to nobody. */
const SHRINK_RUNS_MAX = 120
/** Faults of a plan at most when only some kinds are drawn. */
const FAULTS_OF_KINDS_MAX = 20

export interface ScenarioCanaryResult {
  readonly id: string
  readonly caughtBy: readonly string[]
  readonly evidence: string | null
  readonly draw: ScenarioDraw | null
  /** Steps on chain of the smallest run that shows it. */
  readonly actions: number | null
  /** Sizes from the first run that shows it to the smallest one. */
  readonly ladder: readonly Rung[]
  readonly runs: number
  readonly steps: number
}

export async function runScenarioCanary(
  player: Player,
  defect: ScenarioDefect,
  seed: number,
): Promise<ScenarioCanaryResult> {
  const scenario = scenarioOf(player)
  const { policy, regime, id } = defect
  const play = (draw: ScenarioDraw, broken: boolean) =>
    scenario.play({ policy, regime, draw, detail: 'summary', ...(broken ? { defect: id } : {}) })
  const violated = ({ judgements }: PlayedScenario) =>
    judgements.filter(({ evidence }) => evidence !== null)
  const breaks = (played: PlayedScenario) =>
    violated(played).some((claim) => claim.id === defect.caughtBy)
  const fails = async (draw: ScenarioDraw) => breaks(play(draw, true)) && !breaks(play(draw, false))
  const drawSeed = derivedSeed(seed, player.binding.protocol.id, 'world canary', id)
  const { kinds } = defect
  const limits = kinds === undefined ? {} : { kinds, faultsMax: FAULTS_OF_KINDS_MAX }
  const arbitrary = scenario.draws(regime, limits)
  let runs = 0
  let steps = 0
  for (const draw of fc.sample(arbitrary, { seed: drawSeed, numRuns: DRAWS_MAX })) {
    const runIndex = runs
    runs += 1
    const broken = play(draw, true)
    steps += broken.steps.length
    if (!breaks(broken) || breaks(play(draw, false))) continue
    const shrunk = await shrinkDraw({
      arbitrary,
      seed: drawSeed,
      runIndex,
      fails,
      runsMax: SHRINK_RUNS_MAX,
    })
    const smallest = play(shrunk.draw, true)
    const claims = violated(smallest)
    const evidence = claims.find((claim) => claim.id === defect.caughtBy)?.evidence ?? null
    const caughtBy = claims.map((claim) => claim.id).sort()
    const actions = smallest.steps.length
    const ladder = [{ draw: shrunk.original, runs: 0 }, shrunk.drawn, shrunk]
      .map((each) => rungOf(play(each.draw, true), each.runs, each.draw.faults.length))
      .reduce<readonly Rung[]>(climbed, [])
    return { id, caughtBy, evidence, draw: shrunk.draw, actions, ladder, runs, steps }
  }
  const missed = { evidence: null, draw: null, actions: null, ladder: [] }
  return { id, caughtBy: [], ...missed, runs, steps }
}
