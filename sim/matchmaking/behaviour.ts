/**
 * What the people of a run do: who looks for whom and when, what each can pay, who takes students,
 * how each proposal is answered, how long a call is.
 *
 * Drawn before the run from streams of its own, or given by a generator that shrinks it. Everything
 * is a plain number or word, so that a counterexample can be read. Times, patience and the shares
 * of mishaps are assumptions of ours [A]; the description names none.
 */
import { z } from 'zod'
import { chanceBps, logUniformMs, uniformInteger } from '../kernel/distributions.ts'
import type { RunKey } from '../kernel/random.ts'
import { streamsOf } from '../kernel/random.ts'
import { TUTORS } from './actors.ts'

/** What a stranger may try, each at a time of its own. */
export const STRANGER_ATTEMPTS = [
  'propose',
  'accept',
  'decline',
  'lapse',
  'consume',
  'release',
  'cancel',
  'complete',
  'rate',
  'transferCredential',
] as const
export type StrangerAttempt = (typeof STRANGER_ATTEMPTS)[number]

/** How a tutor answers a proposal. */
export const ANSWERS = ['accept', 'decline', 'silent'] as const
/** What a student does when nobody was found. */
export const FALLBACKS = ['waitlist', 'book', 'cancel'] as const

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
export const WHOLE_BPS = 10_000
export const REQUESTS_MAX = 4
export const MAX_RATE_BPS_MAX = 30_000
export const CALL_MS_MAX = 2 * HOUR_MS
const delayMs = z.number().int().min(0).max(DAY_MS)
const bps = (most: number) => z.number().int().min(0).max(most)
const score = z.number().int().min(0).max(5)
const requestNumber = z
  .number()
  .int()
  .min(0)
  .max(REQUESTS_MAX - 1)

const requestSchema = z.strictObject({
  student: z.number().int().min(0).max(1),
  atMs: delayMs,
  /** Most that it pays, in parts of the ordinary rate. */
  maxRateBps: bps(MAX_RATE_BPS_MAX).min(1),
  /** The cap in seconds at that rate. */
  capSeconds: z.number().int().min(1).max(7_200),
  /** What the tutor must speak, know at least, and have been certified for. */
  language: z.number().int().min(0).max(2),
  level: z.number().int().min(0).max(2),
  needsCredential: z.boolean(),
  /** What it has when it asks, and when it deposits, in parts of the cap. */
  purseBps: bps(20_000),
  leftBps: bps(20_000),
  /** Deposits that fail for no reason that lasts before one does not. */
  failures: z.number().int().min(0).max(3),
  /** From seeing the acceptance to the deposit, and whether it presses the button twice. */
  depositMs: delayMs,
  depositsTwice: z.boolean(),
  fallback: z.enum(FALLBACKS),
  bookMs: delayMs.min(1_000),
  /** From asking to giving up, the time until a booking apart. */
  patienceMs: delayMs.min(1_000),
  callMs: z.number().int().min(0).max(CALL_MS_MAX),
  /** As described: the end is reported once more. */
  endsTwice: z.boolean(),
  /** 0 gives none. */
  studentScore: score,
  tutorScore: score,
})

const tutorSchema = z.strictObject({
  language: z.number().int().min(0).max(2),
  level: z.number().int().min(0).max(2),
  hasCredential: z.boolean(),
  /** What it is listed at, in parts of the ordinary rate, and what it asks for more than that. */
  rateBps: bps(MAX_RATE_BPS_MAX).min(1),
  raiseBps: bps(MAX_RATE_BPS_MAX),
  /** It begins and ends to take students at these times in turn; offline at first. */
  shiftsMs: z.array(delayMs).max(6),
  /** By proposal, over and over; who has none is silent. */
  answers: z.array(z.enum(ANSWERS)).max(6),
  thinkMs: delayMs,
  /** For how long its quotes are good, by its own clock. */
  quoteMs: delayMs.min(1_000),
})

export const behaviourSchema = z.strictObject({
  requests: z.array(requestSchema).max(REQUESTS_MAX),
  tutors: z.array(tutorSchema).length(TUTORS.length),
  stranger: z
    .array(
      z.strictObject({
        ...{ atMs: delayMs, request: requestNumber },
        attempt: z.enum(STRANGER_ATTEMPTS),
      }),
    )
    .max(16),
})
export type Behaviour = z.infer<typeof behaviourSchema>
export type RequestBehaviour = Behaviour['requests'][number]
export type TutorBehaviour = Behaviour['tutors'][number]

interface Draws {
  between(purpose: string, least: number, most: number): number
  chance(purpose: string, bps: number): boolean
  spread(purpose: string, leastMs: number, mostMs: number): number
}

