/**
 * Metamorphic relations of matchmaking: M1, M2, M3, M4, M5, M8 and M9 of the catalogue.
 *
 * M6 (a pause of zero length changes nothing) does not apply: nothing can be paused.
 */
import type { AgreementView, PlannedStep, Trace } from '../../models/kit/trace.ts'
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
import { isOverdue } from './moves.ts'

const noun = 'request'

/** What a request has come to: every figure that is no time and names nobody. */
const FIGURES = [
  ...['attempts', 'rate', 'billedSeconds', 'credentials', 'ratingStudent', 'ratingTutor'],
  ...['cap', 'quoteNonce'],
] as const
const PLACES = ['tutor', 'holder'] as const

function lastViews(trace: Trace): readonly AgreementView[] {
  return (trace.steps.at(-1)?.observed.after ?? trace.initial).agreements
}

const textOf = (names: readonly string[]) => (trace: Trace) =>
  lastViews(trace).map(({ figures }) => names.map((name) => `${name} ${figures[name]}`).join(', '))

const shares = textOf([...FIGURES, ...PLACES])
const sharesOfAnybody = textOf(FIGURES)

/** Times that a call can carry. */
function movedArgs(args: PlannedStep['args'], bySeconds: number): PlannedStep['args'] {
  const moved = { ...args }
  for (const key of ['expiry', 'at']) {
    const at = args[key]
    if (typeof at === 'number') moved[key] = at + bySeconds
  }
  return moved
}

/** Rates and caps stand in the terms and in the calls. */
function scaledBy(words: PlannedStep['args'], factor: bigint): PlannedStep['args'] {
  const bigger = { ...words }
  for (const key of ['maxRateUnits', 'rateUnits', 'capUnits']) {
    const units = words[key]
    if (typeof units === 'bigint') bigger[key] = units * factor
  }
  return bigger
}

function scaled({ cast, steps }: Plan, factor: bigint): Changed | null {
  const agreements = cast.agreements.map((agreement) => {
    return { ...agreement, terms: scaledBy(agreement.terms, factor) }
  })
  const bigger = steps.map((step) => ({ ...step, args: scaledBy(step.args, factor) }))
  const words = [...agreements.map(({ terms }) => terms), ...bigger.map(({ args }) => args)]
  const amounts = words.flatMap(({ maxRateUnits, rateUnits, capUnits }) => {
    return [maxRateUnits, rateUnits, capUnits].filter((units) => typeof units === 'bigint')
  })
  const isFree = amounts.every((units) => units <= SCALED_UNITS_MAX)
  return isFree ? { cast: { ...cast, agreements }, steps: bigger } : null
}

function scaledFigures(original: Trace, changed: Trace, factor: bigint): string | null {
  const bigger = lastViews(changed)
  for (const [index, { figures }] of lastViews(original).entries()) {
    for (const name of ['rate', 'cap']) {
      const due = (figures[name] ?? 0n) * factor
      const is = bigger[index]?.figures[name]
      if (is !== due) return `${name} of request ${index}: ${due} due, ${is} when scaled`
    }
  }
  return null
}

const reducedTwice: Relation = {
  id: 'M3',
  statement: 'A cap that is reduced in two steps is reduced as in one.',
  formula: 'reduceCap(c) = reduceCap(c′); reduceCap(c), for c < c′ < cap',
  witness: 'a run with an accepted reduction by two units or more',
  transform({ cast, steps, predictions }) {
    const split = steps.flatMap((step, index): readonly PlannedStep[] => {
      const accepted = predictions[index]?.account.outcome.accepted === true
      if (step.action !== 'reduceCap' || !accepted) return [step]
      const before = predictions[index - 1]?.population.view.agreements[step.agreement]
      const was = before?.figures.cap ?? 0n
      const isLess = was - (step.args.capUnits as bigint)
      if (isLess < 2n) return [step]
      const between = was - 1n - (isLess - 2n) / 3n
      return [{ ...step, args: { capUnits: between } }, step]
    })
    return split.length === steps.length ? null : { cast, steps: split }
  },
  compare: sameEnd(noun, shares),
}

