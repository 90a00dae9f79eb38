/**
 * Metamorphic relations of session-escrow: M1, M2, M3, M4, M8 and M9 of the catalogue.
 *
 * M6 (a pause of zero length changes nothing) does not apply: a session cannot be paused.
 */
import type { Datum, PlannedStep, Trace } from '../../models/kit/trace.ts'
import { sessionOwnerOf } from '../../models/session-escrow/oracle.ts'
import { type Shares, sharesAt } from '../../models/session-escrow/standing.ts'
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

const noun = 'session'

function shareText({ student, tutor, platform, other }: Shares): string {
  return `student ${student}, tutor ${tutor}, platform ${platform}, others ${other}`
}

const { finalShares, shares, gains } = endReading<Shares>({
  ownerOf: sessionOwnerOf,
  sharesAt,
  text: shareText,
  lessPaidIn: (final, inUnits) => ({ ...final, student: final.student - inUnits }),
})

function shiftedPing(ping: Datum | undefined, bySeconds: number): Datum {
  if (typeof ping !== 'object' || ping === null) return null
  return { ...ping, atSeconds: (ping.atSeconds as bigint) + BigInt(bySeconds) }
}

function movedPings(args: PlannedStep['args'], bySeconds: number): PlannedStep['args'] {
  if (args.studentPing === undefined) return args
  const { studentPing, tutorPing } = args
  return {
    studentPing: shiftedPing(studentPing, bySeconds),
    tutorPing: shiftedPing(tutorPing, bySeconds),
  }
}

function scaled({ cast, steps }: Plan, factor: bigint): Changed | null {
  const rich = cast.agreements.every(({ roles }) => roles.student === 'student0')
  const units = steps.flatMap(({ args }) => (args.amountUnits as bigint | undefined) ?? [])
  const rates = cast.agreements.map(({ terms }) => terms.ratePerSecondUnits as bigint)
  const free = cast.agreements.every(({ token }) => !token.startsWith('feeOn'))
  if (!rich || !free || [...units, ...rates].some((each) => each * factor > SCALED_UNITS_MAX))
    return null
  const agreements = cast.agreements.map((agreement) => ({
    ...agreement,
    terms: {
      ...agreement.terms,
      ratePerSecondUnits: (agreement.terms.ratePerSecondUnits as bigint) * factor,
    },
  }))
  const bigger = steps.map((step): PlannedStep => {
    const { amountUnits } = step.args
    if (typeof amountUnits !== 'bigint') return step
    return { ...step, args: { ...step.args, amountUnits: amountUnits * factor } }
  })
  return { cast: { ...cast, agreements }, steps: bigger }
}

function scaledShares(original: Trace, changed: Trace, factor: bigint): string | null {
  const bigger = finalShares(changed)
  for (const [index, each] of finalShares(original).entries()) {
    const other = bigger[index] as Shares
    const exact = other.gross === each.gross * factor && other.student === each.student * factor
    const fee = other.platform - each.platform * factor
    if (exact && fee >= 0n && fee < factor) continue
    return `session ${index}: ${shareText(each)}; scaled by ${factor}: ${shareText(other)}`
  }
  return null
}

const splitCall: Relation = {
  id: 'M3',
  statement: 'A payment in two parts in the same second does what one payment of their sum does.',
  formula: 'topUp(a + b) = topUp(a); topUp(b), and deposit(a + b) = deposit(a); topUp(b)',
  witness: 'an accepted payment that can be split',
  transform({ cast, steps, predictions }) {
    const index = steps.findIndex(
      (step, at) =>
        predictions[at]?.account.outcome.accepted === true && splitPayment(step, cast) !== null,
    )
    const step = steps[index]
    const parts = step === undefined ? null : splitPayment(step, cast)
    return parts === null ? null : { cast, steps: steps.toSpliced(index, 1, ...parts) }
  },
  compare: sameEnd(noun, shares),
}

/**
 * The payment as two, the first still enough for one second when it is a deposit; null for none.
 */
function splitPayment(step: PlannedStep, { agreements }: Plan['cast']): PlannedStep[] | null {
  const { action, args, agreement } = step
  const amountUnits = args.amountUnits
  if (typeof amountUnits !== 'bigint') return null
  const rate = agreements[agreement]?.terms.ratePerSecondUnits as bigint
  const least = action === 'deposit' ? rate : 1n
  const first = least + (amountUnits - least) / 3n
  const rest = amountUnits - first
  if (first < least || rest <= 0n) return null
  return [
    { ...step, args: { amountUnits: first } },
    { ...step, action: 'topUp', args: { amountUnits: rest } },
  ]
}

/** Whether a student may lack tokens because of another session, or a ping belongs to another. */
function isTied({ predictions }: Plan, kept: readonly PlannedStep[]): boolean {
  const scarce = predictions.some(({ account }) => account.outcome.error === 'DepositFailed')
  return scarce || kept.some(({ args }) => isForeign(args.studentPing) || isForeign(args.tutorPing))
}

function isForeign(ping: Datum | undefined): boolean {
  return typeof ping === 'object' && ping !== null && ping.kind === 'foreign'
}

export const sessionRelations: readonly Relation[] = [
  timeShift({ noun, shares, move: movedPings }),
  amountScale({
    statement:
      'Scaling rate and amounts by k scales every share by k, the fee within its rounding.',
    formula: 'gross(kR, kD) = k·gross; k·F ≤ F(k) < k·F + k',
    scaled,
    compareShares: scaledShares,
  }),
  splitCall,
  independence({ noun, isTied }),
  replayedCalls({
    noun,
    shares,
    exception: 'top-ups are new payments',
    isNew: ({ steps }, index) => steps[index]?.action === 'topUp',
  }),
  strangersCalls({
    noun,
    tries: 'stop, settle and cancel',
    ended: ['Settled', 'Refunded', 'Closed', 'Cancelled'],
    gains,
    attempts: (_, { cast }) => [
      ['stop', cast.policy === 'hardened' ? { studentPing: null, tutorPing: null } : {}],
      ['settle'],
      ['cancel'],
    ],
  }),
]
