/**
 * What a run of the progressive-escrow world is made from, checked and completed.
 *
 * Everything that is not given is drawn from (seed, run) or is a stated default, so that a
 * generator may fix any part of a world and leave the rest to chance.
 */
import type { Agreement } from '../../models/kit/trace.ts'
import {
  type ProgressiveEscrowParameters,
  progressiveEscrowParameters,
  progressiveTermsDefault,
} from '../../models/progressive-escrow/parameters.ts'
import { type CommonOptions, type CommonSetup, commonSetup, parsed } from '../world/setup.ts'
import { PROGRESSIVE_TARGETS } from './actors.ts'
import { type Behaviour, behaviourSchema, drawBehaviour } from './behaviour.ts'
import type { WorldDefects } from './worldRun.ts'

const DEFAULT_PARAMETERS = progressiveEscrowParameters.parse({})
/** Faults begin within the session and this time of coming and going. */
const FAULTS_BESIDE_MS = 15 * 60_000

export interface WorldOptions extends CommonOptions {
  /** @defaultValue the protocol's defaults */
  readonly parameters?: Partial<ProgressiveEscrowParameters>
  /** Parts that are to be fixed. @defaultValue drawn */
  readonly behaviour?: Partial<Behaviour>
  /** Price of the whole session. @defaultValue 100,000,000 base units */
  readonly totalAmountUnits?: bigint
  /** @defaultValue 60 */
  readonly durationMinutes?: number
  /** Kind of test token. @defaultValue 'plain6' */
  readonly token?: string
  readonly defects?: WorldDefects
}

/** Options with nothing left open. */
export interface WorldSetup extends CommonSetup {
  readonly parameters: ProgressiveEscrowParameters
  readonly behaviour: Behaviour
  readonly agreement: Agreement
  readonly durationSeconds: number
  readonly defects: WorldDefects
}

/**
 * Checks options and draws what they leave open.
 *
 * @throws MeterproofError `MP_WORLD_INVALID`, `MP_FAULT_…` or `MP_CHAIN_PROFILE_UNKNOWN`
 */
export function setUpWorld(options: WorldOptions): WorldSetup {
  const { seed, run, defects = {} } = options
  const durationMinutes = options.durationMinutes ?? progressiveTermsDefault.durationMinutes
  const durationSeconds = durationMinutes * 60
  const drawn = { ...drawBehaviour({ seed, run }, durationSeconds * 1000), ...options.behaviour }
  const faultsWithinMs = durationSeconds * 1000 + FAULTS_BESIDE_MS
  return {
    ...commonSetup(options, PROGRESSIVE_TARGETS, faultsWithinMs),
    ...{ defects, durationSeconds },
    parameters:
      options.parameters === undefined
        ? DEFAULT_PARAMETERS
        : parsed('parameters', progressiveEscrowParameters.safeParse(options.parameters)),
    behaviour:
      options.behaviour === undefined
        ? drawn
        : parsed('behaviour', behaviourSchema.safeParse(drawn)),
    agreement: {
      index: 0,
      roles: { student: 'student0', mentor: 'mentor0' },
      token: options.token ?? 'plain6',
      terms: {
        totalAmountUnits: options.totalAmountUnits ?? progressiveTermsDefault.totalAmountUnits,
        durationMinutes,
        nonce: 0n,
      },
    },
  }
}
