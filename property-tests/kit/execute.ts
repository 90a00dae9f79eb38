/**
 * Executes a plan on a lane and writes the trace: predicted beside observed, step by step.
 *
 * A call that reverts leaves no trace in the EVM's state, so after it there is nothing new to see.
 * On the batch lane, where reading is most of the cost, steps that the model expects to be refused
 * are not observed; should the contract accept one of them, the plan is executed again with
 * everything observed. A test holds both ways equal, and the mined lane always observes everything.
 */
import type { Observed, RunBinding } from '../../contracts/bindings/binding.ts'
import { assert, MeterproofError } from '../../models/kit/error.ts'
import type { PlannedStep, Trace, TraceStep } from '../../models/kit/trace.ts'
import type {
  CallResult,
  Lane,
  Schedule,
  ScheduledBlock,
  ScheduledCall,
} from '../../sim/chain/lane.ts'
import type { Plan } from './plan.ts'
import type { Judged, Player } from './player.ts'
import { START_SECONDS } from './player.ts'
import type { Subject, Testbed } from './testbed.ts'

/** Where the calls that prepare a run stand: before every step. */
const PRELUDE_SECONDS = START_SECONDS - 100

/** `Who` plays: whoever only repeats concrete attempts needs no generator. */
export interface Execution<Who extends Judged = Player> {
  readonly testbed: Testbed
  readonly lane: Lane
  readonly player: Who
  readonly subject: Subject
  /** Observes after every step, whatever the model expects. */
  readonly observeAll?: boolean
  /**
   * Steps at the beginning that an earlier run has shown to go as predicted: nothing is read after
   * them again. @defaultValue 0
   */
  readonly knownSteps?: number
}

/** A plan as it goes to a lane. */
export interface PreparedRun {
  readonly execution: Execution<Judged>
  readonly plan: Plan
  readonly bound: RunBinding
  readonly calls: readonly ScheduledCall[]
  readonly schedule: Schedule
}

/** Binds and encodes a plan. */
export async function prepareRun(execution: Execution<Judged>, plan: Plan): Promise<PreparedRun> {
  const { testbed, lane, player, subject } = execution
  const { policy, parameters, agreements } = plan.cast
  const stage = testbed.stage(subject, parameters)
  const bound = player.binding.bind({ stage, policy, agreements })
  const observeAll = execution.observeAll === true || lane.kind === 'mined'
  const encoded = bound.encode(plan.steps)
  const calls = encoded.map((call, index) =>
    observeAll || isObserved(execution, plan, index) ? call : { ...call, unobserved: true },
  )
  const blocks = [...preludeBlocks(bound), ...blocksOf(plan.steps, calls)]
  return { execution, plan, bound, calls, schedule: { blocks, probe: testbed.probe(bound.views) } }
}

/**
 * The trace of a run that was executed.
 *
 * @throws MeterproofError `MP_RUN_PRELUDE` when a preparing call failed
 */
export function readRun(run: PreparedRun, answers: readonly CallResult[]): Trace {
  const { execution, plan, bound } = run
  const { protocol, policy, parameters, agreements } = plan.cast
  const preludeCount = bound.prelude.length
  checkPrelude(answers.slice(0, preludeCount), execution)
  const steps = traceSteps(run, answers.slice(preludeCount))
  const protocolId = protocol.id
  return { protocol: protocolId, policy, parameters, agreements, initial: plan.start.view, steps }
}

/** Whether a call went against what the model expects, after which nothing was read. */
export function sawTooLittle(run: PreparedRun, answers: readonly CallResult[]): boolean {
  const { bound, calls, execution, plan } = run
  const { knownSteps = 0 } = execution
  const ofSteps = answers.slice(bound.prelude.length)
  return ofSteps.some(({ ok }, index) => {
    if (calls[index]?.unobserved !== true) return false
    const isKnown = index < knownSteps
    return ok !== (isKnown && plan.predictions[index]?.account.outcome.accepted === true)
  })
}

/**
 * Runs the plan on the real contract.
 *
 * @throws MeterproofError as `readRun`, and what the lane throws
 */
export async function executePlan(execution: Execution<Judged>, plan: Plan): Promise<Trace> {
  const run = await prepareRun(execution, plan)
  const answers = await execution.lane.execute(run.schedule)
  if (!sawTooLittle(run, answers)) return readRun(run, answers)
  return executePlan({ ...execution, observeAll: true, knownSteps: 0 }, plan)
}

/** Steps after which something may have changed; and the first and the last, as an anchor. */
function isObserved({ knownSteps = 0 }: Execution<Judged>, plan: Plan, index: number): boolean {
  const { predictions } = plan
  if (index < knownSteps) return false
  if (index === knownSteps || index === predictions.length - 1) return true
  return predictions[index]?.account.outcome.accepted !== false
}

function preludeBlocks({ prelude }: RunBinding): ScheduledBlock[] {
  if (prelude.length === 0) return []
  const calls = prelude.map((call) => ({ ...call, unobserved: true }))
  return [{ timestampSeconds: PRELUDE_SECONDS, calls }]
}

function checkPrelude(
  results: readonly CallResult[],
  { player, subject }: Execution<Judged>,
): void {
  for (const result of results) {
    if (result.ok) continue
    throw new MeterproofError('MP_RUN_PRELUDE', 'A call that prepares a run reverted.', {
      class: 'internal',
      facts: {
        protocol: player.binding.protocol.id,
        contract: subject.name,
        data: result.returnData,
      },
    })
  }
}

/** Steps of equal time share a block. */
function blocksOf(
  steps: readonly PlannedStep[],
  calls: readonly ScheduledCall[],
): readonly ScheduledBlock[] {
  const blocks: { timestampSeconds: number; calls: ScheduledCall[] }[] = []
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

function traceSteps(
  { plan, bound, execution }: PreparedRun,
  results: readonly CallResult[],
): TraceStep[] {
  const { knownSteps = 0 } = execution
  let observed: Observed | null = null
  return plan.steps.map((planned, index) => {
    const result = results[index]
    const prediction = plan.predictions[index]
    assert(result !== undefined, 'every step was executed')
    assert(prediction !== undefined, 'every step was predicted')
    if (result.observation !== undefined) observed = bound.observe(result.observation, observed)
    const after = index < knownSteps ? prediction.account.after : observed?.view
    assert(after !== undefined, 'the first step that is not known was observed')
    const effects = result.ok ? bound.effects(result) : { transfers: [], logs: [] }
    return {
      planned,
      role: prediction.role,
      edge: prediction.edge,
      predicted: prediction.account,
      observed: { outcome: bound.outcome(result), ...effects, after },
      gasUsed: result.gasUsed,
    }
  })
}
