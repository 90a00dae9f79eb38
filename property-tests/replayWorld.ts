/**
 * Replays of runs of the simulated world: played again from what the file names, so that claims
 * about delivered service are judged anew. Loaded when a file asks for it.
 */
import { isDeepStrictEqual } from 'node:util'
import { MeterproofError } from '../models/kit/error.ts'
import type { PlannedStep } from '../models/kit/trace.ts'
import type { TraceFile } from '../reports/traceFile.ts'
import { DIVERGENCE, firstDivergence } from './kit/compare.ts'
import type { Looked } from './kit/detect.ts'
import { type Execution, executePlan } from './kit/execute.ts'
import type { Plan } from './kit/plan.ts'
import type { Judged } from './kit/player.ts'
import { lookAtScenario, playScenario } from './kit/scenario.ts'
import type { ScenarioDraw } from './kit/scenarioPlayer.ts'
import { playerOf } from './players.ts'
import { replayedLoss } from './simulation/lossTrace.ts'

function requireSameSteps(played: readonly PlannedStep[], { steps }: Plan): void {
  if (isDeepStrictEqual(played, steps)) return
  throw new MeterproofError('MP_TRACE_WORLD', 'The recorded world plays differently now.', {
    facts: { 'steps recorded': steps.length, 'steps played': played.length },
    hint: 'The trace was recorded by another version of the simulation; record it again.',
  })
}

/** Plays the recorded run of a simulation again, and looks what it loses. */
export async function lookAtSimulation(
  execution: Execution<Judged>,
  file: TraceFile,
  plan: Plan,
): Promise<Looked> {
  const { steps, finding } = replayedLoss(file)
  requireSameSteps(steps, plan)
  const trace = await executePlan(execution, plan)
  const divergence = firstDivergence(trace)
  return { trace, finding: divergence === null ? finding : { id: DIVERGENCE, ...divergence } }
}

/** Plays the recorded world again; its schedule must be the recorded one. */
export async function lookAtWorld(
  judged: Execution<Judged>,
  file: TraceFile,
  plan: Plan,
  id: string,
): Promise<Looked> {
  const { regime, draw } = file.world as { regime: string; draw: ScenarioDraw }
  const execution = { ...judged, player: playerOf(file.protocol) }
  const looked = await lookAtScenario(execution, regime, draw, id)
  const { plan: played } = playScenario(execution, regime, draw)
  requireSameSteps(played.steps, plan)
  const trace = await executePlan(execution, plan)
  const divergence = firstDivergence(trace)
  const found = looked.finding ?? (divergence === null ? null : { id: DIVERGENCE, ...divergence })
  return { trace, finding: found }
}
