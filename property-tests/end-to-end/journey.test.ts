/**
 * Goal: a journey from the match to the bank keeps its promises over three real contracts, in every
 * regime, and each promise is seen to be broken when it is.
 * Method: drawn journeys on Anvil; the same with a contract or a part of the world that is broken
 * on purpose; and traces of a sound journey in which one observation was changed.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { JourneyDefects } from '../../sim/end-to-end/options.ts'
import { PHASES } from '../../sim/end-to-end/phases.ts'
import { runJourney } from '../../sim/end-to-end/world.ts'
import { REGIME_NAMES } from '../../sim/faults/regimes.ts'
import { type CampaignResult, runCampaign } from './campaign.ts'
import { type JourneyContracts, openJourneyContracts, type Variant } from './contracts.ts'
import { type ExecutedJourney, executeJourney } from './execute.ts'
import { falsified } from './falsified.ts'
import { journeyClaims, judgeJourney } from './judge.ts'

/** A contract of one part that is broken on purpose, and the claim over the whole that notices. */
const CANARIES: readonly (Variant & { readonly caughtBy: string })[] = [
  { 'session-escrow': 'ShareShort', caughtBy: 'INV-E2E-CONSERVATION' },
  { 'session-escrow': 'ShareToTutor', caughtBy: 'INV-E2E-EARNED' },
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

  if (regime === 'none') return
  test('its faults act on the match, the call and the withdrawal', () => {
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

test('a clock that is behind signs quotes that are over: no match, and all is well', async () => {
  const behind = { kind: 'clock-offset', target: 'tutor', atMs: 0, durationMs: 0 }
  const faults = [{ ...behind, magnitude: -200_000 }]
  const run = runJourney({ regime: 'none', seed: SEED, run: 0, faults })
  const refusals = run.steps.flatMap(({ outcome }) => outcome.error ?? [])
  expect(run.stage).toBe('unmatched')
  expect(refusals).toContain('QuoteExpired')
  expect(brokenIn(await executeJourney(contracts, run))).toEqual([])
})

test.each(CANARIES)('%o: the claim notices', async (canary) => {
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

test('each claim over the whole is seen to be broken where one observation is another', () => {
  expect(sound.run.stage).toBe('paid')
  expect(brokenIn(sound)).toEqual([])
  const missed = falsified(sound).filter(([, claim, journey]) => !brokenIn(journey).includes(claim))
  expect(missed.map(([what, claim]) => `${claim}: ${what}`)).toEqual([])
  const caught = new Set(falsified(sound).map(([, claim]) => claim))
  expect(journeyClaims.map(({ id }) => id).filter((id) => !caught.has(id))).toEqual([])
})
