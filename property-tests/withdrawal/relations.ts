/**
 * Metamorphic relations of withdrawal: M1, M2, M3, M4, M5, M8 and M9 of the catalogue, and one
 * about two admins who answer at once.
 *
 * M6 (a pause of zero length changes nothing) does not apply: nothing can be paused.
 */
import { BPS_PER_WHOLE } from '../../models/kit/money.ts'
import type { PlannedStep, Trace } from '../../models/kit/trace.ts'
import { withdrawalAt } from '../../models/withdrawal/oracle.ts'
import { unitsOn } from '../../models/withdrawal/standing.ts'
import {
  amountScale,
  independence,
  replayedCalls,
  SCALED_UNITS_MAX,
  sameEnd,
  sameOutcomes,
  strangersCalls,
  timeShift,
} from '../kit/neutralRelations.ts'
import type { Plan } from '../kit/plan.ts'
import type { Changed, Relation } from '../kit/relation.ts'
import { amountUnits, minimumOf } from './moves.ts'

const noun = 'withdrawal'

/** Where each withdrawal, its teacher and its token stand at the end, in base units. */
function finalUnits(trace: Trace): readonly Readonly<Record<string, bigint>>[] {
  const last = trace.steps.length - 1
  const view = trace.steps[last]?.observed.after ?? trace.initial
  return trace.agreements.map(({ token, roles }, index) => ({
    available: unitsOn(view, token, `available:${roles.teacher}`),
    pending: unitsOn(view, token, `pending:${roles.teacher}`),
    commission: unitsOn(view, token, 'commission'),
    paid: withdrawalAt(trace, last, index).paidUnits,
    claim: view.agreements[index]?.figures.claimBank ?? 0n,
  }))
}

const unitsText = (units: Readonly<Record<string, bigint>>) =>
  Object.entries(units)
    .map(([name, amount]) => `${name} ${amount}`)
    .join(', ')

const shares = (trace: Trace) => finalUnits(trace).map(unitsText)

/** Whether the commission of a credit comes out without a remainder. */
function isEven({ cast }: Plan, grossUnits: bigint): boolean {
  const scaled = grossUnits * BigInt(cast.parameters.commissionBps as number)
  return scaled % BPS_PER_WHOLE === 0n
}

function scaled(plan: Plan, factor: bigint): Changed | null {
  const { cast, steps } = plan
  const isFree =
    cast.agreements.every((each) => {
      const units = amountUnits(each)
      const fits = units >= minimumOf(cast.parameters) && units * factor <= SCALED_UNITS_MAX
      return fits && !each.token.startsWith('feeOn')
    }) &&
    steps.every(({ args: { grossUnits } }) => {
      if (typeof grossUnits !== 'bigint') return true
      return grossUnits * factor <= SCALED_UNITS_MAX && isEven(plan, grossUnits)
    })
  if (!isFree) return null
  const agreements = cast.agreements.map((agreement) => {
    const terms = { ...agreement.terms, amountUnits: amountUnits(agreement) * factor }
    return { ...agreement, terms }
  })
  const bigger = steps.map((step): PlannedStep => {
    const { grossUnits } = step.args
    if (typeof grossUnits !== 'bigint') return step
    return { ...step, args: { grossUnits: grossUnits * factor } }
  })
  return { cast: { ...cast, agreements }, steps: bigger }
}

function scaledUnits(original: Trace, changed: Trace, factor: bigint): string | null {
  const bigger = finalUnits(changed)
  for (const [index, each] of finalUnits(original).entries()) {
    const times = Object.entries(each).map(([name, units]) => [name, units * factor])
    const due = unitsText(Object.fromEntries(times))
    const is = unitsText(bigger[index] ?? {})
    if (is !== due) return `withdrawal ${index}: ${due} due; scaled by ${factor}: ${is}`
  }
  return null
}

/** A part of a credit of which the commission comes out even, whatever its share is. */
const EVEN_UNITS = BPS_PER_WHOLE

