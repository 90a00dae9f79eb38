/**
 * Goal: whatever a user types wrongly ends in one clear message, the right exit code, and no stack
 * trace; help and JSON keep their forms. Method: the real command line, as a process of its own
 * where work begins or streams and signals matter.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exampleRecord } from '../reports/exampleRecord.ts'
import { writeRun } from '../reports/writeRun.ts'
import { PROTOCOLS } from './catalogue.ts'
import { packageFile } from './packageRoot.ts'
import { type Ended, meterproofHere } from './testing/meterproof.ts'

const BIN = packageFile(join('cli', 'bin.js'))
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'meterproof-cli-'))
  const record = exampleRecord()
  writeRun({ record, outDir: join(folder, 'out'), name: 'example' })
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return spawn(process.execPath, [BIN, ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

function meterproof(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const child = start(args, env)
  const texts = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => {
    texts.stdout += String(chunk)
  })
  child.stderr.on('data', (chunk) => {
    texts.stderr += String(chunk)
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (exitCode) => resolve({ exitCode, ...texts }))
  })
}

interface BadInput {
  readonly args: readonly string[]
  readonly code: string
  /** What the message must name. */
  readonly names: readonly string[]
  readonly exitCode?: number
}

const BAD_INPUT: readonly BadInput[] = [
  { args: ['chek'], code: 'MP_USAGE', names: ['chek', 'Did you mean check?'] },
  {
    args: ['check', 'sesion-escrow'],
    code: 'MP_UNKNOWN_PROTOCOL',
    names: ['sesion-escrow', 'Did you mean session-escrow?'],
  },
  {
    args: ['check', 'token-job', '--canaries-only', '--contract', 'edited.sol'],
    code: 'MP_USAGE',
    names: ['--canaries-only', '--contract'],
  },
  { args: ['check', '--sed', '7'], code: 'MP_USAGE', names: ['--sed', 'Did you mean --seed?'] },
  {
    args: ['check', '--policy', 'hardend'],
    code: 'MP_OPTION_POLICY',
    names: ['hardend', 'as-described, hardened'],
  },
  { args: ['check', '--runs', '-1'], code: 'MP_OPTION_RUNS', names: ['-1', 'from 1 to'] },
  { args: ['check', '--runs', '1e3'], code: 'MP_OPTION_RUNS', names: ['1e3'] },
  { args: ['check', '--seed', '-5'], code: 'MP_OPTION_SEED', names: ['-5', '4294967295'] },
  { args: ['check', '--seed', '0x1ffffffff'], code: 'MP_OPTION_SEED', names: ['0x1ffffffff'] },
  { args: ['check', '--budget', '90'], code: 'MP_OPTION_BUDGET', names: ['90', '90s, 2m'] },
  { args: ['check', '--budget', '0s'], code: 'MP_OPTION_BUDGET', names: ['0s'] },
  { args: ['check', '--only', 'INV-CAPP'], code: 'MP_OPTION_ONLY', names: ['INV-CAPP', 'INV-CAP'] },
  { args: ['check', '--lane', 'fast'], code: 'MP_OPTION_LANE', names: ['fast', 'batch, mined'] },
  { args: ['check', '--workers', '0'], code: 'MP_OPTION_WORKERS', names: ['0', 'from 1 to 64'] },
  { args: ['check', '--regime', 'storm'], code: 'MP_OPTION_REGIME', names: ['storm', 'none'] },
  {
    args: ['check', 'token-job', '--contract', 'no.sol'],
    code: 'MP_OPTION_CONTRACT',
    names: ['no.sol'],
  },
  {
    args: ['check', '--contract', 'no.sol'],
    code: 'MP_OPTION_CONTRACT',
    names: ['(no protocol)', 'session-escrow, progressive-escrow'],
  },
  {
    args: ['check', '--failures', 'package.json'],
    code: 'MP_OPTION_FAILURES',
    names: ['package.json', 'a folder'],
  },
  { args: ['run', 'session-escrow'], code: 'MP_USAGE', names: ['Too many arguments'] },
  { args: ['run', '--port', '99999'], code: 'MP_OPTION_PORT', names: ['99999', '65535'] },
  { args: ['replay'], code: 'MP_USAGE', names: ["'file'"] },
  { args: ['export', 'no.trace.json'], code: 'MP_USAGE', names: ['--to'] },
  {
    args: ['export', 'no.trace.json', '--to', 'viem'],
    code: 'MP_TRACE_UNREADABLE',
    names: ['no.trace.json'],
  },
  { args: ['replay', 'no.trace.json'], code: 'MP_TRACE_UNREADABLE', names: ['no.trace.json'] },
  { args: ['report', 'nowhere'], code: 'MP_RUN_UNREADABLE', names: ['nowhere'] },
  { args: ['serve', 'nowhere'], code: 'MP_SERVE_NO_DIRECTORY', names: ['nowhere'] },
]

