/**
 * What people, call platform and services of a lesson do: who comes when, which webhooks are late,
 * doubled or never sent, who forges them, which keepers run, who cheats.
 *
 * Drawn before the run from streams of its own, or given by a generator that shrinks it. Everything
 * is a plain number, so that a counterexample can be read; times in the lesson are basis points of
 * its booked length from its booked start on, so that terms can change without anything being drawn
 * anew. Webhooks are delayed and doubled as the documents of such platforms warn (FAULTS: Stripe,
 * Twilio: at least once, unordered, retried for hours); how often is an assumption of ours [A], as
 * are shares of misbehaviour and habits of students and teachers. The description names none.
 */
import { z } from 'zod'
import { ATTESTATION_KINDS } from '../../models/attendance-hold/cast.ts'
import { chanceBps, logUniformMs, uniformInteger } from '../kernel/distributions.ts'
import { type RunKey, streamsOf } from '../kernel/random.ts'

/** What a stranger may try, each at a time of its own. */
export const STRANGER_ATTEMPTS = [
  'purchase',
  'record',
  'finish',
  'process',
  'refund',
  'claim',
] as const
export type StrangerAttempt = (typeof STRANGER_ATTEMPTS)[number]

/** What a teacher presents that wants attendance which nobody attested, once. */
export const CHEATS = ['no', ...ATTESTATION_KINDS.filter((kind) => kind !== 'genuine')] as const

const DAY_MS = 86_400_000
const WHOLE_BPS = 10_000
const delayMs = z.number().int().min(0).max(DAY_MS)
/** A time in the lesson; before it is negative. */
const timeBps = z
  .number()
  .int()
  .min(-WHOLE_BPS)
  .max(3 * WHOLE_BPS)
/** In the order in which the room notices them, from 0 on. */
const eventNumber = z.number().int().min(0).max(63)
const phaseBps = z
  .number()
  .int()
  .min(0)
  .max(WHOLE_BPS - 1)
const visit = z.strictObject({ fromBps: timeBps, untilBps: timeBps })
export type Visit = z.infer<typeof visit>

export const behaviourSchema = z.strictObject({
  /** From the start of the world to the purchase. */
  beginsAtMs: delayMs,
  /** Whether somebody referred the teacher. */
  isReferred: z.boolean(),
  /** When each is in the room; nowhere for who does not come. */
  studentVisits: z.array(visit).max(8),
  teacherVisits: z.array(visit).max(8),
  /** A teacher who leaves for the last time ends the call for both. */
  teacherCloses: z.boolean(),
  /** Time from a client's entering to its being noticed. */
  noticesMs: delayMs.max(60_000),
  /** Silence of a line after which the room takes a client as gone. */
  silenceMs: delayMs.min(1_000).max(600_000),
  /** How long an empty room is kept after the lesson has begun. */
  emptyMs: delayMs.min(1_000),
  /** From the booked end to when the room is closed whoever is in it. */
  curfewMs: delayMs,
  /** From an event to its webhook, but for those that are late. */
  webhookMs: delayMs,
  /** Events, by number, whose webhooks are late by so much. */
  late: z.array(z.strictObject({ event: eventNumber, byMs: delayMs })).max(32),
  /** Events whose webhooks are delivered once more, so much of the lesson later. */
  copies: z.array(z.strictObject({ event: eventNumber, afterBps: timeBps.min(1) })).max(32),
  /** Numbers of the leaves that are never told, from 0 on. */
  lostLeaves: z.array(z.number().int().min(0).max(31)).max(8),
  losesFinish: z.boolean(),
  /** Webhooks by somebody who is not the call platform; they tell of the time `ofBps`. */
  forgeries: z
    .array(
      z.strictObject({
        atBps: timeBps,
        ofBps: timeBps,
        kind: z.enum(['joined', 'left', 'finished']),
        connection: z.number().int().min(0).max(7),
      }),
    )
    .max(8),
  /** Processes of the keeper's job that run at all. */
  keepers: z.enum(['both', 'one', 'none']),
  /** When the first round of each begins, as part of the interval. */
  phaseBps,
  secondPhaseBps: phaseBps,
  /** From reading the chain to sending what was decided. */
  worksMs: delayMs.max(600_000),
  /** Which of the two acts alone when the services do not. */
  helps: z.enum(['both', 'student', 'teacher']),
  cheats: z.enum(CHEATS),
  stranger: z.array(z.strictObject({ atMs: delayMs, attempt: z.enum(STRANGER_ATTEMPTS) })).max(16),
})
export type Behaviour = z.infer<typeof behaviourSchema>

/** More events than most lessons have. */
const EVENTS_DRAWN = 10

type Between = (purpose: string, least: number, most: number) => number
type Chance = (purpose: string, bps: number) => boolean

