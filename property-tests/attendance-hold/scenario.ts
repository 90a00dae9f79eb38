/**
 * attendance-hold in the simulated world, as campaigns see it.
 */
import {
  type AttendanceHoldParameters,
  attendanceHoldParameters,
} from '../../models/attendance-hold/parameters.ts'
import { assert } from '../../models/kit/error.ts'
import type { WorldOptions } from '../../sim/attendance-hold/options.ts'
import { runWorld } from '../../sim/attendance-hold/world.ts'
import {
  AS_DESCRIBED_REFUTED,
  attendanceHoldWorldInvariants,
} from '../../sim/attendance-hold/worldInvariants.ts'
import type { WorldDefects } from '../../sim/attendance-hold/worldRun.ts'
import type { RegimeName } from '../../sim/faults/regimes.ts'
import { judgementFacts } from '../../sim/world/deriveFacts.ts'
import type { ScenarioClaim, ScenarioDefect, ScenarioPlayer } from '../kit/scenarioPlayer.ts'
import { SCENARIO_REGIMES, STORIES, scenarioDraws } from './scenarioDraws.ts'

type Terms = Pick<WorldOptions, 'priceUnits' | 'leadSeconds'>

/**
 * Deployments and terms: a lesson of ten minutes; half an hour with other shares and little time
 * for records; the defaults; five minutes that anyone may process as soon as records are closed.
 */
const cases: readonly { readonly parameters: AttendanceHoldParameters; readonly terms: Terms }[] = [
  {
    given: {
      ...{ sessionSeconds: 600, attestationWindowSeconds: 600, keeperWindowSeconds: 300 },
      ...{ noShowSeconds: 1_200, lateAfterSeconds: 60, keeperIntervalSeconds: 60 },
    },
    terms: { leadSeconds: 120 },
  },
  {
    given: {
      ...{ sessionSeconds: 1_800, attendanceThresholdBps: 5_000, commissionBps: 1_234 },
      ...{ attestationWindowSeconds: 240, keeperWindowSeconds: 60, noShowSeconds: 900 },
      ...{ keeperIntervalSeconds: 120 },
    },
    terms: { leadSeconds: 90, priceUnits: 333_333n },
  },
  { given: {}, terms: { leadSeconds: 300 } },
  {
    given: {
      ...{ sessionSeconds: 300, attendanceThresholdBps: 3_333, attestationWindowSeconds: 1_200 },
      ...{ keeperWindowSeconds: 0, noShowSeconds: 1_200, keeperIntervalSeconds: 300 },
    },
    terms: { leadSeconds: 60, priceUnits: 1n },
  },
].map(({ given, terms }) => ({ parameters: attendanceHoldParameters.parse(given), terms }))

/** The world's canaries: each part that must not fail, made to fail. */
const DEFECTS: readonly (ScenarioDefect & { readonly parts: WorldDefects })[] = [
  {
    id: 'attestor-takes-forged-webhooks',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-FORGED',
    summary: 'the attestor does not look at the signatures of webhooks',
    parts: { attestorTakesForged: true },
  },
  {
    id: 'attestor-waits-for-nothing',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-ATTENDANCE',
    summary: 'the attestor signs at once, whatever webhooks may still come',
    parts: { attestorWaitsForNothing: true },
  },
  {
    id: 'attestor-records-nothing',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-THRESHOLD',
    summary: 'the attestor finishes lessons and forgets who was there',
    parts: { attestorRecordsNothing: true },
  },
  {
    id: 'attestor-counts-student-alone',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-THRESHOLD',
    summary: 'a student who waits alone for a teacher counts as taught',
    parts: { attestorCountsStudentAlone: true },
  },
  {
    id: 'room-hears-no-silence',
    policy: 'hardened',
    regime: 'disconnect',
    caughtBy: 'INV-W-ATTENDANCE',
    summary: 'the call platform never notices that a line is dead',
    kinds: ['link-down'],
    parts: { roomHearsNoSilence: true },
  },
  {
    id: 'keepers-idle',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-RELEASE-TIME',
    summary: 'the keepers make their rounds and process nothing',
    parts: { keepersIdle: true },
  },
  {
    id: 'nobody-helps-themselves',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-EXIT',
    summary: 'no side does anything alone when the services are gone',
    parts: { nobodyHelpsThemselves: true },
  },
  {
    id: 'nobody-ends',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-LIVENESS',
    summary: 'neither keepers nor sides resolve a hold',
    parts: { keepersIdle: true, nobodyHelpsThemselves: true },
  },
  {
    id: 'time-by-the-wrong-clock',
    policy: 'hardened',
    regime: 'skew',
    caughtBy: 'INV-W-RELEASE-TIME',
    summary: "calls are timed by the sender's clock instead of the block's",
    kinds: ['clock-offset', 'clock-jump'],
    parts: { timesBySenderClock: true },
  },
]

/** What webhooks do wrong and keepers that stop need no fault, so every regime shows it. */
const REFUTED_WHERE: Readonly<Record<string, readonly string[]>> = {
  'INV-W-ATTENDANCE': ['none', 'disconnect'],
  'INV-W-THRESHOLD': ['none', 'disconnect'],
  'INV-W-FORGED': ['none'],
  'INV-W-EVENT-ONCE': ['none'],
  'INV-W-REFERRER': ['none'],
  'INV-W-EXIT': ['none'],
}

function claimOf(claim: (typeof attendanceHoldWorldInvariants)[number]): ScenarioClaim {
  const { id, statement, formula, unit = '' } = claim
  return { id, statement, formula, unit }
}

export const attendanceHoldScenario: ScenarioPlayer = {
  defects: DEFECTS.map(({ parts: _, ...defect }) => defect),
  regimes: SCENARIO_REGIMES,
  cases: cases.map(({ parameters }) => parameters),
  claims: attendanceHoldWorldInvariants.map(claimOf),
  refutations: AS_DESCRIBED_REFUTED.map((invariant) => ({
    policy: 'as-described',
    invariant,
    mustShowIn: REFUTED_WHERE[invariant] ?? [],
  })),
  stories: STORIES,
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
      judgements: judgementFacts(attendanceHoldWorldInvariants, run),
      // Whether it was resolved may change: most claims are broken before that.
      cause: run.milestones.purchasedMs === null ? 'never bought' : 'bought',
      report: { ...run, profile: run.profile.name },
    }
  },
}
