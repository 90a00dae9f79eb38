/**
 * What payer, provider, watcher and stranger of a channel do: how the payer ends, who cheats,
 * whether a watcher is employed. That somebody is offline is a fault and no behaviour.
 *
 * Drawn before the run from streams of its own, or given by a generator that shrinks it. Everything
 * is a plain number, so that a counterexample can be read, and parts of the file are basis points,
 * so that terms can change without anything being drawn anew. When the download begins and how fast
 * it goes is drawn by `sim/world/download.ts`. Shares of misbehaviour and lengths of waits are
 * assumptions of ours [A]; the description names none.
 */
import { z } from 'zod'
import { chanceBps, logUniformMs, uniformInteger } from '../kernel/distributions.ts'
import { type RunKey, streamsOf } from '../kernel/random.ts'
import { drawDownload, rateOf } from '../world/download.ts'

/** What a stranger may try, each at a time of its own. */
export const STRANGER_ATTEMPTS = [
  'open',
  'topUp',
  'redeem',
  'close',
  'requestClose',
  'finalise',
  'reclaimExpired',
  'claim',
] as const
export type StrangerAttempt = (typeof STRANGER_ATTEMPTS)[number]

/** What a cheating provider presents, once; `replayed` is a genuine voucher once more. */
export const CHEATS = ['no', 'altered', 'forged', 'foreign', 'crossed', 'replayed'] as const
/** How a payer ends; one that vanishes comes back for its rest when the channel has expired. */
const ENDINGS = ['cooperates', 'forces', 'vanishes'] as const
/** What a payer does once it does not want to sign any more. */
const SIGNINGS = ['always', 'stops', 'replays', 'forges'] as const

const DAY_MS = 86_400_000
const WHOLE_BPS = 10_000
const delayMs = z.number().int().min(0).max(DAY_MS)
const shareBps = z.number().int().min(0).max(WHOLE_BPS)

export const behaviourSchema = z.strictObject({
  /** From the start of the world to the payer's wish for the file. */
  beginsAtMs: delayMs,
  /** What the line between the two takes. */
  bytesPerSecond: z.number().int().min(1).max(1_000_000_000),
  /** Part of the agreed deposit that is locked at first, and by which the payer tops up. */
  depositBps: shareBps.min(1),
  /** A payer tops up as soon as less than this part of the file is still covered. */
  topsUpAheadBps: shareBps,
  /** How much of the file the payer takes. */
  takesBps: shareBps.min(1),
  signs: z.enum(SIGNINGS),
  /** Part of the file after which a payer does what `signs` says. */
  signsUntilBps: shareBps,
  payerEnds: z.enum(ENDINGS),
  /** How long a payer that has its file leaves the channel open, in case it wants another. */
  lingersMs: delayMs,
  /**
   * Only one that forces: it watches for the provider to be offline, asks for the end at once when
   * it is, and bids more for inclusion than others.
   */
  preys: z.boolean(),
  /** How long a payer waits for a piece, and a provider for a word, before it ends the channel. */
  payerPatienceMs: delayMs.min(10_000),
  providerPatienceMs: delayMs.min(10_000),
  /** Part of the price at which the provider redeems in between; 0 for not at all. */
  redeemsAtBps: shareBps,
  /** A provider that hears nothing leaves the channel open until it is about to expire. */
  providerWaits: z.boolean(),
  /** In a challenge the provider closes, which spares the payer the rest of it. */
  endsChallenges: z.boolean(),
  hasWatcher: z.boolean(),
  cheats: z.enum(CHEATS),
  /** as-described: vouchers kept back in a challenge, to start it anew with each of them. */
  keepsBack: z.number().int().min(0).max(8),
  stranger: z.array(z.strictObject({ atMs: delayMs, attempt: z.enum(STRANGER_ATTEMPTS) })).max(16),
})
export type Behaviour = z.infer<typeof behaviourSchema>

type Between = (purpose: string, least: number, most: number) => number
type Chance = (purpose: string, bps: number) => boolean

function drawPayer(between: Between, chance: Chance, lingerDraw: number) {
  const ending = between('ending', 0, 99)
  const payerEnds = ending < 52 ? 'cooperates' : ending < 88 ? 'forces' : 'vanishes'
  const preys = chance('preys', 5_000) && payerEnds === 'forces'
  const signing = between('signing', 0, 99)
  return {
    depositBps: chance('deposits', 3_000) ? between('deposit', 1_500, 9_500) : WHOLE_BPS,
    topsUpAheadBps: between('topsUp', 0, 2_000),
    takesBps: chance('takesLess', 2_500) ? between('takes', 500, 9_999) : WHOLE_BPS,
    signs: signing < 90 ? 'always' : signing < 94 ? 'stops' : signing < 97 ? 'replays' : 'forges',
    signsUntilBps: between('signsUntil', 500, 9_500),
    payerEnds,
    lingersMs: preys
      ? between('lurks', 300_000, 1_200_000)
      : logUniformMs(lingerDraw, { leastMs: 1_000, mostMs: 120_000 }),
    preys,
    payerPatienceMs: between('patience/payer', 45_000, 180_000),
  } as const
}

function drawProvider(between: Between, chance: Chance) {
  const cheat = CHEATS[between('cheat', 1, CHEATS.length - 1)] as Behaviour['cheats']
  return {
    providerPatienceMs: between('patience/provider', 120_000, 900_000),
    redeemsAtBps: chance('redeems', 4_000) ? between('redeemsAt', 1_000, 6_000) : 0,
    providerWaits: chance('waits', 2_500),
    endsChallenges: chance('endsChallenges', 6_000),
    hasWatcher: chance('watcher', 5_000),
    cheats: chance('cheats', 1_200) ? cheat : 'no',
    keepsBack: chance('keepsBack', 1_500) ? between('keptBack', 1, 4) : 0,
  }
}

/** The behaviour of run `run` under `seed`. */
export function drawBehaviour(key: RunKey): Behaviour {
  const streams = streamsOf(key)
  const unit = (purpose: string) => streams(`payment-channel/${purpose}`).unit()
  const between: Between = (purpose, least, most) => uniformInteger(unit(purpose), { least, most })
  const chance: Chance = (purpose, bps) => chanceBps(unit(purpose), bps)
  const download = drawDownload(key)
  return {
    beginsAtMs: download.beginsAtMs,
    bytesPerSecond: rateOf(download, 0, 1),
    ...drawPayer(between, chance, unit('lingers')),
    ...drawProvider(between, chance),
    stranger: Array.from({ length: between('stranger', 0, 3) }, (_, index) => {
      const most = STRANGER_ATTEMPTS.length - 1
      const attempt = STRANGER_ATTEMPTS[between(`attempt/${index}`, 0, most)] as StrangerAttempt
      return { atMs: between(`attempt/${index}/at`, 1_000, 1_500_000), attempt }
    }),
  }
}
