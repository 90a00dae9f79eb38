/**
 * What the people and banks of a run do: what is earned, what is asked for, when admins work and
 * what they say, and what becomes of each payment outside of the chain.
 *
 * Drawn before the run from streams of its own, or given by a generator that shrinks it. Everything
 * is a plain number or word, so that a counterexample can be read. Hours, patience and the shares
 * of mishaps are assumptions of ours [A]; the description names none.
 */
import { z } from 'zod'
import { chanceBps, logUniformMs, uniformInteger } from '../kernel/distributions.ts'
import type { RunKey } from '../kernel/random.ts'
import { streamsOf } from '../kernel/random.ts'

/** What a stranger may try, each at a time of its own. */
export const STRANGER_ATTEMPTS = [
  'credit',
  'request',
  'approve',
  'complete',
  'reject',
  'bankFailed',
  'cancel',
  'withdrawCommission',
  'claim',
] as const
export type StrangerAttempt = (typeof STRANGER_ATTEMPTS)[number]

/** What the two admins say; `split`: the first approves, the second rejects. */
export const VERDICTS = ['approve', 'reject', 'split'] as const
/**
 * How the rail answers. `never`: it pays what it is told to pay without a check, and answers
 * nothing. `mute`: it answers checks, but neither pays nor answers anything else.
 */
export const ANSWERS = ['once', 'twice', 'late', 'never', 'mute'] as const

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const WEEK_MS = 7 * DAY_MS
export const MINUTES_OF_A_DAY = 1_440
const WHOLE_BPS = 10_000
export const EARNINGS_MAX = 8
export const REQUESTS_MAX = 4
/** A session earns at most this part of an ordinary one. */
export const SESSION_BPS_MAX = 20_000
const delayMs = z.number().int().min(0).max(DAY_MS)
const longMs = z.number().int().min(0).max(WEEK_MS)
const teacher = z.number().int().min(0).max(1)
const minute = z.number().int().min(0).max(MINUTES_OF_A_DAY)

const requestSchema = z.strictObject({
  teacher,
  atMs: delayMs,
  /** Part of all that the teacher earns in the run, after the commission. */
  shareBps: z.number().int().min(1).max(WHOLE_BPS),
  /** Asks for the same once more when it has the money back. */
  asksAgain: z.boolean(),
  verdict: z.enum(VERDICTS),
  /** Nothing can be paid to a closed account; who asks again names another. */
  isClosed: z.boolean(),
  /** From the question whether it can be paid to the answer. */
  checkMs: delayMs,
  /** From an order to the money on the teacher's bank account. */
  settleMs: delayMs,
  answers: z.enum(ANSWERS),
  /** By how much a late answer is late. */
  lateMs: longMs,
  /** Orders that come back before one is carried out. */
  returns: z.number().int().min(0).max(3),
})

const adminSchema = z.strictObject({
  /** Working hours in minutes of the day; the same twice, or 0 to 1,440, is around the clock. */
  fromMinute: minute,
  untilMinute: minute,
  /** From seeing a request at work to the decision. */
  thinkMs: delayMs,
})

export const behaviourSchema = z.strictObject({
  /** Sessions that end, and what each earns in parts of an ordinary one, before the commission. */
  earnings: z
    .array(
      z.strictObject({
        ...{ teacher, atMs: delayMs },
        sessionBps: z.number().int().min(1).max(SESSION_BPS_MAX),
      }),
    )
    .max(EARNINGS_MAX),
  requests: z.array(requestSchema).max(REQUESTS_MAX),
  /** From seeing its request to wanting the money back. */
  teacherPatienceMs: longMs.min(10_000),
  admin0: adminSchema,
  admin1: adminSchema,
  /** as-described: how long an admin waits for the bank, and how often it tells it again. */
  adminPatienceMs: delayMs.min(10_000),
  adminRetries: z.number().int().min(0).max(4),
  takesCommission: z.boolean(),
  stranger: z.array(z.strictObject({ atMs: delayMs, attempt: z.enum(STRANGER_ATTEMPTS) })).max(16),
})
export type Behaviour = z.infer<typeof behaviourSchema>
export type RequestBehaviour = Behaviour['requests'][number]
export type AdminBehaviour = Behaviour['admin0']

