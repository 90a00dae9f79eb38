/**
 * Whole lessons, played through the lifecycle machine by parties that always do the same: what
 * design curves are made of.
 *
 * One student, one teacher, the default deployment, 100.00 in a token of 6 decimals. Nothing is
 * drawn and no clock is asked. Every attempt of a play must be accepted; what the teacher received
 * is read from outside, from transfers.
 */
import {
  attendanceHoldParameters,
  holdTermsDefault,
} from '../../models/attendance-hold/parameters.ts'
import { attendanceHold } from '../../models/attendance-hold/protocol.ts'
import { assert } from '../../models/kit/error.ts'
import type { Agreement, PlannedStep, Policy, StepAccount } from '../../models/kit/trace.ts'
import { type Plan, planBuilder } from '../kit/plan.ts'
import { START_SECONDS } from '../kit/player.ts'

/** How the student is there, for as long in all. */
export const PRESENCES = {
  whole: 'the student comes at the start and leaves once',
  rejoins: 'the student loses the connection half way, and is back after ten seconds',
  unseen: 'the student comes late and stays to the end, and the webhook of the leave is lost',
} as const
export type CurvePresence = keyof typeof PRESENCES

export interface CurvePlay {
  readonly policy: Policy
  readonly presence: CurvePresence
  /** How long the lesson really lasts. */
  readonly lastsSeconds: number
  readonly attendedSeconds: number
  readonly isReferred: boolean
}

/** Text that two plays share exactly when they are the same. */
export function playKey(play: CurvePlay): string {
  const { policy, presence, lastsSeconds, attendedSeconds, isReferred } = play
  return [policy, presence, lastsSeconds, attendedSeconds, isReferred].join(' ')
}

/** Every play runs on this deployment. */
export const CURVE_PARAMETERS = attendanceHoldParameters.parse({})
export const CURVE_TOKEN = { name: 'plain6', decimals: 6 } as const
const [STUDENT, TEACHER] = ['student0', 'teacher0'] as const
const STARTS_AT = START_SECONDS + 1
const REJOINS_AFTER_SECONDS = 10

function agreementOf({ isReferred }: CurvePlay): Agreement {
  const jobs = { platform: 'platform', attestor: 'attestor', keeper: 'keeper' }
  const referrer = isReferred ? { referrer: 'referrer0' } : {}
  return {
    index: 0,
    roles: { student: STUDENT, teacher: TEACHER, ...referrer, ...jobs },
    token: CURVE_TOKEN.name,
    terms: { ...holdTermsDefault, startsAt: STARTS_AT, salt: 0n },
  }
}

type Span = readonly [joinedAt: number, leftAt: number]

/** When the student is in the room, in seconds after the start. Empty spans are none. */
function spansOf({ presence, attendedSeconds, lastsSeconds }: CurvePlay): readonly Span[] {
  const half = Math.floor(attendedSeconds / 2)
  const back = half + REJOINS_AFTER_SECONDS
  const spans: Readonly<Record<CurvePresence, readonly Span[]>> = {
    whole: [[0, attendedSeconds]],
    rejoins: [
      [0, half],
      [back, back + attendedSeconds - half],
    ],
    unseen: [[lastsSeconds - attendedSeconds, lastsSeconds]],
  }
  return spans[presence].filter(([joinedAt, leftAt]) => leftAt > joinedAt)
}

type Attempt = Pick<PlannedStep, 'action' | 'by' | 'args'>

/** as-described: each webhook that arrives, in order. */
function told(play: CurvePlay): readonly Attempt[] {
  const isSeenLeaving = play.presence !== 'unseen'
  return spansOf(play).flatMap(([joinedAt, leftAt]) => {
    const event = (kind: string, at: number): Attempt => {
      return { action: 'recordAttendance', by: 'attestor', args: { kind, at: STARTS_AT + at } }
    }
    return [event('joined', joinedAt), ...(isSeenLeaving ? [event('left', leftAt)] : [])]
  })
}

/** hardened: what the attestor signs; it closes at the end what nobody has seen leave. */
function signed(play: CurvePlay): readonly Attempt[] {
  return spansOf(play).map(([joinedAt, leftAt], index) => {
    const span = { joinedAt: STARTS_AT + joinedAt, leftAt: STARTS_AT + leftAt }
    const args = { index, ...span, attestation: 'genuine' }
    return { action: 'recordAttendance', by: TEACHER, args }
  })
}

/** Plays a lesson to its end; as described the keeper decides by the figures. */
export function planPlay(play: CurvePlay): Plan {
  const { policy, lastsSeconds } = play
  const agreements = [agreementOf(play)]
  const cast = { protocol: attendanceHold, policy, parameters: CURVE_PARAMETERS, agreements }
  const builder = planBuilder(cast)
  const add = (atSeconds: number, attempt: Attempt) => {
    const { account } = builder.add({ agreement: 0, atSeconds, ...attempt })
    const { accepted, error } = account.outcome
    assert(accepted, `${attempt.action} of a play is legal, not ${error}`)
    return account
  }
  const isHardened = policy === 'hardened'
  const endedAt = STARTS_AT + lastsSeconds
  add(START_SECONDS, { action: 'purchase', by: STUDENT, args: {} })
  for (const attempt of isHardened ? signed(play) : told(play)) add(endedAt, attempt)
  const end = isHardened ? { endedAt, attestation: 'genuine' } : {}
  const finished = add(endedAt, { action: 'finishSession', by: TEACHER, args: end })
  const decision = isHardened ? {} : { release: isEnough(finished) }
  const decidedAt = endedAt + CURVE_PARAMETERS.attestationWindowSeconds
  add(decidedAt, { action: 'process', by: 'keeper', args: decision })
  return builder.plan()
}

/** What an honest keeper computes from the figures, as the summary has it. */
function isEnough({ after }: StepAccount): boolean {
  const { attendedSeconds = 0n, lengthSeconds = 0n } = after.agreements[0]?.figures ?? {}
  const thresholdBps = BigInt(CURVE_PARAMETERS.attendanceThresholdBps)
  return attendedSeconds * 10_000n >= lengthSeconds * thresholdBps
}

/** What the teacher has received in all, from the model's accounts or from the contract's. */
export function payoutOf(accounts: readonly StepAccount[]): bigint {
  const received = accounts.flatMap(({ transfers }) => transfers.filter(({ to }) => to === TEACHER))
  return received.reduce((sum, { amountUnits }) => sum + amountUnits, 0n)
}
