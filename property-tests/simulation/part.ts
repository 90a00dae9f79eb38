/**
 * One design under one regime on one chain, simulated: what the sections of the record are made of.
 */
import { tokensFor } from '../../models/kit/tokens.ts'
import type { Scope } from '../../reports/record.ts'
import type { ShardResult } from '../../sim/simulate.ts'
import type { RunFacts } from '../../sim/world/facts.ts'
import type { SimulatedWorld, SimulationSpec } from '../../sim/world/simulated.ts'
import { worldOf } from '../../sim/worlds.ts'
import type { GasByCall } from './gasTable.ts'

export interface SimulatedPart {
  readonly spec: SimulationSpec
  readonly result: ShardResult
  readonly gas: GasByCall
}

export function worldOfPart({ spec }: SimulatedPart): SimulatedWorld {
  return worldOf(spec.protocol)
}

export function scopeOfPart({ spec }: SimulatedPart): Scope {
  const { protocol, policy, regime } = spec
  return { protocol, policy, regime }
}

/** The scope and the chain, which a record of several chains tells apart. */
export function placeOfPart(part: SimulatedPart) {
  return { ...scopeOfPart(part), profile: part.spec.profile }
}

/** Id of the run that is kept whole for its exposure, if it is this one. */
export function scenarioIdOf(part: SimulatedPart, run: number): string | null {
  return worstRunOf(part)?.run === run ? scenarioId(part) : null
}

export function scenarioId({ spec }: SimulatedPart): string {
  const { protocol, policy, regime, profile } = spec
  return ['worst', protocol, policy, regime, profile].join('-')
}

/** The run in which the payer's exposure was largest; null when there was none. */
export function worstRunOf({ result }: SimulatedPart): RunFacts | null {
  return result.facts.reduce<RunFacts | null>((worst, each) => {
    return each.payer.worstUnits > (worst?.payer.worstUnits ?? 0n) ? each : worst
  }, null)
}

const TOKENS = tokensFor({ payers: [], providers: [], platform: [] })
const DECIMALS_DEFAULT = 6

/** The token that a run was paid in, for reading amounts. */
export function tokenNamed(name: string): { readonly name: string; readonly decimals: number } {
  const known = TOKENS.find(({ kind }) => kind === name)
  return { name, decimals: known?.decimals ?? DECIMALS_DEFAULT }
}

/** The token of the part's runs; all of them have the same. */
export function tokenOfPart({ result }: SimulatedPart) {
  return tokenNamed(result.facts[0]?.token ?? 'plain6')
}
