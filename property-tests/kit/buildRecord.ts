/**
 * From sums and counterexamples to the run record.
 */
import { declaredEdges, declaredStates } from '../../models/kit/edges.ts'
import type { Policy, Trace } from '../../models/kit/trace.ts'
import type { Bound, Campaign, Claim, Coverage, Failure, Rung } from '../../reports/record.ts'
import { coverageParts } from '../coverage/coverageParts.ts'
import type { CheckedSubject } from '../subjects.ts'
import { DIVERGENCE } from './compare.ts'
import { DEPLOYMENT, DEPLOYMENT_CLAIM } from './deployments.ts'
import { type Finding, promisedBy } from './judge.ts'
import type { Player } from './player.ts'
import type { PlayedScenario, ScenarioDraw } from './scenarioPlayer.ts'
import {
  type CampaignTally,
  type Counts,
  campaignDigest,
  type FirstFinding,
  histogram,
  type Tally,
} from './tally.ts'

/** Regime of everything outside the simulated world. */
const CALM = 'none'

/** A finding with its counterexample. */
export interface Counterexample {
  readonly first: FirstFinding
  readonly finding: Finding
  readonly trace: Trace
  readonly stepsOriginal: number
  readonly executions: number
  readonly ladder: readonly Rung[]
  readonly confirmed: boolean
  /** For a run of the world: the shrunk draw, and the run in full. */
  readonly world?: { readonly draw: ScenarioDraw; readonly played: PlayedScenario }
}

export interface ProtocolOutcome {
  readonly player: Player
  readonly subjects: readonly CheckedSubject[]
  readonly tally: Tally
  readonly counterexamples: readonly Counterexample[]
  readonly only: readonly string[]
  readonly regimes: readonly string[]
}

export function campaignEntries({ player, tally }: ProtocolOutcome): Campaign[] {
  const protocol = player.binding.protocol.id
  return tally.campaigns.map((campaign) => ({
    protocol,
    policy: campaign.policy,
    regime: campaign.regime,
    campaign: campaign.campaign,
    runs: campaign.runs,
    steps: campaign.steps,
    accepted: campaign.accepted,
    rejected: campaign.steps - campaign.accepted,
    stepsPerRun: histogram(campaign.stepsPerRun),
    acceptedPerRun: histogram(campaign.acceptedPerRun),
    statesPerRun: histogram(campaign.statesPerRun),
    traceHash: campaignDigest(campaign),
    ...(campaign.hashes.length > 0 ? { runHashes: campaign.hashes } : {}),
  }))
}

function sumOver(
  tallies: readonly CampaignTally[],
  pick: (tally: CampaignTally) => Counts,
  key: string,
): number {
  return tallies.reduce((sum, tally) => sum + (pick(tally)[key] ?? 0), 0)
}

export function coverageEntries({ player, subjects, tally }: ProtocolOutcome): Coverage[] {
  const { protocol } = player.binding
  return subjects.map(({ policy }) => {
    const own = tally.campaigns.filter((campaign) => campaign.policy === policy)
    const machine = protocol.machines[policy]
    const edges = declaredEdges(machine)
    const hits = (pick: (each: CampaignTally) => Counts, key: string) => sumOver(own, pick, key)
    return {
      protocol: protocol.id,
      policy,
      regime: CALM,
      states: declaredStates(machine).map((name) => ({
        name,
        hits: hits(({ states }) => states, name),
      })),
      edges: edges.map(({ name, ...edge }) => ({
        ...edge,
        hits: hits((each) => each.edges, name),
      })),
      ...coverageParts(edges, own),
    }
  })
}

interface Judged {
  readonly id: string
  readonly statement: string
  readonly formula: string
  readonly witnesses: number
  readonly checks: number
}

/** Campaigns whose runs are no runs of agreements that each claim looks at. */
const WITHOUT_RUNS: readonly string[] = ['metamorphic', 'deployments']