function drawRequest({ between, chance, spread }: Draws, index: number): RequestBehaviour {
  const of = (what: string) => `request/${index}/${what}`
  const fallback = between(of('fallback'), 0, 99)
  return {
    student: index % 2,
    atMs: between(of('at'), 10_000, 10 * MINUTE_MS),
    maxRateBps: between(of('maxRate'), 9_000, 15_000),
    capSeconds: between(of('cap'), 600, 3_600),
    language: chance(of('language'), 8_500) ? 0 : 1,
    level: chance(of('level'), 7_000) ? 0 : 1,
    needsCredential: chance(of('credential'), 1_500),
    purseBps: chance(of('poor'), 500) ? between(of('purse'), 1_000, 9_999) : WHOLE_BPS,
    leftBps: chance(of('spends'), 1_000) ? between(of('left'), 0, 9_999) : WHOLE_BPS,
    failures: chance(of('fails'), 1_500) ? between(of('failures'), 1, 2) : 0,
    depositMs: spread(of('deposit'), 2_000, 60_000),
    depositsTwice: chance(of('again'), 500),
    fallback: fallback < 50 ? 'waitlist' : fallback < 80 ? 'book' : 'cancel',
    bookMs: between(of('book'), 2 * MINUTE_MS, 30 * MINUTE_MS),
    patienceMs: spread(of('patience'), 3 * MINUTE_MS, 40 * MINUTE_MS),
    callMs: chance(of('short'), 1_000)
      ? between(of('moments'), 0, 59_999)
      : spread(of('call'), MINUTE_MS, HOUR_MS),
    endsTwice: chance(of('twice'), 1_500),
    studentScore: chance(of('rates'), 6_000) ? between(of('score'), 1, 5) : 0,
    tutorScore: chance(of('tutorRates'), 5_000) ? between(of('tutorScore'), 1, 5) : 0,
  }
}

function drawTutor({ between, chance, spread }: Draws, index: number): TutorBehaviour {
  const of = (what: string) => `tutor/${index}/${what}`
  const answer = (at: number) => {
    const drawn = between(of(`answer/${at}`), 0, 99)
    return drawn < 75 ? 'accept' : drawn < 90 ? 'decline' : 'silent'
  }
  // Most are there from the beginning; some come later, some go and come back.
  const shiftsMs = [chance(of('early'), 7_000) ? 0 : between(of('comes'), 0, 10 * MINUTE_MS)]
  if (chance(of('leaves'), 4_000)) {
    const leavesMs = (shiftsMs[0] as number) + between(of('goes'), MINUTE_MS, 15 * MINUTE_MS)
    shiftsMs.push(leavesMs, leavesMs + between(of('back'), MINUTE_MS, 20 * MINUTE_MS))
  }
  return {
    language: chance(of('language'), 8_500) ? 0 : 1,
    level: between(of('level'), 0, 2),
    hasCredential: chance(of('credential'), 7_000),
    rateBps: between(of('rate'), 7_000, 12_000),
    raiseBps: chance(of('raises'), 1_000) ? between(of('raise'), 100, 8_000) : 0,
    shiftsMs,
    answers: [0, 1, 2, 3].map(answer),
    thinkMs: spread(of('think'), 1_000, 30_000),
    quoteMs: between(of('quote'), 2 * MINUTE_MS, 10 * MINUTE_MS),
  }
}

/** The behaviour of run `run` under `seed`. */
export function drawBehaviour(key: RunKey): Behaviour {
  const streams = streamsOf(key)
  const unit = (purpose: string) => streams(`matchmaking/${purpose}`).unit()
  const draws: Draws = {
    between: (purpose, least, most) => uniformInteger(unit(purpose), { least, most }),
    chance: (purpose, bps) => chanceBps(unit(purpose), bps),
    spread: (purpose, leastMs, mostMs) => logUniformMs(unit(purpose), { leastMs, mostMs }),
  }
  const { between } = draws
  return {
    requests: Array.from({ length: between('requests', 1, REQUESTS_MAX) }, (_, index) =>
      drawRequest(draws, index),
    ),
    tutors: TUTORS.map((_, index) => drawTutor(draws, index)),
    stranger: Array.from({ length: between('stranger', 0, 3) }, (_, index) => {
      const most = STRANGER_ATTEMPTS.length - 1
      const attempt = STRANGER_ATTEMPTS[between(`attempt/${index}`, 0, most)] as StrangerAttempt
      const atMs = between(`attempt/${index}/at`, MINUTE_MS, 30 * MINUTE_MS)
      return { atMs, attempt, request: 0 }
    }),
  }
}
