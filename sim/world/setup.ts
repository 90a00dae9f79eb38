/**
 * The part of a world's options that is the same for every protocol, checked and completed.
 *
 * Everything that is not given is drawn from (seed, run) or is a stated default, so that a
 * generator may fix any part of a world and leave the rest to chance.
 */
import { MeterproofError } from '../../models/kit/error.ts'
import type { Parameters, Policy } from '../../models/kit/trace.ts'
import { type ChainProfile, chainProfileNamed } from '../chain/modelProfiles.ts'
import { drawFaultPlan } from '../faults/drawFaultPlan.ts'
import { type FaultPlan, parseFaultPlan } from '../faults/fault.ts'
import { type RegimeName, regimeNamed } from '../faults/regimes.ts'
import type { FaultTargets } from '../faults/targets.ts'
import type { LinkConditions } from '../links.ts'
import type { RunHead } from './records.ts'

/** Timestamp of true time 0: a multiple of 12 s, later than any base state of a lane. */
export const WORLD_EPOCH_SECONDS = 1_800_000_000

export interface CommonOptions {
  readonly policy: Policy
  readonly seed: number
  readonly run: number
  /** @defaultValue 'none' */
  readonly regime?: RegimeName
  /** A name, or a profile of one's own. @defaultValue 'l1' */
  readonly profile?: string | ChainProfile
  /** @defaultValue drawn from the regime */
  readonly faults?: unknown
  /** Link conditions. @defaultValue the regime's */
  readonly conditions?: LinkConditions
  /** Whether to keep every message. @defaultValue 'summary' */
  readonly detail?: 'summary' | 'full'
}

/** Common options with nothing left open. */
export interface CommonSetup {
  readonly policy: Policy
  readonly seed: number
  readonly run: number
  readonly regime: RegimeName | 'custom'
  readonly profile: ChainProfile
  readonly faults: FaultPlan
  readonly conditions: LinkConditions
  readonly detail: 'summary' | 'full'
}

interface Issue {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/**
 * What a zod schema's `safeParse` found, or a refusal that names the field.
 *
 * @param what - the option that was parsed, for instance `parameters`
 * @throws MeterproofError `MP_WORLD_INVALID`
 */
export function parsed<Value>(
  what: string,
  result: { success: boolean; data?: Value; error?: { issues: readonly Issue[] } },
): Value {
  if (result.success) return result.data as Value
  const issue = result.error?.issues[0]
  const field = [what, ...(issue?.path.map(String) ?? [])].join('.')
  const message = issue?.message ?? 'not valid'
  throw new MeterproofError('MP_WORLD_INVALID', `The world is not valid at ${field}: ${message}.`, {
    facts: { field },
  })
}

/**
 * Checks the common options and draws what they leave open.
 *
 * @param faultsWithinMs - drawn faults begin before this time; 75 minutes unless given
 * @throws MeterproofError `MP_FAULT_…` or `MP_CHAIN_PROFILE_UNKNOWN`
 */
export function commonSetup(
  options: CommonOptions,
  targets: FaultTargets,
  faultsWithinMs?: number,
): CommonSetup {
  const { policy, seed, run, detail = 'summary' } = options
  const regime = regimeNamed(options.regime ?? 'none')
  const isCustom = options.faults !== undefined
  const profile = options.profile ?? 'l1'
  return {
    ...{ policy, seed, run, detail },
    regime: isCustom && options.regime === undefined ? 'custom' : regime.name,
    profile: typeof profile === 'string' ? chainProfileNamed(profile) : profile,
    faults: isCustom
      ? parseFaultPlan(options.faults, targets)
      : drawFaultPlan(regime.name, { seed, run }, targets, faultsWithinMs),
    conditions: options.conditions ?? regime.conditions,
  }
}

/** The head of a run's record. */
export function runHead(setup: CommonSetup & { readonly parameters: Parameters }): RunHead {
  const { policy, parameters, regime, seed, run, profile, faults } = setup
  return {
    ...{ policy, parameters, regime, seed, run },
    ...{ profile, chainKind: 'model', epochSeconds: WORLD_EPOCH_SECONDS, faults },
  }
}
