/**
 * Goal: of the places at which a claim is broken, the one is shown that can be made small.
 */
import { expect, test } from 'vitest'
import type { Job, JobReport } from './jobs.ts'
import { tallyOf } from './tally.ts'

const at = { policy: 'hardened', seed: 1, chunkIndex: 0, runs: 5, only: [] } as const
const world: Job = { kind: 'scenario', regime: 'none', ...at }
const calls: Job = { kind: 'conformance', ...at }
const laterCalls: Job = { kind: 'conformance', ...at, chunkIndex: 1 }

/** A report in which the run of this number breaks a claim. */
function breaking(kind: 'scenario' | 'conformance', runIndex: number): JobReport {
  const finding = { id: 'INV-CAP', evidence: `run ${runIndex}`, stepIndex: 0, runIndex }
  const lengths = { stepsPerRun: {}, acceptedPerRun: {}, statesPerRun: {} }
  const reached = { edges: {}, states: {}, pairs: {}, reverts: {}, witnesses: {} }
  const chunk = { runs: 5, steps: 9, accepted: 9, digest: '', findings: [finding] }
  const faults = { runs: {}, during: {}, after: {} }
  const ofWorld = kind === 'scenario' ? { tightness: {}, hashes: [], faults } : {}
  return {
    kind,
    notices: [],
    result: { ...chunk, ...lengths, ...reached, ...ofWorld },
  } as JobReport
}

test('calls that a campaign makes are shown before a run of the world, the first of each', () => {
  const jobs = [world, calls, laterCalls]
  const reports = [breaking('scenario', 1), breaking('conformance', 2), breaking('conformance', 3)]
  const shown = (from: number) =>
    tallyOf(jobs.slice(from), reports.slice(from)).findings.map(({ finding, place }) => [
      place.campaign,
      finding.evidence,
    ])

  expect(shown(0)).toEqual([['conformance', 'run 2']])
  expect(shown(2)).toEqual([['conformance', 'run 3']])
  const swapped = tallyOf([calls, world], [breaking('conformance', 2), breaking('scenario', 1)])
  expect(swapped.findings.map(({ place }) => place.campaign)).toEqual(['conformance'])
  const alone = tallyOf([world], [breaking('scenario', 1)])
  expect(alone.findings.map(({ place }) => place.campaign)).toEqual(['scenario'])
})