function judgedClaims(outcome: ProtocolOutcome, policy: Policy, regime: string): Judged[] {
  const { player, tally, only } = outcome
  // Without a world of its own a protocol has nothing to say about faults.
  if (regime !== CALM && player.scenario === undefined) return []
  const own = tally.campaigns.filter((each) => each.policy === policy && each.regime === regime)
  const runs = own.filter(({ campaign }) => !WITHOUT_RUNS.includes(campaign))
  const checks = runs.reduce((sum, campaign) => sum + campaign.runs, 0)
  const steps = runs.reduce((sum, campaign) => sum + campaign.steps, 0)
  const invariants = promisedBy(player.binding.protocol.invariants, policy, only)
  const claims = invariants.map(({ id, statement, formula }) => {
    const witnesses = sumOver(runs, (campaign) => campaign.witnesses, id)
    return { id, statement, formula, witnesses, checks }
  })
  const played = own.find(({ campaign }) => campaign === 'scenario')
  const world = (played === undefined ? [] : (player.scenario?.claims ?? []))
    .filter(({ id }) => only.length === 0 || only.includes(id))
    .filter(({ policies }) => policies?.includes(policy) ?? true)
    .filter(({ regimes }) => regimes?.includes(regime) ?? true)
    .map(({ id, statement, formula }) => {
      const witnesses = played?.witnesses[id] ?? 0
      return { id, statement, formula, witnesses, checks: played?.runs ?? 0 }
    })
  // The world's participants do not try everything: what a regime never exercises, it does not
  // speak of. The campaigns without faults must exercise every claim.
  const spoken = regime === CALM ? claims : claims.filter(({ witnesses }) => witnesses > 0)
  if (only.length > 0) return [...spoken, ...world]
  const agreement = {
    id: DIVERGENCE,
    statement: 'Model and contract agree after every step.',
    formula: 'outcome, error, transfers, logs, figures and balances: predicted = observed',
    witnesses: steps,
    checks,
  }
  const deployed = own.find(({ campaign }) => campaign === 'deployments')
  const deployments = (deployed === undefined ? [] : [deployed]).map(
    ({ witnesses, runs: tried }) => {
      return { ...DEPLOYMENT_CLAIM, witnesses: witnesses[DEPLOYMENT] ?? 0, checks: tried }
    },
  )
  const related = own.find(({ campaign }) => campaign === 'metamorphic')
  const relations = (related === undefined ? [] : player.relations).map((relation) => {
    const { id, statement, formula } = relation
    const witnesses = related?.witnesses[id] ?? 0
    return { id, statement, formula, witnesses, checks: related?.runs ?? 0 }
  })
  return [...spoken, agreement, ...deployments, ...relations, ...world]
}

/**
 * Whether a claim is one that the policy cannot keep, and whether this regime must show it. What
 * takes calls that nobody in a world makes, such as an owner's abuse, can only be demanded of the
 * campaigns of calls, which run without faults; a world says itself what it must show where.
 */
function refutation({ player }: ProtocolOutcome, policy: Policy, id: string, regime: string) {
  const { expectedRefutations } = player.binding.protocol
  const plain = expectedRefutations.some((each) => each.policy === policy && each.invariant === id)
  const world = player.scenario?.refutations.find(
    (each) => each.policy === policy && each.invariant === id,
  )
  return {
    isExpected: plain || world !== undefined,
    mustShow: (plain && regime === CALM) || (world?.mustShowIn.includes(regime) ?? false),
  }
}

export function claimEntries(outcome: ProtocolOutcome): Claim[] {
  const { player, subjects, counterexamples, regimes } = outcome
  const { id: protocol } = player.binding.protocol
  const scopes = subjects.flatMap(({ policy }) => regimes.map((regime) => ({ policy, regime })))
  return scopes.flatMap(({ policy, regime }) =>
    judgedClaims(outcome, policy, regime).map((claim) => {
      const found = counterexamples.find(
        ({ first }) =>
          first.policy === policy && first.regime === regime && first.finding.id === claim.id,
      )
      const { isExpected, mustShow } = refutation(outcome, policy, claim.id, regime)
      const exercised = claim.witnesses > 0 ? 'held' : 'undecided'
      return {
        protocol,
        policy,
        regime,
        invariant: claim.id,
        statement: claim.statement,
        formula: claim.formula,
        verdict: found === undefined ? exercised : 'violated',
        expected: mustShow || (isExpected && found !== undefined) ? 'refuted' : 'held',
        witnesses: claim.witnesses,
        checks: claim.checks,
        counterexample:
          found === undefined ? null : failureId({ protocol, policy, regime, id: claim.id }),
        note: claim.witnesses === 0 ? 'Nothing exercised this claim; try more runs.' : '',
      } as const
    }),
  )
}

