/**
 * Metamorphic relations of session-escrow: M1, M2, M3, M4, M8 and M9 of the catalogue.
 *
 * M6 (a pause of zero length changes nothing) does not apply: a session cannot be paused.
 */

import { booksAt, booksOf } from '../../models/invariants/books.ts'
import type { Datum, PlannedStep, Trace, TraceStep } from '../../models/kit/trace.ts'
import { sessionOwnerOf } from '../../models/session-escrow/oracle.ts'
import { type Shares, sharesAt } from '../../models/session-escrow/standing.ts'
import type { Plan } from '../kit/plan.ts'
import type { Changed, Relation } from '../kit/relation.ts'

const SHIFT_SECONDS = 86_461
const FACTOR = 7n
/** Scaled amounts stay below this, so that no limit of 128 bits comes into play. */
const SCALED_UNITS_MAX = 1n << 120n

function outcomes(steps: readonly TraceStep[]): string[] {
  return steps.map(({ observed }) => observed.outcome.error ?? 'accepted')
}

/** Shares of every session at the end of a run. */
function finalShares(trace: Trace): Shares[] {
  const last = trace.steps.length - 1
  const view = trace.steps[last]?.observed.after ?? trace.initial
  return trace.agreements.map((_, index) => {
    const agreement = view.agreements[index]
    if (agreement === undefined) throw new Error('every agreement is observed')
    return sharesAt(trace, last, index, agreement)
  })
}

function finalStates(trace: Trace): string[] {
  const view = trace.steps.at(-1)?.observed.after ?? trace.initial
  return trace.agreements.map((_, index) => view.agreements[index]?.state ?? 'unknown')
}

function shareText({ student, tutor, platform, other }: Shares): string {
  return `student ${student}, tutor ${tutor}, platform ${platform}, others ${other}`
}

/** The first difference of two lists of words. */
function firstDifference(what: string, before: readonly string[], after: readonly string[]) {
  for (let index = 0; index < Math.max(before.length, after.length); index += 1) {
    if (before[index] !== after[index]) {
      const was = before[index] ?? 'none'
      return `${what} ${index + 1}: ${was} originally, ${after[index] ?? 'none'} changed`
    }
  }
  return null
}

function sameEnd(original: Trace, changed: Trace): string | null {
  return (
    firstDifference('state of session', finalStates(original), finalStates(changed)) ??
    firstDifference(
      'shares of session',
      finalShares(original).map(shareText),
      finalShares(changed).map(shareText),
    )
  )
}

function shiftedPing(ping: Datum | undefined): Datum {
  if (typeof ping !== 'object' || ping === null) return null
  return { ...ping, atSeconds: (ping.atSeconds as bigint) + BigInt(SHIFT_SECONDS) }
}

const timeShift: Relation = {
  id: 'M1',
  statement: 'Moving all times by the same amount changes no outcome and no share.',
  formula: 'run(t + c) = run(t), times apart',
  witness: 'a run with a settled session',
  transform({ cast, steps }) {
    const moved = steps.map((step) => {
      const atSeconds = step.atSeconds + SHIFT_SECONDS
      if (step.action !== 'stop' || step.args.studentPing === undefined) {
        return { ...step, atSeconds }
      }
      const { studentPing, tutorPing } = step.args
      const args = { studentPing: shiftedPing(studentPing), tutorPing: shiftedPing(tutorPing) }
      return { ...step, atSeconds, args }
    })
    return { cast, steps: moved }
  },
  compare: (original, changed) =>
    firstDifference('outcome of step', outcomes(original.steps), outcomes(changed.steps)) ??
    sameEnd(original, changed),
}

function scaled({ cast, steps }: Plan): Changed | null {
  const rich = cast.agreements.every(({ roles }) => roles.student === 'student0')
  const units = steps.flatMap(({ args }) => (args.amountUnits as bigint | undefined) ?? [])
  const rates = cast.agreements.map(({ terms }) => terms.ratePerSecondUnits as bigint)
  const free = cast.agreements.every(({ token }) => !token.startsWith('feeOn'))
  if (!rich || !free || [...units, ...rates].some((each) => each * FACTOR > SCALED_UNITS_MAX))
    return null
  const agreements = cast.agreements.map((agreement) => ({
    ...agreement,
    terms: {
      ...agreement.terms,
      ratePerSecondUnits: (agreement.terms.ratePerSecondUnits as bigint) * FACTOR,
    },
  }))
  const bigger = steps.map((step): PlannedStep => {
    const { amountUnits } = step.args
    if (typeof amountUnits !== 'bigint') return step
    return { ...step, args: { ...step.args, amountUnits: amountUnits * FACTOR } }
  })
  return { cast: { ...cast, agreements }, steps: bigger }
}

