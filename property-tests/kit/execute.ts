/**
 * Executes a plan on a lane and writes the trace: predicted beside observed, step by step.
 */
import type { Observed, RunBinding } from '../../contracts/bindings/binding.ts'
import { assert, MeterproofError } from '../../models/kit/error.ts'
import type { PlannedStep, Trace, TraceStep } from '../../models/kit/trace.ts'
import type { CallResult, Lane, ScheduledBlock } from '../../sim/chain/lane.ts'
import type { Plan } from './plan.ts'
import type { Player } from './player.ts'
import { START_SECONDS } from './player.ts'
import type { Subject, Testbed } from './testbed.ts'

/** Where the calls that prepare a run stand: before every step. */
const PRELUDE_SECONDS = START_SECONDS - 100

export interface Execution {
  readonly testbed: Testbed
  readonly lane: Lane
  readonly player: Player
  readonly subject: Subject
}

/**
 * Runs the plan on the real contract.
 *
 * @throws MeterproofError `MP_RUN_PRELUDE` when a preparing call fails, and what the lane throws
 */
export async function executePlan(execution: Execution, plan: Plan): Promise<Trace> {
  const { testbed, lane, player, subject } = execution
  const { protocol, policy, parameters, agreements } = plan.cast
  const stage = testbed.stage(subject, parameters)
  const bound = player.binding.bind({ stage, policy, agreements })
  const calls = await bound.encode(plan.steps)
  const blocks: ScheduledBlock[] = blocksOf(plan.steps, calls)
  if (bound.prelude.length > 0) {
    blocks.unshift({ timestampSeconds: PRELUDE_SECONDS, calls: bound.prelude })
  }
  const results = await lane.execute({ blocks, probe: testbed.probe(bound.views) })
  const preludeCount = bound.prelude.length
  for (const result of results.slice(0, preludeCount)) {
    if (!result.ok) {
      throw new MeterproofError('MP_RUN_PRELUDE', 'A call that prepares a run reverted.', {
        class: 'internal',
        facts: { protocol: protocol.id, contract: subject.name, data: result.returnData },
      })
    }
  }
  const steps = traceSteps(plan, bound, results.slice(preludeCount))
  const protocolId = protocol.id
  return { protocol: protocolId, policy, parameters, agreements, initial: plan.start.view, steps }
}

/** Steps of equal time share a block. */
function blocksOf(
  steps: readonly PlannedStep[],
  calls: readonly ScheduledBlock['calls'][number][],
) {
  const blocks: { timestampSeconds: number; calls: ScheduledBlock['calls'][number][] }[] = []
  steps.forEach(({ atSeconds }, index) => {
    const call = calls[index]
    assert(call !== undefined, 'every step has a call')
    const last = blocks.at(-1)
    assert(last === undefined || last.timestampSeconds <= atSeconds, 'time does not run backwards')
    if (last?.timestampSeconds === atSeconds) last.calls.push(call)
    else blocks.push({ timestampSeconds: atSeconds, calls: [call] })
  })
  return blocks
}

function traceSteps(plan: Plan, bound: RunBinding, results: readonly CallResult[]): TraceStep[] {
  let observed: Observed | null = null
  return plan.steps.map((planned, index) => {
    const result = results[index]
    const prediction = plan.predictions[index]
    assert(result?.observation !== undefined, 'every step was observed')
    assert(prediction !== undefined, 'every step was predicted')
    observed = bound.observe(result.observation, observed)
    const { transfers, logs } = result.ok ? bound.effects(result) : { transfers: [], logs: [] }
    return {
      planned,
      role: prediction.role,
      edge: prediction.edge,
      predicted: prediction.account,
      observed: { outcome: bound.outcome(result), transfers, logs, after: observed.view },
      gasUsed: result.gasUsed,
    }
  })
}
