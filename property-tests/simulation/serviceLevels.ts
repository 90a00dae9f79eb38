/**
 * How often the promises of a description about time are kept, with exact intervals.
 *
 * Every sample of the stage counts: one that never ended, or had not when the run was given up,
 * has not kept the promise.
 */
import type { ServiceLevel } from '../../reports/record.ts'
import { proportion } from '../../reports/statistics/proportion.ts'
import { chainProfileNamed } from '../../sim/chain/modelProfiles.ts'
import type { ServiceLevel as Promised } from '../../sim/world/simulated.ts'
import { placeOfPart, type SimulatedPart, worldOfPart } from './part.ts'

function levelOf(part: SimulatedPart, promised: Promised): ServiceLevel {
  const { name, stage, withinMs, about } = promised
  const samples = part.result.facts.flatMap(({ stages }) =>
    stages.filter((each) => each.stage === stage),
  )
  const n = samples.length
  const count = (outcome: string) => samples.filter((each) => each.outcome === outcome).length
  const met = samples.filter(({ durationMs }) => durationMs !== null && durationMs <= withinMs)
  const found = n === 0 ? null : proportion(met.length, n)
  return {
    ...placeOfPart(part),
    blockIntervalMs: chainProfileNamed(part.spec.profile).blockIntervalMs,
    ...{ name, about, stage, withinMs, n, met: met.length },
    late: count('ended') - met.length,
    failed: count('failed'),
    undecided: count('undecided'),
    probability: found === null ? null : { value: found.value, low: found.low, high: found.high },
  }
}

/** One entry for each service level of the world. */
export function serviceLevelSections(part: SimulatedPart): readonly ServiceLevel[] {
  return worldOfPart(part).serviceLevels.map((promised) => levelOf(part, promised))
}
