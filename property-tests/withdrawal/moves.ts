/**
 * What both the drawn commands and the alphabet of withdrawal are made of.
 */
import { AMOUNT_UNITS_MAX, BPS_PER_WHOLE, divCeil } from '../../models/kit/money.ts'
import type { Agreement, AgreementView, Parameters, Policy } from '../../models/kit/trace.ts'
import { WITHDRAWAL_TEACHERS, WITHDRAWAL_TOKENS } from '../../models/withdrawal/cast.ts'
import { withdrawalParameters } from '../../models/withdrawal/parameters.ts'
import type { Moment } from '../kit/player.ts'

export const TOKEN_KINDS = WITHDRAWAL_TOKENS.map(({ kind }) => kind)

/** Deployments to try; the second pays any amount, the last leaves teachers nothing. */
export const CASES: readonly Parameters[] = [
  {},
  { minimumUnits: 1, processingTimeoutSeconds: 60, commissionBps: 3_333 },
  { processingTimeoutSeconds: 1, commissionBps: 0 },
  { commissionBps: 10_000 },
].map((given) => withdrawalParameters.parse(given))

export const minimumOf = (parameters: Parameters) => BigInt(parameters.minimumUnits as number)

/** An amount by a small integer: the minimum, more, odd, below, the limit. */
function amountOf(drawn: number, parameters: Parameters): bigint {
  const minimum = minimumOf(parameters)
  switch (drawn) {
    case 1:
      return minimum * 2n
    case 2:
      return minimum + 7n
    case 3:
      return minimum - 1n
    case 4:
      return AMOUNT_UNITS_MAX
    default:
      return minimum
  }
}

/** Positions in what a withdrawal is drawn as. */
export interface DrawnWithdrawal {
  readonly teacher: number
  /** 0 for the token of the run, else another. */
  readonly apart: number
  readonly amount: number
}

/**
 * Withdrawals of one run; zeros mean teacher0, one plain token for all and the minimum.
 *
 * The re-entrant token calls back for the last withdrawal, whichever is paid; so that a payment is
 * seen to call back for itself, the ones before it are in a plain token.
 */
export function agreementsOf(
  caseIndex: number,
  token: number,
  drawn: readonly DrawnWithdrawal[],
): readonly Agreement[] {
  const tokenAt = (index: number) => {
    const isLast = index === drawn.length - 1
    return TOKEN_KINDS[token] === 'reentrant' && !isLast ? 0 : token
  }
  return drawn.map(({ teacher, apart, amount }, index) => ({
    index,
    roles: {
      teacher: WITHDRAWAL_TEACHERS[teacher] as string,
      bank: 'bank',
      platform: 'platform',
    },
    token: TOKEN_KINDS[(tokenAt(index) + apart) % TOKEN_KINDS.length] as string,
    terms: {
      amountUnits: amountOf(amount, CASES[caseIndex] as Parameters),
      salt: BigInt(index),
    },
  }))
}

/** A move that brings a withdrawal forward, and who would make it. */
export type Move = readonly [action: string, by: string]

export const amountUnits = ({ terms }: Agreement) => terms.amountUnits as bigint

/** Base units on one of the accounts in the withdrawal's token. */
export function onAccount({ population }: Moment, { token }: Agreement, name: string): bigint {
  return population.view.accounts?.[token]?.[name] ?? 0n
}

export function availableUnits(moment: Moment, agreement: Agreement): bigint {
  return onAccount(moment, agreement, `available:${agreement.roles.teacher}`)
}

/** Whether the teacher has asked for money in this token by another withdrawal that is open. */
export function isAskedFor({ cast, population }: Moment, { index, roles, token }: Agreement) {
  return cast.agreements.some((other) => {
    const { state } = population.view.agreements[other.index] as AgreementView
    const isOpen = state === 'Pending' || state === 'Processing'
    const isSame = other.token === token && other.roles.teacher === roles.teacher
    return isOpen && isSame && other.index !== index
  })
}

/** The least gross credit of which at least this much is the teacher's. */
export function grossFor({ cast }: Moment, netUnits: bigint): bigint {
  const keptBps = BPS_PER_WHOLE - BigInt(cast.parameters.commissionBps as number)
  const gross = keptBps === 0n ? netUnits : divCeil(netUnits * BPS_PER_WHOLE, keptBps)
  return gross > AMOUNT_UNITS_MAX ? AMOUNT_UNITS_MAX : gross
}

/** Who says that a payment is made. */
export const completerOf = (policy: Policy) => (policy === 'hardened' ? 'bank' : 'admin0')

/** Who has something to fetch by way of this withdrawal. */
export function claimants(moment: Moment, agreement: Agreement, view: AgreementView) {
  const moves: Move[] = []
  if ((view.figures.claimBank ?? 0n) > 0n) moves.push(['claim', 'bank'])
  if (onAccount(moment, agreement, 'commission') > 0n) {
    moves.push(['withdrawCommission', 'platform'])
  }
  return moves
}

/** The second from which the teacher may take an approved withdrawal back, or null. */
export function deadline({ cast }: Moment, view: AgreementView): number | null {
  if (view.state !== 'Processing') return null
  const timeout = cast.parameters.processingTimeoutSeconds as number
  return Number(view.figures.approvedAt ?? 0n) + timeout
}

/** Whether no request could ever be accepted: it is enough to see that once in a while. */
export function isHopeless({ cast }: Moment, agreement: Agreement): boolean {
  const token = WITHDRAWAL_TOKENS.find(({ kind }) => kind === agreement.token)
  const keeps = (token?.transferFeeBps ?? 0n) > 0n
  const minimum = minimumOf(cast.parameters)
  const isShort = keeps && minimum >= (token?.feeFromUnits ?? 0n)
  const { commissionBps } = cast.parameters as { commissionBps: number }
  const isTooMuch = amountUnits(agreement) === AMOUNT_UNITS_MAX && commissionBps > 0
  return isShort || isTooMuch || commissionBps === 10_000 || amountUnits(agreement) < minimum
}
