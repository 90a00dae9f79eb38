/**
 * Goal: `journey` refuses bad input, plays one journey again by its number, and does not call a
 * campaign held in which no journey went all the way.
 */
import { afterAll, expect, test } from 'vitest'
import { parseRunRecord } from '../reports/readRun.ts'
import { latestRecord, meterproofHere, temporaryFolder } from './testing/meterproof.ts'

const folder = temporaryFolder('journey')
afterAll(() => folder.remove())

const REFUSED = [
  { args: ['--regime', 'storm'], code: 'MP_OPTION_REGIME', names: ['storm', 'disconnect'] },
  { args: ['--runs', '0'], code: 'MP_OPTION_RUNS', names: ['--runs', "'0'"] },
  { args: ['--first', '-1'], code: 'MP_OPTION_FIRST', names: ['--first', "'-1'"] },
  { args: ['--seed', '1e3'], code: 'MP_OPTION_SEED', names: ['--seed', "'1e3'"] },
]

test.each(REFUSED)('refuses $args', async ({ args, code, names }) => {
  const { exitCode, stdout, stderr } = await meterproofHere(['journey', ...args])
  expect(exitCode).toBe(64)
  expect(stdout).toBe('')
  for (const name of [code, ...names]) expect(stderr).toContain(name)
})

test('a journey that ends without a call tests nothing of the whole: inconclusive', async () => {
  const one = ['--regime', 'none', '--seed', '1', '--first', '25', '--runs', '1']
  const args = ['journey', ...one, '--out', folder.path, '--json', '--quiet']
  const { exitCode, stdout } = await meterproofHere(args)
  const record = parseRunRecord(stdout, 'standard output')
  expect(exitCode).toBe(2)
  expect(record).toEqual(latestRecord(folder.path))
  expect(record.summary.reasons).toContain('No journey went all the way (regime none).')
  expect(record.summary).toMatchObject({ verdict: 'inconclusive', violated: 0 })
  expect(record.campaigns).toMatchObject([{ campaign: 'journey', runs: 1 }])
  // Nothing but the request was tried, and the page shows all three contracts all the same.
  const [scenario] = record.scenarios ?? []
  expect(scenario?.contracts?.map(({ name }) => name)).toEqual([
    ...['matchmaking', 'escrow', 'withdrawal'],
  ])
  expect(scenario?.replayCommand).toBe(`meterproof journey ${one.join(' ')}`)
})
