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
import type { Rung } from '../../reports/record.ts'
import { type Execution, executePlan } from './execute.ts'
import type { Finding } from './judge.ts'
import { climbed, rungOf } from './ladder.ts'
import {
  createScenarioForecast,
  findingOf,
  type LookedScenario,
  lookAtScenario,
  playScenario,
  type ScenarioOptions,
  scenarioArbitrary,
  scenarioDraw,
  scenarioOf,
  scenarioSeed,
} from './scenario.ts'
import type { PlayedScenario, ScenarioDraw } from './scenarioPlayer.ts'

/** Runs of the world that fast-check may use, and as many that dropping single things may use. */
const RUNS_MAX = 400

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
  /** Sizes of the run on its way down, the original first. */
  readonly ladder: readonly Rung[]
  /** Whether Anvil's mined lane gives the same trace. */
  readonly confirmed: boolean
}

export interface ShrinkScenarioOptions extends ScenarioOptions {
  readonly runIndex: number
  /** Claims that this run breaks; shrunk together, as most of them shrink along the same draws. */
  readonly ids: readonly string[]
  /**
   * For some of the claims, by id, the smallest draw that was found in another regime. It is tried
   * first: what needs no fault mostly breaks in other regimes, too.
   */
  readonly hints?: Readonly<Record<string, ScenarioDraw>>
}

/** The smallest run of the world for each claim, in their order. */
export async function shrinkScenario(
  execution: Execution,
  options: ShrinkScenarioOptions,
): Promise<readonly ShrunkScenario[]> {
  const forecast = createScenarioForecast(execution, options.regime)
  const shrunk: ShrunkScenario[] = []
  for (const id of options.ids) shrunk.push(await shrinkClaim(execution, options, id, forecast))
  return shrunk
}

/**
 * A claim that the run breaks even if the contract does what the model says is shrunk without the
 * contract, and what comes out is executed; where the contract does something else, each candidate
 * is.
 */
async function shrinkClaim(
  execution: Execution,
  options: ShrinkScenarioOptions,
  id: string,
  forecast: ReturnType<typeof createScenarioForecast>,
): Promise<ShrunkScenario> {
  const { regime, runIndex } = options
  const shrunkBy = async (look: (draw: ScenarioDraw) => Promise<LookedScenario>) =>
    finished(execution, { regime, id, ...(await shrinkBy(execution, options, id, look)) })
  const isForetold = forecast(scenarioDraw(execution, options, runIndex), id).finding !== null
  const foretold = isForetold ? await shrunkBy(async (draw) => forecast(draw, id)) : null
  if (foretold !== null) return foretold
  const executed = await shrunkBy((draw) => lookAtScenario(execution, regime, draw, id))
  assert(executed !== null, 'the smallest failing run fails')
  return executed
}

/** Shrinks as long as the claim is broken and the run ends for the same cause. */
async function shrinkBy(
  execution: Execution,
  options: ShrinkScenarioOptions,
  id: string,
  look: (draw: ScenarioDraw) => Promise<LookedScenario>,
): Promise<ShrunkDraw> {
  const { regime, runIndex } = options
  let cause: string | null = null
  const fails = async (candidate: ScenarioDraw) => {
    const seen = await look(candidate)
    cause ??= seen.cause
    return seen.finding !== null && seen.cause === cause
  }
  const hint = options.hints?.[id]
  const original = scenarioDraw(execution, options, runIndex)
  if (hint !== undefined && (await fails(original)) && (await fails(hint))) {
    return { original, drawn: { draw: hint, runs: 2 }, draw: hint, runs: 2 }
  }
  const shrunk = await shrinkDraw({
    arbitrary: scenarioArbitrary(execution, regime, runIndex),
    seed: scenarioSeed(execution, options),
    runIndex,
    fails,
  })
  const stepsOf = (draw: ScenarioDraw) => playScenario(execution, regime, draw).plan.steps.length
  const steps = stepsOf(shrunk.draw)
  for (const draw of scenarioOf(execution.player).shorter?.(shrunk.draw) ?? []) {
    if (stepsOf(draw) < steps && (await fails(draw))) return { ...shrunk, draw }
  }
  return shrunk
}

interface ShrunkDraw {
  readonly original: ScenarioDraw
  /** What fast-check made of it, and after how many runs. */
  readonly drawn: { readonly draw: ScenarioDraw; readonly runs: number }
  readonly draw: ScenarioDraw
  readonly runs: number
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
  /** Runs for each of the two ways of shrinking. @defaultValue 400 */
  readonly runsMax?: number
  fails(draw: ScenarioDraw): Promise<boolean>
}): Promise<ShrunkDraw> {
  const { seed, runIndex, runsMax = RUNS_MAX } = options
  let runs = 0
  let original: ScenarioDraw | null = null
  let smallest: ScenarioDraw | null = null
  const counted = (draw: ScenarioDraw) => {
    runs += 1
    return options.fails(draw)
  }
  const property = fc.asyncProperty(options.arbitrary, async (draw) => {
    if (runs >= runsMax || !(await counted(draw))) return true
    original ??= draw
    smallest = draw
    return false
  })
  await fc.check(property, { seed, path: String(runIndex), numRuns: runIndex + 1 })
  assert(smallest !== null && original !== null, `draw ${runIndex} fails again when repeated`)
  const drawnRuns = runs
  const draw = await dropSingly(smallest, counted, () => runs - drawnRuns < runsMax)
  return { original, drawn: { draw: smallest, runs: drawnRuns }, draw, runs }
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

/** The smallest run in full, on the contract in both lanes; null when it does not fail there. */
async function finished(
  execution: Execution,
  found: ShrunkDraw & { readonly regime: string; readonly id: string },
): Promise<ShrunkScenario | null> {
  const { regime, id, draw, drawn, original, runs } = found
  const { played, plan } = playScenario(execution, regime, draw, 'full')
  const trace = await executePlan(execution, plan)
  const finding = findingOf(execution, { played, trace }, id)
  if (finding === null) return null
  const mined = await executePlan({ ...execution, lane: execution.testbed.mined }, plan)
  const outcomes = (each: Trace) =>
    each.steps.map(({ observed }) => observed.outcome.error ?? 'accepted').join()
  const confirmed = outcomes(mined) === outcomes(trace)
  const rungs = [{ draw: original, runs: 0 }, drawn, { draw, runs }].map((each) =>
    rungOf(playScenario(execution, regime, each.draw).plan, each.runs, each.draw.faults.length),
  )
  const ladder = rungs.reduce<readonly Rung[]>(climbed, [])
  const originalSteps = ladder[0]?.actions ?? trace.steps.length
  return { finding, draw, original, played, trace, originalSteps, runs, ladder, confirmed }
}
