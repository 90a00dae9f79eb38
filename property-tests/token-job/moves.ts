/**
 * What both the drawn commands and the alphabet of token-job are made of.
 */
import type { Agreement, AgreementView } from '../../models/kit/trace.ts'
import { JOB_STARTING_UNITS, JOB_TOKENS } from '../../models/token-job/cast.ts'
import { jobTermsDefault } from '../../models/token-job/parameters.ts'
import type { Moment } from '../kit/player.ts'

export const TOKEN_KINDS = JOB_TOKENS.map(({ kind }) => kind)
export const USERS = ['user0', 'user1', 'user2'] as const
const PRICES = [jobTermsDefault.pricePerTokenUnits, 1n, 7n, 333_333n, 1n << 90n, 0n] as const
/** The last one is longer than any run. */
export const DURATIONS_SECONDS = [jobTermsDefault.durationSeconds, 60, 1, 3_600, 0, 2 ** 32 - 1]

/** An allowance that never runs out. */
export const ENDLESS_UNITS = (1n << 256n) - 1n
export const DEPOSIT_UNITS_MAX = (1n << 128n) - 1n

/** A deposit by a small integer: the default, a few tokens, indivisible, the limits. */
function depositOf(drawn: number, price: bigint): bigint {
  switch (drawn) {
    case 1:
      return price * 3n
    case 2:
      return price * 1_000n + price / 2n
    case 3:
      return price * 5_000n
    case 4:
      return price
    case 5:
      return price > 0n ? price - 1n : 0n
    case 6:
      return DEPOSIT_UNITS_MAX
    default:
      return jobTermsDefault.depositUnits
  }
}

/** Positions in what a job is drawn as. */
export interface DrawnJob {
  readonly user: number
  readonly host: number
  readonly token: number
  readonly price: number
  readonly deposit: number
  readonly duration: number
}

/** A job by small integers; zeros mean user0, host0, a plain token and the default terms. */
export function agreementOf(index: number, drawn: DrawnJob): Agreement {
  const user = USERS[drawn.user] as string
  const pricePerTokenUnits = PRICES[drawn.price] as bigint
  return {
    index,
    roles: { user, host: ['host0', 'host1', user, 'escrow', 'nobody'][drawn.host] as string },
    token: TOKEN_KINDS[drawn.token] as string,
    terms: {
      pricePerTokenUnits,
      depositUnits: depositOf(drawn.deposit, pricePerTokenUnits),
      durationSeconds: DURATIONS_SECONDS[drawn.duration] as number,
      salt: BigInt(index),
    },
  }
}

/**
 * Jobs of one run. An allowance belongs to a user and a token, so no two jobs share both: a later
 * one goes to the next user. There are as many users as there may be jobs.
 */
export function agreementsOf(drawn: readonly DrawnJob[]): readonly Agreement[] {
  const taken = new Set<string>()
  return drawn.map((job, index) => {
    let user = job.user
    while (taken.has(`${user} ${job.token}`)) user = (user + 1) % USERS.length
    taken.add(`${user} ${job.token}`)
    return agreementOf(index, { ...job, user })
  })
}

/** A move that brings the job forward, and who would make it. */
export type Move = readonly [action: string, by: string]

/** Base units that wait on an account in the job's token. */
export function onAccount({ population }: Moment, { token }: Agreement, name: string): bigint {
  return population.view.accounts?.[token]?.[name] ?? 0n
}

/** Who has something to fetch by way of this job. */
export function claimants(moment: Moment, agreement: Agreement, view: AgreementView) {
  const { user, host } = agreement.roles as { user: string; host: string }
  const moves: Move[] = []
  if (view.state === 'None' || view.state === 'Approved') return moves
  if ((view.figures.claimUser ?? 0n) > 0n) moves.push(['claim', user])
  if (onAccount(moment, agreement, `earnings:${host}`) > 0n) moves.push(['withdrawEarnings', host])
  if (onAccount(moment, agreement, 'treasury') > 0n) moves.push(['withdrawTreasury', 'treasury'])
  return moves
}

/** The second in which something ends for this job, or null; it need not lie ahead. */
export function deadline({ cast }: Moment, agreement: Agreement, view: AgreementView) {
  const window = cast.policy === 'hardened' ? (cast.parameters.proofWindowSeconds as number) : 0
  const { startedAt = 0n, endsAt = 0n } = view.figures
  switch (view.state) {
    case 'Active':
      return Number(startedAt) + (agreement.terms.durationSeconds as number) + window
    case 'Ending':
      return Number(endsAt)
    default:
      return null
  }
}

/** Whole tokens that the deposit buys. */
export function affordable({ terms }: Agreement): bigint {
  const price = terms.pricePerTokenUnits as bigint
  return (terms.depositUnits as bigint) / (price === 0n ? 1n : price)
}

/** Whether no call could ever create this job: it is enough to see that refused once in a while. */
export function isHopeless({ roles, token, terms }: Agreement): boolean {
  const { user, host } = roles as { user: keyof typeof JOB_STARTING_UNITS; host: string }
  const price = terms.pricePerTokenUnits as bigint
  const deposit = terms.depositUnits as bigint
  const isUnsound = price === 0n || deposit < price || terms.durationSeconds === 0
  const keeps = JOB_TOKENS.find(({ kind }) => kind === token)
  const isShort = (keeps?.transferFeeBps ?? 0n) > 0n && deposit >= (keeps?.feeFromUnits ?? 0n)
  return isUnsound || isShort || !host.startsWith('host') || deposit > JOB_STARTING_UNITS[user]
}
