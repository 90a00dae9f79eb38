/**
 * One pass of the whole loop over many runs, stage by stage, with the processor time of each.
 *
 * Stages that a campaign interleaves are done one after the other here, so that each can be
 * measured; `lanes.ts` measures the campaign itself end to end beside it.
 */
import fc from 'fast-check'
import type { Trace } from '../../models/kit/trace.ts'
import { firstDivergence } from '../../property-tests/kit/compare.ts'
import { drawArbitrary } from '../../property-tests/kit/conformance.ts'
import { type Execution, prepareRun, readRun } from '../../property-tests/kit/execute.ts'
import { promisedBy } from '../../property-tests/kit/judge.ts'
import { planDraw } from '../../property-tests/kit/plan.ts'
import type { CallResult } from '../../sim/chain/lane.ts'
import { cpuMicrosOf, descendantsOf } from './measure.ts'

export const STAGES = [
  'generate',
  'predict',
  'encode',
  'execute',
  'decode',
  'compare',
  'judge',
] as const
export type Stage = (typeof STAGES)[number]

export interface StageTimes {
  readonly steps: number
  readonly blocks: number
  readonly probes: number
  /** Processor time of this process, in microseconds per step. */
  readonly microsPerStep: Readonly<Record<Stage, number>>
  /** Processor time of Anvil while it executes, in microseconds per step; 0 where not told. */
  readonly anvilMicrosPerStep: number
  /** Wall time of `execute`, in microseconds per step. */
  readonly executeWallMicrosPerStep: number
}

function cpuNow(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

const anvilNow = () => descendantsOf(process.pid).reduce((sum, pid) => sum + cpuMicrosOf(pid), 0)

/** Runs `runs` drawn runs through all stages; `width` schedules are asked for at once. */
export async function measureStages(
  execution: Execution,
  { seed, runs, width }: { readonly seed: number; readonly runs: number; readonly width: number },
): Promise<StageTimes> {
  const { player, subject, lane } = execution
  const micros: Record<string, number> = {}
  let mark = cpuNow()
  const lap = (stage: Stage) => {
    const now = cpuNow()
    micros[stage] = now - mark
    mark = now
  }
  const draws = fc.sample(drawArbitrary(player), { seed, numRuns: runs })
  lap('generate')
  const plans = draws.map((draw) => planDraw(player, subject.policy, draw))
  lap('predict')
  const prepared = await Promise.all(plans.map((plan) => prepareRun(execution, plan)))
  lap('encode')
  const anvilBefore = anvilNow()
  const wallBefore = performance.now()
  mark = cpuNow()
  const answers: (readonly CallResult[])[] = []
  for (let start = 0; start < prepared.length; start += width) {
    const part = prepared.slice(start, start + width)
    answers.push(...(await Promise.all(part.map(({ schedule }) => lane.execute(schedule)))))
  }
  lap('execute')
  const executeWallMicros = (performance.now() - wallBefore) * 1_000
  const anvilMicros = anvilNow() - anvilBefore
  mark = cpuNow()
  const traces = prepared.map((run, index) => readRun(run, answers[index] ?? []))
  lap('decode')
  for (const trace of traces) firstDivergence(trace)
  lap('compare')
  judgeAll(execution, traces)
  lap('judge')
  const steps = plans.reduce((sum, plan) => sum + plan.steps.length, 0)
  const blocks = prepared.flatMap(({ schedule }) => schedule.blocks)
  const perStep = STAGES.map((stage) => [stage, (micros[stage] ?? 0) / steps])
  return {
    steps,
    blocks: blocks.length,
    probes: blocks.flatMap(({ calls }) => calls).filter((call) => !call.unobserved).length,
    microsPerStep: Object.fromEntries(perStep),
    anvilMicrosPerStep: anvilMicros / steps,
    executeWallMicrosPerStep: executeWallMicros / steps,
  }
}

function judgeAll({ player, subject }: Execution, traces: readonly Trace[]): void {
  const promised = promisedBy(player.binding.protocol.invariants, subject.policy)
  for (const trace of traces) for (const invariant of promised) invariant.judge(trace)
}