interface Draws {
  between(purpose: string, least: number, most: number): number
  chance(purpose: string, bps: number): boolean
  spread(purpose: string, leastMs: number, mostMs: number): number
}

function drawAnswers(draw: number): RequestBehaviour['answers'] {
  if (draw < 80) return 'once'
  if (draw < 86) return 'twice'
  if (draw < 92) return 'late'
  return draw < 98 ? 'never' : 'mute'
}

function drawRequest({ between, chance, spread }: Draws, index: number): RequestBehaviour {
  const of = (what: string) => `request/${index}/${what}`
  const verdict = between(of('verdict'), 0, 99)
  return {
    teacher: chance(of('teacher'), 7_000) ? 0 : 1,
    atMs: between(of('at'), 10 * MINUTE_MS, HOUR_MS),
    shareBps: chance(of('whole'), 3_000) ? WHOLE_BPS : between(of('share'), 1_500, 9_000),
    asksAgain: chance(of('again'), 7_000),
    verdict: verdict < 80 ? 'approve' : verdict < 90 ? 'split' : 'reject',
    isClosed: chance(of('closed'), 800),
    checkMs: spread(of('check'), 5_000, 2 * HOUR_MS),
    settleMs: spread(of('settle'), 10_000, DAY_MS),
    answers: drawAnswers(between(of('answers'), 0, 99)),
    lateMs: spread(of('late'), 10 * MINUTE_MS, 5 * DAY_MS),
    returns: chance(of('returned'), 800) ? between(of('returns'), 1, 2) : 0,
  }
}

function drawAdmin({ between, chance, spread }: Draws, index: number): AdminBehaviour {
  const of = (what: string) => `admin/${index}/${what}`
  const thinkMs = spread(of('think'), 30_000, HOUR_MS)
  if (chance(of('always'), 2_000)) return { fromMinute: 0, untilMinute: MINUTES_OF_A_DAY, thinkMs }
  // The world begins at 8 in the morning: one admin comes early, the other late.
  const fromMinute = between(of('from'), 420 + 180 * index, 600 + 240 * index)
  return { fromMinute, untilMinute: fromMinute + between(of('hours'), 240, 540), thinkMs }
}

/** The behaviour of run `run` under `seed`. */
export function drawBehaviour(key: RunKey): Behaviour {
  const streams = streamsOf(key)
  const unit = (purpose: string) => streams(`withdrawal/${purpose}`).unit()
  const draws: Draws = {
    between: (purpose, least, most) => uniformInteger(unit(purpose), { least, most }),
    chance: (purpose, bps) => chanceBps(unit(purpose), bps),
    spread: (purpose, leastMs, mostMs) => logUniformMs(unit(purpose), { leastMs, mostMs }),
  }
  const { between, chance, spread } = draws
  return {
    earnings: Array.from({ length: between('sessions', 2, 6) }, (_, index) => ({
      teacher: chance(`session/${index}/teacher`, 6_500) ? 0 : 1,
      atMs: between(`session/${index}/at`, 0, 30 * MINUTE_MS),
      sessionBps: between(`session/${index}/earns`, 5_000, SESSION_BPS_MAX),
    })),
    requests: Array.from({ length: between('requests', 1, REQUESTS_MAX) }, (_, index) =>
      drawRequest(draws, index),
    ),
    teacherPatienceMs: spread('patience', 10 * MINUTE_MS, 5 * DAY_MS),
    admin0: drawAdmin(draws, 0),
    admin1: drawAdmin(draws, 1),
    adminPatienceMs: spread('adminPatience', 5 * MINUTE_MS, 6 * HOUR_MS),
    adminRetries: between('adminRetries', 0, 2),
    takesCommission: chance('commission', 5_000),
    stranger: Array.from({ length: between('stranger', 0, 3) }, (_, index) => {
      const most = STRANGER_ATTEMPTS.length - 1
      const attempt = STRANGER_ATTEMPTS[between(`attempt/${index}`, 0, most)] as StrangerAttempt
      return { atMs: between(`attempt/${index}/at`, MINUTE_MS, 2 * HOUR_MS), attempt }
    }),
  }
}
