/**
 * Goal: the table of the README says what records say, and nothing where they say nothing.
 */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { depthRowSchema, depthRows, depthTable, mergedRows, withDepthTable } from './depthTable.ts'
import { exampleRecord } from './exampleRecord.ts'
import type { RunRecord } from './record.ts'

const NO_OTHERS = { duplicate: 0, equivalent: 0, stillborn: 0 }

const fromHere = (path: string) => new URL(path, import.meta.url)

test('the table of the README is the one that its figures make', () => {
  const figures = JSON.parse(readFileSync(fromHere('../docs/depth.json'), 'utf8'))
  const readme = readFileSync(fromHere('../README.md'), 'utf8')
  expect(withDepthTable(readme, z.array(depthRowSchema).parse(figures))).toBe(readme)
})

test('a row counts what is hardened, and leaves out what no record has', () => {
  const record = exampleRecord()
  const [coverage] = record.coverage
  if (coverage === undefined) throw new Error('the example has coverage')
  const { protocol } = coverage
  const hit = { from: 'a', action: 'go', to: 'b', rejection: null, hits: 3 }
  const canary = { ...record.canaries[0], protocol } as RunRecord['canaries'][number]
  const caught = (actions: number) => ({ ...canary, caught: true, actions, traceFile: 'x' })
  const small: RunRecord = {
    ...record,
    coverage: [
      { ...coverage, policy: 'hardened', edges: [hit, { ...hit, action: 'stop', hits: 0 }] },
      { ...coverage, policy: 'as-described', edges: [hit] },
    ],
    canaries: [caught(2), caught(5), caught(4), { ...canary, caught: false }],
    mutations: (['hardened', 'as-described'] as const).map((policy, index) => ({
      ...(record.mutations?.[0] as NonNullable<RunRecord['mutations']>[number]),
      ...{ protocol, policy, explainedEquivalent: 1 },
      counts: { killed: 8, survived: 2 + index, untried: 0, ...NO_OTHERS },
    })),
  }

  const rates = [{ protocol, ours: [10, 30, 20], foundry: [8, 2, 5] }]
  const [row] = depthRows([small], rates)

  expect(row).toMatchObject({
    protocol,
    edges: { reached: 1, of: 2 },
    mutants: { reached: 8, of: 9 },
    mutantsAsDescribed: { reached: 8, of: 10 },
    canaries: { reached: 3, of: 4 },
    actionsMedian: 4,
    stepsPerCpuSecond: 20,
    timesFoundry: 4,
  })
  const cells = depthTable([{ ...row, protocol, mutants: undefined }])
    .split('\n')[2]
    ?.split(' | ')
  expect(cells?.slice(3, 5)).toEqual(['–', '8/10 (80.0 %)'])
  expect(depthTable([{ protocol, mutants: { reached: 999, of: 1000 } }])).toContain('(99.9 %)')
})

test('newer rows add to older ones, and replace only what they have', () => {
  const old = [{ protocol: 'a', actionsMedian: 3 }, { protocol: 'b' }]
  const more = [{ protocol: 'a', depth: null }]
  expect(mergedRows(old, more)).toEqual([
    { protocol: 'a', actionsMedian: 3, depth: null },
    { protocol: 'b' },
  ])
})
