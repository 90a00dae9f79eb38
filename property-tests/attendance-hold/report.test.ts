/**
 * What a run of the attendance-hold world shows of itself fits the record: every report is a
 * scenario of the schema, nothing of it has to be mended, and it survives being written and read.
 */
import { describe, expect, test } from 'vitest'
import { parseJson, stringifyJson } from '../../reports/json.ts'
import { scenarioSchema } from '../../reports/worldSchema.ts'
import { attendanceHoldSimulated } from '../../sim/attendance-hold/simulated.ts'
import { REGIME_NAMES } from '../../sim/faults/regimes.ts'
import { designOf } from '../../sim/world/simulated.ts'

const POLICIES = ['as-described', 'hardened'] as const
const RUNS = 15

describe.each(POLICIES)('reports, %s', (policy) => {
  test.each(REGIME_NAMES)('every run under %s is a scenario of the record', (regime) => {
    const head = { protocol: 'attendance-hold', policy, regime, seed: 5, profile: 'l2' } as const
    const spec = { ...head, ...designOf(attendanceHoldSimulated) }
    for (let run = 0; run < RUNS; run += 1) {
      const report = attendanceHoldSimulated.play(spec, run, 'full').report()
      const scenario = { ...report, id: `sample-${run}`, kind: 'sample', title: `run ${run}` }
      const read = scenarioSchema.parse(parseJson(stringifyJson(scenario)))
      expect(read).toMatchObject({ protocol: 'attendance-hold', policy, regime, run })
      expect(read.messages.length).toBe(report.messageCount)
      expect(read.steps.length).toBe((report.steps as readonly unknown[]).length)
      expect(read.served).toEqual(report.served)
      expect(read.milestones).toEqual(report.milestones)
      expect(read.endState).toEqual(report.endState)
    }
  })
})
