/**
 * Goal: `protocols` tells the truth about each protocol: its lifecycle, claims, canaries, expected
 * refutations, and how much of it the latest run reached.
 * Method: facts of every protocol against its sources; the command line as a process of its own.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { canariesOf } from '../property-tests/canaries.ts'
import { playerOf } from '../property-tests/players.ts'
import { exampleRecord } from '../reports/exampleRecord.ts'
import { writeRun } from '../reports/writeRun.ts'
import { PROTOCOLS } from './catalogue.ts'
import { protocolFacts } from './protocolFacts.ts'
import { startMeterproof } from './testing/meterproof.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'meterproof-protocols-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each(PROTOCOLS)(
  '$id › every canary and refutation names a claim that there is',
  (protocol) => {
    const player = playerOf(protocol.id)
    const contractCanaries = canariesOf(protocol.id)
    const facts = protocolFacts({ protocol, player, contractCanaries, latest: null })
    const claims = [...facts.invariants, ...facts.worldClaims].map(({ id }) => id)
    const relations = player.relations.map(({ id }) => id)

    expect(facts.canaries.length).toBeGreaterThanOrEqual(contractCanaries.length)
    for (const { caughtBy } of facts.canaries) expect([...claims, ...relations]).toContain(caughtBy)
    for (const { invariant } of facts.expectedRefutations) expect(claims).toContain(invariant)
    // A policy may lack an end that another has, but never all of them.
    const allStates = facts.lifecycles.flatMap(({ states }) => states)
    expect(allStates).toEqual(expect.arrayContaining([...protocol.terminalStates]))
    for (const { states, transitions, refusals } of facts.lifecycles) {
      expect(states.some((state) => protocol.terminalStates.includes(state))).toBe(true)
      expect(Math.min(transitions, refusals)).toBeGreaterThan(states.length - 1)
    }
    expect(facts.coverage.every(({ reached }) => reached === null)).toBe(true)
  },
)

test('protocols › in short, in detail, and with what the latest run reached', async () => {
  const run = (...args: string[]) => startMeterproof(['protocols', ...args], { cwd: folder }).ended
  const before = await run()
  const outDir = join(folder, 'reports', 'out')
  writeRun({ record: exampleRecord(), outDir, name: 'example' })
  // A later run that reached nothing does not hide the earlier one.
  writeRun({ record: { ...exampleRecord(), coverage: [] }, outDir, name: 'later' })
  const [after, detail, json] = await Promise.all([
    run(),
    run('session-escrow', '--plain'),
    run('session-escrow', '--json'),
  ])
  writeFileSync(join(outDir, 'example', 'run.json'), '{')
  const broken = await run()

  expect([before.exitCode, after.exitCode, detail.exitCode, broken.exitCode]).toEqual([0, 0, 0, 0])
  for (const { id } of PROTOCOLS) expect(before.stdout).toContain(id)
  expect(before.stdout).toContain('latest run   not run yet')
  expect(after.stdout).toMatch(/latest run +as-described \d+\/\d+ states/)
  expect(after.stdout).toMatch(/states +None, Approved, Active, Ending, Completed/)
  expect(detail.stdout).toContain('INV-W-BOUNDED-LEAKAGE')
  expect(detail.stdout).toContain('canaries: what is broken on purpose')
  const [facts] = (JSON.parse(json.stdout) as { protocols: { coverage: unknown[] }[] }).protocols
  expect(facts?.coverage).toHaveLength(2)
  expect(broken.stderr).toContain('A run cannot be read')
  expect(broken.stdout).toContain('not run yet')
})
