/**
 * Goal: `simulate` and `sweep` refuse bad input with one message, write their tables, and go on
 * where Ctrl-C stopped them.
 * Method: the real command line as a process of its own.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseRunRecord } from '../reports/readRun.ts'
import { WORLDS } from '../sim/worlds.ts'
import { meterproofHere, startMeterproof } from './testing/meterproof.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'meterproof-world-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const meterproof = (...args: string[]) => startMeterproof(args, { cwd: folder }).ended

const SWEEP = ['sweep', 'session-escrow', '--param']
const BAD_INPUT: readonly { args: readonly string[]; code: string; names: readonly string[] }[] = [
  {
    args: ['simulate', '--regime', 'storm'],
    code: 'MP_OPTION_REGIME',
    names: ['storm', 'disconnect'],
  },
  {
    args: ['simulate', '--profile', 'l3'],
    code: 'MP_OPTION_PROFILE',
    names: ['l3', 'l1, l2, fast'],
  },
  { args: ['simulate', '--runs', '0'], code: 'MP_OPTION_RUNS', names: ['from 1 to'] },
  { args: ['simulate', 'escrow'], code: 'MP_UNKNOWN_PROTOCOL', names: ['session-escrow'] },
  {
    args: ['simulate', '--profile', 'l1,l3'],
    code: 'MP_OPTION_PROFILE',
    names: ['l3', 'l1, l2, fast'],
  },
  {
    args: ['simulate', 'session-escrow', '--param', 'silence=5'],
    code: 'MP_SWEEP_PARAMETER',
    names: ['silence', 'silenceTimeoutSeconds'],
  },
  {
    args: ['simulate', 'session-escrow', '--param', 'feeBps=0,100'],
    code: 'MP_SWEEP_VALUE',
    names: ['feeBps', 'one value'],
  },
  { args: ['sweep'], code: 'MP_OPTION_PARAM', names: ['silenceTimeoutSeconds'] },
  { args: ['sweep', 'escrow'], code: 'MP_UNKNOWN_PROTOCOL', names: ['session-escrow'] },
  { args: [...SWEEP, 'heartbeat=5'], code: 'MP_SWEEP_PARAMETER', names: ['heartbeat', 'feeBps'] },
  {
    args: [...SWEEP, 'silenceTimeoutSeconds=0..10:5'],
    code: 'MP_SWEEP_OUT_OF_RANGE',
    names: ['silenceTimeoutSeconds', '0', 'from 1 to 600'],
  },
  { args: [...SWEEP, 'feeBps=30..10:5'], code: 'MP_SWEEP_RANGE_EMPTY', names: ['30..10:5'] },
  {
    args: [...SWEEP, 'feeBps=1', '--objective', 'speed:min'],
    code: 'MP_SWEEP_OBJECTIVE',
    names: ['speed', 'leakage.{mean'],
  },
]

test.each(BAD_INPUT)('bad input › $args ends with 64 and one message', async (bad) => {
  const { exitCode, stdout, stderr } = await meterproofHere(bad.args)

  expect([exitCode, stdout]).toEqual([64, ''])
  expect(stderr).toContain(`[${bad.code}]`)
  for (const name of bad.names) expect(stderr).toContain(name)
  expect(stderr).not.toMatch(/^\s+at /m)
})

test.each(['simulate', 'sweep'])('help › %s leads with examples', async (command) => {
  const { exitCode, stdout } = await meterproofHere([command, '--help'])

  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/^Examples:\n {2}meterproof /)
})

test('simulate › prints tables, writes them, and has one document for --json', async () => {
  const args = ['simulate', 'session-escrow', '--regime', 'disconnect', '--policy', 'hardened']
  args.push('--runs', '40', '--param', 'silenceTimeoutSeconds=15')
  const { exitCode, stdout, stderr } = await meterproof(...args, '--profile', 'l2')
  const { stdout: json } = await meterproof(...args, '--profile', 'l2', '--json', '--workers', '1')
  const directory = join(folder, 'reports', 'out', 'simulate-session-escrow-seed1')
  const record = parseRunRecord(json, 'stdout')

  expect([exitCode, stderr]).toEqual([0, expect.stringContaining('measuring gas')])
  expect(stdout).toContain('submit → included')
  expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^✓ held: .* exit 0$/)
  const tables = ['latency.csv', 'service-levels.csv', 'exposure.csv', 'costs.csv']
  expect(readdirSync(directory)).toEqual(expect.arrayContaining(tables))
  expect(stdout).toContain('service level, blocks of 2.0 s')
  expect(stdout).toMatch(/^ {2}20 gwei +\d/m)
  expect(record.arguments.params).toEqual(['silenceTimeoutSeconds=15'])
  expect(readFileSync(join(directory, 'latency.csv'), 'utf8')).toContain('drop → detected')
  expect(record.latency).toHaveLength(6)
  expect(record.latency?.[0]?.quantiles.some(({ q }) => q === 0.999)).toBe(false)
})

test('help › sweep lists what each protocol can be swept over and optimised for', async () => {
  const { stdout } = await meterproofHere(['sweep', '--help'])

  for (const { protocol, objectives } of WORLDS) {
    expect(stdout).toContain(`Parameters of ${protocol}:`)
    expect(stdout).toContain(`Objectives (default: ${objectives.join(', ')}):`)
  }
  expect(stdout).toContain('silenceTimeoutSeconds')
  expect(stdout).toContain('leakage.{mean,p50,p95,p99,max}')
})

/** Three processes one after the other, each of which starts Anvil. */
const THREE_RUNS_MS = 180_000

test(
  'sweep › after Ctrl-C the rest is done, and the table is a whole sweep’s',
  async () => {
    const args = [
      'sweep',
      'session-escrow',
      '--param',
      'silenceTimeoutSeconds=10,30',
      '--runs',
      '40',
    ]
    const more = ['--param', 'feeBps=0,100', '--objective', 'settle.p50', '--objective', 'gas:min']
    const common = [...args, ...more, '--plain']
    const csv = (out: string) =>
      readFileSync(join(folder, out, 'sweep-session-escrow-seed1', 'sweep.csv'), 'utf8')

    const stopped = startMeterproof([...common, '--out', 'cut'], { cwd: folder })
    await stopped.shows(/sweeping {2}\d+\/160/)
    stopped.process.kill('SIGINT')
    const partial = await stopped.ended
    const resumed = await meterproof(...common, '--out', 'cut')
    const whole = await meterproof(...common, '--out', 'whole')

    expect(partial.exitCode).toBe(130)
    expect(partial.stdout).toContain('Interrupted after')
    expect([resumed.exitCode, whole.exitCode]).toEqual([0, 0])
    expect(csv('cut')).toBe(csv('whole'))
    expect(whole.stdout).toContain('★')
    expect(whole.stdout.trimEnd().split('\n').at(-1)).toMatch(/^✓ swept: 4 points, .* exit 0$/)
  },
  THREE_RUNS_MS,
)
