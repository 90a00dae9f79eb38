/**
 * What a run of the session-escrow world is made from, checked and completed.
 *
 * Everything that is not given is drawn from (seed, run) or is a stated default, so that a
 * generator may fix any part of a world and leave the rest to chance.
 */
import { MeterproofError } from '../../models/kit/error.ts'
import type { Agreement, Policy } from '../../models/kit/trace.ts'
import {
  type SessionEscrowParameters,
  sessionEscrowParameters,
  sessionTermsDefault,
} from '../../models/session-escrow/parameters.ts'
import { type ChainProfile, chainProfileNamed } from '../chain/modelProfiles.ts'
import { drawFaultPlan } from '../faults/drawFaultPlan.ts'
import { type FaultPlan, parseFaultPlan } from '../faults/fault.ts'
import { type RegimeName, regimeNamed } from '../faults/regimes.ts'
import type { LinkConditions } from '../links.ts'
import { SESSION_TARGETS } from './actors.ts'
import { type Behaviour, behaviourSchema, drawBehaviour } from './behaviour.ts'
import type { WorldDefects } from './worldRun.ts'

/** Timestamp of true time 0: a multiple of 12 s, later than any base state of a lane. */
export const WORLD_EPOCH_SECONDS = 1_800_000_000

const DEFAULT_PARAMETERS = sessionEscrowParameters.parse({})

export interface WorldOptions {
  readonly policy: Policy
  readonly seed: number
  readonly run: number
  /** @defaultValue 'none' */
  readonly regime?: RegimeName
  /** @defaultValue the protocol's defaults */
  readonly parameters?: Partial<SessionEscrowParameters>
  /** A name, or a profile of one's own. @defaultValue 'l1' */
  readonly profile?: string | ChainProfile
  /** @defaultValue drawn from the regime */
  readonly faults?: unknown
  /** Link conditions. @defaultValue the regime's */
  readonly conditions?: LinkConditions
  /** Parts that are to be fixed. @defaultValue drawn */
  readonly behaviour?: Partial<Behaviour>
  /** @defaultValue 10,000 base units a second */
  readonly ratePerSecondUnits?: bigint
  /** @defaultValue 36,000,000 base units */
  readonly depositUnits?: bigint
  /** Kind of test token. @defaultValue 'plain6' */
  readonly token?: string
  /** Whether to keep every message. @defaultValue 'summary' */
  readonly detail?: 'summary' | 'full'
  readonly defects?: WorldDefects
}

/** Options with nothing left open. */
export interface WorldSetup {
  readonly policy: Policy
  readonly seed: number
  readonly run: number
  readonly regime: RegimeName | 'custom'
  readonly parameters: SessionEscrowParameters
  readonly profile: ChainProfile
  readonly faults: FaultPlan
  readonly conditions: LinkConditions
  readonly behaviour: Behaviour
  readonly depositUnits: bigint
  readonly agreement: Agreement
  readonly detail: 'summary' | 'full'
  readonly defects: WorldDefects
}

function parsed<Value>(
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

interface Issue {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/**
 * Checks options and draws what they leave open.
 *
 * @throws MeterproofError `MP_WORLD_INVALID`, `MP_FAULT_…` or `MP_CHAIN_PROFILE_UNKNOWN`
 */
export function setUpWorld(options: WorldOptions): WorldSetup {
  const { policy, seed, run, defects = {}, detail = 'summary' } = options
  const regime = regimeNamed(options.regime ?? 'none')
  const key = { seed, run }
  const isCustom = options.faults !== undefined
  const drawn = { ...drawBehaviour(key), ...options.behaviour }
  const profile = options.profile ?? 'l1'
  return {
    ...{ policy, seed, run, defects, detail },
    regime: isCustom && options.regime === undefined ? 'custom' : regime.name,
    parameters:
      options.parameters === undefined
        ? DEFAULT_PARAMETERS
        : parsed('parameters', sessionEscrowParameters.safeParse(options.parameters)),
    profile: typeof profile === 'string' ? chainProfileNamed(profile) : profile,
    faults: isCustom
      ? parseFaultPlan(options.faults, SESSION_TARGETS)
      : drawFaultPlan(regime.name, key, SESSION_TARGETS),
    conditions: options.conditions ?? regime.conditions,
    behaviour:
      options.behaviour === undefined
        ? drawn
        : parsed('behaviour', behaviourSchema.safeParse(drawn)),
    depositUnits: options.depositUnits ?? sessionTermsDefault.depositUnits,
    agreement: {
      index: 0,
      roles: { student: 'student0', tutor: 'tutor0' },
      token: options.token ?? 'plain6',
      terms: {
        ratePerSecondUnits: options.ratePerSecondUnits ?? sessionTermsDefault.ratePerSecondUnits,
      },
    },
  }
}