/** Whether another request decides over one that is played alone: by a tutor or by a nonce. */
function isTied({ predictions }: Plan, kept: readonly PlannedStep[]): boolean {
  const ties = ['TutorBusy', 'QuoteUsed']
  const isRefused = predictions.some(({ account }) => ties.includes(account.outcome.error ?? ''))
  return isRefused || kept.some(({ args }) => args.quote === 'foreign')
}

const OTHER_TUTOR: Readonly<Record<string, string>> = { tutor0: 'tutor1', tutor1: 'tutor0' }
const swapped = (name: string) => OTHER_TUTOR[name] ?? name

const swappedTutors: Relation = {
  id: 'M5',
  statement: 'It makes no difference which tutor is which.',
  formula: 'run with tutor0 and tutor1 exchanged = run, but for their names',
  witness: 'a run in which a tutor is proposed',
  transform({ cast, steps }) {
    if (!steps.some(({ action }) => action === 'propose')) return null
    const renamed = steps.map((step): PlannedStep => {
      const { tutor, to } = step.args
      const names = {
        ...(typeof tutor === 'string' ? { tutor: swapped(tutor) } : {}),
        ...(typeof to === 'string' ? { to: swapped(to) } : {}),
      }
      return { ...step, by: swapped(step.by), args: { ...step.args, ...names } }
    })
    return { cast, steps: renamed }
  },
  compare: sameOutcomes(sameEnd(noun, sharesOfAnybody)),
}

/** Whether a stranger could have ended a proposal or an acceptance before some step. */
function wasOverdue({ cast, start, steps, predictions }: Plan): boolean {
  return steps.some(({ agreement, atSeconds }, index) => {
    const population = predictions[index - 1]?.population ?? start
    const view = population.view.agreements[agreement] as AgreementView
    return isOverdue({ cast, population, nowSeconds: atSeconds }, view)
  })
}

/** As described anybody rates, so that a stranger’s rating is due. */
const isBarred = ([action]: readonly unknown[], { cast }: Plan) =>
  cast.policy === 'hardened' || action !== 'rate'

export const matchmakingRelations: readonly Relation[] = [
  timeShift({ noun, shares, move: movedArgs }),
  amountScale({
    statement: 'Scaling rates and caps by k scales them and nothing else.',
    formula: 'rate(k·r) = k·rate(r), cap(k·c) = k·cap(c), outcomes the same',
    scaled,
    compareShares: scaledFigures,
  }),
  reducedTwice,
  independence({ noun, isTied }),
  swappedTutors,
  replayedCalls({
    noun,
    shares,
    exception: 'as described each report of an end is another one',
    isNew: ({ cast, steps }, index) =>
      cast.policy === 'as-described' && steps[index]?.action === 'complete',
  }),
  strangersCalls({
    noun,
    tries: 'propose, answer, end, deposit, cancel, report and rate',
    ended: ['Completed', 'Expired', 'Cancelled'],
    gains: shares,
    attempts: ({ atSeconds, args }, plan) => {
      const rateUnits = args.rateUnits ?? 1n
      const isHardened = plan.cast.policy === 'hardened'
      const quote = { expiry: atSeconds + 60, nonce: 1n, quote: 'forged', tutor: 'tutor1' }
      const student = 'student0'
      const tries = [
        ['request'],
        ['propose', { tutor: 'tutor1' }],
        ['noMatch'],
        ['accept', isHardened ? { rateUnits, ...quote } : { rateUnits }],
        ['decline'],
        ['lapse'],
        ['consume', { student, rateUnits }],
        ['release'],
        ['reduceCap', { capUnits: 1n }],
        ['waitlist'],
        ['book', { at: atSeconds + 60 }],
        ['cancel'],
        ['complete', { billedSeconds: 60 }],
        ['transferCredential', { to: 'stranger' }],
        ['rate', { score: 1 }],
      ] as const
      return tries.filter((attempt) => isBarred(attempt, plan))
    },
    isLeftOut: wasOverdue,
  }),
]
