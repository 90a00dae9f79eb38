/**
 * Goal: what failed once is replayed for ever. A trace file outlives the generators; a failure that
 * was stored is looked at first, says what became of it, and changes nothing about the search.
 * Method: files that were recorded once and are never written again, on today's code, and a walk
 * over everything that replaying loads; a folder with a real failure and with files that mean
 * nothing any more, on the broken contract and on the sound one; whole checks with and without it.
 */
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contractsRoot } from '../../contracts/internal/contractsRoot.ts'
import { junitXml } from '../../reports/junit.ts'
import { formatRunRecord } from '../../reports/readRun.ts'
import type { RunRecord } from '../../reports/record.ts'
import { storeFailures } from '../../reports/regressionStore.ts'
import { formatSummary } from '../../reports/summary.ts'
import { parseTraceFile, readTraceFile } from '../../reports/traceFile.ts'
import { summarise } from '../../reports/verdict.ts'
import { type CheckOptions, runCheck } from '../check.ts'
import { replayTrace } from '../replay.ts'
import { importsOf } from './imports.ts'
import { replayStored } from './replayStored.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const FIXTURES = here('fixtures')
const FAILURE = readFileSync(join(FIXTURES, 'earnings-without-token.trace.json'), 'utf8')
const BROKEN = join(contractsRoot(), 'canaries', 'token-job', 'EarningsWithoutToken.sol')

const root = mkdtempSync(join(tmpdir(), 'meterproof-stored-'))
const folder = join(root, 'failures')
afterAll(() => rmSync(root, { recursive: true, force: true }))

beforeAll(() => {
  mkdirSync(folder)
  const files = {
    'a-failure': FAILURE,
    'b-action': FAILURE.replace('"action": "createSession"', '"action": "openSession"'),
    'c-claim': FAILURE.replace('"INV-SOLVENCY"', '"INV-GONE"'),
    'd-parameter': FAILURE.replace('"hostBps":', '"hostPercent":'),
    'e-protocol': FAILURE.replace('"protocol": "token-job"', '"protocol": "token-jobs"'),
    'f-torn': FAILURE.slice(0, 400),
  }
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, `${name}.trace.json`), text)
  }
  const described = join(FIXTURES, 'proof-window.trace.json')
  copyFileSync(described, join(folder, 'g-described.trace.json'))
})

const chosen = { folder, protocols: ['token-job'], policies: ['hardened'] } as const

