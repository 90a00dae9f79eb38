/**
 * progressive-escrow in the simulated world, as campaigns see it.
 */
import { progressiveEscrowParameters } from '../../models/progressive-escrow/parameters.ts'
import type { RegimeName } from '../../sim/faults/regimes.ts'
import type { Behaviour } from '../../sim/progressive-escrow/behaviour.ts'
import { runWorld } from '../../sim/progressive-escrow/world.ts'
import {
  AS_DESCRIBED_REFUTED,
  progressiveEscrowWorldInvariants,
} from '../../sim/progressive-escrow/worldInvariants.ts'
import type { WorldDefects, WorldRun } from '../../sim/progressive-escrow/worldRun.ts'
import type { ScenarioClaim, ScenarioDefect, ScenarioPlayer } from '../kit/scenarioPlayer.ts'
import { SCENARIO_REGIMES, scenarioDraws } from './scenarioDraws.ts'

/**
 * Deployments in the world. The first has few heartbeats, so that a counterexample on a session of
 * three minutes needs few calls, and the least interval and grace together, so that what breaks a
 * claim under the others breaks it there; the second is the description's.
 */
const scenarioCases = [
  {
    heartbeatIntervalSeconds: 90,
    graceSeconds: 30,
    releaseIntervalSeconds: 240,
    autoReleaseDelaySeconds: 3_600,
  },
  {},
  {
    feeBps: 250,
    progressiveBps: 8_000,
    heartbeatIntervalSeconds: 120,
    graceSeconds: 10,
    releaseIntervalSeconds: 60,
    autoReleaseDelaySeconds: 7_200,
  },
  {
    progressiveBps: 10_000,
    heartbeatIntervalSeconds: 45,
    graceSeconds: 120,
    releaseIntervalSeconds: 300,
    autoReleaseDelaySeconds: 600,
  },
].map((given) => progressiveEscrowParameters.parse(given))

/** The world's canaries: each part that must not fail, made to fail. */
const DEFECTS: readonly (ScenarioDefect & { readonly parts: WorldDefects })[] = [
  {
    id: 'heartbeats-without-hearing',
    policy: 'hardened',
    regime: 'disconnect',
    caughtBy: 'INV-W-BOUNDED-LEAKAGE',
    summary: 'clients send heartbeats whether or not they hear the other side',
    kinds: ['link-down'],
    parts: { beatsUnheard: true },
  },
  {
    id: 'nobody-pauses',
    policy: 'as-described',
    regime: 'disconnect',
    caughtBy: 'INV-W-KEEPER-FREE',
    summary: 'neither keeper nor clients pause a session that has fallen silent',
    parts: { nobodyPauses: true },
  },
  {
    id: 'nobody-completes',
    policy: 'hardened',
    regime: 'disconnect',
    caughtBy: 'INV-W-LIVENESS',
    summary: 'neither student, mentor nor keeper completes a session',
    parts: { nobodyCompletes: true },
  },
  {
    id: 'nobody-claims',
    policy: 'hardened',
    regime: 'disconnect',
    caughtBy: 'INV-W-LIVENESS',
    summary: 'shares that a token refused to pay out are never claimed',
    parts: { nobodyClaims: true },
  },
  {
    id: 'serving-through-pauses',
    policy: 'hardened',
    regime: 'congestion',
    caughtBy: 'INV-W-PROVIDER-EXPOSURE',
    summary: 'both sides stay in the call although the session is paused',
    parts: { serveOn: true },
  },
  {
    id: 'bill-by-the-wrong-clock',
    policy: 'hardened',
    regime: 'skew',
    caughtBy: 'INV-W-NO-OVERPAY-DELIVERED',
    summary: "calls are billed by the sender's clock instead of the block's",
    kinds: ['clock-offset', 'clock-jump'],
    parts: { billsBySenderClock: true },
  },
]

const DISTURBED = SCENARIO_REGIMES.filter((regime) => regime !== 'none')
/** Claims that are silent somewhere: without faults nobody drops. */
const SPOKEN_OF: Readonly<Record<string, Partial<ScenarioClaim>>> = {
  'INV-W-KEEPER-FREE': { regimes: DISTURBED },
  'INV-W-PAUSE-ON-DROP': { regimes: DISTURBED },
}

/** A ghost, an early end and a vanished student need no fault; an outage does. */
const REFUTED_WHERE: Readonly<Record<string, readonly string[]>> = {
  'INV-W-PAUSE-ON-DROP': ['disconnect'],
}

function causeOf({ milestones, endState }: WorldRun): string {
  return `${milestones.ending ?? 'never ended'}, ${endState.state}`
}

export const progressiveEscrowScenario: ScenarioPlayer = {
  defects: DEFECTS.map(({ parts: _, ...defect }) => defect),
  regimes: SCENARIO_REGIMES,
  cases: scenarioCases,
  claims: progressiveEscrowWorldInvariants.map(({ id, statement, formula, unit = '' }) => ({
    id,
    statement,
    formula,
    unit,
    ...SPOKEN_OF[id],
  })),
  refutations: AS_DESCRIBED_REFUTED.map((invariant) => ({
    policy: 'as-described',
    invariant,
    mustShowIn: REFUTED_WHERE[invariant] ?? ['none', 'disconnect'],
  })),
  draws: (regime, limits) => scenarioDraws(regime, scenarioCases.length, limits),
  play({ policy, regime, draw, detail, defect }) {
    const defects = DEFECTS.find(({ id }) => id === defect)?.parts ?? {}
    const parameters = scenarioCases[draw.caseIndex] ?? scenarioCases[0]
    const { durationMinutes, token, ...behaviour } = draw.behaviour
    const run = runWorld({
      policy,
      regime: regime as RegimeName,
      seed: draw.world,
      run: 0,
      profile: draw.profile,
      durationMinutes: Number(durationMinutes),
      token: String(token),
      behaviour: behaviour as Partial<Behaviour>,
      faults: draw.faults,
      detail,
      defects,
      ...(parameters === undefined ? {} : { parameters }),
    })
    return {
      setup: { caseIndex: draw.caseIndex, agreements: run.agreements },
      steps: run.steps.map(({ planned }) => planned),
      edges: run.steps.map(({ edge }) => edge),
      hash: run.hash,
      judgements: progressiveEscrowWorldInvariants.map(({ id, judge }) => {
        const { witnesses, violation, observed, bound } = judge(run)
        const evidence = violation === null ? null : violation.evidence
        return { id, witnesses, evidence, observed: observed ?? null, bound: bound ?? null }
      }),
      cause: causeOf(run),
      report: { ...run, profile: run.profile.name },
    }
  },
}
