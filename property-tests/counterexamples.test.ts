import { expect, test } from 'vitest'
import { counterexamplePart, findingGroups } from './counterexamples.ts'
import type { Counterexample } from './kit/buildRecord.ts'
import type { ScenarioDraw } from './kit/scenarioPlayer.ts'
import type { FirstFinding } from './kit/tally.ts'

/** The claim `id`, broken in the world under a regime by one run. */
function broken(id: string, regime: string, runIndex: number): FirstFinding {
  const finding = { id, stepIndex: 0, evidence: '' }
  const chunk = { seed: 1, regime, chunkIndex: 0, runs: 20, only: [] }
  const place = { campaign: 'scenario' as const, ...chunk, runIndex }
  return { policy: 'as-described', regime, finding, place, run: runIndex }
}

const CALM = [broken('A', 'none', 3), broken('B', 'none', 3)]
const LATER = broken('A', 'mixed', 1)
const NEW = [broken('B', 'skew', 2), broken('C', 'skew', 2)]

test('a claim is made small where it breaks first, together with what the same run breaks', () => {
  const { first, later } = findingGroups([...CALM, LATER, ...NEW])

  expect(first).toEqual([CALM, NEW])
  expect(later).toEqual([[LATER]])
})

test('what came out is the hint of the same claim in other regimes, and of no other claim', () => {
  const draw: ScenarioDraw = { world: 7, caseIndex: 0, profile: 'l2', behaviour: {}, faults: [] }
  const shown = { world: { draw } } as Counterexample
  const [smallest] = CALM
  const known = new Map(smallest === undefined ? [] : [[smallest, shown]])

  const { jobs } = counterexamplePart([[LATER], [broken('B', 'mixed', 1)]], known)

  const hints = jobs.map((job) => (job.kind === 'shrinkScenario' ? job.options.hints : null))
  expect(hints).toEqual([{ A: draw }, {}])
})