describe('stored failures', () => {
  test('say what became of them, each by its own file', async () => {
    const sound = await replayStored({ ...chosen, contract: null })
    const said = sound.map(({ file, verdict, reason }) => [file.slice(0, 1), verdict, reason])
    expect(said).toEqual([
      ['a', 'noLongerFails', ''],
      ['b', 'noLongerApplies', expect.stringContaining('no action openSession')],
      ['c', 'noLongerApplies', expect.stringContaining('no claim INV-GONE')],
      ['d', 'noLongerApplies', expect.stringContaining('parameters')],
      ['e', 'noLongerApplies', expect.stringContaining('no protocol token-jobs')],
      ['f', 'noLongerApplies', expect.stringContaining('f-torn')],
      ['g', 'notChosen', ''],
    ])
  })

  test('that still fail are violations with their trace; known refutations are not', async () => {
    const policies = ['as-described', 'hardened'] as const
    const onlyReal = join(root, 'real')
    mkdirSync(onlyReal)
    for (const name of ['a-failure.trace.json', 'g-described.trace.json']) {
      copyFileSync(join(folder, name), join(onlyReal, name))
    }
    const [real] = await replayStored({ ...chosen, folder: onlyReal, contract: BROKEN })
    const described = (
      await replayStored({ ...chosen, folder: onlyReal, policies, contract: null })
    )[1]
    expect(real).toMatchObject({ verdict: 'stillFails', expected: 'held' })
    expect(real?.trace?.steps).toHaveLength(3)
    expect(described).toMatchObject({ verdict: 'stillFails', expected: 'refuted' })
    const nothing = { claims: [], failures: [], canaries: [], interrupted: false }
    const claims = [{ verdict: 'held', expected: 'held', witnesses: 1 }] as never
    const codeOf = (regressions: RunRecord['regressions']) =>
      summarise({ ...nothing, claims, regressions: regressions ?? [] }).exitCode
    expect(codeOf([real as never])).toBe(1)
    expect(codeOf([described as never])).toBe(0)
    expect(codeOf([{ ...real, verdict: 'noLongerApplies' } as never])).toBe(2)
    expect(codeOf([{ ...real, verdict: 'noLongerFails' } as never])).toBe(0)
  })

  test('leave the search the same bytes, and are stored once', async () => {
    const options: CheckOptions = {
      ...{ command: 'check', protocols: ['token-job'], policies: ['hardened'], regimes: ['none'] },
      ...{ seed: 1, runs: 5, runsInAll: null, budgetMs: null, only: ['INV-SOLVENCY'] },
      ...{ lane: 'batch', workers: 1, canaries: false, contract: BROKEN, outDir: 'out' },
      ...{ signal: new AbortController().signal, onProgress: () => {} },
    }
    const without = await runCheck(options)
    const withFolder = await runCheck({ ...options, failures: folder })
    const searched = ({ regressions: _, summary: __, wall: ___, ...rest }: RunRecord) => rest
    expect(withFolder.record.regressions).toHaveLength(7)
    expect(searched(withFolder.record)).toEqual(searched(without.record))
    expect(formatRunRecord(without.record)).not.toContain('regressions')
    const { reasons, exitCode } = withFolder.record.summary
    expect(exitCode).toBe(1)
    expect(reasons).toContain('INV-SOLVENCY still fails as stored in a-failure.trace.json.')
    expect(reasons.filter((reason) => reason.includes('no longer applies'))).toHaveLength(5)
    const junit = junitXml(withFolder.record)
    expect(junit).toContain('name="token-job/stored failures"')
    expect(junit).toContain('name="f-torn.trace.json"')
    const text = formatSummary(withFolder.record, { width: 100, colour: false })
    expect(text).toContain('stored failures  1 still fails, 5 no longer applies')

    expect(without.record.failures.map(({ invariant }) => invariant)).toContain('INV-SOLVENCY')
    const fresh = join(root, 'fresh')
    const first = storeFailures({ ...without, folder: fresh })
    expect(first).toContain('INV-SOLVENCY-token-job-hardened.trace.json')
    expect(storeFailures({ ...without, folder: fresh })).toEqual([])
    expect(readdirSync(fresh).sort()).toEqual([...first].sort())
    // What fails as stored already is not stored again.
    expect(storeFailures({ ...withFolder, folder: join(root, 'again') })).not.toContain(first[0])
    const stored = readFileSync(join(fresh, first[0] ?? ''), 'utf8')
    expect(parseTraceFile(stored, 'stored').contract.name).toBe('EarningsWithoutToken')
  })
})

describe('trace files', () => {
  const names = readdirSync(FIXTURES)

  test.each(names)('%s, recorded once, shows the same finding', async (name) => {
    const file = readTraceFile(join(FIXTURES, name))
    const { signal } = new AbortController()
    const result = await replayTrace(file, { lane: 'mined', contract: null, signal })
    expect(result.observed).toBe('violated')
    expect(result.evidence).toBe(`${file.finding?.invariant}: ${file.finding?.evidence}`)
    expect(result.steps).toHaveLength(file.steps.length)
  })

  test('are replayed without fast-check', () => {
    const { files, packages } = importsOf(here('../replay.ts'))
    expect(files.size).toBeGreaterThan(100)
    expect([...packages]).toContain('xstate')
    expect([...packages]).not.toContain('fast-check')
    // The walk sees it where it is.
    expect([...importsOf(here('../players.ts')).packages]).toContain('fast-check')
  })
})
