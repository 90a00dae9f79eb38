/**
 * Replays one trace file: on the model, on the contract, judged anew. Independent of any generator:
 * a test walks the imports of this file and finds no fast-check.
 */

import type { Trace } from '../models/kit/trace.ts'
import { requireReplayTarget, type TraceFile } from '../reports/traceFile.ts'
import type { LaneKind } from '../sim/chain/lane.ts'
import { judgedOf } from './judged.ts'
import { DIVERGENCE } from './kit/compare.ts'
import { DEPLOYMENT } from './kit/deployments.ts'
import { type Looked, lookFor } from './kit/detect.ts'
import type { Execution } from './kit/execute.ts'
import type { Plan } from './kit/plan.ts'
import type { Judged } from './kit/player.ts'
import { openTestbed } from './kit/testbed.ts'
import type { CheckedSubject } from './subjects.ts'
import { planOfTrace, requireApplicable, subjectOfTrace } from './traceRun.ts'

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
 * @throws MeterproofError `MP_PROTOCOL_UNKNOWN`, `MP_TRACE_STALE`, `MP_TRACE_CONTRACT`,
 * `MP_TRACE_PARAMETERS`, `MP_COMPILE_…`, `MP_ANVIL_…`
 */
export async function replayTrace(file: TraceFile, options: ReplayOptions): Promise<ReplayResult> {
  const player = judgedOf(file.protocol)
  requireApplicable(player, file)
  const subject = await subjectOfTrace(player, file, options.contract)
  const { sameBytecode } = requireReplayTarget(file, 'The trace', {
    protocol: file.protocol,
    policy: subject.policy,
    contract: options.contract === null ? subject.name : file.contract.name,
    bytecodeHash: subject.bytecodeHash,
  })
  const { trace, finding } = await lookAtTrace(player, file, subject, options.lane)
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
}

/**
 * Runs a trace on a contract, on an Anvil of its own, and judges it anew.
 *
 * @throws MeterproofError `MP_TRACE_PARAMETERS`, `MP_TRACE_WORLD`, `MP_ANVIL_…`
 */
export async function lookAtTrace(
  player: Judged,
  file: TraceFile,
  subject: CheckedSubject,
  lane: LaneKind,
): Promise<Looked> {
  const plan = planOfTrace(player, file)
  const { binding } = player
  // What a constructor refuses cannot be prepared.
  const cases = file.finding?.invariant === DEPLOYMENT ? [] : [plan.cast.parameters]
  const testbed = await openTestbed({ binding, subjects: [subject], cases })
  try {
    const id = file.finding?.invariant ?? DIVERGENCE
    return await lookAtFile({ testbed, lane: testbed[lane], player, subject }, file, plan, id)
  } finally {
    await testbed.close()
  }
}

function lookAtFile(execution: Execution<Judged>, file: TraceFile, plan: Plan, id: string) {
  if (file.world === undefined && file.simulation === undefined) return lookFor(execution, plan, id)
  return lookAtWorldFile(execution, file, plan, id)
}

/** Worlds are played anew, and bring their players along; nothing is drawn there either. */
async function lookAtWorldFile(
  execution: Execution<Judged>,
  file: TraceFile,
  plan: Plan,
  id: string,
) {
  const worlds = await import('./replayWorld.ts')
  return file.simulation === undefined
    ? worlds.lookAtWorld(execution, file, plan, id)
    : worlds.lookAtSimulation(execution, file, plan)
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
