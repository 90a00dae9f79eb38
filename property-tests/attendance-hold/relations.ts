/**
 * Metamorphic relations of attendance-hold: M1, M2, M3, M4, M8 and M9 of the catalogue.
 *
 * M6 (a pause of zero length changes nothing) does not apply: a lesson cannot be paused.
 */
import { holdOwnerOf } from '../../models/attendance-hold/oracle.ts'
import { type Shares, sharesAt } from '../../models/attendance-hold/standing.ts'
import { BPS_PER_WHOLE } from '../../models/kit/money.ts'
import type { PlannedStep, Trace } from '../../models/kit/trace.ts'
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

const noun = 'hold'

function shareText({ student, teacher, referrer, platform, other }: Shares): string {
  const commission = `referrer ${referrer}, platform ${platform}`
  return `student ${student}, teacher ${teacher}, ${commission}, others ${other}`
}

const { finalShares, shares, gains } = endReading<Shares>({
  ownerOf: holdOwnerOf,
  sharesAt,
  text: shareText,
  lessPaidIn: (final, inUnits) => ({ ...final, student: final.student - inUnits }),
})

/** Times that a call can carry. Zero is no time: it says that nobody has joined. */
const TIME_KEYS = ['at', 'joinedAt', 'leftAt', 'endedAt'] as const

function movedArgs(args: PlannedStep['args'], bySeconds: number): PlannedStep['args'] {
  const moved = { ...args }
  for (const key of TIME_KEYS) {
    const at = args[key]
    if (typeof at === 'number' && at > 0) moved[key] = at + bySeconds
  }
  return moved
}

/** Prices are terms, so they are scaled in the agreements. */
function scaled({ cast, steps }: Plan, factor: bigint): Changed | null {
  const rich = cast.agreements.every(({ roles }) => roles.student === 'student0')
  const free = cast.agreements.every(({ token }) => !token.startsWith('feeOn'))
  const prices = cast.agreements.map(({ terms }) => (terms.priceUnits as bigint) * factor)
  const fits = prices.every((price) => price <= SCALED_UNITS_MAX)
  // A commission that rounds to nothing cannot be claimed, and the scaled one can.
  const commissionBps = BigInt(cast.parameters.commissionBps as number)
  const isRoundedAway = cast.agreements.some(({ roles, terms }) => {
    const share = (terms.priceUnits as bigint) * commissionBps
    return roles.referrer !== undefined && share > 0n && share < BPS_PER_WHOLE
  })
  if (!rich || !free || !fits || isRoundedAway) return null
  const agreements = cast.agreements.map((agreement, index) => {
    return { ...agreement, terms: { ...agreement.terms, priceUnits: prices[index] ?? 0n } }
  })
  return { cast: { ...cast, agreements }, steps }
}

function scaledShares(original: Trace, changed: Trace, factor: bigint): string | null {
  const bigger = finalShares(changed)
  for (const [index, each] of finalShares(original).entries()) {
    const other = bigger[index] as Shares
    const commission = each.referrer + each.platform
    const more = other.referrer + other.platform - commission * factor
    const released = (each.teacher + commission) * factor
    const isWhole = other.teacher + other.referrer + other.platform === released
    const exact = isWhole && other.student === each.student * factor
    if (exact && more >= 0n && more < factor) continue
    return `hold ${index}: ${shareText(each)}; scaled by ${factor}: ${shareText(other)}`
  }
  return null
}

