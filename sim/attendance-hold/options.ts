/**
 * What a run of the attendance-hold world is made from, checked and completed.
 *
 * Everything that is not given is drawn from (seed, run) or is a stated default, so that a
 * generator may fix any part of a world and leave the rest to chance.
 */
import {
  type AttendanceHoldParameters,
  attendanceHoldParameters,
  holdTermsDefault,
} from '../../models/attendance-hold/parameters.ts'
import { MeterproofError } from '../../models/kit/error.ts'
import type { Agreement } from '../../models/kit/trace.ts'
import {
  type CommonOptions,
  type CommonSetup,
  commonSetup,
  parsed,
  WORLD_EPOCH_SECONDS,
} from '../world/setup.ts'
import { HOLD_TARGETS } from './actors.ts'
import { type Behaviour, behaviourSchema, drawBehaviour } from './behaviour.ts'
import type { WorldDefects } from './worldRun.ts'

const DEFAULT_PARAMETERS = attendanceHoldParameters.parse({})
/** From the start of the world to the booked start of the lesson. */
export const LEAD_SECONDS_DEFAULT = 600
const SECOND_MS = 1000
const WHOLE_BPS = 10_000

export interface WorldOptions extends CommonOptions {
  /** @defaultValue the protocol's defaults */
  readonly parameters?: Partial<AttendanceHoldParameters>
  /** Parts that are to be fixed. @defaultValue drawn */
  readonly behaviour?: Partial<Behaviour>
  /** @defaultValue 100,000,000 base units */
  readonly priceUnits?: bigint
  /** Time until the lesson begins. @defaultValue 600 */
  readonly leadSeconds?: number
  /** Kind of test token. @defaultValue 'plain6' */
  readonly token?: string
  readonly defects?: WorldDefects
}

/** Options with nothing left open. */
export interface WorldSetup extends CommonSetup {
  readonly parameters: AttendanceHoldParameters
  readonly behaviour: Behaviour
  readonly agreement: Agreement
  readonly priceUnits: bigint
  /** Booked start, in seconds of block time and in true time. */
  readonly startsAtSeconds: number
  readonly startMs: number
  readonly defects: WorldDefects
}

function refuse(field: string, must: string): never {
  const sentence = `The world is not valid at ${field}: it must be ${must}.`
  throw new MeterproofError('MP_WORLD_INVALID', sentence, { facts: { field } })
}

/** True time of a part of the lesson, rounded down; never before the world begins. */
export function lessonMs(
  { startMs, parameters }: Pick<WorldSetup, 'startMs' | 'parameters'>,
  partBps: number,
): number {
  const afterMs = Math.floor((parameters.sessionSeconds * SECOND_MS * partBps) / WHOLE_BPS)
  return Math.max(0, startMs + afterMs)
}

/** First second after the booked end, of block time. */
export function bookedEndSeconds(
  setup: Pick<WorldSetup, 'startsAtSeconds'> & {
    readonly parameters: Pick<AttendanceHoldParameters, 'sessionSeconds'>
  },
): number {
  return setup.startsAtSeconds + setup.parameters.sessionSeconds
}

/** First second in which an unfinished hold can be refunded; as described the keeper's habit. */
export function noShowAtSeconds(setup: Pick<WorldSetup, 'startsAtSeconds' | 'parameters'>): number {
  return bookedEndSeconds(setup) + setup.parameters.noShowSeconds
}

/** Faults begin before the hold is due to be resolved. */
function faultsWithinMs(leadSeconds: number, parameters: AttendanceHoldParameters): number {
  const { sessionSeconds, attestationWindowSeconds, keeperIntervalSeconds } = parameters
  const seconds = leadSeconds + sessionSeconds + attestationWindowSeconds + keeperIntervalSeconds
  return seconds * SECOND_MS
}

function agreementOf(options: WorldOptions, isReferred: boolean, terms: Agreement['terms']) {
  const services = { platform: 'platform', attestor: 'attestor', keeper: 'keeper' }
  const sides = { student: 'student0', teacher: 'teacher0' }
  const roles = isReferred
    ? { ...sides, referrer: 'referrer0', ...services }
    : { ...sides, ...services }
  return { index: 0, roles, token: options.token ?? 'plain6', terms }
}

/**
 * Checks options and draws what they leave open.
 *
 * @throws MeterproofError `MP_WORLD_INVALID`, `MP_FAULT_…` or `MP_CHAIN_PROFILE_UNKNOWN`
 */
export function setUpWorld(options: WorldOptions): WorldSetup {
  const { seed, run, defects = {}, leadSeconds = LEAD_SECONDS_DEFAULT } = options
  const priceUnits = options.priceUnits ?? holdTermsDefault.priceUnits
  if (priceUnits < 1n) refuse('priceUnits', 'at least 1 base unit')
  if (!Number.isSafeInteger(leadSeconds) || leadSeconds < 1) {
    refuse('leadSeconds', 'a whole number of seconds')
  }
  const parameters =
    options.parameters === undefined
      ? DEFAULT_PARAMETERS
      : parsed('parameters', attendanceHoldParameters.safeParse(options.parameters))
  const drawn = { ...drawBehaviour({ seed, run }), ...options.behaviour }
  const behaviour =
    options.behaviour === undefined ? drawn : parsed('behaviour', behaviourSchema.safeParse(drawn))
  const startsAtSeconds = WORLD_EPOCH_SECONDS + leadSeconds
  const terms = { priceUnits, startsAt: startsAtSeconds, salt: 0n }
  return {
    ...commonSetup(options, HOLD_TARGETS, faultsWithinMs(leadSeconds, parameters)),
    ...{ parameters, behaviour, priceUnits, startsAtSeconds, defects },
    startMs: leadSeconds * SECOND_MS,
    agreement: agreementOf(options, behaviour.isReferred, terms),
  }
}
