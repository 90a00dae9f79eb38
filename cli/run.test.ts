/**
 * Goal: the main job, which everybody starts first, goes through all its parts and leaves a record
 * that its own reader accepts.
 * Method: the real command line on real Anvil with every protocol, in the smallest amount there is.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { WORLDS } from '../sim/worlds.ts'
import { PROTOCOLS } from './catalogue.ts'
import { latestRecord, meterproof, temporaryFolder } from './testing/meterproof.ts'

const folder = temporaryFolder('run')
afterAll(() => folder.remove())

const SMALLEST = ['--runs', '1', '--no-canaries', '--policy', 'hardened', '--regime', 'none']

test('run › writes one report of every protocol, with its simulated world', async () => {
  const { exitCode, stdout, stderr } = await meterproof(['run', ...SMALLEST, '--out', 'out'], {
    cwd: folder.path,
  })

  const out = join(folder.path, 'out')
  const record = latestRecord(out)
  // So few sequences leave claims undecided; they must never show a broken one.
  expect(record.summary, stderr).toMatchObject({ exitCode, violated: 0 })
  expect(stdout.trimEnd().split('\n').at(-1)).toContain(`exit ${exitCode}`)
  // Paths, at least, reach every state and every edge, refusals included.
  const items = record.coverage.flatMap(({ states, edges }) => [...states, ...edges])
  expect(record.coverage).toHaveLength(PROTOCOLS.length)
  expect(items.filter(({ hits }) => hits === 0)).toEqual([])
  const protocolsIn = (rows: readonly { readonly protocol: string }[] | undefined) =>
    new Set(rows?.map(({ protocol }) => protocol))
  const worlds = new Set(WORLDS.map(({ protocol }) => protocol))
  expect(protocolsIn(record.claims)).toEqual(new Set(PROTOCOLS.map(({ id }) => id)))
  expect(protocolsIn(record.samples)).toEqual(new Set(PROTOCOLS.map(({ id }) => id)))
  expect(protocolsIn(record.latency)).toEqual(worlds)
  expect(protocolsIn(record.scenarios).size).toBeGreaterThan(1)
  expect(existsSync(join(out, 'latest', 'index.html'))).toBe(true)
}, 120_000)
