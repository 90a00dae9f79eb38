/**
 * What a journey is made from, checked and completed: one deployment of the three contracts, who
 * does what, and the faults of the regime with the drop of the call among them.
 */
import type { Agreement, Parameters } from '../../models/kit/trace.ts'
import { matchmakingParameters, requestTermsDefault } from '../../models/matchmaking/parameters.ts'
import { sessionEscrowParameters } from '../../models/session-escrow/parameters.ts'
import { withdrawalParameters } from '../../models/withdrawal/parameters.ts'
import { type FaultPlan, faultEndMs, parseFaultPlan } from '../faults/fault.ts'
import type { WorldSetup as CallSetup } from '../session-escrow/options.ts'
import type { WorldDefects as CallDefects } from '../session-escrow/worldRun.ts'
import type { WorldSetup as PayoutSetup, PlannedWithdrawal } from '../withdrawal/options.ts'
import type { WorldDefects as PayoutDefects } from '../withdrawal/worldRun.ts'
import { type CommonOptions, type CommonSetup, commonSetup } from '../world/setup.ts'
import { JOURNEY_TARGETS } from './actors.ts'
import { type Behaviour, drawBehaviour } from './behaviour.ts'

const MATCHMAKING = matchmakingParameters.parse({ proposalTtlSeconds: 60 })
const SESSION = sessionEscrowParameters.parse({ feeBps: 250 })
const WITHDRAWAL = withdrawalParameters.parse({
  minimumUnits: 500_000,
  processingTimeoutSeconds: 1_800,
  commissionBps: 1_000,
})
/**
 * The one deployment of journeys; the names of the protocols' parameters do not clash. Fee and
 * commission are both taken, and the times are such that a journey is over within some hours: a
 * tutor has 60 s to answer (five blocks of 12 s), the bank half an hour.
 */
export const JOURNEY_PARAMETERS: Parameters = { ...MATCHMAKING, ...SESSION, ...WITHDRAWAL }

const TOKEN = 'plain6'
/** Faults are drawn for this time, and begin within a third of it: see `hastened`. */
const FAULTS_WITHIN_MS = 90 * 60_000
/** How much sooner than in other worlds faults follow on each other. */
const HASTE = 3

/** Deliberate mistakes in the world, each of which a claim must catch. */
export type JourneyDefects = CallDefects & PayoutDefects

export interface JourneyOptions extends Omit<CommonOptions, 'policy'> {
  /** Parts that are to be fixed. @defaultValue drawn */
  readonly behaviour?: Partial<Behaviour>
  readonly defects?: JourneyDefects
}

/** Options with nothing left open. */
export interface JourneySetup extends CommonSetup {
  readonly parameters: Parameters
  readonly behaviour: Behaviour
  readonly defects: JourneyDefects
  readonly token: string
  readonly request: Agreement
  /** In the numbers of session-escrow. */
  readonly session: Agreement
  readonly depositUnits: bigint
}

/**
 * The faults of a regime, three times as often as it has them, in half an hour: its rates put some
 * fault into most hours, and the phases of a journey take some minutes each, so that most would
 * meet none. How long and how bad they are stays what their sources say. A clock is set wrong once
 * at a time.
 */
function hastened(faults: FaultPlan): FaultPlan {
  const jumpsEndMs = new Map<string, number>()
  const sooner = faults.map((fault) => ({ ...fault, atMs: Math.floor(fault.atMs / HASTE) }))
  return sooner.filter((fault) => {
    if (fault.kind !== 'clock-jump') return true
    const isFree = fault.atMs > (jumpsEndMs.get(fault.target) ?? -1)
    if (isFree) jumpsEndMs.set(fault.target, faultEndMs(fault))
    return isFree
  })
}

/** @throws MeterproofError `MP_FAULT_…` or `MP_CHAIN_PROFILE_UNKNOWN` */
export function setUpJourney(options: JourneyOptions): JourneySetup {
  const { seed, run, defects = {} } = options
  const { maxRateUnits, capUnits } = requestTermsDefault
  const behaviour = { ...drawBehaviour({ seed, run }, maxRateUnits), ...options.behaviour }
  const common = commonSetup({ ...options, policy: 'hardened' }, JOURNEY_TARGETS, FAULTS_WITHIN_MS)
  const { side: target, atMs, durationMs } = behaviour.drop
  const drop = { kind: 'link-down', target, atMs, durationMs, magnitude: 1 } as const
  const others = options.faults === undefined ? hastened(common.faults) : common.faults
  const faults = [...others, drop].sort((a, b) => a.atMs - b.atMs)
  return {
    ...common,
    ...{ faults: parseFaultPlan(faults, JOURNEY_TARGETS), behaviour, defects, token: TOKEN },
    parameters: JOURNEY_PARAMETERS,
    depositUnits: (capUnits * BigInt(behaviour.depositBps)) / 10_000n,
    request: {
      ...{ index: 0, token: TOKEN, roles: { student: 'student0' } },
      terms: { maxRateUnits, capUnits, salt: 0n },
    },
    session: {
      ...{ index: 0, token: TOKEN, roles: { student: 'student0', tutor: 'tutor0' } },
      terms: { ratePerSecondUnits: behaviour.rateUnits },
    },
  }
}

/** The journey as the world of session-escrow would have it. */
export function callSetup(setup: JourneySetup): CallSetup {
  const { behaviour, session, depositUnits, defects } = setup
  const { serviceForgets, relayerNeverRetries, signsByClockOf, nobodySettles } = defects
  const given = { serviceForgets, relayerNeverRetries, signsByClockOf, nobodySettles }
  const known = Object.entries(given).filter(([, value]) => value !== undefined)
  return {
    ...common(setup),
    ...{ parameters: SESSION, behaviour: behaviour.call, agreement: session, depositUnits },
    defects: Object.fromEntries(known),
  }
}

/** The journey as the world of withdrawal would have it, once it is known what was earned. */
export function payoutSetup(setup: JourneySetup, amountUnits: bigint): PayoutSetup {
  const { behaviour, token, defects } = setup
  const [request] = behaviour.payout.requests
  if (request === undefined) throw new Error('a journey has one request')
  const first: PlannedWithdrawal = {
    ...{ index: 0, teacher: 0, amountUnits, againOf: null, atMs: 0, request },
  }
  // Who asks again has found out what was wrong.
  const mended = { isClosed: false, verdict: 'approve', answers: 'once', returns: 0 } as const
  const again = {
    ...{ ...first, index: 1, againOf: 0 },
    request: { ...request, ...mended, asksAgain: false },
  }
  const withdrawals = [first, again]
  const agreements = withdrawals.map(({ index }) => ({
    ...{ index, token, roles: { teacher: 'teacher0', bank: 'bank', platform: 'platform' } },
    terms: { amountUnits, salt: BigInt(index) },
  }))
  return {
    ...common(setup),
    ...{
      parameters: WITHDRAWAL,
      behaviour: behaviour.payout,
      earnings: [],
      withdrawals,
      agreements,
    },
    ...{ agreement: agreements[0] as Agreement, defects },
  }
}

function common(setup: JourneySetup): CommonSetup {
  const { policy, seed, run, regime, profile, faults, conditions, detail } = setup
  return { policy, seed, run, regime, profile, faults, conditions, detail }
}
