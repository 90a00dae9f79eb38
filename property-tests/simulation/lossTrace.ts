/**
 * A simulated run that loses something as a trace file, and the way back from the file to the loss.
 *
 * The file names the run: regime, chain, seed, number and terms; deployment and policy stand in it
 * anyway. So a replay can play the world again, and what is lost is never read from the file. The
 * steps are in it too, as they are what the contract is given.
 */
import { MeterproofError } from '../../models/kit/error.ts'
import type { Parameters, PlannedStep, Trace } from '../../models/kit/trace.ts'
import { groupDigits } from '../../reports/stepRows.ts'
import type { TraceFile } from '../../reports/traceFile.ts'
import { regimeNamed } from '../../sim/faults/regimes.ts'
import { lossOf } from '../../sim/smallest.ts'
import type { MeasureInfo, SimulationSpec, SmallestInfo } from '../../sim/world/simulated.ts'
import { worldOf } from '../../sim/worlds.ts'
import type { Finding } from '../kit/judge.ts'
import type { CheckedSubject } from '../subjects.ts'

/** A finding of a loss; null when there is none. */
function lossFinding(
  { loss }: SmallestInfo,
  measure: MeasureInfo | undefined,
  units: bigint,
  stepIndex: number,
): Finding | null {
  if (units === 0n) return null
  return { id: loss, stepIndex, evidence: `${groupDigits(units)} ${measure?.unit ?? ''} are lost` }
}

export function lossTraceFile(options: {
  readonly spec: SimulationSpec
  readonly run: number
  readonly subject: CheckedSubject
  readonly trace: Trace
  readonly info: SmallestInfo
  readonly units: bigint
}): TraceFile {
  const { spec, run, subject, trace, info, units } = options
  const { protocol, policy, parameters, regime, profile, seed, terms } = spec
  const { name, bytecodeHash, source, canary } = subject
  const measure = worldOf(protocol).measures.find((each) => each.name === info.loss)
  const steps = trace.steps.length
  const finding = lossFinding(info, measure, units, steps - 1)
  return {
    schema: 'meterproof.trace/1',
    ...{ protocol, policy, parameters, agreements: trace.agreements },
    contract: { name, bytecodeHash, source, canary },
    steps: trace.steps.map(({ planned }) => planned),
    finding:
      finding === null
        ? null
        : { invariant: finding.id, evidence: finding.evidence, stepIndex: finding.stepIndex },
    outcomes: trace.steps.map(({ predicted, observed }) => ({
      predicted: predicted.outcome,
      observed: observed.outcome,
    })),
    simulation: { regime, profile, seed, run, terms, loss: info.loss },
    origin: {
      ...{ command: 'sweep', campaign: 'smallest', regime, seed, run },
      ...{ stepsOriginal: steps, shrinkCount: 0 },
    },
  }
}

/**
 * Plays the run that a file names, and says what it loses.
 *
 * @throws MeterproofError `MP_WORLD_…`, `MP_TRACE_WORLD` when the world knows no such loss
 */
export function replayedLoss(file: TraceFile): {
  readonly steps: readonly PlannedStep[]
  readonly finding: Finding | null
} {
  const { protocol, policy, parameters, simulation } = file
  const world = worldOf(protocol)
  const info = world.smallest?.find(({ loss }) => loss === simulation?.loss)
  if (simulation === undefined || info === undefined) {
    throw new MeterproofError('MP_TRACE_WORLD', 'The recorded loss is none of this world.', {
      facts: { protocol, loss: simulation?.loss ?? '(none)' },
      hint: 'The trace was recorded by another version of the simulation; record it again.',
    })
  }
  const { run, regime, profile, seed, terms } = simulation
  const spec: SimulationSpec = {
    ...{ protocol, policy, profile, seed, terms },
    regime: regimeNamed(regime).name,
    parameters: parameters as Parameters,
  }
  const played = world.play(spec, run, 'summary')
  const units = lossOf(info, spec, played.facts(false))
  const measure = world.measures.find(({ name }) => name === info.loss)
  const { steps } = played
  return { steps, finding: lossFinding(info, measure, units, Math.max(0, steps.length - 1)) }
}
