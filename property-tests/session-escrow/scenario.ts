/**
 * session-escrow in the simulated world, as campaigns see it.
 */
import type { PlannedStep, Policy } from '../../models/kit/trace.ts'
import { sessionEscrowParameters } from '../../models/session-escrow/parameters.ts'
import type { RegimeName } from '../../sim/faults/regimes.ts'
import { runWorld } from '../../sim/session-escrow/world.ts'
import {
  AS_DESCRIBED_REFUTED,
  sessionEscrowWorldInvariants,
} from '../../sim/session-escrow/worldInvariants.ts'
import type { WorldDefects, WorldRun } from '../../sim/session-escrow/worldRun.ts'
import { judgementFacts } from '../../sim/world/deriveFacts.ts'
import type { ScenarioClaim, ScenarioDefect, ScenarioPlayer } from '../kit/scenarioPlayer.ts'
import { SCENARIO_REGIMES, scenarioDraws } from './scenarioDraws.ts'

/** Deployments in the world: intervals, timeouts, windows and fees around the defaults. */
const scenarioCases = [
  {},
  { feeBps: 1_000, heartbeatIntervalSeconds: 10, silenceTimeoutSeconds: 20 },
  { heartbeatIntervalSeconds: 15, silenceTimeoutSeconds: 30, startWindowSeconds: 300 },
  { feeBps: 250, heartbeatIntervalSeconds: 5, silenceTimeoutSeconds: 15 },
].map((given) => sessionEscrowParameters.parse(given))

/** The world's canaries: each part that must not fail, made to fail. */
const DEFECTS: readonly (ScenarioDefect & { readonly parts: WorldDefects })[] = [
  {
    id: 'service-forgets-one-side',
    policy: 'as-described',
    regime: 'disconnect',
    caughtBy: 'INV-W-KEEPER-FREE',
    summary: 'the heartbeat service never notices that the student is silent',
    parts: { serviceForgets: 'student' },
  },
  {
    id: 'relayer-never-retries',
    policy: 'as-described',
    regime: 'congestion',
    caughtBy: 'INV-W-KEEPER-FREE',
    summary: 'the relayer sends each stop once, whatever becomes of it',
    kinds: ['link-down', 'rpc-error', 'dropped-transaction'],
    parts: { relayerNeverRetries: true },
  },
  {
    id: 'clock-of-the-wrong-party',
    policy: 'hardened',
    regime: 'skew',
    caughtBy: 'INV-W-PING-AUTHENTIC',
    summary: "the student signs pings by the tutor's clock",
    parts: { signsByClockOf: { side: 'student', clockOf: 'tutor' } },
  },
  {
    id: 'bill-by-the-wrong-clock',
    policy: 'hardened',
    regime: 'skew',
    caughtBy: 'INV-W-PROVIDER-EXPOSURE',
    summary: "calls are billed by the sender's clock instead of the block's",
    parts: { billsBySenderClock: true },
  },
  {
    id: 'nobody-settles',
    policy: 'hardened',
    regime: 'disconnect',
    caughtBy: 'INV-W-LIVENESS',
    summary: 'no party and no relayer asks for the settlement of a stopped session',
    parts: { nobodySettles: true },
  },
]

/** Claims that are silent somewhere: no pings are presented as described, nobody drops in calm. */
const SPOKEN_OF: Readonly<Record<string, Partial<ScenarioClaim>>> = {
  'INV-W-PING-AUTHENTIC': { policies: ['hardened'] },
  'INV-W-KEEPER-FREE': { regimes: SCENARIO_REGIMES.filter((regime) => regime !== 'none') },
}

/** The bound on leakage says nothing of the policy as described in a world without a drop. */
const REFUTED_WHERE = ['disconnect'] as const

function causeOf({ milestones, endState }: WorldRun): string {
  return `${milestones.stopReason ?? 'never stopped'}, ${endState.state}`
}

/** The contract as described takes no pings: its calls carry none. */
function presented(policy: Policy, planned: PlannedStep): PlannedStep {
  if (policy === 'hardened' || planned.action !== 'stop') return planned
  return { ...planned, args: {} }
}

export const sessionEscrowScenario: ScenarioPlayer = {
  defects: DEFECTS.map(({ parts: _, ...defect }) => defect),
  regimes: SCENARIO_REGIMES,
  cases: scenarioCases,
  claims: sessionEscrowWorldInvariants.map(({ id, statement, formula, unit = '' }) => ({
    id,
    statement,
    formula,
    unit,
    ...SPOKEN_OF[id],
  })),
  refutations: AS_DESCRIBED_REFUTED.map((invariant) => ({
    policy: 'as-described',
    invariant,
    mustShowIn: REFUTED_WHERE,
  })),
  draws: (regime, limits) => scenarioDraws(regime, scenarioCases.length, limits),
  play({ policy, regime, draw, detail, defect }) {
    const defects = DEFECTS.find(({ id }) => id === defect)?.parts ?? {}
    const parameters = scenarioCases[draw.caseIndex] ?? scenarioCases[0]
    const run = runWorld({
      policy,
      regime: regime as RegimeName,
      seed: draw.world,
      run: 0,
      profile: draw.profile,
      behaviour: draw.behaviour,
      faults: draw.faults,
      detail,
      defects,
      ...(parameters === undefined ? {} : { parameters }),
    })
    return {
      setup: { caseIndex: draw.caseIndex, agreements: run.agreements },
      steps: run.steps.map(({ planned }) => presented(policy, planned)),
      edges: run.steps.map(({ edge }) => edge),
      hash: run.hash,
      judgements: judgementFacts(sessionEscrowWorldInvariants, run),
      cause: causeOf(run),
      report: { ...run, profile: run.profile.name },
    }
  },
}
