/**
 * matchmaking in the simulated world, as campaigns see it.
 */
import { assert } from '../../models/kit/error.ts'
import {
  type MatchmakingParameters,
  matchmakingParameters,
} from '../../models/matchmaking/parameters.ts'
import type { RegimeName } from '../../sim/faults/regimes.ts'
import type { WorldOptions } from '../../sim/matchmaking/options.ts'
import { reportOf } from '../../sim/matchmaking/report.ts'
import { runWorld } from '../../sim/matchmaking/world.ts'
import {
  AS_DESCRIBED_REFUTED,
  matchmakingWorldInvariants,
} from '../../sim/matchmaking/worldInvariants.ts'
import type { WorldDefects } from '../../sim/matchmaking/worldRun.ts'
import { judgementFacts } from '../../sim/world/deriveFacts.ts'
import type {
  ScenarioClaim,
  ScenarioDefect,
  ScenarioDraw,
  ScenarioPlayer,
} from '../kit/scenarioPlayer.ts'
import { SCENARIO_REGIMES, scenarioDraws } from './scenarioDraws.ts'
import { STORIES } from './scenarioStories.ts'

/**
 * Deployments: hardly any time and one attempt; minutes, in which every call gets in; the defaults;
 * what lies between, with a credential for ten minutes.
 */
const cases: readonly MatchmakingParameters[] = [
  { proposalTtlSeconds: 10, maxAttempts: 1, depositWindowSeconds: 20, credentialSeconds: 0 },
  { proposalTtlSeconds: 600, maxAttempts: 2, depositWindowSeconds: 1_800 },
  {},
  { proposalTtlSeconds: 120, depositWindowSeconds: 300, credentialSeconds: 600 },
].map((given) => matchmakingParameters.parse(given))

/** The world's canaries: each part that must not fail, made to fail. */
const DEFECTS: readonly (ScenarioDefect & { readonly parts: WorldDefects })[] = [
  {
    id: 'matchmaker-forgets-filters',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-FITS',
    summary: 'the matchmaker asks nobody what they speak, know and are certified for',
    parts: { matchmakerForgetsFilters: true },
  },
  {
    id: 'matchmaker-forgets-rates',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-FITS',
    summary: 'the matchmaker proposes tutors who are listed at more than the student pays',
    parts: { matchmakerForgetsRates: true },
  },
  {
    id: 'student-looks-at-no-balance',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-FITS',
    summary: 'nobody looks whether the student has what it would deposit',
    parts: { studentLooksAtNoBalance: true },
  },
  {
    id: 'matchmaker-never-lapses',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-TTL',
    summary: 'the matchmaker waits for a tutor who says nothing',
    parts: { matchmakerNeverLapses: true },
  },
  {
    id: 'matchmaker-never-releases',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-DEPOSIT-WINDOW',
    summary: 'the matchmaker waits for a student who does not deposit',
    parts: { matchmakerNeverReleases: true },
  },
  {
    id: 'matchmaker-asks-once',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-PROPOSED',
    summary: 'after one tutor nobody else is proposed',
    parts: { matchmakerAsksOnce: true },
  },
  {
    id: 'matchmaker-forgets-the-list',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-PROPOSED',
    summary: 'who is on the waiting list stays there, whoever comes',
    parts: { matchmakerForgetsTheList: true },
  },
  {
    id: 'matchmaker-forgets-bookings',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-PROPOSED',
    summary: 'bookings are taken and never begun',
    parts: { matchmakerForgetsBookings: true },
  },
  {
    id: 'student-brings-no-quote',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-MATCHED',
    summary: 'nobody brings the quotes that tutors sign',
    parts: { studentBringsNoQuote: true },
  },
  {
    id: 'tutor-signs-the-maximum',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-RATE-LOCKED',
    summary: "the tutor's app signs what the student would pay at most",
    parts: { tutorSignsTheMaximum: true },
  },
  {
    id: 'student-never-cancels',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-EXIT',
    summary: 'nobody gives up',
    parts: { studentNeverCancels: true },
  },
  {
    id: 'nobody-reports-ends',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-LIVENESS',
    summary: 'the session escrow never reports the end of a call',
    parts: { nobodyReportsEnds: true },
  },
  {
    id: 'time-by-the-wrong-clock',
    policy: 'hardened',
    regime: 'skew',
    caughtBy: 'INV-W-TTL',
    summary: "calls are timed by the sender's clock instead of the block's",
    kinds: ['clock-offset'],
    parts: { timesBySenderClock: true },
  },
]