const splitCredits: Relation = {
  id: 'M3',
  statement: 'A credit in two parts does what the whole does, if the first comes out even.',
  formula: 'credit(a + b) = credit(a); credit(b), for a that 10,000 divides',
  witness: 'a run with an accepted credit of more than 10,000 units',
  transform(plan) {
    const { cast, steps, predictions } = plan
    const split = steps.flatMap((step, index): PlannedStep[] => {
      const { grossUnits } = step.args
      const accepted = predictions[index]?.account.outcome.accepted === true
      if (!accepted || typeof grossUnits !== 'bigint' || grossUnits <= EVEN_UNITS) return [step]
      const firstUnits = EVEN_UNITS * (1n + (grossUnits - EVEN_UNITS - 1n) / (3n * EVEN_UNITS))
      return [
        { ...step, args: { grossUnits: firstUnits } },
        { ...step, args: { grossUnits: grossUnits - firstUnits } },
      ]
    })
    return split.length === steps.length ? null : { cast, steps: split }
  },
  compare: sameEnd(noun, shares),
}

const OTHER_ADMIN: Readonly<Record<string, string>> = { admin0: 'admin1', admin1: 'admin0' }

const swappedAdmins: Relation = {
  id: 'M5',
  statement: 'It makes no difference which admin acts.',
  formula: 'run with admin0 and admin1 exchanged = run',
  witness: 'a run in which an admin tries something',
  transform({ cast, steps }) {
    if (!steps.some(({ by }) => by in OTHER_ADMIN)) return null
    return { cast, steps: steps.map((step) => ({ ...step, by: OTHER_ADMIN[step.by] ?? step.by })) }
  },
  compare: sameOutcomes(sameEnd(noun, shares)),
}

const OTHER_ANSWER: Readonly<Record<string, string>> = { approve: 'reject', reject: 'approve' }

const twoAnswers: Relation = {
  id: 'M8-ADMINS',
  statement: 'When two admins answer at once, the first answer counts and the other nothing.',
  formula: 'run(answer by one; the contrary by the other, same second) = run(answer by one)',
  witness: 'a run in which an admin approves or rejects',
  transform({ cast, steps, predictions }) {
    const doubled = steps.flatMap((step, index): PlannedStep[] => {
      const contrary = OTHER_ANSWER[step.action]
      const other = OTHER_ADMIN[step.by]
      const accepted = predictions[index]?.account.outcome.accepted === true
      if (!accepted || contrary === undefined || other === undefined) return [step]
      return [step, { ...step, action: contrary, by: other }]
    })
    return doubled.length === steps.length ? null : { cast, steps: doubled }
  },
  compare: sameEnd(noun, shares),
}

/**
 * Whether others decide over a withdrawal that is played alone: over its teacher's money, over a
 * reference, over the platform's tokens, and, as described, over all that the contract holds.
 */
function isTied({ cast, steps, predictions }: Plan, kept: readonly PlannedStep[]): boolean {
  const index = kept[0]?.agreement ?? 0
  const own = cast.agreements[index]
  const sharesMoney = cast.agreements.some(({ token, roles, index: other }) => {
    if (other === index || token !== own?.token) return false
    return cast.policy === 'as-described' || roles.teacher === own.roles.teacher
  })
  const references = (ofOwn: boolean) =>
    steps
      .filter(({ action, agreement }) => action === 'complete' && (agreement === index) === ofOwn)
      .map(({ args }) => args.reference)
  const others = references(false)
  const sharesReference = references(true).some((reference) => others.includes(reference))
  const scarce = predictions.some(({ account }) => account.outcome.error === 'DepositFailed')
  return sharesMoney || sharesReference || scarce
}

export const withdrawalRelations: readonly Relation[] = [
  timeShift({ noun, shares }),
  amountScale({
    statement: 'Scaling credits and amounts by k scales every account and payment by k.',
    formula: 'accounts(k·g, k·a) = k·accounts(g, a), for even commissions and a ≥ minimum',
    scaled,
    compareShares: scaledUnits,
  }),
  splitCredits,
  independence({ noun, isTied, isShared: ({ action }) => action === 'withdrawCommission' }),
  swappedAdmins,
  replayedCalls({
    noun,
    shares,
    exception: 'credits are new payments',
    isNew: ({ steps }, index) => steps[index]?.action === 'credit',
  }),
  twoAnswers,
  strangersCalls({
    noun,
    tries: 'credit, approve, reject, complete, fail, cancel, withdraw and claim',
    ended: ['Completed', 'Rejected', 'Failed', 'Cancelled'],
    gains: shares,
    attempts: () => [
      ['credit', { grossUnits: 1n }],
      ['approve'],
      ['reject'],
      ['complete', { reference: 4n }],
      ['bankFailed'],
      ['cancel'],
      ['withdrawCommission', { to: 'stranger' }],
      ['claim', { to: 'stranger' }],
    ],
  }),
]
