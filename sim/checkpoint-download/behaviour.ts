/**
 * What the people and machines of a download do: whose lines are how fast, who leaves early, who
 * vanishes, who cheats, whose money runs out.
 *
 * Drawn before the run from streams of its own, or given by a generator that shrinks it. Everything
 * is a plain number, so that a counterexample can be read. What is downloaded over which lines
 * comes from streams that all downloads share; shares of misbehaviour are assumptions of ours [A].
 */
import { z } from 'zod'
import { chanceBps, logUniformMs, uniformInteger } from '../kernel/distributions.ts'
import { type RunKey, streamsOf } from '../kernel/random.ts'
import { drawDownload, SOURCES_MAX } from '../world/download.ts'

/** What a stranger may try, each at a time of its own. */
export const STRANGER_ATTEMPTS = [
  'open',
  'report',
  'pay',
  'confirm',
  'complete',
  'cancel',
  'claim',
] as const
export type StrangerAttempt = (typeof STRANGER_ATTEMPTS)[number]

/**
 * How a downloader cheats. As described it meters, so `late`, `less` and `nothing` are reports;
 * hardened they are acknowledgements, which is all that is left to it.
 */
export const CHEATS = [
  'none',
  'late',
  'less',
  'nothing',
  /** Sends less than it says; hardened it offers less than is due, once. */
  'underpays',
  /** Presents its first payment again; hardened it pays the checkpoint before once more. */
  'repeats',
  /** Takes the end of the file and does not pay for it. */
  'skipsTail',
  /** Asks everybody for as much as it can get, and leaves when it is to pay. */
  'takes',
] as const
type Cheat = (typeof CHEATS)[number]

const DAY_MS = 86_400_000
const delayMs = z.number().int().min(0).max(DAY_MS)
const rate = z.number().int().min(1).max(1_000_000_000)
const bytes = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
const bps = z.number().int().min(0).max(10_000)

export const behaviourSchema = z.strictObject({
  /** From the start of the world to the opening. */
  beginsAtMs: delayMs,
  downBytesPerSecond: rate,
  /** One entry for each seeder; those that are missing have a usual line. */
  upBytesPerSecond: z.array(rate).max(SOURCES_MAX).readonly(),
  /** as-described: the client stops to ask at a checkpoint, and does not wait to be stopped. */
  stopsByItself: z.boolean(),
  cheat: z.enum(CHEATS),
  /** How much of what it should say or pay a cheat leaves out. */
  cheatBps: bps,
  /** The first payment, from 0, at which it cheats. */
  cheatsFrom: z.number().int().min(0).max(1_000),
  /** Bytes after which the downloader has enough and says so, or is gone; 0 for never. */
  cancelsAfterBytes: bytes,
  vanishesAfterBytes: bytes,
  /**
   * Part of the file's price that the downloader has at hand, as all else is locked in other
   * downloads; 0 when money is no matter.
   */
  purseBps: bps,
  /** Whether it then leaves one of those, so that a payment that failed can be tried again. */
  freesMoney: z.boolean(),
  /** How long a downloader waits for a byte, and a seeder for a word, before it leaves. */
  downloaderPatienceMs: delayMs.min(10_000),
  seederPatienceMs: delayMs.min(10_000),
  /** One entry for each seeder; those that are missing keep to the rules. */
  seeders: z
    .array(
      z.strictObject({
        /** Bytes sent after which it is gone for good; 0 for never. */
        vanishesAfterBytes: bytes,
        /** hardened: how much more than has arrived it reports. */
        overReportsBps: bps,
      }),
    )
    .max(SOURCES_MAX),
  stranger: z.array(z.strictObject({ atMs: delayMs, attempt: z.enum(STRANGER_ATTEMPTS) })).max(16),
})
export type Behaviour = z.infer<typeof behaviourSchema>

const USUAL_BYTES_PER_SECOND = 2_000_000

/** A behaviour in which every possible seeder has its entries. */
export function completed({ upBytesPerSecond: up, seeders, ...rest }: Behaviour): Behaviour {
  const places = Array.from({ length: SOURCES_MAX }, (_, at) => at)
  const honest = { vanishesAfterBytes: 0, overReportsBps: 0 }
  return {
    ...rest,
    upBytesPerSecond: places.map((at) => up[at] ?? USUAL_BYTES_PER_SECOND),
    seeders: places.map((at) => seeders[at] ?? honest),
  }
}

type Between = (purpose: string, least: number, most: number) => number

function drawCheat(between: Between): Pick<Behaviour, 'cheat' | 'cheatBps' | 'cheatsFrom'> {
  const isHonest = between('cheats', 0, 99) < 75
  const which = between('cheat', 1, CHEATS.length - 1)
  return {
    cheat: isHonest ? 'none' : (CHEATS[which] as Cheat),
    cheatBps: between('cheat/size', 500, 10_000),
    cheatsFrom: between('cheat/from', 0, 3),
  }
}

/** The behaviour of run `run` under `seed`; sizes follow the file's. */
export function drawBehaviour(key: RunKey, fileBytes: number): Behaviour {
  const streams = streamsOf(key)
  const unit = (purpose: string) => streams(`checkpoint-download/${purpose}`).unit()
  const between: Between = (purpose, least, most) => uniformInteger(unit(purpose), { least, most })
  const rarely = (purpose: string, chance: number, least: number, most: number) =>
    chanceBps(unit(`${purpose}/whether`), chance) ? between(purpose, least, most) : 0
  const patience = (purpose: string, least: number, most: number) =>
    logUniformMs(unit(purpose), { leastMs: least, mostMs: most })
  const most = Math.max(1, fileBytes)
  const attempts = between('stranger', 0, 2)
  return {
    ...drawDownload(key),
    stopsByItself: chanceBps(unit('stops'), 3_000),
    ...drawCheat(between),
    cancelsAfterBytes: rarely('cancels', 500, 1, most),
    vanishesAfterBytes: rarely('vanishes', 400, 1, most),
    purseBps: rarely('purse', 700, 1, 9_999),
    freesMoney: chanceBps(unit('frees'), 7_500),
    downloaderPatienceMs: patience('patience/downloader', 120_000, 600_000),
    seederPatienceMs: patience('patience/seeder', 180_000, 900_000),
    seeders: Array.from({ length: SOURCES_MAX }, (_, index) => ({
      vanishesAfterBytes: rarely(`seeder/${index}/vanishes`, 500, 1, most),
      overReportsBps: rarely(`seeder/${index}/overReports`, 300, 1, 5_000),
    })),
    stranger: Array.from({ length: attempts }, (_, index) => {
      const last = STRANGER_ATTEMPTS.length - 1
      const attempt = STRANGER_ATTEMPTS[between(`attempt/${index}`, 0, last)] as StrangerAttempt
      return { atMs: between(`attempt/${index}/at`, 2_000, 180_000), attempt }
    }),
  }
}
