/**
 * Metamorphic relations of payment-channel: M1, M2, M3, M4, M8 and M9 of the catalogue.
 *
 * M6 (a pause of zero length changes nothing) does not apply: a channel cannot be paused.
 */
import { AMOUNT_UNITS_MAX } from '../../models/kit/money.ts'
import type { AgreementView, PlannedStep, Trace } from '../../models/kit/trace.ts'
import { channelOwnerOf } from '../../models/payment-channel/oracle.ts'
import { type Shares, sharesAt } from '../../models/payment-channel/standing.ts'
import { endReading } from '../kit/endReading.ts'
import {
  amountScale,
  independence,
  replayedCalls,
  SCALED_UNITS_MAX,
  sameEnd,
  strangersCalls,
  timeShift,
} from '../kit/neutralRelations.ts'
import type { Plan } from '../kit/plan.ts'
import type { Changed, Relation } from '../kit/relation.ts'

const noun = 'channel'

function shareText({ payer, provider, other }: Shares): string {
  return `payer ${payer}, provider ${provider}, others ${other}`
}

const { finalShares, shares, gains } = endReading<Shares>({
  ownerOf: channelOwnerOf,
  sharesAt,
  text: shareText,
  lessPaidIn: (final, inUnits) => ({ ...final, payer: final.payer - inUnits }),
})

/** The numbers of a call: what it offers, or what its voucher promises. */
const AMOUNT_KEYS = ['amountUnits', 'cumulativeUnits'] as const

function scaled({ cast, steps }: Plan, factor: bigint): Changed | null {
  const rich = cast.agreements.every(({ roles }) => roles.payer === 'payer0')
  const free = cast.agreements.every(({ token }) => !token.startsWith('feeOn'))
  const units = steps.flatMap(({ args }) => AMOUNT_KEYS.map((key) => args[key] ?? 0n))
  const fits = units.every((each) => (each as bigint) * factor <= SCALED_UNITS_MAX)
  if (!rich || !free || !fits) return null
  const bigger = steps.map((step): PlannedStep => {
    const args = { ...step.args }
    for (const key of AMOUNT_KEYS) {
      const each = args[key]
      if (typeof each === 'bigint') args[key] = each * factor
    }
    return { ...step, args }
  })
  return { cast, steps: bigger }
}

function scaledShares(original: Trace, changed: Trace, factor: bigint): string | null {
  const bigger = finalShares(changed)
  for (const [index, each] of finalShares(original).entries()) {
    const other = bigger[index] as Shares
    const exact = other.payer === each.payer * factor && other.provider === each.provider * factor
    if (exact) continue
    return `channel ${index}: ${shareText(each)}; scaled by ${factor}: ${shareText(other)}`
  }
  return null
}

/** Every redemption that pays at least two units, in two steps. */
const splitVouchers: Relation = {
  id: 'M3',
  statement: 'A voucher over a sum does what vouchers over its parts do, step by step.',
  formula: 'redeem(a + b) = redeem(a); redeem(a + b)',
  witness: 'a run with an accepted redemption that can be split',
  transform({ cast, steps, predictions, start }) {
    const split = steps.flatMap((step, index) => {
      const population = predictions[index - 1]?.population ?? start
      const view = population.view.agreements[step.agreement] as AgreementView
      const accepted = predictions[index]?.account.outcome.accepted === true
      return accepted ? inTwo(step, view) : [step]
    })
    return split.length === steps.length ? null : { cast, steps: split }
  },
  compare: sameEnd(noun, shares),
}

function inTwo(step: PlannedStep, { figures }: AgreementView): readonly PlannedStep[] {
  const { paid = 0n, deposit = 0n } = figures
  const promised = step.args.cumulativeUnits
  if (step.action !== 'redeem' || typeof promised !== 'bigint') return [step]
  const covered = promised < deposit ? promised : deposit
  // Rounds up, so that the first of the two pays something.
  const firstUnits = (covered - paid + 2n) / 3n
  if (firstUnits >= covered - paid) return [step]
  const first = { ...step, args: { ...step.args, cumulativeUnits: paid + firstUnits } }
  return [first, step]
}

/** Whether a payer may lack tokens because of another channel, or a voucher belongs there. */
function isTied({ predictions }: Plan, kept: readonly PlannedStep[]): boolean {
  const scarce = predictions.some(({ account }) => account.outcome.error === 'DepositFailed')
  return scarce || kept.some(({ args }) => args.voucher === 'foreign')
}

/** Whether somebody was paid after the challenge: anyone might have finalised before that. */
function wasPaidLate({ steps, predictions }: Plan): boolean {
  return steps.some(({ action, agreement, atSeconds }, index) => {
    const view = predictions[index - 1]?.population.view.agreements[agreement]
    const accepted = predictions[index]?.account.outcome.accepted === true
    if (view?.state !== 'Closing' || !accepted) return false
    const isPayment = action === 'redeem' || action === 'close'
    return isPayment && BigInt(atSeconds) >= (view.figures.challengeEndsAt ?? 0n)
  })
}

const everything = { cumulativeUnits: AMOUNT_UNITS_MAX, voucher: 'genuine' }

export const channelRelations: readonly Relation[] = [
  timeShift({ noun, shares }),
  amountScale({
    statement: 'Scaling deposits and vouchers by k scales every share by k.',
    formula: 'P(k·D, k·n) = k·P(D, n), X likewise',
    scaled,
    compareShares: scaledShares,
  }),
  splitVouchers,
  independence({ noun, isTied }),
  replayedCalls({
    noun,
    shares,
    exception: 'top-ups are new payments',
    isNew: ({ steps }, index) => steps[index]?.action === 'topUp',
  }),
  strangersCalls({
    noun,
    tries: 'redeem, close, request the end, finalise, reclaim and claim',
    ended: ['Closed'],
    gains,
    attempts: () => [
      ['redeem', everything],
      ['close', everything],
      ['requestClose'],
      ['finalise'],
      ['reclaimExpired'],
      ['claim', { to: 'stranger' }],
    ],
    isLeftOut: wasPaidLate,
  }),
]
