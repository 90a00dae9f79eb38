/**
 * Adds up the results of jobs, in the order of the jobs, so that the sum is the same however many
 * workers took part.
 */
import { createHash } from 'node:crypto'
import type { Policy } from '../../models/kit/trace.ts'
import type { ChunkResult } from './conformance.ts'
import type { FindingPlace, Job, JobReport } from './jobs.ts'
import type { Finding } from './judge.ts'
import type { MetamorphicResult } from './metamorphic.ts'

export type CampaignName = 'paths' | 'conformance' | 'metamorphic'
export type Counts = Readonly<Record<string, number>>

/** What one campaign of one policy did. */
export interface CampaignTally {
  readonly policy: Policy
  readonly campaign: CampaignName
  runs: number
  steps: number
  accepted: number
  stepsPerRun: Counts
  acceptedPerRun: Counts
  statesPerRun: Counts
  edges: Counts
  states: Counts
  witnesses: Counts
  digests: string[]
}

/** The first place at which a policy shows a finding. */
export interface FirstFinding {
  readonly policy: Policy
  readonly finding: Finding
  readonly place: FindingPlace
  /** Number of the run within its campaign. */
  readonly run: number
}

export interface Tally {
  readonly campaigns: readonly CampaignTally[]
  /** One for each policy and id, in the order of jobs. */
  readonly findings: readonly FirstFinding[]
}

function added(into: Counts, more: Counts): Counts {
  const sum: Record<string, number> = { ...into }
  for (const [key, count] of Object.entries(more)) sum[key] = (sum[key] ?? 0) + count
  return sum
}

function emptyTally(policy: Policy, campaign: CampaignName): CampaignTally {
  const counts = { stepsPerRun: {}, acceptedPerRun: {}, statesPerRun: {} }
  const reached = { edges: {}, states: {}, witnesses: {}, digests: [] }
  return { policy, campaign, runs: 0, steps: 0, accepted: 0, ...counts, ...reached }
}

/**
 * Adds up paths, conformance and metamorphic jobs; other jobs and jobs without report are left out.
 */
export function tallyOf(jobs: readonly Job[], reports: readonly (JobReport | undefined)[]): Tally {
  const campaigns = new Map<string, CampaignTally>()
  const findings = new Map<string, FirstFinding>()
  for (const [index, job] of jobs.entries()) {
    const report = reports[index]
    if (report === undefined) continue
    const { kind } = report
    if (kind !== 'paths' && kind !== 'conformance' && kind !== 'metamorphic') continue
    const key = `${job.policy}|${kind}`
    const tally = campaigns.get(key) ?? emptyTally(job.policy, kind)
    campaigns.set(key, tally)
    const { result } = report
    for (const { runIndex, ...finding } of result.findings) {
      const id = `${job.policy}|${finding.id}`
      if (findings.has(id)) continue
      const place = placeOf(job, runIndex)
      findings.set(id, { policy: job.policy, finding, place, run: tally.runs + runIndex })
    }
    addResult(tally, result)
  }
  return { campaigns: [...campaigns.values()], findings: [...findings.values()] }
}

function placeOf(job: Job, runIndex: number): FindingPlace {
  if (job.kind === 'paths') return { campaign: 'paths', setupIndex: job.setupIndex, runIndex }
  if (job.kind !== 'conformance' && job.kind !== 'metamorphic') {
    throw new Error(`a job of kind ${job.kind} has no findings`)
  }
  const { kind, seed, chunkIndex, runs, only } = job
  return { campaign: kind, seed, chunkIndex, runs, only, runIndex }
}

function addResult(tally: CampaignTally, result: ChunkResult | MetamorphicResult): void {
  tally.runs += result.runs
  tally.steps += result.steps
  tally.accepted += result.accepted
  tally.witnesses = added(tally.witnesses, result.witnesses)
  tally.digests.push(result.digest)
  if (!('edges' in result)) return
  tally.edges = added(tally.edges, result.edges)
  tally.states = added(tally.states, result.states)
  tally.stepsPerRun = added(tally.stepsPerRun, result.stepsPerRun)
  tally.acceptedPerRun = added(tally.acceptedPerRun, result.acceptedPerRun)
  tally.statesPerRun = added(tally.statesPerRun, result.statesPerRun)
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
