/**
 * What the people of a journey do, drawn before the run from streams of its own.
 *
 * Everything is a plain number or word. Waiting times and the shares of mishaps are assumptions of
 * ours [A]: chosen so that in each regime most journeys go all the way, and some end early.
 */
import { chanceBps, logUniformMs, uniformInteger } from '../kernel/distributions.ts'
import { type RunKey, streamsOf } from '../kernel/random.ts'
import type { Behaviour as CallBehaviour } from '../session-escrow/behaviour.ts'
import type { Behaviour as PayoutBehaviour } from '../withdrawal/behaviour.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const WHOLE_BPS = 10_000

/** A side's link fails, for longer than any call survives. */
export interface Drop {
  readonly side: 'student' | 'tutor'
  readonly atMs: number
  readonly durationMs: number
}

export interface Behaviour {
  readonly requestAtMs: number
  /** A tutor who never answers is proposed first. */
  readonly silentFirst: boolean
  readonly tutorThinksMs: number
  /** What the tutor asks for, in base units a second. */
  readonly rateUnits: bigint
  /** For how long its quote holds, by its own clock. */
  readonly quoteSeconds: number
  /** From seeing the acceptance to depositing. */
  readonly depositDelayMs: number
  /** Part of the cap that the student deposits. */
  readonly depositBps: number
  readonly drop: Drop
  readonly rateDelayMs: { readonly student: number; readonly tutor: number }
  readonly scores: { readonly student: number; readonly tutor: number }
  /** From when its earnings are final to the tutor's asking for them. */
  readonly askDelayMs: number
  /** Part of its earnings that the tutor asks for. */
  readonly askBps: number
  readonly call: CallBehaviour
  readonly payout: PayoutBehaviour
}

interface Draws {
  between(purpose: string, least: number, most: number): number
  chance(purpose: string, bps: number): boolean
  spread(purpose: string, leastMs: number, mostMs: number): number
}

function drawCall({ between, chance }: Draws): CallBehaviour {
  const forgeries = ['forged', 'altered', 'foreign', 'crossed'] as const
  const forgery = forgeries[between('forgery', 0, forgeries.length - 1)] ?? 'forged'
  return {
    depositAtMs: 0,
    studentJoinDelayMs: between('studentJoin', 500, 8_000),
    tutorJoinDelayMs: between('tutorJoin', 500, 15_000),
    studentComes: true,
    tutorComes: true,
    patienceMs: 10 * MINUTE_MS,
    // Longer than the drop lets it be: unless the deposit is used up, the drop ends the call.
    callMs: 2 * HOUR_MS,
    hangsUp: 'student',
    topsUp: false,
    tutorForges: chance('forges', 2_000) ? forgery : 'no',
    stranger: [],
  }
}

function drawAnswers(draw: number) {
  if (draw < 60) return 'once'
  if (draw < 75) return 'twice'
  return draw < 92 ? 'late' : 'never'
}

function drawPayout({ between, chance, spread }: Draws): PayoutBehaviour {
  const verdict = between('verdict', 0, 99)
  const always = { fromMinute: 0, untilMinute: 1_440 } as const
  return {
    earnings: [],
    requests: [
      {
        ...{ teacher: 0, atMs: 0, shareBps: WHOLE_BPS, asksAgain: true },
        verdict: verdict < 85 ? 'approve' : verdict < 92 ? 'split' : 'reject',
        isClosed: chance('closed', 800),
        checkMs: spread('check', 2_000, 2 * MINUTE_MS),
        settleMs: spread('settle', 5_000, 5 * MINUTE_MS),
        answers: drawAnswers(between('answers', 0, 99)),
        lateMs: spread('late', MINUTE_MS, 10 * MINUTE_MS),
        returns: chance('returned', 1_500) ? 1 : 0,
      },
    ],
    teacherPatienceMs: spread('patience', 20 * MINUTE_MS, HOUR_MS),
    admin0: { ...always, thinkMs: spread('admin/0/think', 5_000, 3 * MINUTE_MS) },
    admin1: { ...always, thinkMs: spread('admin/1/think', 5_000, 3 * MINUTE_MS) },
    adminPatienceMs: HOUR_MS,
    adminRetries: 0,
    takesCommission: false,
    stranger: [],
  }
}

/** The behaviour of run `run` under `seed`; `maxRateUnits` is the most that a tutor may ask for. */
export function drawBehaviour(key: RunKey, maxRateUnits: bigint): Behaviour {
  const streams = streamsOf(key)
  const unit = (purpose: string) => streams(`journey/${purpose}`).unit()
  const draws: Draws = {
    between: (purpose, least, most) => uniformInteger(unit(purpose), { least, most }),
    chance: (purpose, bps) => chanceBps(unit(purpose), bps),
    spread: (purpose, leastMs, mostMs) => logUniformMs(unit(purpose), { leastMs, mostMs }),
  }
  const { between, chance } = draws
  const rateBps = between('rate', 6_000, WHOLE_BPS)
  return {
    requestAtMs: between('request', 0, 10_000),
    silentFirst: chance('silent', 7_000),
    tutorThinksMs: between('thinks', 500, 8_000),
    rateUnits: (maxRateUnits * BigInt(rateBps)) / BigInt(WHOLE_BPS),
    quoteSeconds: between('quote', 45, 120),
    depositDelayMs: between('deposit', 1_000, 45_000),
    depositBps: between('deposited', 3_000, WHOLE_BPS),
    drop: {
      side: chance('drop/side', 5_000) ? 'student' : 'tutor',
      atMs: between('drop/at', 7 * MINUTE_MS, 14 * MINUTE_MS),
      durationMs: between('drop/for', MINUTE_MS, 5 * MINUTE_MS),
    },
    rateDelayMs: {
      student: between('rates/student', 1_000, 30_000),
      tutor: between('rates/tutor', 1_000, 30_000),
    },
    scores: { student: between('score/student', 1, 5), tutor: between('score/tutor', 1, 5) },
    askDelayMs: between('ask', 1_000, 30_000),
    askBps: chance('ask/all', 5_000) ? WHOLE_BPS : between('ask/part', 5_000, WHOLE_BPS),
    call: drawCall(draws),
    payout: drawPayout(draws),
  }
}
