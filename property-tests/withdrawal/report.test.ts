/**
 * Every run of the withdrawal world fits the schema of the record, as it was played, drawn from the
 * campaigns or with a defect.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { POLICIES } from '../../models/kit/trace.ts'
import { scenarioSchema } from '../../reports/worldSchema.ts'
import { REGIME_NAMES } from '../../sim/faults/regimes.ts'
import { reportOf } from '../../sim/withdrawal/report.ts'
import { runWorld } from '../../sim/withdrawal/world.ts'
import { withdrawalScenario } from './scenario.ts'

const RUNS = 10
const PLACE = { id: 'x', kind: 'sample', title: 'x', protocol: 'withdrawal' }

/** What the schema says against a report; nothing when it fits. */
function complaints(report: Readonly<Record<string, unknown>>) {
  return scenarioSchema.safeParse({ ...report, ...PLACE }).error?.issues ?? []
}

test.each(POLICIES)('ordinary runs fit, %s', (policy) => {
  for (const regime of REGIME_NAMES) {
    for (let run = 0; run < RUNS; run += 1) {
      const played = runWorld({ policy, regime, seed: 8, run, detail: 'full' })
      expect(complaints(reportOf(played))).toEqual([])
    }
  }
})

test.each(POLICIES)('drawn runs fit, %s', (policy) => {
  for (const regime of withdrawalScenario.regimes) {
    for (const draw of fc.sample(withdrawalScenario.draws(regime), { seed: 8, numRuns: RUNS })) {
      const { report } = withdrawalScenario.play({ policy, regime, draw, detail: 'full' })
      expect(complaints(report)).toEqual([])
    }
  }
})

test('a run in which nobody asks for anything fits, and what is missing is complained of', () => {
  const behaviour = { requests: [], stranger: [] }
  const { steps: _, ...rest } = reportOf(
    runWorld({ policy: 'hardened', seed: 1, run: 0, behaviour }),
  )
  expect(complaints({ ...rest, steps: [] })).toEqual([])
  expect(complaints(rest)).not.toEqual([])
})
