/**
 * Replays one trace file: on the model, on the contract, judged anew. Independent of any generator.
 */

import { isDeepStrictEqual } from 'node:util'
import { MeterproofError } from '../models/kit/error.ts'
import type { Agreement, Parameters, PlannedStep, Trace } from '../models/kit/trace.ts'
import { requireReplayTarget, type TraceFile } from '../reports/traceFile.ts'
import type { LaneKind } from '../sim/chain/lane.ts'
import { DIVERGENCE, firstDivergence } from './kit/compare.ts'
import { lookFor } from './kit/detect.ts'
import { type Execution, executePlan } from './kit/execute.ts'
import { type Plan, planSteps } from './kit/plan.ts'
import type { Player } from './kit/player.ts'
import { lookAtScenario, playScenario } from './kit/scenario.ts'
import type { ScenarioDraw } from './kit/scenarioPlayer.ts'
import { openTestbed } from './kit/testbed.ts'
import { playerOf } from './players.ts'
import { replayedLoss } from './simulation/lossTrace.ts'
import { type CheckedSubject, canarySubject, checkedSubjects } from './subjects.ts'

export interface ReplayOptions {
  readonly lane: LaneKind
  readonly contract: string | null
  readonly signal: AbortSignal
}

export interface ReplayResult {
  readonly sameVerdict: boolean
  /** Whether the contract is byte for byte the one that the trace was recorded on. */
  readonly sameBytecode: boolean
  /** Verdict as recorded: `held`, `violated` or `undecided`. */
  readonly recorded: string
  readonly observed: string
  /** What broke this time; empty when nothing did. */
  readonly evidence: string
  readonly steps: readonly {
    readonly attempt: string
    readonly predicted: string
    readonly observed: string
  }[]
}

/** The command that replays a file, as a user types it. */
export function replayArguments(file: string, contract: string | null): string {
  const quoted = (path: string) => (/^[\w./-]+$/.test(path) ? path : JSON.stringify(path))
  const flag = contract === null ? '' : ` --contract ${quoted(contract)}`
  return `npx meterproof replay ${quoted(file)}${flag}`
}

/**
 * Runs the trace and compares the verdict with the recorded one.
 *
 * @throws MeterproofError `MP_PROTOCOL_UNKNOWN`, `MP_TRACE_CONTRACT`, `MP_TRACE_PARAMETERS`,
 * `MP_COMPILE_…`, `MP_ANVIL_…`
 */
export async function replayTrace(file: TraceFile, options: ReplayOptions): Promise<ReplayResult> {
  const player = playerOf(file.protocol)
  const subject = await subjectOf(player, file, options.contract)
  const { sameBytecode } = requireReplayTarget(file, 'The trace', {
    protocol: file.protocol,
    policy: subject.policy,
    contract: options.contract === null ? subject.name : file.contract.name,
    bytecodeHash: subject.bytecodeHash,
  })
  const parameters = parametersOf(player, file)
  const agreements = file.agreements as readonly Agreement[]
  const { policy } = file
  const cast = { protocol: player.binding.protocol, policy, parameters, agreements }
  const prelude = (file.prelude ?? []) as readonly PlannedStep[]
  const plan = planSteps(cast, [...prelude, ...(file.steps as readonly PlannedStep[])])
  const testbed = await openTestbed({
    binding: player.binding,
    subjects: [subject],
    cases: [parameters],
  })
  try {
    const id = file.finding?.invariant ?? DIVERGENCE
    const execution = { testbed, lane: testbed[options.lane], player, subject }
    const { trace, finding } = await lookAtFile(execution, file, plan, id)
    const recorded = file.finding === null ? 'held' : 'violated'
    const observed = finding === null ? 'held' : 'violated'
    return {
      sameVerdict: recorded === observed,
      sameBytecode,
      recorded,
      observed,
      evidence: finding === null ? '' : `${finding.id}: ${finding.evidence}`,
      steps: shownSteps(trace),
    }
  } finally {
    await testbed.close()
  }
}

