/**
 * token-job in the simulated world, as campaigns see it.
 */
import { assert } from '../../models/kit/error.ts'
import {
  jobTermsDefault,
  type TokenJobParameters,
  tokenJobParameters,
} from '../../models/token-job/parameters.ts'
import type { RegimeName } from '../../sim/faults/regimes.ts'
import type { WorldOptions } from '../../sim/token-job/options.ts'
import { runWorld } from '../../sim/token-job/world.ts'
import {
  AS_DESCRIBED_REFUTED,
  tokenJobWorldInvariants,
} from '../../sim/token-job/worldInvariants.ts'
import type { WorldDefects, WorldRun } from '../../sim/token-job/worldRun.ts'
import { judgementFacts } from '../../sim/world/deriveFacts.ts'
import type { ScenarioClaim, ScenarioDefect, ScenarioPlayer } from '../kit/scenarioPlayer.ts'
import { SCENARIO_REGIMES, scenarioDraws } from './scenarioDraws.ts'

interface Terms {
  readonly depositUnits: bigint
}

/** Deployments and deposits: as described, ten times that, short intervals with dust, no window. */
const cases: readonly { readonly parameters: TokenJobParameters; readonly terms: Terms }[] = [
  { given: {}, depositUnits: jobTermsDefault.depositUnits },
  { given: {}, depositUnits: 20_000_000n },
  {
    given: { hostBps: 8_765, proofWindowSeconds: 60, proofIntervalTokens: 250 },
    depositUnits: 6_000_001n,
  },
  {
    given: { hostBps: 3_333, proofWindowSeconds: 0, proofIntervalTokens: 500, approvalUnits: 1 },
    depositUnits: 10_000_000n,
  },
].map(({ given, depositUnits }) => ({
  parameters: tokenJobParameters.parse(given),
  terms: { depositUnits },
}))

/** The world's canaries: each part that must not fail, made to fail. */
const DEFECTS: readonly (ScenarioDefect & { readonly parts: WorldDefects })[] = [
  {
    id: 'user-signs-what-the-host-claims',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-NO-UNDELIVERED',
    summary: "the user's client signs for as many tokens as the host says it delivered",
    parts: { userSignsClaims: true },
  },
  {
    id: 'user-signs-ahead',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-RECEIPT-AUTHENTIC',
    summary: "the user's client acknowledges 16 tokens more than it has received",
    parts: { userSignsAheadTokens: 16 },
  },
  {
    id: 'host-streams-past-the-deposit',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-DEPOSIT-END',
    summary: 'the host goes on when the deposit is used up',
    parts: { hostStreamsPastDeposit: true },
  },
  {
    id: 'host-streams-without-receipts',
    policy: 'hardened',
    regime: 'disconnect',
    caughtBy: 'INV-W-HOST-LOSS',
    summary: 'the host does not wait for receipts or proofs',
    parts: { hostStreamsWithoutReceipts: true },
  },
  {
    id: 'host-never-proves',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-HOST-LOSS',
    summary: 'the host never submits a proof',
    parts: { hostNeverProves: true },
  },
  {
    id: 'nobody-ends',
    policy: 'hardened',
    regime: 'disconnect',
    caughtBy: 'INV-W-LIVENESS',
    summary: 'neither party ends the job, and nobody times it out',
    parts: { nobodyEnds: true },
  },
  {
    id: 'time-by-the-wrong-clock',
    policy: 'hardened',
    regime: 'skew',
    caughtBy: 'INV-W-PROOF-WINDOW',
    summary: "calls are timed by the sender's clock instead of the block's",
    kinds: ['clock-offset'],
    parts: { timesBySenderClock: true },
  },
]

/** Refuted in one run of ten or more; the others in one of twenty, and no fault is needed. */
const OFTEN_REFUTED: readonly string[] = [
  'INV-W-NO-UNDELIVERED',
  'INV-W-PAYER-EXPOSURE',
  'INV-W-PROVIDER-EXPOSURE',
]

function claimOf(claim: (typeof tokenJobWorldInvariants)[number]): ScenarioClaim {
  const { id, statement, formula, policies } = claim
  const base = { id, statement, formula, unit: claim.unit ?? '' }
  return policies === undefined ? base : { ...base, policies }
}

/** Who vanished, and how it ended; why somebody ended the job may change. */
function causeOf({ milestones, endState, discovery }: WorldRun): string {
  const reasons = [milestones.userReason, milestones.hostReason].map((reason) =>
    reason === 'vanished' ? reason : 'there',
  )
  return [discovery.outcome, ...reasons, endState.state].join(', ')
}

export const tokenJobScenario: ScenarioPlayer = {
  defects: DEFECTS.map(({ parts: _, ...defect }) => defect),
  regimes: SCENARIO_REGIMES,
  cases: cases.map(({ parameters }) => parameters),
  claims: tokenJobWorldInvariants.map(claimOf),
  refutations: AS_DESCRIBED_REFUTED.map((invariant) => ({
    policy: 'as-described',
    invariant,
    mustShowIn: OFTEN_REFUTED.includes(invariant) ? SCENARIO_REGIMES : ['none'],
  })),
  draws: (regime, limits) => scenarioDraws(regime, cases.length, limits),
  play({ policy, regime, draw, detail, defect }) {
    const defects = DEFECTS.find(({ id }) => id === defect)?.parts ?? {}
    const drawn = cases[draw.caseIndex]
    assert(drawn !== undefined, 'a draw names one of the deployments')
    const { parameters, terms } = drawn
    const run = runWorld({
      ...{ policy, regime: regime as RegimeName, seed: draw.world, run: 0, parameters, ...terms },
      ...{ profile: draw.profile, faults: draw.faults, detail, defects },
      behaviour: draw.behaviour as NonNullable<WorldOptions['behaviour']>,
    })
    return {
      setup: { caseIndex: draw.caseIndex, agreements: run.agreements },
      steps: run.steps.map(({ planned }) => planned),
      edges: run.steps.map(({ edge }) => edge),
      hash: run.hash,
      judgements: judgementFacts(tokenJobWorldInvariants, run),
      cause: causeOf(run),
      report: { ...run, profile: run.profile.name },
    }
  },
}