test.each(BAD_INPUT)('bad input › $args ends with 64 and one message', async (bad) => {
  const { exitCode, stdout, stderr } = await meterproofHere(bad.args)

  expect(exitCode).toBe(64)
  expect(stdout).toBe('')
  expect(stderr).toContain(`[${bad.code}]`)
  for (const name of bad.names) expect(stderr).toContain(name)
  expect(stderr).not.toMatch(/^\s+at /m)
})

const BROKEN_TRACES = [
  { name: 'truncated', text: '{"schema":"meterproof.trace/1","proto', code: 'MP_TRACE_UNREADABLE' },
  { name: 'later', text: '{"schema":"meterproof.trace/9"}', code: 'MP_TRACE_VERSION' },
  { name: 'hollow', text: '{"schema":"meterproof.trace/1"}', code: 'MP_TRACE_INVALID' },
]

test.each(BROKEN_TRACES)('bad input › a trace that is $name is refused', async (broken) => {
  const file = join(folder, `${broken.name}.trace.json`)
  writeFileSync(file, broken.text)

  const { exitCode, stderr } = await meterproofHere(['replay', file])

  expect(exitCode).toBe(64)
  expect(stderr).toContain(`[${broken.code}]`)
  expect(stderr).not.toMatch(/^\s+at /m)
})

test('bad input › an occupied port that was asked for is refused', async () => {
  const occupant = createServer()
  await new Promise<void>((resolve) => occupant.listen(0, '127.0.0.1', resolve))
  const port = String((occupant.address() as AddressInfo).port)

  const { exitCode, stderr } = await meterproof(['serve', 'out/example', '--port', port])
  occupant.close()

  expect(exitCode).toBe(64)
  expect(stderr).toContain('[MP_SERVE_PORT_IN_USE]')
  expect(stderr).toContain(port)
})

test('doctor › names a missing Anvil binary and ends with 70', async () => {
  const env = { METERPROOF_ANVIL: join(folder, 'no-anvil') }

  const { exitCode, stdout } = await meterproof(['doctor'], env)

  expect(exitCode).toBe(70)
  expect(stdout).toContain('✗ anvil')
  expect(stdout).toContain('METERPROOF_ANVIL')
  expect(stdout).not.toMatch(/^\s+at /m)
})

test('--debug › adds the stack trace', async () => {
  const { exitCode, stderr } = await meterproof(['check', 'nothing', '--debug'])

  expect(exitCode).toBe(64)
  expect(stderr).toMatch(/^\s+at /m)
})

const COMMANDS = ['run', 'check', 'replay', 'report', 'serve', 'protocols', 'doctor']

test.each(COMMANDS)('help › %s leads with examples', async (command) => {
  const { exitCode, stdout, stderr } = await meterproofHere([command, '--help'])

  expect(exitCode).toBe(0)
  expect(stderr).toBe('')
  expect(stdout).toMatch(/^Examples:\n {2}meterproof /)
  expect(stdout).toContain(`Usage: meterproof ${command}`)
  expect(stdout).toContain('--json')
})

test('help › is what one gets without a command', async () => {
  const { exitCode, stdout } = await meterproof([])

  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/^Examples:\n/)
})

test('--json › is one document on standard output', async () => {
  const protocols = await meterproof(['protocols', '--json'])
  const doctor = await meterproof(['doctor', '--json'])
  const report = await meterproof(['report', 'out/example', '--json'])
  const failure = await meterproof(['check', 'nothing', '--json'])

  const ids = (JSON.parse(protocols.stdout) as { protocols: { id: string }[] }).protocols
  expect(ids.map(({ id }) => id)).toEqual(PROTOCOLS.map(({ id }) => id))
  expect(JSON.parse(doctor.stdout)).toMatchObject({ healthy: true, exitCode: 0 })
  expect(JSON.parse(report.stdout)).toMatchObject({ schema: 'meterproof.run/1' })
  expect(JSON.parse(failure.stdout)).toMatchObject({ code: 'MP_UNKNOWN_PROTOCOL', exitCode: 64 })
})

test('report › prints the verdict last, and no colour into a pipe', async () => {
  const { exitCode, stdout } = await meterproof(['report', 'out/latest'])

  expect(exitCode).toBe(0)
  expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^[✓✗?] .* exit \d+$/)
  expect(stdout).not.toContain('\u001b')
})

test('serve › answers until it is interrupted, and then ends with 0', async () => {
  const child = start(['serve', 'out/latest', '--no-open'])
  const url = await new Promise<string>((resolve) => {
    child.stderr.on('data', (chunk) => {
      const address = /http:\/\/127\.0\.0\.1:\d+\//.exec(String(chunk))?.[0]
      if (address !== undefined) resolve(address)
    })
  })

  const page = await fetch(url)
  const text = await page.text()
  const ended = new Promise((resolve) => child.on('close', resolve))
  child.kill('SIGINT')

  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(text).toMatch(/^<!doctype html>/i)
  expect(await ended).toBe(0)
})

test('a reader that goes away does not turn into a verdict or a crash', async () => {
  const child = start(['protocols', '--json'])
  child.stdout.destroy()
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk)
  })

  const exitCode = await new Promise((resolve) => child.on('close', resolve))

  expect(exitCode).toBe(0)
  expect(stderr).toBe('')
})
