/**
 * payment-channel in the simulated world, as campaigns see it.
 */
import { assert } from '../../models/kit/error.ts'
import {
  type PaymentChannelParameters,
  paymentChannelParameters,
} from '../../models/payment-channel/parameters.ts'
import type { RegimeName } from '../../sim/faults/regimes.ts'
import type { WorldOptions } from '../../sim/payment-channel/options.ts'
import { runWorld } from '../../sim/payment-channel/world.ts'
import {
  AS_DESCRIBED_REFUTED,
  paymentChannelWorldInvariants,
} from '../../sim/payment-channel/worldInvariants.ts'
import type { WorldDefects, WorldRun } from '../../sim/payment-channel/worldRun.ts'
import { judgementFacts } from '../../sim/world/deriveFacts.ts'
import { MEBIBYTE_BYTES } from '../../sim/world/download.ts'
import type { ScenarioClaim, ScenarioDefect, ScenarioPlayer } from '../kit/scenarioPlayer.ts'
import { SCENARIO_REGIMES, scenarioDraws } from './scenarioDraws.ts'

type Terms = Pick<
  WorldOptions,
  'fileBytes' | 'bytesPerVoucher' | 'voucherStepUnits' | 'depositUnits' | 'expirySeconds'
>

/**
 * Deployments and terms: a small file with the shortest challenge; odd prices, a deposit that is
 * too small and a short expiry; the defaults with a file of 32 MiB; an expiry during the download.
 */
const cases: readonly { readonly parameters: PaymentChannelParameters; readonly terms: Terms }[] = [
  {
    given: { challengeSeconds: 60, redeemMarginSeconds: 0 },
    terms: { fileBytes: 4 * MEBIBYTE_BYTES, depositUnits: 400_000n },
  },
  {
    given: { challengeSeconds: 300, redeemMarginSeconds: 30 },
    terms: {
      ...{ fileBytes: 8 * MEBIBYTE_BYTES, bytesPerVoucher: 500_000, voucherStepUnits: 333_333n },
      ...{ depositUnits: 4_000_000n, expirySeconds: 300 },
    },
  },
  { given: {}, terms: { fileBytes: 32 * MEBIBYTE_BYTES, depositUnits: 3_200_000n } },
  {
    given: { challengeSeconds: 60, redeemMarginSeconds: 30 },
    terms: { fileBytes: 16 * MEBIBYTE_BYTES, depositUnits: 2_000_000n, expirySeconds: 90 },
  },
].map(({ given, terms }) => ({ parameters: paymentChannelParameters.parse(given), terms }))

/** The world's canaries: each part that must not fail, made to fail. */
const DEFECTS: readonly (ScenarioDefect & { readonly parts: WorldDefects })[] = [
  {
    id: 'payer-signs-ahead',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-VOUCHER-AUTHENTIC',
    summary: "the payer's client signs for one piece more than it has received",
    parts: { payerSignsAheadBytes: 262_144 },
  },
  {
    id: 'payer-counts-copies',
    policy: 'hardened',
    regime: 'disconnect',
    caughtBy: 'INV-W-PAYER-EXPOSURE',
    summary: 'the payer pays for copies of pieces that arrive twice',
    kinds: ['message-duplication'],
    parts: { payerCountsCopies: true },
  },
  {
    id: 'provider-serves-without-vouchers',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-PROVIDER-EXPOSURE',
    summary: 'the provider does not wait for vouchers',
    parts: { providerServesWithoutVouchers: true },
  },
  {
    id: 'provider-serves-past-the-deposit',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-DEPOSIT-END',
    summary: 'the provider goes on when the deposit is used up',
    parts: { providerServesPastDeposit: true },
  },
  {
    id: 'provider-takes-stale-vouchers',
    policy: 'hardened',
    regime: 'disconnect',
    caughtBy: 'INV-W-VOUCHER-REDEEMED',
    summary: 'the provider takes the voucher that came last for its newest',
    kinds: ['message-duplication', 'message-reordering'],
    parts: { providerTakesStale: true },
  },
  {
    id: 'provider-takes-forged-vouchers',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-PROVIDER-EXPOSURE',
    summary: 'the provider does not look at signatures',
    parts: { providerTakesForged: true },
  },
  {
    id: 'provider-never-redeems',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-VOUCHER-REDEEMED',
    summary: 'the provider keeps all its vouchers',
    parts: { providerNeverRedeems: true },
  },
  {
    id: 'watcher-idle',
    policy: 'hardened',
    regime: 'disconnect',
    caughtBy: 'INV-W-VOUCHER-REDEEMED',
    summary: 'the watcher does nothing for a provider that is offline',
    kinds: ['link-down'],
    parts: { watcherIdle: true },
  },
  {
    id: 'nobody-ends',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-LIVENESS',
    summary: 'nobody asks for the end, closes, finalises or reclaims',
    parts: { nobodyEnds: true },
  },
  {
    id: 'time-by-the-wrong-clock',
    policy: 'hardened',
    regime: 'skew',
    caughtBy: 'INV-W-CHALLENGE',
    summary: "calls are timed by the sender's clock instead of the block's",
    kinds: ['clock-jump'],
    parts: { timesBySenderClock: true },
  },
]

