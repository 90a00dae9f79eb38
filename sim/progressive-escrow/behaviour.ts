/**
 * What the people in a session want: when to come, how long to talk, when to pause, who vanishes.
 *
 * Drawn before the run from streams of its own, or given by a generator that shrinks it. Everything
 * is a plain number, so that a counterexample can be read.
 */
import { z } from 'zod'
import { chanceBps, uniformInteger, weibullMs } from '../kernel/distributions.ts'
import { type RunKey, streamsOf } from '../kernel/random.ts'

/** What a stranger may try, each at a time of its own. */
export const STRANGER_ATTEMPTS = [
  'pauseOnTimeout',
  'autoComplete',
  'release',
  'heartbeat',
  'resume',
  'complete',
  'cancel',
] as const
export type StrangerAttempt = (typeof STRANGER_ATTEMPTS)[number]

const delayMs = z.number().int().min(0).max(86_400_000)
const side = z.enum(['student', 'mentor'])

export const behaviourSchema = z.strictObject({
  /** From the start of the world to the creation of the session. */
  createAtMs: delayMs,
  /** From seeing the session to being there. */
  studentDelayMs: delayMs,
  mentorDelayMs: delayMs,
  studentComes: z.boolean(),
  mentorComes: z.boolean(),
  /** As described, who starts the session, alone. */
  starts: side,
  /** How long one waits for the other, before the call and in it. */
  patienceMs: delayMs,
  /** From entering the call to hanging up. */
  callMs: delayMs,
  hangsUp: side,
  /** Whether the student completes after the call; otherwise it is not seen again. */
  studentCompletes: z.boolean(),
  rating: z.number().int().min(1).max(5),
  /** Pauses that are asked for, counted from entering the call. */
  pauses: z.array(z.strictObject({ atMs: delayMs, durationMs: delayMs, by: side })).max(8),
  stranger: z.array(z.strictObject({ atMs: delayMs, attempt: z.enum(STRANGER_ATTEMPTS) })).max(16),
})
export type Behaviour = z.infer<typeof behaviourSchema>

/** Lengths of stays of peers: Weibull with shape 0.59 and scale 41.9 min (Stutzbach, Rejaie). */
const CALL = { shape: 0.59, scaleMs: 41.9 * 60_000 }
const CALL_MS_LEAST = 5_000
/** Two in three stay to the end of the agreed time [A]. */
const STAYS_BPS = 6_667
const DAY_MS = 86_400_000

/** The behaviour of run `run` under `seed`. Shares without a source are assumptions of ours. */
export function drawBehaviour(key: RunKey, durationMs: number): Behaviour {
  const streams = streamsOf(key)
  const unit = (purpose: string) => streams(`progressive-escrow/behaviour/${purpose}`).unit()
  const between = (purpose: string, least: number, most: number) =>
    uniformInteger(unit(purpose), { least, most })
  const one = (purpose: string, bps: number) =>
    chanceBps(unit(purpose), bps) ? ('mentor' as const) : ('student' as const)
  const list = <Item>(purpose: string, most: number, draw: (u: () => number) => Item): Item[] => {
    const source = streams(`progressive-escrow/behaviour/${purpose}`)
    const count = uniformInteger(source.unit(), { least: 0, most })
    return Array.from({ length: count }, () => draw(() => source.unit()))
  }
  const stays = chanceBps(unit('stays'), STAYS_BPS)
  const talkMs = Math.min(durationMs, CALL_MS_LEAST + weibullMs(unit('call'), CALL))
  const callMs = stays ? Math.min(DAY_MS, 2 * durationMs) : talkMs
  return {
    createAtMs: between('create', 0, 12_000),
    studentDelayMs: between('studentDelay', 500, 60_000),
    mentorDelayMs: between('mentorDelay', 500, 60_000),
    studentComes: !chanceBps(unit('studentComes'), 400),
    mentorComes: !chanceBps(unit('mentorComes'), 400),
    starts: one('starts', 8_000),
    patienceMs: between('patience', 180_000, 600_000),
    callMs,
    hangsUp: one('hangsUp', 3_000),
    studentCompletes: !chanceBps(unit('completes'), 2_000),
    rating: between('rating', 1, 5),
    pauses: chanceBps(unit('hasPauses'), 2_500)
      ? list('pauses', 2, (u) => ({
          atMs: uniformInteger(u(), { least: 20_000, most: Math.max(20_000, durationMs) }),
          durationMs: uniformInteger(u(), { least: 5_000, most: 300_000 }),
          by: u() < 0.5 ? ('student' as const) : ('mentor' as const),
        }))
      : [],
    stranger: list('stranger', 3, (u) => ({
      atMs: uniformInteger(u(), { least: 20_000, most: 1_800_000 }),
      attempt: STRANGER_ATTEMPTS[
        uniformInteger(u(), { least: 0, most: STRANGER_ATTEMPTS.length - 1 })
      ] as StrangerAttempt,
    })),
  }
}