/** Unique in a record and fit for a file name. */
export function failureId(of: {
  readonly protocol: string
  readonly policy: string
  readonly regime: string
  readonly id: string
}): string {
  const parts = [of.id, of.protocol, of.policy, ...(of.regime === CALM ? [] : [of.regime])]
  return parts.join('-')
}

export function failureEntries(
  outcome: ProtocolOutcome,
  replayCommand: (traceFile: string) => string,
): Failure[] {
  const { player, subjects, counterexamples } = outcome
  const protocol = player.binding.protocol.id
  return counterexamples.map(({ first, finding, trace, world, ...shrunk }) => {
    const { policy, regime, place, run } = first
    const id = failureId({ protocol, policy, regime, id: finding.id })
    const traceFile = `${id}.trace.json`
    const { isExpected } = refutation(outcome, policy, finding.id, regime)
    return {
      protocol,
      policy,
      regime,
      id,
      campaign: place.campaign,
      invariant: finding.id,
      expected: isExpected ? 'refuted' : 'held',
      evidence: finding.evidence,
      stepIndex: trace.steps.length === 0 ? null : finding.stepIndex,
      contract: subjects.find((subject) => subject.policy === policy)?.name ?? '',
      run,
      stepsOriginal: shrunk.stepsOriginal,
      stepsShrunk: trace.steps.length,
      shrinkCount: shrunk.executions,
      ladder: [...shrunk.ladder],
      confirmedOnMinedLane: shrunk.confirmed,
      traceFile,
      replayCommand: replayCommand(traceFile),
      trace,
      ...(world === undefined ? {} : { scenario: id }),
    }
  })
}

/** Runs of the world that a reader may want to look at: each counterexample of the campaign. */
export function scenarioEntries(outcome: ProtocolOutcome): unknown[] {
  const protocol = outcome.player.binding.protocol.id
  return outcome.counterexamples.flatMap(({ first, finding, trace, world }) => {
    if (world === undefined) return []
    const { policy, regime } = first
    const id = failureId({ protocol, policy, regime, id: finding.id })
    const title = `${finding.id}: ${finding.evidence}`
    return [{ ...world.played.report, policy, regime, id, kind: 'counterexample', title, trace }]
  })
}

/** How near the worst run of each regime came to each bound. */
export function boundEntries({ player, tally }: ProtocolOutcome): Bound[] {
  const protocol = player.binding.protocol.id
  return tally.campaigns.flatMap(({ policy, regime, runs, tightness }) =>
    Object.entries(tightness).map(([invariant, { observed, bound, runIndex }]) => ({
      protocol,
      policy,
      regime,
      invariant,
      unit: player.scenario?.claims.find(({ id }) => id === invariant)?.unit ?? '',
      n: runs,
      observed,
      bound,
      worst: { run: runIndex, scenario: null },
    })),
  )
}

/** Sentences about edges that nothing reached: a run that leaves any is not conclusive. */
export function uncovered(coverage: readonly Coverage[]): string[] {
  return coverage.flatMap(({ protocol, policy, edges }) => {
    const missed = edges.filter(({ hits }) => hits === 0)
    const [first] = missed
    if (first === undefined) return []
    const name = `${first.from} ${first.action} ${first.rejection ?? first.to}`
    const more = missed.length > 1 ? ` and ${missed.length - 1} more` : ''
    return [`Edges never reached in ${protocol} ${policy}: ${name}${more}.`]
  })
}