/**
 * Where each is refuted in one run of ten or more. A provider that is offline needs a fault; one
 * that keeps vouchers back does not.
 */
const REFUTED_WHERE: Readonly<Record<string, readonly string[]>> = {
  'INV-W-VOUCHER-REDEEMED': ['disconnect', 'skew'],
  'INV-W-PROVIDER-EXPOSURE': ['disconnect', 'skew'],
  'INV-W-PAYER-WAIT': ['none'],
}

function claimOf(claim: (typeof paymentChannelWorldInvariants)[number]): ScenarioClaim {
  const { id, statement, formula, unit = '' } = claim
  return { id, statement, formula, unit }
}

/** Who ended the channel; by which of its two ways the payer did may change. */
function causeOf({ milestones: { ending } }: WorldRun): string {
  if (ending === null) return 'never ended'
  return ending === 'close' ? 'closed by the provider' : 'ended over the head of the provider'
}

export const paymentChannelScenario: ScenarioPlayer = {
  defects: DEFECTS.map(({ parts: _, ...defect }) => defect),
  regimes: SCENARIO_REGIMES,
  cases: cases.map(({ parameters }) => parameters),
  claims: paymentChannelWorldInvariants.map(claimOf),
  refutations: AS_DESCRIBED_REFUTED.map((invariant) => ({
    policy: 'as-described',
    invariant,
    mustShowIn: REFUTED_WHERE[invariant] ?? [],
  })),
  draws: (regime, limits) => scenarioDraws(regime, cases.length, limits),
  play({ policy, regime, draw, detail, defect }) {
    const defects = DEFECTS.find(({ id }) => id === defect)?.parts ?? {}
    const drawn = cases[draw.caseIndex]
    assert(drawn !== undefined, 'a draw names one of the deployments')
    const { token, ...behaviour } = draw.behaviour
    const run = runWorld({
      ...{ policy, regime: regime as RegimeName, seed: draw.world, run: 0 },
      ...{ parameters: drawn.parameters, ...drawn.terms, token: String(token) },
      ...{ profile: draw.profile, faults: draw.faults, detail, defects },
      behaviour: behaviour as NonNullable<WorldOptions['behaviour']>,
    })
    return {
      setup: { caseIndex: draw.caseIndex, agreements: run.agreements },
      steps: run.steps.map(({ planned }) => planned),
      edges: run.steps.map(({ edge }) => edge),
      hash: run.hash,
      judgements: judgementFacts(paymentChannelWorldInvariants, run),
      cause: causeOf(run),
      report: { ...run, profile: run.profile.name },
    }
  },
}
