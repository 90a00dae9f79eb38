/**
 * Metamorphic relations of progressive-escrow: M1, M2, M4, M6, M8 and M9 of the catalogue.
 *
 * M3 (split payments) does not apply: the price is paid at once.
 */
import type { Agreement, PlannedStep, Trace } from '../../models/kit/trace.ts'
import { progressiveOwnerOf } from '../../models/progressive-escrow/oracle.ts'
import { type Shares, sharesAt } from '../../models/progressive-escrow/standing.ts'
import { endReading } from '../kit/endReading.ts'
import {
  amountScale,
  firstDifference,
  independence,
  replayedCalls,
  SCALED_UNITS_MAX,
  strangersCalls,
  timeShift,
} from '../kit/neutralRelations.ts'
import type { Plan } from '../kit/plan.ts'
import type { Changed, Relation } from '../kit/relation.ts'

const noun = 'session'

function shareText({ student, mentor, platform, other }: Shares): string {
  return `student ${student}, mentor ${mentor}, platform ${platform}, others ${other}`
}

const { finalShares, shares, gains } = endReading<Shares>({
  ownerOf: progressiveOwnerOf,
  sharesAt,
  text: shareText,
  lessPaidIn: (final, inUnits) => ({ ...final, student: final.student - inUnits }),
})

/** Whether every second of the session is worth a whole number of units, all and progressive. */
function isEven({ terms }: Agreement, progressiveBps: bigint): boolean {
  const total = terms.totalAmountUnits as bigint
  const seconds = BigInt(terms.durationMinutes as number) * 60n
  if (seconds === 0n) return true
  return total % seconds === 0n && (total * progressiveBps) % (10_000n * seconds) === 0n
}

function scaled({ cast, steps }: Plan, factor: bigint): Changed | null {
  const progressiveBps = BigInt(cast.parameters.progressiveBps as number)
  const totalOf = ({ terms }: Agreement) => terms.totalAmountUnits as bigint
  const units = steps.flatMap(({ args }) => (args.amountUnits as bigint | undefined) ?? [])
  const isFit = cast.agreements.every(
    (agreement) =>
      agreement.roles.student === 'student0' &&
      !agreement.token.startsWith('feeOn') &&
      isEven(agreement, progressiveBps),
  )
  const all = [...units, ...cast.agreements.map(totalOf)]
  if (!isFit || all.some((each) => each * factor > SCALED_UNITS_MAX)) return null
  const agreements = cast.agreements.map((agreement) => {
    const totalAmountUnits = totalOf(agreement) * factor
    return { ...agreement, terms: { ...agreement.terms, totalAmountUnits } }
  })
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

/** Sessions are tied by a student's tokens and nonces and, as described, by the owner's power. */
function isTied({ cast, steps, predictions }: Plan): boolean {
  return steps.some(({ action }, index) => {
    const { accepted, error } = predictions[index]?.account.outcome ?? {}
    const isPower = cast.policy === 'as-described' && action === 'emergencyRelease'
    if (isPower && (accepted || error === 'InsufficientFunds')) return true
    return error === 'DepositFailed' || error === 'NonceUsed'
  })
}

/** Everything observable of a run's end, but for what nothing reads any more. */
function finalPicture(trace: Trace): readonly string[] {
  const { agreements, balances } = trace.steps.at(-1)?.observed.after ?? trace.initial
  const texts = agreements.map(({ state, figures }) => {
    // As described a resumption restarts a count that only the hardened policy has a use for.
    const left = Object.entries(figures).filter(
      ([name]) => trace.policy === 'hardened' || name !== 'activeSince',
    )
    return `${state} ${left.map(([name, units]) => `${name} ${units}`).join(' ')}`
  })
  const held = Object.entries(balances).map(
    ([token, units]) => `${token} ${Object.entries(units).join(' ')}`,
  )
  return [...texts, ...held]
}

const emptyPause: Relation = {
  id: 'M6',
  statement: 'A pause of no length right after a sign changes nothing.',
  formula: 'heartbeat(p); pause(p); resume(p) in one second = heartbeat(p), all figures equal',
  witness: 'a run with an accepted heartbeat',
  transform({ cast, steps, predictions }) {
    const paused = steps.flatMap((step, index) => {
      const accepted = predictions[index]?.account.outcome.accepted === true
      if (step.action !== 'heartbeat' || !accepted) return [step]
      return [step, { ...step, action: 'pause' }, { ...step, action: 'resume' }]
    })
    return paused.length === steps.length ? null : { cast, steps: paused }
  },
  compare: (original, changed) =>
    firstDifference('end of', finalPicture(original), finalPicture(changed)),
}

/** What a stranger may never do; pausing and completing what is overdue is anybody's. */
const FORBIDDEN = ['create', 'start', 'heartbeat', 'release', 'pause', 'resume', 'cancel'] as const

export const progressiveRelations: readonly Relation[] = [
  timeShift({ noun, shares }),
  amountScale({
    statement: 'Scaling price and amounts by k scales every share by k, the fee but for rounding.',
    formula: 'gross(kT) = k·gross; k·F ≤ F(k) < k·F + k, where a second is worth whole units',
    scaled,
    compareShares: scaledShares,
  }),
  independence({ noun, isTied }),
  emptyPause,
  replayedCalls({
    noun,
    shares,
    exception: 'emergency releases are new payments, repeated signs are one',
    isNew: ({ steps }, index) => steps[index]?.action === 'emergencyRelease',
  }),
  strangersCalls({
    noun,
    tries: 'take part, to complete, to release and to claim',
    ended: ['Completed', 'Cancelled'],
    gains,
    attempts: () => [
      ...FORBIDDEN.map((action) => [action] as const),
      ['complete', { rating: 5n, feedbackHash: 0n }],
      ['emergencyRelease', { amountUnits: 1n }],
      ['claim', { to: 'elsewhere' }],
    ],
  }),
]
