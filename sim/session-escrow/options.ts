/**
 * What a run of the session-escrow world is made from, checked and completed.
 *
 * Everything that is not given is drawn from (seed, run) or is a stated default, so that a
 * generator may fix any part of a world and leave the rest to chance.
 */
import type { Agreement } from '../../models/kit/trace.ts'
import {
  type SessionEscrowParameters,
  sessionEscrowParameters,
  sessionTermsDefault,
} from '../../models/session-escrow/parameters.ts'
import { type CommonOptions, type CommonSetup, commonSetup, parsed } from '../world/setup.ts'
import { SESSION_TARGETS } from './actors.ts'
import { type Behaviour, behaviourSchema, drawBehaviour } from './behaviour.ts'
import type { WorldDefects } from './worldRun.ts'

const DEFAULT_PARAMETERS = sessionEscrowParameters.parse({})

export interface WorldOptions extends CommonOptions {
  /** @defaultValue the protocol's defaults */
  readonly parameters?: Partial<SessionEscrowParameters>
  /** Parts that are to be fixed. @defaultValue drawn */
  readonly behaviour?: Partial<Behaviour>
  /** @defaultValue 10,000 base units a second */
  readonly ratePerSecondUnits?: bigint
  /** @defaultValue 36,000,000 base units */
  readonly depositUnits?: bigint
  /** Kind of test token. @defaultValue 'plain6' */
  readonly token?: string
  readonly defects?: WorldDefects
}

/** Options with nothing left open. */
export interface WorldSetup extends CommonSetup {
  readonly parameters: SessionEscrowParameters
  readonly behaviour: Behaviour
  readonly depositUnits: bigint
  readonly agreement: Agreement
  readonly defects: WorldDefects
}

/**
 * Checks options and draws what they leave open.
 *
 * @throws MeterproofError `MP_WORLD_INVALID`, `MP_FAULT_…` or `MP_CHAIN_PROFILE_UNKNOWN`
 */
export function setUpWorld(options: WorldOptions): WorldSetup {
  const { seed, run, defects = {} } = options
  const drawn = { ...drawBehaviour({ seed, run }), ...options.behaviour }
  return {
    ...commonSetup(options, SESSION_TARGETS),
    defects,
    parameters:
      options.parameters === undefined
        ? DEFAULT_PARAMETERS
        : parsed('parameters', sessionEscrowParameters.safeParse(options.parameters)),
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
