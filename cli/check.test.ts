/**
 * Goal: a check can be trusted whatever happens around it: same seed, same bytes; an edited
 * contract is caught and the printed command shows it again; trouble with Anvil or Ctrl-C is told
 * and cleaned up. Method: the real command line on real Anvil, each run in a folder of its own.
 */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { packageFile } from './packageRoot.ts'
import {
  descendants,
  isAlive,
  latestRecord,
  meterproof,
  printedArguments,
  startMeterproof,
  temporaryFolder,
} from './testing/meterproof.ts'

const folder = temporaryFolder('check')
const cwd = folder.path
const LONG = 180_000
/** The campaigns on the contract alone, without the simulated world. */
const WORLDLESS = ['--regime', 'none']
/** One protocol stands for all where the command itself is tested. */
const PROTOCOL = 'session-escrow'

afterAll(() => folder.remove())

describe('determinism', () => {
  test(
    'the same seed writes the same bytes on one worker and on two, wall apart',
    async () => {
      const texts = await Promise.all(
        ['1', '2'].map(async (workers) => {
          // The same folder as far as the record can tell: it names the files to replay.
          const own = join(cwd, `workers-${workers}`)
          mkdirSync(own)
          const flags = [
            '--runs',
            '15',
            '--regime',
            'mixed',
            '--policy',
            'hardened',
            '--out',
            'out',
          ]
          const { exitCode, stderr } = await meterproof(
            ['check', PROTOCOL, 'checkpoint-download', '--workers', workers, ...flags],
            { cwd: own },
          )
          // So few sequences may leave something undecided.
          expect([0, 2], stderr).toContain(exitCode)
          return readFileSync(join(own, 'out', 'latest', 'run.json'), 'utf8')
        }),
      )
      const timeless = (text: string | undefined) =>
        JSON.stringify({ ...JSON.parse(text ?? ''), wall: null })

      const [one, two] = texts
      expect(timeless(two)).toBe(timeless(one))
      expect(JSON.parse(two ?? '').wall.workers).toBe(2)
      const csv = (own: string) =>
        readFileSync(join(cwd, own, 'out', 'latest', 'steps.csv'), 'utf8')
      expect(csv('workers-2')).toBe(csv('workers-1'))
    },
    LONG,
  )

  test(
    'another seed writes other traces',
    async () => {
      const digests = await Promise.all(
        ['1', '2'].map(async (seed) => {
          const flags = [
            ...WORLDLESS,
            '--runs',
            '5',
            '--seed',
            seed,
            '--workers',
            '1',
            '--out',
            `seed-${seed}`,
          ]
          await meterproof(['check', PROTOCOL, '--policy', 'hardened', ...flags], { cwd })
          const { campaigns } = latestRecord(join(cwd, `seed-${seed}`))
          return campaigns.find(({ campaign }) => campaign === 'conformance')?.traceHash
        }),
      )
      expect(digests[0]).not.toBe(digests[1])
    },
    LONG,
  )
})

interface HandEdit {
  readonly name: string
  readonly file: string
  readonly policy: string
  readonly from: string
  readonly to: string
}

const BASE = 'session-escrow/SessionEscrowBase.sol'
const HARDENED = 'session-escrow/SessionEscrowHardened.sol'
const HAND_EDITS: readonly HandEdit[] = [
  {
    name: 'a fee that rounds up',
    file: BASE,
    policy: 'as-described',
    from: 'return (owed * feeBps) / BPS;',
    to: 'return (owed * feeBps + BPS - 1) / BPS;',
  },
  {
    name: 'a forgotten log',
    file: HARDENED,
    policy: 'hardened',
    from: 'emit EvidenceRaised(id, msg.sender, candidate);',
    to: '',
  },
]

/** A copy of our Solidity sources with one edit; answers the path of the policy's contract. */
function editedContract({ file, policy, from, to }: HandEdit, name: string): string {
  const sources = join(cwd, name)
  cpSync(packageFile(join('contracts', 'src')), sources, { recursive: true })
  const path = join(sources, file)
  const text = readFileSync(path, 'utf8')
  expect(text.split(from)).toHaveLength(2)
  writeFileSync(path, text.replace(from, to))
  const contract = policy === 'hardened' ? 'SessionEscrowHardened' : 'SessionEscrowAsDescribed'
  return join(name, 'session-escrow', `${contract}.sol`)
}

describe('a contract edited by hand', () => {
  test.each(HAND_EDITS.map((edit, index) => ({ ...edit, index })))(
    '$name is caught, and the printed command shows it again',
    async ({ index, ...edit }) => {
      const contract = editedContract(edit, `edit-${index}`)
      const flags = [
        ...WORLDLESS,
        '--policy',
        edit.policy,
        '--runs',
        '15',
        '--seed',
        '3',
        '--workers',
        '1',
      ]
      const args = ['check', PROTOCOL, '--contract', contract, ...flags, '--out', `out-${index}`]
      const checked = await meterproof(args, { cwd })

      expect(checked.exitCode, checked.stderr).toBe(1)
      const replay = /npx meterproof replay .*/.exec(checked.stdout)?.[0] ?? ''
      const replayed = await meterproof(printedArguments(replay), { cwd })
      expect(replayed.exitCode, replayed.stderr).toBe(1)
      expect(replayed.stdout).toContain('same verdict: violated')
    },
    LONG,
  )

  test(
    'that is sound is sound, and a finding replayed on it no longer shows',
    async () => {
      const [edit] = HAND_EDITS
      const sound = editedContract({ ...(edit as HandEdit), to: edit?.from ?? '' }, 'sound')
      const trace = join('out-0', 'latest')
      const { failures } = latestRecord(join(cwd, 'out-0'))
      const file = join(trace, failures[0]?.traceFile ?? '')

      const replayed = await meterproof(['replay', file, '--contract', sound], { cwd })

      expect(replayed.exitCode, replayed.stderr).toBe(0)
      expect(replayed.stdout).toContain('recorded violated, observed held')
    },
    LONG,
  )
})