const amountScale: Relation = {
  id: 'M2',
  statement: 'Scaling rate and amounts by k scales every share by k, the fee within its rounding.',
  formula: 'gross(kR, kD) = k·gross; k·F ≤ F(k) < k·F + k',
  witness: 'a run with a settled session',
  transform: scaled,
  compare(original, changed) {
    const different = firstDifference(
      'outcome of step',
      outcomes(original.steps),
      outcomes(changed.steps),
    )
    if (different !== null) return different
    const bigger = finalShares(changed)
    for (const [index, shares] of finalShares(original).entries()) {
      const other = bigger[index] as Shares
      const exact =
        other.gross === shares.gross * FACTOR && other.student === shares.student * FACTOR
      const fee = other.platform - shares.platform * FACTOR
      if (exact && fee >= 0n && fee < FACTOR) continue
      return `session ${index}: ${shareText(shares)}; scaled by ${FACTOR}: ${shareText(other)}`
    }
    return null
  },
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
  compare: sameEnd,
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

const independence: Relation = {
  id: 'M4',
  statement: 'A session goes the same way with and without the other sessions beside it.',
  formula: 'run(all)|i = run(steps of i)',
  witness: 'a run with steps on at least two sessions',
  transform({ cast, steps, predictions }) {
    const scarce = predictions.some(({ account }) => account.outcome.error === 'DepositFailed')
    const kept = steps.filter(({ agreement }) => agreement === steps[0]?.agreement)
    const foreign = kept.some(
      ({ args }) => isForeign(args.studentPing) || isForeign(args.tutorPing),
    )
    if (scarce || foreign || kept.length === steps.length) return null
    return { cast, steps: kept }
  },
  compare(original, changed) {
    const index = changed.steps[0]?.planned.agreement
    const own = original.steps.filter(({ planned }) => planned.agreement === index)
    return firstDifference('outcome of step', outcomes(own), outcomes(changed.steps))
  },
}

function isForeign(ping: Datum | undefined): boolean {
  return typeof ping === 'object' && ping !== null && ping.kind === 'foreign'
}

const replayedCalls: Relation = {
  id: 'M8',
  statement: 'Sending every accepted call twice changes nothing.',
  formula: 'run(c₁ c₁ c₂ c₂ …) = run(c₁ c₂ …), every repeat refused; top-ups are new payments',
  witness: 'a run with an accepted call',
  transform({ cast, steps, predictions }) {
    const doubled = steps.flatMap((step, index) => {
      const accepted = predictions[index]?.account.outcome.accepted === true
      return accepted && step.action !== 'topUp' ? [step, step] : [step]
    })
    return doubled.length === steps.length ? null : { cast, steps: doubled }
  },
  compare: sameEnd,
}

const strangersCalls: Relation = {
  id: 'M9',
  statement: 'A stranger who tries to stop, settle and cancel before every step harms nobody.',
  formula: 'gain(run with strangers’ calls) = gain(run), for every party of an ended session',
  witness: 'a run with a session that ended',
  transform({ cast, steps, predictions }) {
    const last = predictions.at(-1)?.population.view.agreements ?? []
    if (!last.some(({ state }) => ENDED.includes(state))) return null
    const evidence = cast.policy === 'hardened' ? { studentPing: null, tutorPing: null } : {}
    const meddled = steps.flatMap((step) => {
      const { agreement, atSeconds } = step
      const meddle = (action: string, args: PlannedStep['args'] = {}): PlannedStep => ({
        agreement,
        action,
        by: 'stranger',
        atSeconds,
        args,
      })
      return [meddle('stop', evidence), meddle('settle'), meddle('cancel'), step]
    })
    return { cast, steps: meddled }
  },
  compare(original, changed) {
    const states = finalStates(original)
    const after = finalGains(changed)
    for (const [index, gain] of finalGains(original).entries()) {
      if (!ENDED.includes(states[index] ?? '')) continue
      if (gain !== after[index]) return `session ${index}: ${gain}; with strangers: ${after[index]}`
    }
    return null
  },
}

const ENDED = ['Settled', 'Refunded', 'Closed', 'Cancelled']

/** What each party of every session has won or lost at the end. */
function finalGains(trace: Trace): string[] {
  const books = booksOf(trace, sessionOwnerOf)
  return finalShares(trace).map((shares, index) => {
    const { inUnits } = booksAt(books, trace.steps.length - 1, index)
    return shareText({ ...shares, student: shares.student - inUnits })
  })
}

export const sessionRelations: readonly Relation[] = [
  timeShift,
  amountScale,
  splitCall,
  independence,
  replayedCalls,
  strangersCalls,
]