/** One visit, or with one or two breaks in it. */
function drawVisits(between: Between, who: string, { fromBps, untilBps }: Visit): Visit[] {
  const kind = between(`${who}/breaks`, 0, 99)
  const count = kind < 70 ? 0 : kind < 90 ? 1 : 2
  const visits: Visit[] = []
  let from = fromBps
  for (let index = 0; index < count; index += 1) {
    const lengthBps = Math.max(2, Math.floor((untilBps - from) / (count - index + 1)))
    const leaves = from + between(`${who}/break/${index}`, 1, lengthBps)
    visits.push({ fromBps: from, untilBps: leaves })
    from = leaves + between(`${who}/away/${index}`, 5, 600)
  }
  if (from < untilBps) visits.push({ fromBps: from, untilBps })
  return visits
}

function drawStudent(between: Between): Visit[] {
  const kind = between('student', 0, 99)
  if (kind < 8) return []
  const fromBps = between('student/from', -400, 900)
  // Some leave about when it is decided who is paid.
  const untilBps =
    kind < 25
      ? between('student/early', 1_500, 3_200)
      : kind < 40
        ? between('student/some', 1_000, 9_000)
        : between('student/until', 9_500, 10_500)
  return drawVisits(between, 'student', { fromBps, untilBps })
}

function drawTeacher(between: Between): Visit[] {
  const kind = between('teacher', 0, 99)
  if (kind < 6) return []
  const fromBps = between('teacher/from', -500, 700)
  const untilBps =
    kind < 18 ? between('teacher/early', 1_000, 7_000) : between('teacher/until', 9_700, 10_400)
  return drawVisits(between, 'teacher', { fromBps, untilBps })
}

function drawWebhooks(between: Between, chance: Chance, unit: (purpose: string) => number) {
  const late = chance('late', 2_000)
  const doubles = chance('doubles', 4_000)
  const forges = chance('forges', 2_000)
  const numbers = Array.from({ length: EVENTS_DRAWN }, (_, index) => index)
  const lateBy = (index: number) =>
    logUniformMs(unit(`late/${index}/by`), { leastMs: 10_000, mostMs: 1_200_000 })
  const copiedAfter = (index: number) =>
    logUniformMs(unit(`copy/${index}/after`), { leastMs: 1, mostMs: WHOLE_BPS })
  const kinds = ['joined', 'left', 'finished'] as const
  return {
    webhookMs: logUniformMs(unit('delay'), { leastMs: 20, mostMs: 4_000 }),
    late: numbers
      .filter((index) => late && chance(`late/${index}`, 3_000))
      .map((index) => ({ event: index, byMs: lateBy(index) })),
    copies: numbers
      .filter((index) => doubles && chance(`copy/${index}`, 5_000))
      .map((index) => ({ event: index, afterBps: copiedAfter(index) })),
    lostLeaves: chance('loses', 1_000) ? [between('lost', 0, 3)] : [],
    losesFinish: chance('losesFinish', 500),
    forgeries: Array.from({ length: forges ? between('forgeries', 1, 2) : 0 }, (_, index) => ({
      atBps: between(`forged/${index}/at`, 0, 11_000),
      ofBps: between(`forged/${index}/of`, 0, 10_000),
      kind: kinds[between(`forged/${index}`, 0, 2)] ?? 'joined',
      connection: between(`forged/${index}/connection`, 0, 2),
    })),
  }
}

/** The behaviour of run `run` under `seed`. */
export function drawBehaviour(key: RunKey): Behaviour {
  const streams = streamsOf(key)
  const unit = (purpose: string) => streams(`attendance-hold/${purpose}`).unit()
  const between: Between = (purpose, least, most) => uniformInteger(unit(purpose), { least, most })
  const chance: Chance = (purpose, bps) => chanceBps(unit(purpose), bps)
  const keepers = between('keepers', 0, 99)
  const helper = between('helps', 0, 99)
  const cheat = CHEATS[between('cheat', 1, CHEATS.length - 1)] ?? 'no'
  return {
    beginsAtMs: between('begin', 0, 120_000),
    isReferred: chance('referred', 5_000),
    studentVisits: drawStudent(between),
    teacherVisits: drawTeacher(between),
    teacherCloses: chance('closes', 6_000),
    noticesMs: between('notices', 100, 2_000),
    silenceMs: between('silence', 5_000, 30_000),
    emptyMs: between('empty', 20_000, 300_000),
    curfewMs: between('curfew', 60_000, 900_000),
    ...drawWebhooks(between, chance, unit),
    keepers: keepers < 70 ? 'both' : keepers < 90 ? 'one' : 'none',
    phaseBps: between('phase', 0, WHOLE_BPS - 1),
    secondPhaseBps: between('secondPhase', 0, WHOLE_BPS - 1),
    worksMs: between('works', 50, 3_000),
    helps: helper < 60 ? 'both' : helper < 80 ? 'student' : 'teacher',
    cheats: chance('cheats', 1_500) ? cheat : 'no',
    stranger: Array.from({ length: between('stranger', 0, 3) }, (_, index) => {
      const most = STRANGER_ATTEMPTS.length - 1
      const attempt = STRANGER_ATTEMPTS[between(`attempt/${index}`, 0, most)] as StrangerAttempt
      return { atMs: between(`attempt/${index}/at`, 1_000, 6_000_000), attempt }
    }),
  }
}
