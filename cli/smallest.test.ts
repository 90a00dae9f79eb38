/**
 * Goal: `sweep --smallest` answers with exit codes that a script can use, refuses what cannot be
 * asked with one message, and its replay command shows the loss again.
 * Method: the real command line as a process of its own.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseRunRecord } from '../reports/readRun.ts'
import type { RunRecord } from '../reports/record.ts'
import { groupDigits } from '../reports/stepRows.ts'
import { meterproofHere, printedArguments, startMeterproof } from './testing/meterproof.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'meterproof-smallest-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const meterproof = (...args: string[]) => startMeterproof(args, { cwd: folder }).ended

const ASK = ['sweep', 'token-job', '--smallest', 'proofWindowSeconds=0..20', '--regime', 'none']
/** Several processes one after the other, each of which starts Anvil. */
const SEVERAL_RUNS_MS = 180_000

const BAD_INPUT: readonly { args: readonly string[]; code: string; names: readonly string[] }[] = [
  {
    args: ['sweep', 'token-job', '--smallest', 'hostBps'],
    ...{ code: 'MP_SWEEP_SMALLEST', names: ['hostBps', 'proofWindowSeconds'] },
  },
  {
    args: ['sweep', 'session-escrow', '--smallest', 'silenceTimeoutSeconds'],
    ...{ code: 'MP_SWEEP_SMALLEST', names: ['nothing of session-escrow'] },
  },
  {
    args: ['sweep', 'token-job', '--smallest', 'proofWindowSeconds=9..5'],
    ...{ code: 'MP_SWEEP_RANGE_EMPTY', names: ['9..5'] },
  },
  {
    args: ['sweep', 'token-job', '--smallest', 'proofWindowSeconds=1.5..9'],
    ...{ code: 'MP_SWEEP_VALUE', names: ['1.5..9', '60..7200'] },
  },
  { args: ['sweep', '--smallest', 'window'], code: 'MP_SWEEP_PARAMETER', names: ['window'] },
  {
    args: [...ASK, '--smallest', 'proofWindowSeconds'],
    ...{ code: 'MP_OPTION_SMALLEST', names: ['one --smallest'] },
  },
  {
    args: [...ASK, '--objective', 'gas:min'],
    ...{ code: 'MP_OPTION_SMALLEST', names: ['--objective gas:min'] },
  },
  {
    args: [...ASK, '--param', 'proofWindowSeconds=5'],
    ...{ code: 'MP_OPTION_SMALLEST', names: ['--param of other parameters'] },
  },
  {
    args: ['sweep', 'token-job', '--param', 'hostBps=1', '--loss', 'hostLoss'],
    ...{ code: 'MP_OPTION_SMALLEST', names: ['--loss hostLoss', '--smallest'] },
  },
  {
    args: [...ASK, '--loss', 'unbilled'],
    ...{ code: 'MP_SWEEP_SMALLEST', names: ['unbilled', 'hostLoss'] },
  },
  { args: [...ASK, '--param', 'hostBps=1,x'], code: 'MP_SWEEP_VALUE', names: ['hostBps'] },
]

test.each(BAD_INPUT)('bad input › $args ends with 64 and one message', async (bad) => {
  const { exitCode, stdout, stderr } = await meterproofHere(bad.args)

  expect([exitCode, stdout]).toEqual([64, ''])
  expect(stderr).toContain(`[${bad.code}]`)
  for (const name of bad.names) expect(stderr).toContain(name)
  expect(stderr).not.toMatch(/^\s+at /m)
})

test('help › leads with the question, and says what can be asked', async () => {
  const { stdout } = await meterproofHere(['sweep', '--help'])

  expect(stdout).toMatch(/^Examples:\n {2}meterproof sweep payment-channel --smallest /)
  expect(stdout).toContain('Parameters for --smallest:\n  proofWindowSeconds  loss: hostLoss')
  expect(stdout).toContain('Exit codes: 0 ')
})

function recordIn(out: string): RunRecord {
  const path = join(folder, out, 'latest', 'run.json')
  return parseRunRecord(readFileSync(path, 'utf8'), path)
}

test(
  'smallest › finds an edge that replays on Anvil, and says that fresh runs lose above it',
  async () => {
    const { exitCode, stdout, stderr } = await meterproof(...ASK, '--runs', '30')
    const { smallest = [] } = recordIn('reports/out')
    const { losing, value } = smallest[0] as NonNullable<typeof smallest>[number]
    const replay = await meterproof(...printedArguments(losing?.replayCommand ?? ''))
    const files = readdirSync(join(folder, 'reports', 'out', 'sweep-smallest-token-job-seed1'))

    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/searching {2}\d+\/\d+/)
    expect(stdout).toContain(losing?.replayCommand)
    expect(stdout).toContain(`proofWindowSeconds ${value} s is the smallest without a loss in 30`)
    expect(stdout).toMatch(/but not safe: \d of 30 fresh ones lose/)
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^\? no safe value: .* exit 2$/)
    expect(files).toEqual(expect.arrayContaining(['smallest.csv', 'smallest-tried.csv']))
    expect(files).toContain(losing?.traceFile)
    expect(replay.exitCode).toBe(1)
    expect(replay.stdout).toContain(`hostLoss: ${groupDigits(losing?.loss ?? 0n)} tokens are lost`)
    expect(replay.stdout).toContain('same verdict: violated')
  },
  SEVERAL_RUNS_MS,
)

test(
  'smallest › a value that nothing speaks against is 0, one document with --json, at each point',
  async () => {
    const args = [...ASK, '--runs', '8', '--param', 'hostBps=8000,9000']
    const { exitCode, stdout } = await meterproof(...args, '--json', '--out', 'points')
    const { smallest = [], summary, arguments: given } = parseRunRecord(stdout, 'stdout')

    expect([exitCode, summary.exitCode, summary.reasons]).toEqual([0, 0, []])
    expect(smallest.map(({ settings }) => settings)).toEqual([
      { hostBps: 8_000 },
      { hostBps: 9_000 },
    ])
    expect(smallest.map(({ outcome, fresh }) => [outcome, fresh?.losing])).toEqual([
      ['found', 0],
      ['found', 0],
    ])
    expect(given.smallest).toBe('proofWindowSeconds=0..20')
  },
  SEVERAL_RUNS_MS,
)

test(
  'smallest › Ctrl-C leaves what was found until then, and ends with 130',
  async () => {
    const args = ['sweep', 'token-job', '--smallest', 'proofWindowSeconds', '--regime', 'mixed']
    const started = startMeterproof([...args, '--runs', '200', '--plain', '--out', 'cut'], {
      cwd: folder,
    })
    await started.shows(/searching {2}[1-9][\d,]*\//)
    started.process.kill('SIGINT')
    const { exitCode, stdout } = await started.ended
    const { smallest = [], notes } = recordIn('cut')

    expect(exitCode).toBe(130)
    expect(smallest.map(({ outcome }) => outcome)).toEqual(['open'])
    expect(smallest[0]?.tried.length).toBeGreaterThan(0)
    expect(notes).toEqual(['Interrupted after 0 of 1 answers.'])
    expect(stdout).toContain('proofWindowSeconds: interrupted, no answer yet')
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(
      /^\? interrupted: no answer in .* exit 130$/,
    )
  },
  SEVERAL_RUNS_MS,
)
