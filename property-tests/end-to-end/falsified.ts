/**
 * A sound journey in which one observation is another, once for each claim over the whole: a claim
 * that does not notice would hold whatever happens.
 */
import type { StepAccount, TraceStep, WorldView } from '../../models/kit/trace.ts'
import { CONTRACTS, REQUEST } from '../../sim/end-to-end/parts.ts'
import { DIVERGENCE } from '../kit/compare.ts'
import { settlement } from './claim.ts'
import type { ExecutedJourney } from './execute.ts'

/** A journey in which what was observed of one step is another. */
function withStep(
  journey: ExecutedJourney,
  at: number,
  change: (step: TraceStep) => TraceStep,
): ExecutedJourney {
  const steps = journey.trace.steps.map((step, index) => (index === at ? change(step) : step))
  return { ...journey, trace: { ...journey.trace, steps } }
}

function withAfter(at: number, change: (after: WorldView) => Partial<WorldView>) {
  const observe = (observed: StepAccount): StepAccount => {
    return { ...observed, after: { ...observed.after, ...change(observed.after) } }
  }
  return (journey: ExecutedJourney) =>
    withStep(journey, at, (step) => ({ ...step, observed: observe(step.observed) }))
}

const TOKEN = 'plain6'
const unitsOff = (units: Readonly<Record<string, bigint>>, name: string) => ({
  [TOKEN]: { ...units, [name]: (units[name] ?? 0n) - 1n },
})

/** What is changed in a sound journey, and the claim that must notice. */
export function falsified(
  sound: ExecutedJourney,
): readonly (readonly [what: string, claim: string, ExecutedJourney])[] {
  const { trace, run } = sound
  const settled = settlement(sound)?.index ?? -1
  const last = trace.steps.length - 1
  const accept = trace.steps.findIndex(({ planned }) => planned.action === 'accept')
  const figures = (changed: Readonly<Record<string, bigint>>) =>
    withAfter(last, ({ agreements }) => ({
      agreements: agreements.map((each, index) => {
        return index === REQUEST ? { ...each, figures: { ...each.figures, ...changed } } : each
      }),
    }))(sound)
  const [payment] = run.payout.payments
  const twice = payment === undefined ? [] : [payment, payment]
  const [span] = run.served
  const shorter = span === undefined ? [] : [{ ...span, untilMs: span.untilMs - 60_000 }]
  const lost = withAfter(settled, ({ balances }) => ({
    balances: unitsOff(balances[TOKEN] ?? {}, CONTRACTS.withdrawal),
  }))
  const unearned = withAfter(settled, ({ accounts = {} }) => ({
    accounts: unitsOff(accounts[TOKEN] ?? {}, 'available:tutor0'),
  }))
  const dearer = withStep(sound, accept, (step) => {
    const rateUnits = (step.planned.args.rateUnits as bigint) - 1n
    const args = { ...step.planned.args, rateUnits }
    return { ...step, planned: { ...step.planned, args } }
  })
  const unrated = { ...run, milestones: { ...run.milestones, ratedMs: null } }
  const paidTwice = { ...run, payout: { ...run.payout, payments: twice } }
  return [
    ['a unit is lost', 'INV-E2E-CONSERVATION', lost(sound)],
    ['another rate was signed', 'INV-E2E-RATE', dearer],
    ['a unit was not credited', 'INV-E2E-EARNED', unearned(sound)],
    ['money was paid twice', 'INV-E2E-PAID-ONCE', { ...sound, run: paidTwice }],
    ['there are two credentials', 'INV-E2E-CREDENTIAL', figures({ credentials: 2n })],
    ['a rating is another', 'INV-E2E-CREDENTIAL', figures({ ratingTutor: 0n })],
    ['service ended earlier', 'INV-E2E-LEAKAGE', { ...sound, run: { ...run, served: shorter } }],
    ['somebody never rated', 'INV-E2E-LIVENESS', { ...sound, run: unrated }],
    ['a figure is another', DIVERGENCE, figures({ rate: 1n })],
  ]
}
