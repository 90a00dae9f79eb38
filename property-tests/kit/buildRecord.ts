/**
 * From sums and counterexamples to the run record.
 */
import { declaredEdges, declaredStates } from '../../models/kit/edges.ts'
import type { Policy } from '../../models/kit/trace.ts'
import type { Campaign, Claim, Coverage, Failure } from '../../reports/record.ts'
import type { CheckedSubject } from '../subjects.ts'
import { DIVERGENCE } from './compare.ts'
import type { ShrinkResult } from './jobs.ts'
import { promisedBy } from './judge.ts'
import type { Player } from './player.ts'
import {
  type CampaignTally,
  type Counts,
  campaignDigest,
  type FirstFinding,
  histogram,
  type Tally,
} from './tally.ts'

/** No faults are injected in these campaigns. */
const REGIME = 'none'

/** A finding with its counterexample. */
export interface Counterexample {
  readonly first: FirstFinding
  readonly shrunk: ShrinkResult
}

export interface ProtocolOutcome {
  readonly player: Player
  readonly subjects: readonly CheckedSubject[]
  readonly tally: Tally
  readonly counterexamples: readonly Counterexample[]
  readonly only: readonly string[]
}

export function campaignEntries({ player, tally }: ProtocolOutcome): Campaign[] {
  const protocol = player.binding.protocol.id
  return tally.campaigns.map((campaign) => ({
    protocol,
    policy: campaign.policy,
    regime: REGIME,
    campaign: campaign.campaign,
    runs: campaign.runs,
    steps: campaign.steps,
    accepted: campaign.accepted,
    rejected: campaign.steps - campaign.accepted,
    stepsPerRun: histogram(campaign.stepsPerRun),
    acceptedPerRun: histogram(campaign.acceptedPerRun),
    statesPerRun: histogram(campaign.statesPerRun),
    traceHash: campaignDigest(campaign),
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
    const hits = (pick: (each: CampaignTally) => Counts, key: string) => sumOver(own, pick, key)
    return {
      protocol: protocol.id,
      policy,
      regime: REGIME,
      states: declaredStates(machine).map((name) => ({
        name,
        hits: hits(({ states }) => states, name),
      })),
      edges: declaredEdges(machine).map(({ name, ...edge }) => ({
        ...edge,
        hits: hits(({ edges }) => edges, name),
      })),
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

function judgedClaims(outcome: ProtocolOutcome, policy: Policy): Judged[] {
  const { player, tally, only } = outcome
  const own = tally.campaigns.filter((campaign) => campaign.policy === policy)
  const runs = own.filter(({ campaign }) => campaign !== 'metamorphic')
  const checks = runs.reduce((sum, campaign) => sum + campaign.runs, 0)
  const steps = runs.reduce((sum, campaign) => sum + campaign.steps, 0)
  const invariants = promisedBy(player.binding.protocol.invariants, policy, only)
  const claims = invariants.map(({ id, statement, formula }) => {
    const witnesses = sumOver(runs, (campaign) => campaign.witnesses, id)
    return { id, statement, formula, witnesses, checks }
  })
  if (only.length > 0) return claims
  const agreement = {
    id: DIVERGENCE,
    statement: 'Model and contract agree after every step.',
    formula: 'outcome, error, transfers, logs, figures and balances: predicted = observed',
    witnesses: steps,
    checks,
  }
  const related = own.find(({ campaign }) => campaign === 'metamorphic')
  const relations = player.relations.map(({ id, statement, formula }) => {
    const witnesses = related?.witnesses[id] ?? 0
    return { id, statement, formula, witnesses, checks: related?.runs ?? 0 }
  })
  return [...claims, agreement, ...relations]
}

export function claimEntries(outcome: ProtocolOutcome): Claim[] {
  const { player, subjects, counterexamples } = outcome
  const { id: protocol, expectedRefutations } = player.binding.protocol
  return subjects.flatMap(({ policy }) =>
    judgedClaims(outcome, policy).map((claim) => {
      const found = counterexamples.find(
        ({ first }) => first.policy === policy && first.finding.id === claim.id,
      )
      const refuted = expectedRefutations.some(
        (each) => each.policy === policy && each.invariant === claim.id,
      )
      const exercised = claim.witnesses > 0 ? 'held' : 'undecided'
      return {
        protocol,
        policy,
        regime: REGIME,
        invariant: claim.id,
        statement: claim.statement,
        formula: claim.formula,
        verdict: found === undefined ? exercised : 'violated',
        expected: refuted ? 'refuted' : 'held',
        witnesses: claim.witnesses,
        checks: claim.checks,
        counterexample: found === undefined ? null : failureId(protocol, policy, claim.id),
        note: claim.witnesses === 0 ? 'Nothing exercised this claim; try more runs.' : '',
      } as const
    }),
  )
}

/** Unique in a record and fit for a file name. */
export function failureId(protocol: string, policy: string, id: string): string {
  return `${id}-${protocol}-${policy}`
}

export function failureEntries(
  outcome: ProtocolOutcome,
  replayCommand: (traceFile: string) => string,
): Failure[] {
  const { player, subjects, counterexamples } = outcome
  const protocol = player.binding.protocol.id
  return counterexamples.map(({ first, shrunk }) => {
    const { policy, finding, place, run } = first
    const id = failureId(protocol, policy, finding.id)
    const traceFile = `${id}.trace.json`
    return {
      protocol,
      policy,
      regime: REGIME,
      id,
      campaign: place.campaign,
      invariant: finding.id,
      expected: 'held',
      evidence: shrunk.finding.evidence,
      stepIndex: shrunk.finding.stepIndex,
      contract: subjects.find((subject) => subject.policy === policy)?.name ?? '',
      run,
      stepsOriginal: shrunk.ladder[0] ?? shrunk.trace.steps.length,
      stepsShrunk: shrunk.trace.steps.length,
      shrinkCount: shrunk.executions,
      confirmedOnMinedLane: shrunk.confirmed,
      traceFile,
      replayCommand: replayCommand(traceFile),
      trace: shrunk.trace,
    }
  })
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
