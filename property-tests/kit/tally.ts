/**
 * Adds up the results of jobs, in the order of the jobs, so that the sum is the same however many
 * workers took part.
 */
import { createHash } from 'node:crypto'
import type { Policy } from '../../models/kit/trace.ts'
import type { FaultCounts } from '../coverage/reached.ts'
import type { ChunkResult } from './conformance.ts'
import type { DeploymentsResult } from './deployments.ts'
import type { FindingPlace, Job, JobReport } from './jobs.ts'
import type { Finding } from './judge.ts'
import type { MetamorphicResult } from './metamorphic.ts'
import type { ScenarioResult, Tightness } from './scenario.ts'

export type CampaignName = 'deployments' | 'paths' | 'conformance' | 'metamorphic' | 'scenario'
export type Counts = Readonly<Record<string, number>>

/** What one campaign of one policy did. */
export interface CampaignTally {
  readonly policy: Policy
  /** `none` for campaigns outside the simulated world. */
  readonly regime: string
  readonly campaign: CampaignName
  runs: number
  steps: number
  accepted: number
  stepsPerRun: Counts
  acceptedPerRun: Counts
  statesPerRun: Counts
  edges: Counts
  /** Edges that followed each other, by `pairKey`. */
  pairs: Counts
  reverts: Counts
  faults: FaultCounts
  states: Counts
  witnesses: Counts
  /** Worst value against its bound, by claim about the world; runs count from the first job. */
  tightness: Readonly<Record<string, Tightness>>
  digests: string[]
  /** Fingerprints of runs of the world, in order. */
  hashes: string[]
}

/** The first place at which a policy shows a finding; one outside the world, where there is any. */
export interface FirstFinding {
  readonly policy: Policy
  readonly regime: string
  readonly finding: Finding
  readonly place: FindingPlace
  /** Number of the run within its campaign. */
  readonly run: number
}

export interface Tally {
  readonly campaigns: readonly CampaignTally[]
  /** One for each policy, regime and id, in the order of jobs. */
  readonly findings: readonly FirstFinding[]
}

function added(into: Counts, more: Counts): Counts {
  const sum: Record<string, number> = { ...into }
  for (const [key, count] of Object.entries(more)) sum[key] = (sum[key] ?? 0) + count
  return sum
}

function emptyTally(policy: Policy, regime: string, campaign: CampaignName): CampaignTally {
  const counts = { stepsPerRun: {}, acceptedPerRun: {}, statesPerRun: {} }
  const reached = { edges: {}, states: {}, witnesses: {}, tightness: {}, digests: [], hashes: [] }
  const further = { pairs: {}, reverts: {}, faults: { runs: {}, during: {}, after: {} } }
  const none = { runs: 0, steps: 0, accepted: 0 }
  return { policy, regime, campaign, ...none, ...counts, ...reached, ...further }
}

/**
 * Adds up the jobs of campaigns; other jobs and jobs without report are left out.
 */
export function tallyOf(jobs: readonly Job[], reports: readonly (JobReport | undefined)[]): Tally {
  const campaigns = new Map<string, CampaignTally>()
  const findings = new Map<string, FirstFinding>()
  for (const [index, job] of jobs.entries()) {
    const report = reports[index]
    if (report === undefined) continue
    const { kind } = report
    if (!isCampaign(kind)) continue
    if (!('result' in report) || !('digest' in report.result)) continue
    const regime = job.kind === 'scenario' ? job.regime : 'none'
    const key = `${job.policy}|${regime}|${kind}`
    const tally = campaigns.get(key) ?? emptyTally(job.policy, regime, kind)
    campaigns.set(key, tally)
    const { result } = report
    for (const { runIndex, ...finding } of result.findings) {
      const id = `${job.policy}|${regime}|${finding.id}`
      const place = placeOf(job, runIndex)
      const known = findings.get(id)
      if (known !== undefined && !isPlainer(place, known.place)) continue
      const run = tally.runs + runIndex
      findings.set(id, { policy: job.policy, regime, finding, place, run })
    }
    addResult(tally, result)
  }
  return { campaigns: [...campaigns.values()], findings: [...findings.values()] }
}

/** Calls that a campaign makes itself shrink further than those of a run of the world. */
const isPlainer = (place: FindingPlace, known: FindingPlace) =>
  known.campaign === 'scenario' && place.campaign !== 'scenario'

function isCampaign(kind: string): kind is CampaignName {
  return ['deployments', 'paths', 'conformance', 'metamorphic', 'scenario'].includes(kind)
}

function placeOf(job: Job, runIndex: number): FindingPlace {
  if (job.kind === 'deployments') return { campaign: 'deployments', runIndex }
  if (job.kind === 'paths') return { campaign: 'paths', setupIndex: job.setupIndex, runIndex }
  if (job.kind === 'scenario') {
    const { regime, seed, chunkIndex, runs, only } = job
    return { campaign: 'scenario', regime, seed, chunkIndex, runs, only, runIndex }
  }
  if (job.kind !== 'conformance' && job.kind !== 'metamorphic') {
    throw new Error(`a job of kind ${job.kind} has no findings`)
  }
  const { kind, seed, chunkIndex, runs, only } = job
  return { campaign: kind, seed, chunkIndex, runs, only, runIndex }
}

type CampaignResult = ChunkResult | DeploymentsResult | MetamorphicResult | ScenarioResult

function addResult(tally: CampaignTally, result: CampaignResult): void {
  if ('tightness' in result) {
    tally.tightness = tightest(tally, result.tightness)
    tally.hashes.push(...result.hashes)
    const { runs, during, after } = result.faults
    tally.faults = {
      runs: added(tally.faults.runs, runs),
      during: added(tally.faults.during, during),
      after: added(tally.faults.after, after),
    }
  }
  tally.runs += result.runs
  tally.steps += result.steps
  tally.accepted += result.accepted
  tally.witnesses = added(tally.witnesses, result.witnesses)
  tally.digests.push(result.digest)
  if (!('edges' in result)) return
  tally.edges = added(tally.edges, result.edges)
  tally.pairs = added(tally.pairs, result.pairs)
  tally.reverts = added(tally.reverts, result.reverts)
  tally.states = added(tally.states, result.states)
  tally.stepsPerRun = added(tally.stepsPerRun, result.stepsPerRun)
  tally.acceptedPerRun = added(tally.acceptedPerRun, result.acceptedPerRun)
  tally.statesPerRun = added(tally.statesPerRun, result.statesPerRun)
}

/** The worst of both, by claim; must be called before the runs are added up. */
function tightest(tally: CampaignTally, more: ScenarioResult['tightness']) {
  const worst: Record<string, Tightness> = { ...tally.tightness }
  for (const [id, { observed, bound, runIndex }] of Object.entries(more)) {
    const known = worst[id]
    if (known !== undefined && observed * known.bound <= known.observed * bound) continue
    worst[id] = { observed, bound, runIndex: tally.runs + runIndex }
  }
  return worst
}

/** One digest of a campaign's chunks; their order is that of the jobs. */
export function campaignDigest({ digests }: CampaignTally): string {
  return createHash('sha256').update(digests.join('\n')).digest('hex')
}

/** Counts as the record has them: ascending by value. */
export function histogram(counts: Counts): { value: number; count: number }[] {
  return Object.entries(counts)
    .map(([value, count]) => ({ value: Number(value), count }))
    .sort((a, b) => a.value - b.value)
}
