/**
 * What a run of the withdrawal world is made from, checked and completed.
 *
 * Everything that is not given is drawn from (seed, run) or is a stated default, so that a
 * generator may fix any part of a world and leave the rest to chance. Amounts are terms of
 * agreements and so must be known before the run: each is a part of what its teacher will have
 * earned in all.
 */
import { MeterproofError } from '../../models/kit/error.ts'
import { bpsShareFloor, maxBig } from '../../models/kit/money.ts'
import type { Agreement } from '../../models/kit/trace.ts'
import {
  type WithdrawalParameters,
  withdrawalParameters,
} from '../../models/withdrawal/parameters.ts'
import { type CommonOptions, type CommonSetup, commonSetup, parsed } from '../world/setup.ts'
import { TEACHERS, WITHDRAWAL_TARGETS } from './actors.ts'
import {
  type Behaviour,
  behaviourSchema,
  drawBehaviour,
  type RequestBehaviour,
} from './behaviour.ts'
import type { WorldDefects } from './worldRun.ts'

const DEFAULT_PARAMETERS = withdrawalParameters.parse({})
/** Gross earnings of an ordinary session: 50.00 with 6 decimals. */
export const SESSION_UNITS_DEFAULT = 50_000_000n
/** Drawn faults begin within this time: all requests, and most of what follows on them. */
const FAULTS_WITHIN_MS = 2 * 3_600_000

export interface WorldOptions extends CommonOptions {
  /** @defaultValue the protocol's defaults */
  readonly parameters?: Partial<WithdrawalParameters>
  /** Parts that are to be fixed. @defaultValue drawn */
  readonly behaviour?: Partial<Behaviour>
  /** Gross earnings of an ordinary session. @defaultValue 50,000,000 base units */
  readonly sessionUnits?: bigint
  /** Kind of test token. @defaultValue 'plain6' */
  readonly token?: string
  readonly defects?: WorldDefects
}

/** What the platform owes for a session, and when the session ends. */
export interface Earning {
  readonly atMs: number
  readonly teacher: number
  readonly grossUnits: bigint
  readonly netUnits: bigint
}

/** A withdrawal that a teacher may ask for. */
export interface PlannedWithdrawal {
  /** Number of the agreement. */
  readonly index: number
  readonly teacher: number
  readonly amountUnits: bigint
  /** The withdrawal whose money it asks for once more; null for a first request. */
  readonly againOf: number | null
  readonly atMs: number
  readonly request: RequestBehaviour
}

/** Options with nothing left open. */
export interface WorldSetup extends CommonSetup {
  readonly parameters: WithdrawalParameters
  readonly behaviour: Behaviour
  /** In order of time; only of teachers who ask for something. */
  readonly earnings: readonly Earning[]
  readonly withdrawals: readonly PlannedWithdrawal[]
  readonly agreement: Agreement
  readonly agreements: readonly Agreement[]
  readonly defects: WorldDefects
}

/** The commission is rounded down, the odd unit is the teacher's. */
export function netUnits(grossUnits: bigint, commissionBps: number): bigint {
  return grossUnits - bpsShareFloor(grossUnits, BigInt(commissionBps))
}

function earningsOf(
  { earnings, requests }: Behaviour,
  sessionUnits: bigint,
  { commissionBps }: WithdrawalParameters,
): readonly Earning[] {
  return earnings
    .filter(({ teacher }) => requests.some((request) => request.teacher === teacher))
    .sort((a, b) => a.atMs - b.atMs)
    .map(({ atMs, teacher, sessionBps }) => {
      const grossUnits = maxBig(1n, bpsShareFloor(sessionUnits, BigInt(sessionBps)))
      return { atMs, teacher, grossUnits, netUnits: netUnits(grossUnits, commissionBps) }
    })
}

function withdrawalsOf(
  { requests }: Behaviour,
  earnings: readonly Earning[],
): readonly PlannedWithdrawal[] {
  const first = requests.map((request, index): PlannedWithdrawal => {
    const { teacher, atMs, shareBps } = request
    const earnedUnits = earnings
      .filter((earning) => earning.teacher === teacher)
      .reduce((sum, earning) => sum + earning.netUnits, 0n)
    const amountUnits = maxBig(1n, bpsShareFloor(earnedUnits, BigInt(shareBps)))
    return { index, teacher, amountUnits, againOf: null, atMs, request }
  })
  // Who asks again has found out what was wrong.
  const mended = { isClosed: false, verdict: 'approve', answers: 'once', returns: 0 } as const
  const again = first
    .filter(({ request }) => request.asksAgain)
    .map((withdrawal, at) => ({
      ...withdrawal,
      ...{ index: first.length + at, againOf: withdrawal.index },
      request: { ...withdrawal.request, ...mended, asksAgain: false },
    }))
  return [...first, ...again]
}

function agreementOf(
  { index, teacher, amountUnits }: Pick<PlannedWithdrawal, 'index' | 'teacher' | 'amountUnits'>,
  token: string,
): Agreement {
  return {
    ...{ index, token },
    roles: { teacher: TEACHERS[teacher] as string, bank: 'bank', platform: 'platform' },
    terms: { amountUnits, salt: BigInt(index) },
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
      : parsed('parameters', withdrawalParameters.safeParse(options.parameters))
  const drawn = { ...drawBehaviour({ seed, run }), ...options.behaviour }
  const behaviour =
    options.behaviour === undefined ? drawn : parsed('behaviour', behaviourSchema.safeParse(drawn))
  const { sessionUnits = SESSION_UNITS_DEFAULT } = options
  if (sessionUnits < 1n) {
    const field = 'sessionUnits'
    const sentence = `The world is not valid at ${field}: it must be at least 1 base unit.`
    throw new MeterproofError('MP_WORLD_INVALID', sentence, { facts: { field } })
  }
  const earnings = earningsOf(behaviour, sessionUnits, parameters)
  const withdrawals = withdrawalsOf(behaviour, earnings)
  // Where nobody asks for anything there is still one that could be asked for.
  const dormant = { index: 0, teacher: 0, amountUnits: BigInt(parameters.minimumUnits) }
  const all = withdrawals.length === 0 ? [dormant] : withdrawals
  const agreements = all.map((withdrawal) => agreementOf(withdrawal, token))
  return {
    ...commonSetup(options, WITHDRAWAL_TARGETS, FAULTS_WITHIN_MS),
    ...{ parameters, behaviour, earnings, withdrawals, agreements, defects },
    agreement: agreements[0] as Agreement,
  }
}
