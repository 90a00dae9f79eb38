/**
 * Goal: what `export` hands over fails on the broken contract and passes on the sound one, for
 * somebody who has Foundry, or Node with viem, and no Meterproof.
 * Method: two trace files that are kept for good: a contract that is broken on purpose (re-entrant
 * token, signed receipt), and a claim that the mechanism as described cannot keep. Real forge, real
 * Anvil.
 */
import { spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { forgeBinary } from '../bench/internal/forgeProject.ts'
import { startAnvil } from '../sim/chain/anvilProcess.ts'
import { packageFile } from './packageRoot.ts'
import { meterproofHere, temporaryFolder } from './testing/meterproof.ts'

const fixture = (name: string) =>
  packageFile(join('property-tests', 'regression', 'fixtures', `${name}.trace.json`))
const BROKEN = fixture('refund-before-state')
const DESCRIBED = fixture('proof-window')
const SOUND = packageFile(join('contracts', 'src', 'token-job', 'TokenJobHardened.sol'))

const folder = temporaryFolder('export')
afterAll(() => folder.remove())

async function exported(file: string, ...flags: readonly string[]) {
  return meterproofHere(['export', file, ...flags])
}

/** Results of all tests of a project, by file: the reason of a failure, or null. */
function forgeResults(project: string): ReadonlyMap<string, string | null> {
  const solc = join(folder.path, 'solc')
  const wrapper = packageFile(join('bench', 'forge', 'solc.cjs'))
  writeFileSync(solc, `#!/bin/sh\nexec "${process.execPath}" "${wrapper}" "$@"\n`)
  chmodSync(solc, 0o755)
  const args = ['test', '--json', '--offline', '--use', solc]
  // What is compared are outcomes and no gas.
  const env = { ...process.env, FOUNDRY_OPTIMIZER: 'false' }
  const { stdout, stderr } = spawnSync(forgeBinary(), args, { cwd: project, env, encoding: 'utf8' })
  const start = stdout.indexOf('{')
  if (start < 0) throw new Error(`forge gave no result: ${stdout}${stderr}`)
  type Suites = Record<string, { test_results: Record<string, { status: string; reason: string }> }>
  const suites = JSON.parse(stdout.slice(start)) as Suites
  return new Map(
    Object.entries(suites).flatMap(([suite, { test_results: results }]) =>
      Object.values(results).map(({ status, reason }): [string, string | null] => [
        suite.replace(/^.*test\/(.*)\.t\.sol:.*$/, '$1'),
        status === 'Success' ? null : reason,
      ]),
    ),
  )
}

describe('export', () => {
  test('a Foundry test fails on the broken contract and passes on the sound one', async () => {
    const out = join(folder.path, 'project')
    const [to, into] = [
      ['--to', 'foundry'],
      ['--out', out],
    ] as const
    expect(await exported(BROKEN, ...to, ...into)).toMatchObject({ exitCode: 0 })
    expect((await exported(DESCRIBED, ...to, ...into)).stdout).toContain('fails on TokenJob')
    const written = join(out, 'test', 'refund-before-state.t.sol')
    const text = readFileSync(written, 'utf8')
    // The one edit that the file's head asks for.
    const asked = /^\/\/ {3}(import \{TokenJobHardened as UnderTest\}.*)$/m.exec(text)?.[1] ?? ''
    const mended = text.replace(/^import \{\w+ as UnderTest\}.*$/m, asked)
    expect(mended).not.toBe(text)
    writeFileSync(join(out, 'test', 'mended.t.sol'), mended)

    const results = forgeResults(out)

    expect([...results.keys()].sort()).toEqual(['mended', 'proof-window', 'refund-before-state'])
    expect(results.get('mended')).toBeNull()
    expect(results.get('refund-before-state')).toContain('model')
    expect(results.get('proof-window')).toContain('INV-PROOF-WINDOW')
  }, 120_000)

  test('a viem script ends with 1 on the broken contract and with 0 on the sound one', async () => {
    const scripts = join(folder.path, 'scripts')
    mkdirSync(scripts)
    symlinkSync(packageFile('node_modules'), join(scripts, 'node_modules'))
    const to = ['--to', 'viem', '--out', scripts]
    const mended = join(folder.path, 'mended.trace.json')
    copyFileSync(BROKEN, mended)
    await exported(BROKEN, ...to)
    expect((await exported(mended, ...to, '--contract', SOUND)).stdout).toContain('passes on')
    const anvil = await startAnvil({ order: 'fees' })
    try {
      const url = `http://127.0.0.1:${anvil.port}`
      const ran = async (name: string) => {
        const child = spawn(process.execPath, [join(scripts, `${name}.mjs`), url])
        let text = ''
        child.stdout.on('data', (chunk) => {
          text += String(chunk)
        })
        const exitCode = await new Promise((resolve) => child.on('close', resolve))
        return { exitCode, text }
      }
      const broken = await ran('refund-before-state')
      expect(broken.text).toContain('<- differs')
      expect(broken.text).toContain('INV-SOLVENCY is violated')
      expect(broken.exitCode).toBe(1)
      // The chain was put back, or nothing could be deployed a second time.
      const sound = await ran('mended')
      expect(sound.text).toContain('INV-SOLVENCY holds')
      expect(sound.text).not.toContain('differs')
      expect(sound.exitCode).toBe(0)
    } finally {
      await anvil.stop()
    }
  }, 60_000)

  test('what no single run of calls can show is refused in one sentence', async () => {
    const unstated = join(folder.path, 'unstated.trace.json')
    const text = readFileSync(BROKEN, 'utf8')
    for (const [id, why] of [
      ['M1', 'it compares two runs with each other.'],
      ['INV-REENTRY', 'what a token met while it moved is told by that token alone.'],
      ['DEPLOYMENT', 'it is about a constructor and about no call.'],
    ]) {
      writeFileSync(unstated, text.replace('"INV-SOLVENCY"', `"${id}"`))
      const { exitCode, stderr } = await exported(unstated, '--to', 'foundry')
      expect(exitCode).toBe(64)
      expect(stderr).toContain(`${id} cannot be a test: ${why}`)
    }
    expect((await exported(BROKEN, '--to', 'hardhat')).stderr).toContain('foundry, viem')
  })
})
