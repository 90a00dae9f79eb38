/**
 * What a run of the matchmaking world is made from, checked and completed.
 *
 * Everything that is not given is drawn from (seed, run) or is a stated default, so that a
 * generator may fix any part of a world and leave the rest to chance. Rates are parts of the
 * ordinary rate; a part of a base unit is dropped, and no rate is below one unit.
 */
import { MeterproofError } from '../../models/kit/error.ts'
import { bpsShareFloor, maxBig } from '../../models/kit/money.ts'
import type { Agreement } from '../../models/kit/trace.ts'
import {
  type MatchmakingParameters,
  matchmakingParameters,
  requestTermsDefault,
} from '../../models/matchmaking/parameters.ts'
import { type CommonOptions, type CommonSetup, commonSetup, parsed } from '../world/setup.ts'
import { MATCHMAKING_TARGETS, STUDENTS } from './actors.ts'
import {
  type Behaviour,
  behaviourSchema,
  drawBehaviour,
  type RequestBehaviour,
  type TutorBehaviour,
} from './behaviour.ts'
import type { WorldDefects } from './worldRun.ts'

const DEFAULT_PARAMETERS = matchmakingParameters.parse({})
/** What an ordinary tutor asks a second. */
export const RATE_UNITS_DEFAULT = requestTermsDefault.maxRateUnits
/** Drawn faults begin within this time: most searches, and many of the calls. */
const FAULTS_WITHIN_MS = 45 * 60_000

export interface WorldOptions extends CommonOptions {
  /** @defaultValue the protocol's defaults */
  readonly parameters?: Partial<MatchmakingParameters>
  /** Parts that are to be fixed. @defaultValue drawn */
  readonly behaviour?: Partial<Behaviour>
  /** What an ordinary tutor asks a second. @defaultValue 10,000 base units */
  readonly rateUnits?: bigint
  /** Kind of test token. @defaultValue 'plain6' */
  readonly token?: string
  readonly defects?: WorldDefects
}

/** A request that a student may make. */
export interface PlannedRequest {
  /** Number of the agreement. */
  readonly index: number
  readonly student: number
  readonly maxRateUnits: bigint
  readonly capUnits: bigint
  /** What the student has when it asks, and when it deposits. */
  readonly purseUnits: bigint
  readonly leftUnits: bigint
  readonly request: RequestBehaviour
}

/** A tutor as the matchmaker has it on file, and what it really asks for. */
export interface PlannedTutor {
  readonly listedRateUnits: bigint
  readonly ownRateUnits: bigint
  readonly tutor: TutorBehaviour
}

/** Options with nothing left open. */
export interface WorldSetup extends CommonSetup {
  readonly parameters: MatchmakingParameters
  readonly behaviour: Behaviour
  readonly requests: readonly PlannedRequest[]
  readonly tutors: readonly PlannedTutor[]
  readonly agreement: Agreement
  readonly agreements: readonly Agreement[]
  readonly defects: WorldDefects
}

function partOf(units: bigint, bps: number): bigint {
  return maxBig(1n, bpsShareFloor(units, BigInt(bps)))
}

function requestOf(request: RequestBehaviour, index: number, rateUnits: bigint): PlannedRequest {
  const { student, maxRateBps, capSeconds, purseBps, leftBps } = request
  const maxRateUnits = partOf(rateUnits, maxRateBps)
  const capUnits = maxRateUnits * BigInt(capSeconds)
  const purseUnits = bpsShareFloor(capUnits, BigInt(purseBps))
  const leftUnits = bpsShareFloor(capUnits, BigInt(leftBps))
  return { index, student, maxRateUnits, capUnits, purseUnits, leftUnits, request }
}

function tutorOf(tutor: TutorBehaviour, rateUnits: bigint): PlannedTutor {
  const listedRateUnits = partOf(rateUnits, tutor.rateBps)
  const ownRateUnits = listedRateUnits + bpsShareFloor(rateUnits, BigInt(tutor.raiseBps))
  return { listedRateUnits, ownRateUnits, tutor }
}

function agreementOf(
  {
    index,
    student,
    maxRateUnits,
    capUnits,
  }: Pick<PlannedRequest, 'index' | 'student' | 'maxRateUnits' | 'capUnits'>,
  token: string,
): Agreement {
  const roles = { student: STUDENTS[student] as string, matchmaker: 'matchmaker' }
  return {
    ...{ index, token },
    roles: { ...roles, sessionEscrow: 'sessionEscrow' },
    terms: { maxRateUnits, capUnits, salt: BigInt(index) },
  }
}

/**
 * Checks options and draws what they leave open.
 *
 * @throws MeterproofError `MP_WORLD_INVALID`, `MP_FAULT_…` or `MP_CHAIN_PROFILE_UNKNOWN`
 */
export function setUpWorld(options: WorldOptions): WorldSetup {
  const { seed, run, defects = {}, token = 'plain6' } = options
  const parameters =
    options.parameters === undefined
      ? DEFAULT_PARAMETERS
      : parsed('parameters', matchmakingParameters.safeParse(options.parameters))
  const drawn = { ...drawBehaviour({ seed, run }), ...options.behaviour }
  const behaviour =
    options.behaviour === undefined ? drawn : parsed('behaviour', behaviourSchema.safeParse(drawn))
  const { rateUnits = RATE_UNITS_DEFAULT } = options
  if (rateUnits < 1n) {
    const field = 'rateUnits'
    const sentence = `The world is not valid at ${field}: it must be at least 1 base unit.`
    throw new MeterproofError('MP_WORLD_INVALID', sentence, { facts: { field } })
  }
  const requests = behaviour.requests.map((each, index) => requestOf(each, index, rateUnits))
  // Where nobody asks for anything there is still one who could.
  const dormant = { index: 0, student: 0, ...requestTermsDefault }
  const agreements = (requests.length === 0 ? [dormant] : requests).map((each) =>
    agreementOf(each, token),
  )
  return {
    ...commonSetup(options, MATCHMAKING_TARGETS, FAULTS_WITHIN_MS),
    ...{ parameters, behaviour, requests, agreements, defects },
    tutors: behaviour.tutors.map((each) => tutorOf(each, rateUnits)),
    agreement: agreements[0] as Agreement,
  }
}
