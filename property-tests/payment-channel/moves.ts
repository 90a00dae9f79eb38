/**
 * What both the drawn commands and the alphabet of payment-channel are made of.
 */
import type { Agreement, AgreementView } from '../../models/kit/trace.ts'
import { CHANNEL_PAYERS, CHANNEL_TOKENS } from '../../models/payment-channel/cast.ts'
import { channelTermsDefault, EXPIRY_SECONDS_MAX } from '../../models/payment-channel/parameters.ts'
import type { Moment } from '../kit/player.ts'

export const TOKEN_KINDS = CHANNEL_TOKENS.map(({ kind }) => kind)
const VOUCHER_STEPS = [channelTermsDefault.voucherStepUnits, 1n, 333_333n, 1n << 90n] as const
/** The last one is longer than any run, the one before it is refused. */
const EXPIRIES_SECONDS = [
  channelTermsDefault.expirySeconds,
  600,
  60,
  1,
  0,
  EXPIRY_SECONDS_MAX,
] as const

/** A channel by small integers: zeros mean payer0, provider0, a plain token, default terms. */
export function agreementOf(index: number, drawn: readonly number[]): Agreement {
  const [payerDrawn = 0, provider = 0, token = 0, step = 0, expiry = 0] = drawn
  const payer = CHANNEL_PAYERS[payerDrawn] as string
  return {
    index,
    roles: {
      payer,
      provider: ['provider0', 'provider1', payer, 'escrow', 'nobody'][provider] as string,
    },
    token: TOKEN_KINDS[token] as string,
    terms: {
      depositUnits: channelTermsDefault.depositUnits,
      voucherStepUnits: VOUCHER_STEPS[step] as bigint,
      expirySeconds: EXPIRIES_SECONDS[expiry] as number,
      salt: BigInt(index),
    },
  }
}

/** A move that brings the channel forward, and who would make it. */
export type Move = readonly [action: string, by: string]

/** Who has a share to claim. */
export function claimants({ roles }: Agreement, view: AgreementView): readonly Move[] {
  const moves: Move[] = []
  if ((view.figures.claimPayer ?? 0n) > 0n) moves.push(['claim', roles.payer as string])
  if ((view.figures.claimProvider ?? 0n) > 0n) moves.push(['claim', roles.provider as string])
  return moves
}

/** Times at which something changes for this channel, in seconds; not all lie ahead. */
export function deadlines(moment: Moment, agreement: Agreement, view: AgreementView): number[] {
  const challenge = moment.cast.parameters.challengeSeconds as number
  const { openedAt = 0n, challengeEndsAt = 0n } = view.figures
  switch (view.state) {
    case 'Open': {
      const expiresAt = Number(openedAt) + (agreement.terms.expirySeconds as number)
      return [expiresAt + challenge, expiresAt]
    }
    case 'Closing':
      return [Number(challengeEndsAt)]
    default:
      return []
  }
}

export function voucherStepOf({ terms }: Agreement): bigint {
  return terms.voucherStepUnits as bigint
}
