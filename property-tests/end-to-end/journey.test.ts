/**
 * Goal: a journey from the match to the bank keeps its promises over three real contracts, in every
 * regime, and each promise is seen to be broken when it is.
 * Method: drawn journeys on Anvil; the same with a contract or a part of the world that is broken
 * on purpose; and traces of a sound journey in which one observation was changed.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StepAccount, TraceStep, WorldView } from '../../models/kit/trace.ts'
import type { JourneyDefects } from '../../sim/end-to-end/options.ts'
import { CONTRACTS, REQUEST } from '../../sim/end-to-end/parts.ts'
import { PHASES } from '../../sim/end-to-end/phases.ts'
import { runJourney } from '../../sim/end-to-end/world.ts'
import { REGIME_NAMES } from '../../sim/faults/regimes.ts'
import { DIVERGENCE } from '../kit/compare.ts'
import { type CampaignResult, runCampaign } from './campaign.ts'
import { settlement } from './claim.ts'
import { type JourneyContracts, openJourneyContracts, type Variant } from './contracts.ts'
import { type ExecutedJourney, executeJourney } from './execute.ts'
import { journeyClaims, judgeJourney } from './judge.ts'

/** A contract of one part that is broken on purpose, and the claim over the whole that notices. */
const CANARIES: readonly (Variant & { readonly caughtBy: string })[] = [
  { withdrawal: 'PendingNotPosted', caughtBy: 'INV-E2E-CONSERVATION' },
  { withdrawal: 'CommissionCeiled', caughtBy: 'INV-E2E-EARNED' },
  { withdrawal: 'BankFeeDeducted', caughtBy: 'INV-E2E-PAID-ONCE' },
  { matchmaking: 'CredentialToCaller', caughtBy: 'INV-E2E-CREDENTIAL' },
]

const SEED = 7
const RUNS = 2

let contracts: JourneyContracts
let sound: ExecutedJourney
beforeAll(async () => {
  contracts = await openJourneyContracts([{}, ...CANARIES.map(({ caughtBy: _, ...each }) => each)])
  sound = await executeJourney(contracts, runJourney({ regime: 'none', seed: SEED, run: 0 }))
}, 240_000)
afterAll(() => contracts?.stop())

function campaign(regime: (typeof REGIME_NAMES)[number]): Promise<CampaignResult> {
  const { signal } = new AbortController()
  const onJourney = () => {}
  return runCampaign({ contracts, regime, seed: SEED, first: 0, runs: RUNS, signal, onJourney })
}

/** Ids of the claims that a journey breaks. */
function brokenIn(journey: ExecutedJourney): readonly string[] {
  return judgeJourney(journey).flatMap(({ id, violation }) => (violation === null ? [] : [id]))
}

describe.each(REGIME_NAMES)('regime %s', (regime) => {
  let result: CampaignResult
  beforeAll(async () => {
    result = await campaign(regime)
  })

  test('machine and contracts agree after every call, and every claim holds', () => {
    const broken = result.claims.filter(({ broken }) => broken !== null)
    expect(broken).toEqual([])
  })

  test('a journey goes all the way, and puts every claim over the whole to the test', () => {
    expect(result.stages.paid).toBeGreaterThan(0)
    const tested = result.claims.filter(({ witnesses }) => witnesses > 0).map(({ id }) => id)
    expect(tested).toEqual(expect.arrayContaining(journeyClaims.map(({ id }) => id)))
  })

  test.skipIf(regime === 'none')('its faults act on the match, the call and the withdrawal', () => {
    const { rating: _, ...phases } = result.faultsIn
    expect(Object.values(phases).every((journeys) => journeys > 0)).toBe(true)
  })
})

test('without a regime the drop is the only fault', async () => {
  const { faultsIn, cut } = await campaign('none')
  expect(PHASES.map((phase) => faultsIn[phase])).toEqual([0, 0, 0, 0])
  expect(cut).toBe(RUNS)
})

test('the same seed gives the same bytes, on the contracts too', async () => {
  const [first, again] = [await campaign('mixed'), await campaign('mixed')]
  expect(again).toEqual(first)
  expect(again.digest).toBe(first.digest)
})

test('a quote that nobody takes up in time ends a journey early, and all is well', async () => {
  const behaviour = { silentFirst: false, quoteSeconds: 60, depositDelayMs: 80_000 }
  const run = runJourney({ regime: 'none', seed: SEED, run: 1, behaviour })
  const refusals = run.steps.flatMap(({ outcome }) => outcome.error ?? [])
  expect(run.stage).toBe('unmatched')
  expect(refusals).toEqual([])
  expect(brokenIn(await executeJourney(contracts, run))).toEqual([])
})

test.each(CANARIES)('$withdrawal$matchmaking is caught by $caughtBy', async (canary) => {
  const journey = await executeJourney(contracts, sound.run, 1 + CANARIES.indexOf(canary))
  expect(brokenIn(journey)).toContain(canary.caughtBy)
})

const DEFECTS: readonly (JourneyDefects & { readonly caughtBy: string })[] = [
  { nobodySettles: true, caughtBy: 'INV-E2E-LIVENESS' },
  { bankPaysFirst: true, caughtBy: 'INV-E2E-PAID-ONCE' },
  { bankDeductsFee: true, caughtBy: 'INV-E2E-PAID-ONCE' },
]
test.each(DEFECTS)('a world with %o is noticed', async ({ caughtBy, ...defects }) => {
  const run = runJourney({ regime: 'none', seed: SEED, run: 0, defects })
  expect(brokenIn(await executeJourney(contracts, run))).toContain(caughtBy)
})

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
function falsified(): readonly (readonly [string, string, ExecutedJourney])[] {
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

test('each claim over the whole is seen to be broken where one observation is another', () => {
  expect(sound.run.stage).toBe('paid')
  expect(brokenIn(sound)).toEqual([])
  const missed = falsified().filter(([, claim, journey]) => !brokenIn(journey).includes(claim))
  expect(missed.map(([what, claim]) => `${claim}: ${what}`)).toEqual([])
  const caught = new Set(falsified().map(([, claim]) => claim))
  expect(journeyClaims.map(({ id }) => id).filter((id) => !caught.has(id))).toEqual([])
})