const splitPresence: Relation = {
  id: 'M3',
  statement: 'Presence that is told in two parts counts as told in one.',
  formula: 'record [a, c) = record [a, b); record [b, c); as described left c = left b; left c',
  witness: 'a run with an accepted record that can be split',
  transform({ cast, steps, predictions }) {
    const addedTo = cast.agreements.map(() => 0)
    const split = steps.flatMap((step, index): readonly PlannedStep[] => {
      const renumbered = renumber(step, addedTo[step.agreement] ?? 0)
      if (predictions[index]?.account.outcome.accepted !== true) return [renumbered]
      const before = predictions[index - 1]?.population.view.agreements[step.agreement]
      const parts = inTwo(renumbered, Number(before?.figures.joinedAt ?? 0n))
      addedTo[step.agreement] = (addedTo[step.agreement] ?? 0) + parts.length - 1
      return parts
    })
    return split.length === steps.length ? null : { cast, steps: split }
  },
  compare: sameEnd(noun, shares),
}

function renumber(step: PlannedStep, by: number): PlannedStep {
  const { index } = step.args
  return typeof index === 'number' ? { ...step, args: { ...step.args, index: index + by } } : step
}

/** A record in two, the parts meeting in its first third; what is too short stays as it is. */
function inTwo(step: PlannedStep, insideSince: number): readonly PlannedStep[] {
  const { action, args } = step
  if (action !== 'recordAttendance') return [step]
  const [from, to] = args.kind === undefined ? [args.joinedAt, args.leftAt] : [insideSince, args.at]
  const length = (to as number) - (from as number)
  if (args.kind === 'joined' || length < 2) return [step]
  const between = (from as number) + 1 + Math.floor((length - 2) / 3)
  if (args.kind === 'left') return [{ ...step, args: { ...args, at: between } }, step]
  const second = { ...args, index: (args.index as number) + 1, joinedAt: between }
  return [
    { ...step, args: { ...args, leftAt: between } },
    { ...step, args: second },
  ]
}

/** Whether a student may lack tokens because of another hold, or an attestation belongs there. */
function isTied({ predictions }: Plan, kept: readonly PlannedStep[]): boolean {
  const scarce = predictions.some(({ account }) => account.outcome.error === 'DepositFailed')
  return scarce || kept.some(({ args }) => args.attestation === 'foreign')
}

/** Whether a session was finished when anyone might have refunded it already. */
function wasFinishedLate({ cast, steps, predictions }: Plan): boolean {
  return steps.some(({ action, agreement, atSeconds }, index) => {
    const accepted = predictions[index]?.account.outcome.accepted === true
    if (action !== 'finishSession' || !accepted) return false
    const startsAt = cast.agreements[agreement]?.terms.startsAt as number
    const { sessionSeconds, noShowSeconds } = cast.parameters
    return atSeconds >= startsAt + (sessionSeconds as number) + (noShowSeconds as number)
  })
}

/** What a stranger says without the attestor's signature; only one of them fits the policy. */
const made = { attestation: 'forged' } as const

export const holdRelations: readonly Relation[] = [
  timeShift({
    noun,
    shares,
    move: movedArgs,
    moveTerms: (terms, by) => ({ ...terms, startsAt: (terms.startsAt as number) + by }),
  }),
  amountScale({
    statement: 'Scaling the price by k scales every share by k, within the rounding.',
    formula: 'P + C and X scale by k; k·C ≤ C(k) < k·C + k',
    scaled,
    compareShares: scaledShares,
  }),
  splitPresence,
  independence({ noun, isTied }),
  replayedCalls({ noun, shares }),
  strangersCalls({
    noun,
    tries: 'record, finish, process, refund and claim',
    ended: ['Released', 'Refunded'],
    gains,
    attempts: ({ atSeconds }, { cast: { policy } }) => {
      const isHardened = policy === 'hardened'
      const span = { index: 0, joinedAt: atSeconds - 1, leftAt: atSeconds, ...made }
      return [
        ['recordAttendance', isHardened ? span : { kind: 'joined', at: atSeconds }],
        ['finishSession', isHardened ? { endedAt: atSeconds, ...made } : {}],
        ['process', isHardened ? {} : { release: true }],
        ['refundUnfinished'],
        ['claim', { to: 'stranger' }],
      ]
    },
    isLeftOut: wasFinishedLate,
  }),
]