describe('trouble', () => {
  test('a contract of another shape is refused before anything is deployed', async () => {
    const token = packageFile(join('contracts', 'src', 'testing', 'PlainToken.sol'))
    const args = ['check', PROTOCOL, '--policy', 'hardened', '--contract', token, '--runs', '1']
    const { exitCode, stderr } = await meterproof(args, { cwd })

    expect(exitCode).toBe(64)
    expect(stderr).toContain('PlainToken cannot be called as SessionEscrowHardened.')
    expect(stderr).toContain('[MP_CHECK_CONTRACT_SHAPE]')
  })

  test(
    'a killed Anvil is started again, the run goes on and says so',
    async () => {
      const flags = [
        ...WORLDLESS,
        '--policy',
        'hardened',
        '--runs',
        '100',
        '--seed',
        '5',
        '--workers',
        '1',
      ]
      const undisturbed = meterproof(['check', PROTOCOL, ...flags, '--out', 'calm'], { cwd })
      expect((await undisturbed).exitCode).toBe(0)
      const run = startMeterproof(['check', PROTOCOL, ...flags, '--out', 'killed'], { cwd })
      await run.shows(/steps\/s/)
      const anvils = [...descendants(run.process.pid ?? 0)].filter(([, args]) =>
        /^\S*anvil(\.exe)? --/.test(args),
      )
      expect(anvils).toHaveLength(1)
      for (const [pid] of anvils) process.kill(pid, 'SIGKILL')

      const { exitCode, stderr } = await run.ended
      const [calm, killed] = ['calm', 'killed'].map((out) => latestRecord(join(cwd, out)))
      expect(exitCode, stderr).toBe(0)
      expect(killed?.wall.notes.join()).toMatch(/Anvil ended in mid-run \(SIGKILL\).*again \(#1\)/)
      expect({ ...killed, wall: null }).toEqual({ ...calm, wall: null })
    },
    LONG,
  )

  test.each(['2'])(
    'Ctrl-C on %s workers writes a partial report and leaves no process behind',
    async (workers) => {
      const out = `interrupted-${workers}`
      const flags = [
        ...WORLDLESS,
        '--runs',
        '4000',
        '--seed',
        '5',
        '--workers',
        workers,
        '--out',
        out,
      ]
      const run = startMeterproof(['check', PROTOCOL, ...flags], { cwd })
      await run.shows(/steps\/s/)
      const children = [...descendants(run.process.pid ?? 0).keys()]
      expect(children.length).toBeGreaterThan(0)

      run.process.kill('SIGINT')

      const { exitCode, stdout, stderr } = await run.ended
      expect(exitCode, stderr).toBe(130)
      await expect.poll(() => children.filter(isAlive), { timeout: 5_000 }).toEqual([])
      const { summary, campaigns } = latestRecord(join(cwd, out))
      expect(summary).toMatchObject({ verdict: 'interrupted', exitCode: 130 })
      expect(campaigns.reduce((sum, { runs }) => sum + runs, 0)).toBeGreaterThan(0)
      expect(stdout.trimEnd().split('\n').at(-1)).toContain('exit 130')
    },
    LONG,
  )

  test.each([
    { command: 'check', args: ['--runs', '1', '--workers', '1'] },
    { command: 'check', args: ['--runs', '1', '--workers', '2'] },
    { command: 'run', args: ['--runs', '1'] },
  ])(
    '$command $args without an Anvil binary ends with 70 and says where it looked',
    async (bad) => {
      const env = { METERPROOF_ANVIL: join(cwd, 'no-anvil') }
      const { exitCode, stderr, stdout } = await meterproof([bad.command, ...bad.args], {
        cwd,
        env,
      })

      expect(exitCode).toBe(70)
      expect(stdout).toBe('')
      expect(stderr).toContain('The Anvil binary was not found. [MP_ANVIL_BINARY_MISSING]')
      expect(stderr).toContain(join(cwd, 'no-anvil'))
      expect(stderr).not.toMatch(/^\s+at /m)
    },
  )

  test(
    'a claim that nothing exercised makes the verdict inconclusive',
    async () => {
      // One short sequence with a single session: there is no other for it to disturb.
      const flags = [...WORLDLESS, '--policy', 'hardened', '--only', 'INV-ISOLATION', '--runs', '1']
      const args = [
        'check',
        PROTOCOL,
        ...flags,
        '--seed',
        '4',
        '--workers',
        '1',
        '--out',
        'vacuous',
      ]
      const { exitCode, stdout, stderr } = await meterproof(args, { cwd })

      expect(exitCode, stderr).toBe(2)
      expect(stdout).toContain('INV-ISOLATION')
      const { claims, summary } = latestRecord(join(cwd, 'vacuous'))
      expect(claims).toMatchObject([{ verdict: 'undecided', witnesses: 0 }])
      expect(summary).toMatchObject({ verdict: 'inconclusive', undecided: 1, held: 0 })
    },
    LONG,
  )
})
