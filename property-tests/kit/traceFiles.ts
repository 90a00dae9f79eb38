/**
 * Trace files that the record does not give by itself: of canaries, and of runs of the world.
 */

import type { Trace } from '../../models/kit/trace.ts'
import type { Failure } from '../../reports/record.ts'
import type { TraceFile } from '../../reports/traceFile.ts'
import type { CheckOptions } from '../check.ts'
import { type CheckedSubject, canarySubject } from '../subjects.ts'
import type { ProtocolOutcome } from './buildRecord.ts'
import type { CanaryResult } from './canary.ts'

/** Trace files of counterexamples in the world, by name, with the draw that plays each again. */
export function worldTraceFiles(
  options: CheckOptions,
  outcome: ProtocolOutcome,
  failures: readonly Failure[],
): ReadonlyMap<string, TraceFile> {
  // Several protocols have claims of the same id.
  const { id } = outcome.player.binding.protocol
  const files = new Map<string, TraceFile>()
  for (const { first, world, trace } of outcome.counterexamples) {
    const failure = failures.find(
      ({ protocol, invariant, policy, regime }) =>
        protocol === id &&
        invariant === first.finding.id &&
        policy === first.policy &&
        regime === first.regime,
    )
    const subject = outcome.subjects.find(({ policy }) => policy === first.policy)
    if (world === undefined || failure === undefined || subject === undefined) continue
    files.set(failure.traceFile, {
      ...traceFileFrom({
        protocol: failure.protocol,
        subject,
        trace,
        finding: {
          id: failure.invariant,
          evidence: failure.evidence,
          stepIndex: failure.stepIndex ?? 0,
        },
      }),
      world: { regime: first.regime, draw: { ...world.draw } },
      origin: {
        command: options.command,
        campaign: 'scenario',
        regime: first.regime,
        seed: options.seed,
        run: first.run,
        stepsOriginal: failure.stepsOriginal,
        shrinkCount: failure.shrinkCount,
      },
    })
  }
  return files
}

function traceFileFrom({
  protocol,
  subject,
  trace,
  finding,
}: {
  readonly protocol: string
  readonly subject: CheckedSubject
  readonly trace: Trace
  readonly finding: { readonly id: string; readonly evidence: string; readonly stepIndex: number }
}): TraceFile {
  const { name, bytecodeHash, source, canary } = subject
  return {
    schema: 'meterproof.trace/1',
    protocol,
    policy: trace.policy,
    contract: { name, bytecodeHash, source, canary },
    parameters: trace.parameters,
    agreements: trace.agreements,
    steps: trace.steps.map(({ planned }) => planned),
    finding: { invariant: finding.id, evidence: finding.evidence, stepIndex: finding.stepIndex },
    outcomes: trace.steps.map(({ predicted, observed }) => ({
      predicted: predicted.outcome,
      observed: observed.outcome,
    })),
  }
}

/** The trace file of a canary's counterexample; null when it was missed. */
export async function canaryTraceFile(
  options: CheckOptions,
  protocol: string,
  result: CanaryResult,
): Promise<TraceFile | null> {
  const { trace, finding, ladder, executions } = result
  const subject = await canarySubject(protocol, result.id)
  if (trace === null || finding === null || subject === null) return null
  return {
    ...traceFileFrom({ protocol, subject, trace, finding }),
    origin: {
      command: options.command,
      campaign: 'canaries',
      regime: 'none',
      seed: options.seed,
      run: 0,
      stepsOriginal: ladder[0]?.actions ?? trace.steps.length,
      shrinkCount: executions,
    },
  }
}