function lookAtFile(execution: Execution, file: TraceFile, plan: Plan, id: string) {
  if (file.simulation !== undefined) return lookAtSimulation(execution, file, plan)
  if (file.world !== undefined) return lookAtWorld(execution, file, plan, id)
  return lookFor(execution, plan, id)
}

function requireSameSteps(played: readonly PlannedStep[], { steps }: Plan): void {
  if (isDeepStrictEqual(played, steps)) return
  throw new MeterproofError('MP_TRACE_WORLD', 'The recorded world plays differently now.', {
    facts: { 'steps recorded': steps.length, 'steps played': played.length },
    hint: 'The trace was recorded by another version of the simulation; record it again.',
  })
}

/** Plays the recorded run of a simulation again, and looks what it loses. */
async function lookAtSimulation(execution: Execution, file: TraceFile, plan: Plan) {
  const { steps, finding } = replayedLoss(file)
  requireSameSteps(steps, plan)
  const trace = await executePlan(execution, plan)
  const divergence = firstDivergence(trace)
  return { trace, finding: divergence === null ? finding : { id: DIVERGENCE, ...divergence } }
}

/** Plays the recorded world again; its schedule must be the recorded one. */
async function lookAtWorld(execution: Execution, file: TraceFile, plan: Plan, id: string) {
  const { regime, draw } = file.world as { regime: string; draw: ScenarioDraw }
  const looked = await lookAtScenario(execution, regime, draw, id)
  const { plan: played } = playScenario(execution, regime, draw)
  requireSameSteps(played.steps, plan)
  const trace = await executePlan(execution, plan)
  const divergence = firstDivergence(trace)
  const found = looked.finding ?? (divergence === null ? null : { id: DIVERGENCE, ...divergence })
  return { trace, finding: found }
}

async function subjectOf(
  player: Player,
  file: TraceFile,
  path: string | null,
): Promise<CheckedSubject> {
  const { canary } = file.contract
  if (canary !== null && path === null) {
    const subject = await canarySubject(file.protocol, canary)
    if (subject !== null) return subject
    throw new MeterproofError('MP_TRACE_CONTRACT', `There is no canary ${canary}.`, {
      facts: { canary, contract: file.contract.name },
      hint: 'The trace was recorded by another version; give the contract with --contract.',
    })
  }
  const [subject] = await checkedSubjects({ player, policies: [file.policy], path })
  if (subject === undefined) throw new Error('checkedSubjects gives a contract or throws')
  return subject
}

/** Parameters through the protocol's own schema: a trace must not deploy what cannot be. */
function parametersOf(player: Player, file: TraceFile): Parameters {
  const parsed = player.binding.protocol.parameters.safeParse(file.parameters)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new MeterproofError('MP_TRACE_PARAMETERS', 'The trace has parameters out of range.', {
    facts: { field: `parameters.${issue?.path.join('.') ?? ''}`, problem: issue?.message ?? '' },
    hint: 'Correct the field, or record the trace again.',
  })
}

function shownSteps({ steps }: Trace): ReplayResult['steps'] {
  const start = steps[0]?.planned.atSeconds ?? 0
  const show = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)
  return steps.map(({ planned, predicted, observed }, index) => {
    const { atSeconds, by, action, agreement, args } = planned
    const given = Object.entries(args).map(
      ([key, value]) => `${key} ${JSON.stringify(value, show)}`,
    )
    const said = ({ accepted, error }: { accepted: boolean; error: string | null }) =>
      accepted ? 'accepted' : `refused: ${error}`
    return {
      attempt: [
        `${index + 1}  +${atSeconds - start} s`,
        `${by} ${action}(${given.join(', ')}) on #${agreement}`,
      ].join('  '),
      predicted: said(predicted.outcome),
      observed: said(observed.outcome),
    }
  })
}
