/**
 * One design under one regime, simulated: what every section of the record is made from.
 */
import type { Scope } from '../../reports/record.ts'
import type { RunFacts } from '../../sim/session-escrow/runFacts.ts'
import type { ShardResult, SimulationSpec } from '../../sim/simulate.ts'
import type { GasByCall } from './gasTable.ts'

export interface SimulatedPart {
  readonly spec: SimulationSpec
  readonly result: ShardResult
  readonly gas: GasByCall
}

export function scopeOfPart({ spec }: SimulatedPart): Scope {
  const { protocol, policy, regime } = spec
  return { protocol, policy, regime }
}

/** Id of the run that is kept whole for its exposure, if it is this one. */
export function scenarioIdOf(part: SimulatedPart, run: number): string | null {
  return worstRunOf(part)?.run === run ? scenarioId(part) : null
}

export function scenarioId({ spec }: SimulatedPart): string {
  return `worst-${spec.policy}-${spec.regime}`
}

/** The run in which the payer's exposure was largest; null when there was none. */
export function worstRunOf({ result }: SimulatedPart): RunFacts | null {
  return result.facts.reduce<RunFacts | null>((worst, each) => {
    return each.payer.worstUnits > (worst?.payer.worstUnits ?? 0n) ? each : worst
  }, null)
}
