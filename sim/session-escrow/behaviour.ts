/**
 * What the people in a session want: how long to talk, who hangs up, who never comes, who cheats.
 *
 * Drawn before the run from streams of its own, or given by a generator that shrinks it. Everything
 * is a plain number, so that a counterexample can be read.
 */
import { z } from 'zod'
import { chanceBps, uniformInteger, weibullMs } from '../kernel/distributions.ts'
import type { RunKey } from '../kernel/random.ts'
import { streamsOf } from '../kernel/random.ts'

/** What a stranger may try, each at a time of its own. */
export const STRANGER_ATTEMPTS = [
  'forged-ping',
  'foreign-ping',
  'replayed-ping',
  'stop',
  'stop-forged',
  'settle',
  'cancel',
] as const
export type StrangerAttempt = (typeof STRANGER_ATTEMPTS)[number]

const delayMs = z.number().int().min(0).max(86_400_000)

export const behaviourSchema = z.strictObject({
  /** From the start of the world to the student's deposit. */
  depositAtMs: delayMs,
  /** From seeing the deposit to joining. */
  studentJoinDelayMs: delayMs,
  tutorJoinDelayMs: delayMs,
  studentComes: z.boolean(),
  tutorComes: z.boolean(),
  /** How long a student waits for the tutor before it cancels. */
  patienceMs: delayMs,
  /** From entering the call to hanging up. */
  callMs: delayMs,
  hangsUp: z.enum(['student', 'tutor']),
  /** Whether the student adds to the deposit when the call outlasts it. */
  topsUp: z.boolean(),
  /** Whether the tutor presents a ping that it made up, once, after the stop. */
  tutorForges: z.enum(['no', 'forged', 'altered', 'foreign', 'crossed']),
  stranger: z.array(z.strictObject({ atMs: delayMs, attempt: z.enum(STRANGER_ATTEMPTS) })).max(16),
})
export type Behaviour = z.infer<typeof behaviourSchema>

/** Longest call that is drawn: two hours. */
const CALL_MS_MAX = 7_200_000
const CALL_MS_LEAST = 5_000
/** Session lengths of peers: Weibull with shape 0.59 and scale 41.9 min (Stutzbach and Rejaie). */
const CALL = { shape: 0.59, scaleMs: 41.9 * 60_000 }

/** The behaviour of run `run` under `seed`. */
export function drawBehaviour(key: RunKey): Behaviour {
  const streams = streamsOf(key)
  const unit = (purpose: string) => streams(`behaviour/${purpose}`).unit()
  const between = (purpose: string, least: number, most: number) =>
    uniformInteger(unit(purpose), { least, most })
  const callMs = Math.min(CALL_MS_MAX, CALL_MS_LEAST + weibullMs(unit('call'), CALL))
  const strangerSource = streams('behaviour/stranger')
  const attempts = uniformInteger(strangerSource.unit(), { least: 0, most: 4 })
  const stranger = Array.from({ length: attempts }, () => {
    const atMs = uniformInteger(strangerSource.unit(), { least: 20_000, most: 1_800_000 })
    const most = STRANGER_ATTEMPTS.length - 1
    const index = uniformInteger(strangerSource.unit(), { least: 0, most })
    return { atMs, attempt: STRANGER_ATTEMPTS[index] as StrangerAttempt }
  })
  const forgeries = ['forged', 'altered', 'foreign', 'crossed'] as const
  const forges = chanceBps(unit('forges'), 1_000)
  return {
    depositAtMs: between('deposit', 0, 12_000),
    studentJoinDelayMs: between('studentJoin', 500, 20_000),
    tutorJoinDelayMs: between('tutorJoin', 500, 60_000),
    studentComes: !chanceBps(unit('studentComes'), 200),
    tutorComes: !chanceBps(unit('tutorComes'), 400),
    patienceMs: between('patience', 60_000, 600_000),
    callMs,
    hangsUp: chanceBps(unit('hangsUp'), 7_000) ? 'student' : 'tutor',
    topsUp: chanceBps(unit('topsUp'), 5_000),
    tutorForges: forges
      ? (forgeries[between('forgery', 0, 3)] as (typeof forgeries)[number])
      : 'no',
    stranger,
  }
}