function claimOf(claim: (typeof matchmakingWorldInvariants)[number]): ScenarioClaim {
  const { id, statement, formula, unit = '', policies } = claim
  const base = { id, statement, formula, unit }
  return policies === undefined ? base : { ...base, policies }
}

/** Tutors are drawn part by part, as a run always has both. */
export function optionsOf({
  behaviour,
  world,
  profile,
  faults,
}: ScenarioDraw): Partial<WorldOptions> {
  const { token, requests, stranger, ...drawn } = behaviour
  const tutors = [0, 1].map((at) => ({
    ...(drawn[`tutor${at}`] as object),
    ...{ shiftsMs: drawn[`shifts${at}`], answers: drawn[`answers${at}`] },
  }))
  const whole = { requests, stranger, tutors } as unknown
  return {
    ...{ seed: world, run: 0, profile, faults, token: String(token) },
    behaviour: whole as NonNullable<WorldOptions['behaviour']>,
  }
}

/** Enough for a second proposal, and then a little more, by deployment and chain. */
const SHORTER_PATIENCE_MS = [20_000, 30_000, 45_000, 60_000, 120_000]

/** Students who give up sooner leave fewer calls behind. */
function withPatience(draw: ScenarioDraw, mostMs: number): ScenarioDraw {
  const { requests, ...behaviour } = draw.behaviour
  const hurried = (requests as readonly { readonly patienceMs: number }[]).map((request) => ({
    ...request,
    patienceMs: Math.min(request.patienceMs, mostMs),
  }))
  return { ...draw, behaviour: { ...behaviour, requests: hurried } }
}

export const matchmakingScenario: ScenarioPlayer = {
  defects: DEFECTS.map(({ parts: _, ...defect }) => defect),
  regimes: SCENARIO_REGIMES,
  cases,
  claims: matchmakingWorldInvariants.map(claimOf),
  // No fault is needed for any of them, and those of a story are too few to hide one.
  refutations: AS_DESCRIBED_REFUTED.map((invariant) => ({
    ...{ policy: 'as-described', invariant },
    mustShowIn: SCENARIO_REGIMES,
  })),
  stories: STORIES.length,
  draws: (regime, limits) => scenarioDraws(regime, cases.length, limits),
  shorter: (draw) => SHORTER_PATIENCE_MS.map((mostMs) => withPatience(draw, mostMs)),
  play({ policy, regime, draw, detail, defect }) {
    const defects = DEFECTS.find(({ id }) => id === defect)?.parts ?? {}
    const parameters = cases[draw.caseIndex]
    assert(parameters !== undefined, 'a draw names one of the deployments')
    const run = runWorld({
      ...{ seed: 0, run: 0, ...optionsOf(draw) },
      ...{ policy, regime: regime as RegimeName, parameters, detail, defects },
    })
    return {
      setup: { caseIndex: draw.caseIndex, agreements: run.agreements },
      steps: run.steps.map(({ planned }) => planned),
      edges: run.steps.map(({ edge }) => edge),
      hash: run.hash,
      judgements: judgementFacts(matchmakingWorldInvariants, run),
      // Each claim breaks in its own way, however its requests ended.
      cause: 'over',
      report: reportOf(run),
    }
  },
}
