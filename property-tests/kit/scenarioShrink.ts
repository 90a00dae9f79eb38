/**
 * From a failing run of the world to a small one: fewer faults, less behaviour, smaller numbers.
 *
 * fast-check shrinks parameters, behaviour and fault plan together while the same claim stays
 * broken in the same way (the session still ends for the same cause); then faults and attempts of
 * strangers are dropped one by one. Bounded by a count of runs, never by a clock.
 */
import fc from 'fast-check'
import { assert } from '../../models/kit/error.ts'
import type { Trace } from '../../models/kit/trace.ts'
import { type Execution, executePlan } from './execute.ts'
import type { Finding } from './judge.ts'
import {
  lookAtScenario,
  playScenario,
  type ScenarioOptions,
  scenarioOf,
  scenarioSeed,
} from './scenario.ts'
import type { PlayedScenario, ScenarioDraw } from './scenarioPlayer.ts'

/** Runs of the world that fast-check may use, and that dropping single things may use. */
const DRAWN_RUNS_MAX = 400
const SINGLE_RUNS_MAX = 400

export interface ShrunkScenario {
  readonly finding: Finding
  readonly draw: ScenarioDraw
  readonly original: ScenarioDraw
  readonly played: PlayedScenario
  /** The schedule on the contract. */
  readonly trace: Trace
  /** Steps and faults of the original run. */
  readonly originalSteps: number
  readonly runs: number
  /** Whether Anvil's mined lane gives the same trace. */
  readonly confirmed: boolean
}

export async function shrinkScenario(
  execution: Execution,
  options: ScenarioOptions & { readonly runIndex: number; readonly id: string },
): Promise<ShrunkScenario> {
  const { regime, id, runIndex } = options
  let cause: string | null = null
  const { original, draw, runs } = await shrinkDraw({
    arbitrary: scenarioOf(execution.player).draws(regime),
    seed: scenarioSeed(execution, options),
    runIndex,
    async fails(candidate) {
      const seen = await lookAtScenario(execution, regime, candidate, id)
      cause ??= seen.cause
      return seen.finding !== null && seen.cause === cause
    },
  })
  return finished(execution, { regime, id, draw, original, runs })
}

/**
 * The smallest draw that still fails, from the failing draw `runIndex` of a sample.
 *
 * @throws MeterproofError `MP_INTERNAL_ASSERTION` when that draw does not fail
 */
export async function shrinkDraw(options: {
  readonly arbitrary: fc.Arbitrary<ScenarioDraw>
  readonly seed: number
  readonly runIndex: number
  fails(draw: ScenarioDraw): Promise<boolean>
}): Promise<{
  readonly original: ScenarioDraw
  readonly draw: ScenarioDraw
  readonly runs: number
}> {
  const { seed, runIndex } = options
  let runs = 0
  let original: ScenarioDraw | null = null
  let smallest: ScenarioDraw | null = null
  const counted = (draw: ScenarioDraw) => {
    runs += 1
    return options.fails(draw)
  }
  const property = fc.asyncProperty(options.arbitrary, async (draw) => {
    if (runs >= DRAWN_RUNS_MAX || !(await counted(draw))) return true
    original ??= draw
    smallest = draw
    return false
  })
  await fc.check(property, { seed, path: String(runIndex), numRuns: runIndex + 1 })
  assert(smallest !== null && original !== null, `draw ${runIndex} fails again when repeated`)
  const drawnRuns = runs
  const draw = await dropSingly(smallest, counted, () => runs - drawnRuns < SINGLE_RUNS_MAX)
  return { original, draw, runs }
}

/**
 * Drops faults and list entries of the behaviour one at a time, as long as the claim stays broken.
 */
async function dropSingly(
  start: ScenarioDraw,
  fails: (draw: ScenarioDraw) => Promise<boolean>,
  mayGoOn: () => boolean,
): Promise<ScenarioDraw> {
  let draw = start
  let progressed = true
  while (progressed && mayGoOn()) {
    progressed = false
    for (const candidate of smaller(draw)) {
      if (!mayGoOn()) break
      if (!(await fails(candidate))) continue
      draw = candidate
      progressed = true
      break
    }
  }
  return draw
}

function* smaller(draw: ScenarioDraw): Generator<ScenarioDraw> {
  const { faults, behaviour } = draw
  for (let index = 0; index < faults.length; index += 1) {
    yield { ...draw, faults: faults.toSpliced(index, 1) }
  }
  for (const [key, value] of Object.entries(behaviour)) {
    if (!Array.isArray(value)) continue
    for (let index = 0; index < value.length; index += 1) {
      yield { ...draw, behaviour: { ...behaviour, [key]: value.toSpliced(index, 1) } }
    }
  }
}

async function finished(
  execution: Execution,
  found: {
    readonly regime: string
    readonly id: string
    readonly draw: ScenarioDraw
    readonly original: ScenarioDraw
    readonly runs: number
  },
): Promise<ShrunkScenario> {
  const { regime, id, draw, original, runs } = found
  const { finding } = await lookAtScenario(execution, regime, draw, id)
  assert(finding !== null, 'the smallest failing run fails')
  const { played, plan } = playScenario(execution, regime, draw, 'full')
  const trace = await executePlan(execution, plan)
  const mined = await executePlan({ ...execution, lane: execution.testbed.mined }, plan)
  const outcomes = (each: Trace) =>
    each.steps.map(({ observed }) => observed.outcome.error ?? 'accepted').join()
  const confirmed = outcomes(mined) === outcomes(trace)
  const originalSteps = playScenario(execution, regime, original).plan.steps.length
  return { finding, draw, original, played, trace, originalSteps, runs, confirmed }
}
