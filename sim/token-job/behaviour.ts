/**
 * What the people and machines of a job want: which model, how many tokens, who leaves early, who
 * vanishes, who cheats.
 *
 * Drawn before the run from streams of its own, or given by a generator that shrinks it. Everything
 * is a plain number, so that a counterexample can be read. Rates of tokens, lengths of answers and
 * shares of misbehaviour are assumptions of ours [A]; the description names none.
 */
import { z } from 'zod'
import {
  chanceBps,
  logUniformMs,
  shiftedLogNormalMs,
  uniformInteger,
} from '../kernel/distributions.ts'
import type { RunKey } from '../kernel/random.ts'
import { streamsOf } from '../kernel/random.ts'
import type { Model } from './actors.ts'

/** What a stranger may try, each at a time of its own. */
export const STRANGER_ATTEMPTS = [
  'proof',
  'end',
  'timeout',
  'claim',
  'earnings',
  'treasury',
  'create',
  'approve',
] as const
export type StrangerAttempt = (typeof STRANGER_ATTEMPTS)[number]

/** Receipts that a cheating host presents, once. */
export const FORGERIES = ['altered', 'forged', 'foreign', 'crossed'] as const

const DAY_MS = 86_400_000
const delayMs = z.number().int().min(0).max(DAY_MS)
const tokens = z.number().int().min(0).max(1_000_000)
const model = z.enum(['slow', 'fast'])

export const behaviourSchema = z.strictObject({
  /** From the start of the world to the search for a host. */
  beginsAtMs: delayMs,
  /** What the user had allowed the contract to take before, in base units; 0 for nothing. */
  allowanceUnits: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  /** The model that the user wants. */
  model,
  /** What the registry lists. Whichever host is picked plays the host. */
  hosts: z.array(z.strictObject({ active: z.boolean(), model })).max(16),
  /** The pick among n candidates is this modulo n. */
  pick: z.number().int().min(0).max(999),
  /** Times that the user asks the registry before it gives up. */
  searchesMost: z.number().int().min(1).max(8),
  /** Speed of the host that is picked. */
  tokensPerMinute: z.number().int().min(1).max(1_000_000),
  /** From a prompt to the first token of its answer. */
  firstTokenMs: delayMs,
  /** Each prompt's answer, and how long the user thinks after it. */
  prompts: z.array(z.strictObject({ tokens: tokens.min(1), thinkMs: delayMs })).max(64),
  /** `early` ends without a word just before a proof is due, `vanishes` never ends. */
  userLeaves: z.enum(['satisfied', 'early', 'vanishes']),
  /** Tokens that such a user takes at least. */
  leavesAfterTokens: tokens,
  /** How long a user waits for a token, and a host for a word, before it ends the job. */
  userPatienceMs: delayMs.min(10_000),
  hostPatienceMs: delayMs.min(10_000),
  /** Tokens after which the host is gone for good; 0 for never. */
  hostVanishesAfterTokens: tokens,
  /** How much more than it delivered a host claims, in basis points. */
  overClaimsBps: z.number().int().min(0).max(10_000),
  /** hardened: the receipt that it presents with such a claim. */
  forgery: z.enum(FORGERIES),
  /** Time between two rounds of the treasury; 0 when it leaves its share where it is. */
  treasuryEveryMs: delayMs,
  stranger: z.array(z.strictObject({ atMs: delayMs, attempt: z.enum(STRANGER_ATTEMPTS) })).max(16),
})
export type Behaviour = z.infer<typeof behaviourSchema>

/** Tokens a minute: log-normal around 8 and 60 tokens a second [A]. */
export const RATES: Readonly<Record<Model, { medianPerMinute: number; sigma: number }>> = {
  slow: { medianPerMinute: 480, sigma: 0.3 },
  fast: { medianPerMinute: 3_600, sigma: 0.3 },
}
/** Answers: log-normal, the median a page of text, one in forty more than 1,700 tokens [A]. */
const ANSWER = { shiftMs: 8, medianMs: 320, sigma: 0.85 }
const ANSWER_TOKENS_MAX = 8_000
const FIRST_TOKEN = { shiftMs: 150, medianMs: 350, sigma: 0.6 }
const PROMPTS_MAX = 8
const HOSTS_MAX = 8

type Between = (purpose: string, least: number, most: number) => number

function drawHosts(between: Between): Behaviour['hosts'] {
  return Array.from({ length: between('hosts', 1, HOSTS_MAX) }, (_, index) => ({
    active: between(`host/${index}`, 0, 9) < 8,
    model: between(`model/${index}`, 0, 1) === 0 ? 'slow' : 'fast',
  }))
}

/** The behaviour of run `run` under `seed`. */
export function drawBehaviour(key: RunKey): Behaviour {
  const streams = streamsOf(key)
  const unit = (purpose: string) => streams(`token-job/${purpose}`).unit()
  const between: Between = (purpose, least, most) => uniformInteger(unit(purpose), { least, most })
  const wanted: Model = chanceBps(unit('wanted'), 5_000) ? 'slow' : 'fast'
  const { medianPerMinute, sigma } = RATES[wanted]
  const rate = { shiftMs: 1, medianMs: medianPerMinute, sigma }
  const prompts = Array.from({ length: between('prompts', 1, PROMPTS_MAX) }, (_, index) => ({
    tokens: Math.min(ANSWER_TOKENS_MAX, shiftedLogNormalMs(unit(`answer/${index}`), ANSWER)),
    thinkMs: logUniformMs(unit(`think/${index}`), { leastMs: 5_000, mostMs: 240_000 }),
  }))
  const leaving = between('leaving', 0, 99)
  const attempts = between('stranger', 0, 3)
  return {
    beginsAtMs: between('begins', 0, 12_000),
    allowanceUnits: chanceBps(unit('allowance'), 3_000) ? between('allowed', 1, 20_000_000) : 0,
    model: wanted,
    hosts: drawHosts(between),
    pick: between('discovery/pick', 0, 999),
    searchesMost: between('searches', 2, 4),
    tokensPerMinute: shiftedLogNormalMs(unit('rate'), rate),
    firstTokenMs: Math.min(10_000, shiftedLogNormalMs(unit('first'), FIRST_TOKEN)),
    prompts,
    userLeaves: leaving < 80 ? 'satisfied' : leaving < 94 ? 'early' : 'vanishes',
    leavesAfterTokens: between('leavesAfter', 1, 2_000),
    userPatienceMs: between('patience/user', 60_000, 180_000),
    hostPatienceMs: between('patience/host', 300_000, 900_000),
    hostVanishesAfterTokens: chanceBps(unit('vanishes'), 400) ? between('vanished', 1, 3_000) : 0,
    overClaimsBps: chanceBps(unit('overClaims'), 1_000) ? between('overClaim', 100, 5_000) : 0,
    forgery: FORGERIES[between('forgery', 0, FORGERIES.length - 1)] as Behaviour['forgery'],
    treasuryEveryMs: chanceBps(unit('treasury'), 9_000) ? between('rounds', 60_000, 900_000) : 0,
    stranger: Array.from({ length: attempts }, (_, index) => {
      const most = STRANGER_ATTEMPTS.length - 1
      const attempt = STRANGER_ATTEMPTS[between(`attempt/${index}`, 0, most)] as StrangerAttempt
      return { atMs: between(`attempt/${index}/at`, 5_000, 900_000), attempt }
    }),
  }
}
