/**
 * What a run of the token-job world is made from, checked and completed.
 *
 * Everything that is not given is drawn from (seed, run) or is a stated default, so that a
 * generator may fix any part of a world and leave the rest to chance.
 */
import { MeterproofError } from '../../models/kit/error.ts'
import type { Agreement } from '../../models/kit/trace.ts'
import {
  jobTermsDefault,
  type TokenJobParameters,
  tokenJobParameters,
} from '../../models/token-job/parameters.ts'
import { type CommonOptions, type CommonSetup, commonSetup, parsed } from '../world/setup.ts'
import { JOB_TARGETS } from './actors.ts'
import { type Behaviour, behaviourSchema, drawBehaviour } from './behaviour.ts'
import type { WorldDefects } from './worldRun.ts'

const DEFAULT_PARAMETERS = tokenJobParameters.parse({})
/** Drawn faults begin within this time: most jobs take less. */
export const FAULTS_WITHIN_MS = 20 * 60_000

export interface WorldOptions extends CommonOptions {
  /** @defaultValue the protocol's defaults */
  readonly parameters?: Partial<TokenJobParameters>
  /** Parts that are to be fixed. @defaultValue drawn */
  readonly behaviour?: Partial<Behaviour>
  /** @defaultValue 2,000 base units a token */
  readonly pricePerTokenUnits?: bigint
  /** @defaultValue 2,000,000 base units */
  readonly depositUnits?: bigint
  /** @defaultValue a day */
  readonly durationSeconds?: number
  /** Kind of test token. @defaultValue 'plain6' */
  readonly token?: string
  readonly defects?: WorldDefects
}

/** Options with nothing left open. */
export interface WorldSetup extends CommonSetup {
  readonly parameters: TokenJobParameters
  readonly behaviour: Behaviour
  readonly agreement: Agreement
  readonly priceUnits: bigint
  readonly depositUnits: bigint
  /** Whole tokens that the deposit buys, rounded down. */
  readonly affordableTokens: number
  /** Seconds from the start in which the contract takes proofs, and nobody can time it out. */
  readonly openSeconds: number
  readonly defects: WorldDefects
}

function affordable(depositUnits: bigint, priceUnits: bigint): number {
  const tokens = priceUnits > 0n ? depositUnits / priceUnits : 0n
  if (tokens > 0n && tokens <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(tokens)
  const field = 'depositUnits'
  const sentence = `The world is not valid at ${field}: it must buy from 1 to 2^53 − 1 tokens.`
  throw new MeterproofError('MP_WORLD_INVALID', sentence, { facts: { field } })
}

/**
 * Checks options and draws what they leave open.
 *
 * @throws MeterproofError `MP_WORLD_INVALID`, `MP_FAULT_…` or `MP_CHAIN_PROFILE_UNKNOWN`
 */
export function setUpWorld(options: WorldOptions): WorldSetup {
  const { seed, run, policy, defects = {} } = options
  const parameters =
    options.parameters === undefined
      ? DEFAULT_PARAMETERS
      : parsed('parameters', tokenJobParameters.safeParse(options.parameters))
  const { proofWindowSeconds } = parameters
  const drawn = { ...drawBehaviour({ seed, run }), ...options.behaviour }
  const priceUnits = options.pricePerTokenUnits ?? jobTermsDefault.pricePerTokenUnits
  const depositUnits = options.depositUnits ?? jobTermsDefault.depositUnits
  const durationSeconds = options.durationSeconds ?? jobTermsDefault.durationSeconds
  const windowSeconds = policy === 'hardened' ? proofWindowSeconds : 0
  const common = commonSetup(options, JOB_TARGETS, FAULTS_WITHIN_MS)
  return {
    ...common,
    profile: { ...common.profile, confirmations: parameters.confirmations },
    ...{ parameters, priceUnits, depositUnits, defects },
    behaviour:
      options.behaviour === undefined
        ? drawn
        : parsed('behaviour', behaviourSchema.safeParse(drawn)),
    affordableTokens: affordable(depositUnits, priceUnits),
    openSeconds: durationSeconds + windowSeconds,
    agreement: {
      index: 0,
      roles: { user: 'user0', host: 'host0' },
      token: options.token ?? 'plain6',
      terms: { pricePerTokenUnits: priceUnits, depositUnits, durationSeconds, salt: 0n },
    },
  }
}
