/**
 * Every run of the matchmaking world fits the schema of the record, as it was played or drawn from
 * the campaigns.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { POLICIES } from '../../models/kit/trace.ts'
import { scenarioSchema } from '../../reports/worldSchema.ts'
import { reportOf } from '../../sim/matchmaking/report.ts'
import { runWorld } from '../../sim/matchmaking/world.ts'
import { matchmakingScenario } from './scenario.ts'

const RUNS = 2
const PLACE = { id: 'x', kind: 'sample', title: 'x', protocol: 'matchmaking' }

/** What the schema says against a report; nothing when it fits. */
function complaints(report: Readonly<Record<string, unknown>>) {
  return scenarioSchema.safeParse({ ...report, ...PLACE }).error?.issues ?? []
}

test.each(POLICIES)('runs fit, ordinary ones and those of each story, %s', (policy) => {
  const { draws, play, regimes, stories = 1 } = matchmakingScenario
  for (const [at, regime] of regimes.entries()) {
    const options = { policy, regime: 'mixed', seed: 8, run: at, detail: 'full' } as const
    expect(complaints(reportOf(runWorld(options)))).toEqual([])
    const drawn = draws(regime, { story: at % stories })
    for (const draw of fc.sample(drawn, { seed: 8, numRuns: RUNS })) {
      const { report } = play({ policy, regime, draw, detail: 'full' })
      expect(complaints(report)).toEqual([])
    }
  }
})

test('a run in which nobody asks fits, and what is missing is complained of', () => {
  const behaviour = { requests: [], stranger: [] }
  const { steps: _, ...rest } = reportOf(
    runWorld({ policy: 'hardened', seed: 1, run: 0, behaviour }),
  )
  expect(complaints({ ...rest, steps: [] })).toEqual([])
  expect(complaints(rest)).not.toEqual([])
})
