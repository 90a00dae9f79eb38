/**
 * Metamorphic relations of token-job: M1, M2, M3, M4, M8 and M9 of the catalogue.
 *
 * M6 (a pause of zero length changes nothing) does not apply: a job cannot be paused.
 */
import { booksAt, booksOf } from '../../models/invariants/books.ts'
import type { PlannedStep, Trace } from '../../models/kit/trace.ts'
import { JOB_STARTING_UNITS } from '../../models/token-job/cast.ts'
import { jobOwnerOf } from '../../models/token-job/oracle.ts'
import { type Shares, sharesAt } from '../../models/token-job/standing.ts'
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
import { ENDLESS_UNITS } from './moves.ts'

const noun = 'job'

/** Shares of every job at the end of a run. */
function finalShares(trace: Trace): Shares[] {
  const last = trace.steps.length - 1
  const view = trace.steps[last]?.observed.after ?? trace.initial
  return trace.agreements.map((_, index) => {
    const agreement = view.agreements[index]
    if (agreement === undefined) throw new Error('every agreement is observed')
    return sharesAt(trace, last, index, agreement)
  })
}

function shareText({ user, host, treasury, other }: Shares): string {
  return `user ${user}, host ${host}, treasury ${treasury}, others ${other}`
}

const shares = (trace: Trace) => finalShares(trace).map(shareText)

/** What each party of every job has won or lost at the end. */
function finalGains(trace: Trace): string[] {
  const books = booksOf(trace, jobOwnerOf)
  return finalShares(trace).map((final, index) => {
    const { inUnits } = booksAt(books, trace.steps.length - 1, index)
    return shareText({ ...final, user: final.user - inUnits })
  })
}

function scaled({ cast, steps }: Plan, factor: bigint): Changed | null {
  const isFree = cast.agreements.every(({ roles, token, terms }) => {
    const units = (terms.depositUnits as bigint) * factor
    const hasUnits = JOB_STARTING_UNITS[roles.user as keyof typeof JOB_STARTING_UNITS]
    const price = (terms.pricePerTokenUnits as bigint) * factor
    const fits = units <= SCALED_UNITS_MAX && price <= SCALED_UNITS_MAX && units <= hasUnits
    return fits && !token.startsWith('feeOn')
  })
  if (!isFree) return null
  const agreements = cast.agreements.map((agreement) => {
    const { pricePerTokenUnits, depositUnits } = agreement.terms
    const terms = {
      ...agreement.terms,
      pricePerTokenUnits: (pricePerTokenUnits as bigint) * factor,
      depositUnits: (depositUnits as bigint) * factor,
    }
    return { ...agreement, terms }
  })
  const bigger = steps.map((step): PlannedStep => {
    const { amountUnits } = step.args
    if (typeof amountUnits !== 'bigint') return step
    const asked = amountUnits * factor
    return { ...step, args: { amountUnits: asked > ENDLESS_UNITS ? ENDLESS_UNITS : asked } }
  })
  return { cast: { ...cast, agreements }, steps: bigger }
}

function scaledShares(original: Trace, changed: Trace, factor: bigint): string | null {
  const bigger = finalShares(changed)
  for (const [index, each] of finalShares(original).entries()) {
    const other = bigger[index] as Shares
    const exact = other.gross === each.gross * factor && other.user === each.user * factor
    const more = other.host - each.host * factor
    if (exact && more >= 0n && more < factor) continue
    return `job ${index}: ${shareText(each)}; scaled by ${factor}: ${shareText(other)}`
  }
  return null
}

const splitProofs: Relation = {
  id: 'M3',
  statement: 'Two proofs in the same second do what the second alone does.',
  formula: 'proof(a + b) = proof(a); proof(a + b), for every accepted proof',
  witness: 'a run with an accepted proof of at least two further tokens',
  transform(plan) {
    const { cast, steps } = plan
    const split = steps.flatMap((step, index) => [...firstPart(plan, index), step])
    return split.length === steps.length ? null : { cast, steps: split }
  },
  compare: sameEnd(noun, shares),
}

/** The proof of the first third of what an accepted proof adds; none when that is too little. */
function firstPart({ steps, predictions }: Plan, index: number): readonly PlannedStep[] {
  const step = steps[index]
  if (step?.action !== 'submitProof') return []
  if (predictions[index]?.account.outcome.accepted !== true) return []
  const before = predictions[index - 1]?.population.view.agreements[step.agreement]
  const proven = before?.figures.provenTokens ?? 0n
  const added = (step.args.cumulativeTokens as bigint) - proven
  if (added < 2n) return []
  const cumulativeTokens = proven + 1n + (added - 2n) / 3n
  return [{ ...step, args: { ...step.args, cumulativeTokens } }]
}

const ACCOUNT_CALLS = ['withdrawEarnings', 'withdrawTreasury']

/** A second wish to end, where the window has no length, is the call that settles. */
function isSecondEnd({ cast, steps, predictions }: Plan, index: number): boolean {
  const view = predictions[index]?.population.view.agreements[steps[index]?.agreement ?? 0]
  return view?.state === 'Ending' && cast.parameters.proofWindowSeconds === 0
}

/** Whether a proof came after the job’s time was over: only as nobody had timed it out before. */
function hasLateProof({ cast, steps, predictions }: Plan): boolean {
  return steps.some((step, index) => {
    if (step.action !== 'submitProof') return false
    const { outcome, after } = predictions[index]?.account ?? {}
    if (outcome?.accepted !== true) return false
    const startedAt = Number(after?.agreements[step.agreement]?.figures.startedAt ?? 0n)
    const duration = cast.agreements[step.agreement]?.terms.durationSeconds as number
    const window = cast.parameters.proofWindowSeconds as number
    return step.atSeconds > startedAt + duration + window
  })
}

export const jobRelations: readonly Relation[] = [
  timeShift({ noun, shares }),
  amountScale({
    statement: 'Scaling price and amounts by k scales every share by k, within the rounding.',
    formula: 'G(kp, kD) = k·G; k·H ≤ H(k) < k·H + k',
    scaled,
    compareShares: scaledShares,
  }),
  splitProofs,
  independence({ noun, isShared: ({ action }) => ACCOUNT_CALLS.includes(action) }),
  replayedCalls({
    noun,
    shares,
    exception: 'with a window of zero a second end settles',
    isNew: isSecondEnd,
  }),
  strangersCalls({
    noun,
    tries: 'prove, end, time out and withdraw',
    ended: ['Completed', 'TimedOut', 'Abandoned'],
    gains: finalGains,
    attempts: ({ args }) => [
      ['submitProof', { cumulativeTokens: args.cumulativeTokens ?? 1n, receipt: 'genuine' }],
      ['endSession'],
      ['timeout'],
      ['withdrawEarnings', { to: 'stranger' }],
      ['withdrawTreasury', { to: 'stranger' }],
    ],
    isLeftOut: hasLateProof,
  }),
]
