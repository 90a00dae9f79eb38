/**
 * withdrawal in the simulated world, as campaigns see it.
 */
import { assert } from '../../models/kit/error.ts'
import {
  type WithdrawalParameters,
  withdrawalParameters,
} from '../../models/withdrawal/parameters.ts'
import type { RegimeName } from '../../sim/faults/regimes.ts'
import type { WorldOptions } from '../../sim/withdrawal/options.ts'
import { reportOf } from '../../sim/withdrawal/report.ts'
import { runWorld } from '../../sim/withdrawal/world.ts'
import {
  AS_DESCRIBED_REFUTED,
  withdrawalWorldInvariants,
} from '../../sim/withdrawal/worldInvariants.ts'
import type { WorldDefects } from '../../sim/withdrawal/worldRun.ts'
import { judgementFacts } from '../../sim/world/deriveFacts.ts'
import type { ScenarioClaim, ScenarioDefect, ScenarioPlayer } from '../kit/scenarioPlayer.ts'
import { SCENARIO_REGIMES, scenarioDraws } from './scenarioDraws.ts'

/**
 * Deployments: minutes for the bank; hardly any time and odd shares; as described; no commission.
 */
const cases: readonly WithdrawalParameters[] = [
  { processingTimeoutSeconds: 900 },
  { minimumUnits: 1, processingTimeoutSeconds: 120, commissionBps: 3_333 },
  {},
  { minimumUnits: 20_000_000, processingTimeoutSeconds: 3_600, commissionBps: 0 },
].map((given) => withdrawalParameters.parse(given))

/** The world's canaries: each part that must not fail, made to fail. */
const DEFECTS: readonly (ScenarioDefect & { readonly parts: WorldDefects })[] = [
  {
    id: 'bank-pays-first',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-NOT-BOTH',
    summary: 'the bank pays as soon as it can and tells the contract afterwards',
    parts: { bankPaysFirst: true },
  },
  {
    id: 'bank-forgets-keys',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-PAID-ONCE',
    summary: 'an order that is repeated bears another key',
    parts: { bankForgetsKeys: true },
  },
  {
    id: 'bank-pays-gross',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-COVERED',
    summary: 'the bank pays what a session cost and not what was asked for',
    parts: { bankPaysGross: true },
  },
  {
    id: 'bank-deducts-a-fee',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-TEACHER-EXPOSURE',
    summary: 'the bank keeps a part of what it is to pay',
    parts: { bankDeductsFee: true },
  },
  {
    id: 'bank-hides-failures',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-RESTORED',
    summary: 'the bank says nothing of what it cannot pay',
    parts: { bankHidesFailures: true },
  },
  {
    id: 'bank-repeats-references',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-PAYOUT-TIME',
    summary: 'the bank reports every payment under the same reference',
    parts: { bankRepeatsReferences: true },
  },
  {
    id: 'platform-credits-again',
    policy: 'hardened',
    regime: 'congestion',
    caughtBy: 'INV-W-EARNED',
    summary: 'after a credit that could not be sent the platform sends another beside it',
    kinds: ['ambiguous-send', 'rpc-error'],
    parts: { platformCreditsAgain: true },
  },
  {
    id: 'teacher-never-cancels',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-EXIT',
    summary: 'nobody takes a request back',
    parts: { teacherNeverCancels: true },
  },
  {
    id: 'admins-idle',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-PAYOUT-TIME',
    summary: 'no admin looks at the queue',
    parts: { adminsIdle: true },
  },
  {
    id: 'nobody-ends',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-LIVENESS',
    summary: 'nobody answers, completes, fails or takes back anything',
    parts: { nobodyEnds: true },
  },
  {
    id: 'time-by-the-wrong-clock',
    policy: 'hardened',
    regime: 'skew',
    caughtBy: 'INV-W-BANK-WINDOW',
    summary: "calls are timed by the sender's clock instead of the block's",
    kinds: ['clock-jump', 'clock-offset'],
    parts: { timesBySenderClock: true },
  },
]

/**
 * It takes a reorg that undoes an approval which an admin has acted on, and another admin who says
 * no before it comes back.
 */
const SELDOM_REFUTED = 'INV-W-NOT-BOTH'

function claimOf(claim: (typeof withdrawalWorldInvariants)[number]): ScenarioClaim {
  const { id, statement, formula, unit = '', policies } = claim
  const base = { id, statement, formula, unit }
  return policies === undefined ? base : { ...base, policies }
}

export const withdrawalScenario: ScenarioPlayer = {
  defects: DEFECTS.map(({ parts: _, ...defect }) => defect),
  regimes: SCENARIO_REGIMES,
  cases,
  claims: withdrawalWorldInvariants.map(claimOf),
  // But for one no fault is needed, and each of these is refuted in one run of ten or more.
  refutations: AS_DESCRIBED_REFUTED.map((invariant) => ({
    ...{ policy: 'as-described', invariant },
    mustShowIn: invariant === SELDOM_REFUTED ? [] : SCENARIO_REGIMES,
  })),
  draws: (regime, limits) => scenarioDraws(regime, cases.length, limits),
  play({ policy, regime, draw, detail, defect }) {
    const defects = DEFECTS.find(({ id }) => id === defect)?.parts ?? {}
    const parameters = cases[draw.caseIndex]
    assert(parameters !== undefined, 'a draw names one of the deployments')
    const { token, ...behaviour } = draw.behaviour
    const run = runWorld({
      ...{ policy, regime: regime as RegimeName, seed: draw.world, run: 0, parameters },
      ...{ token: String(token), profile: draw.profile, faults: draw.faults, detail, defects },
      behaviour: behaviour as NonNullable<WorldOptions['behaviour']>,
    })
    return {
      setup: { caseIndex: draw.caseIndex, agreements: run.agreements },
      steps: run.steps.map(({ planned }) => planned),
      edges: run.steps.map(({ edge }) => edge),
      hash: run.hash,
      judgements: judgementFacts(withdrawalWorldInvariants, run),
      // Each claim breaks in its own way, however its withdrawals ended.
      cause: 'over',
      report: reportOf(run),
    }
  },
}
