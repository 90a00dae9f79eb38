/**
 * A Foundry project in the system's temporary folder, for the forge binary that npm installed.
 *
 * forge wants a native solc, which npm does not have, so it gets a script around solc-js that
 * answers the two calls that forge makes. Sources are copied, as forge follows links out of the
 * project. The contract under test is no part of it: its creation code comes in a file.
 */
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Subject } from '../../property-tests/kit/testbed.ts'
import { type Finished, type Running, startProcess } from './processes.ts'

const here = createRequire(import.meta.url)
const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** Calls in one Foundry run; of 40, 100 and 250 the one that finds the canaries first. */
export const FORGE_DEPTH = 250
/** Runs that Foundry may spend on shrinking: its own default. */
export const FORGE_SHRINK_RUNS = 5_000

/** Runs in which accepted calls are counted. */
const COUNTED_RUNS = 40

/** Absolute path of the forge that npm installed for this machine. */
export function forgeBinary(): string {
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch
  const system = process.platform === 'win32' ? 'win32' : process.platform
  const packageName = `@foundry-rs/forge-${system}-${architecture}/package.json`
  const fromForge = createRequire(here.resolve('@foundry-rs/forge/package.json'))
  return join(dirname(fromForge.resolve(packageName)), 'bin', 'forge')
}

export interface ForgeOrder {
  readonly subject: Subject
  /** Name of a test function. */
  readonly test: string
  readonly seed: number
  readonly seconds: number
  readonly isShrinking?: boolean
  /** Has the handler's counts of accepted calls written down, see `reached`. */
  readonly isCounting?: boolean
}

export interface ForgeProject {
  start(order: ForgeOrder): Running
  /** Accepted calls of each action, over all runs since the last look. */
  reached(): Readonly<Record<string, number>>
}

export interface ForgeResult {
  readonly calls: number
  /** What Foundry says that the test took, without start and build. */
  readonly seconds: number
  /** The reason of the failure, or null. */
  readonly found: string | null
  /** Calls of the sequence that it shows. */
  readonly shownCalls: number
}

const REACH_FILE = 'reached.txt'

/**
 * Copies the sources of one protocol, writes the configuration and builds everything once.
 *
 * @param core where forge runs
 */
export function createForgeProject(harness: string, core: number): ForgeProject {
  // The same folder each time for one core, so that forge compiles only what has changed.
  const folder = join(tmpdir(), `meterproof-forge-${harness}-${core}`)
  for (const part of ['contracts', 'test', 'failures']) {
    rmSync(join(folder, part), { recursive: true, force: true })
  }
  mkdirSync(join(folder, 'test'), { recursive: true })
  // Compiled only as far as the tests import it.
  cpSync(join(ROOT, 'contracts/src'), join(folder, 'contracts'), { recursive: true })
  const prefixes = ['Vm', 'Handler', 'Claims', harness]
  for (const each of prefixes) copyHarness(each, join(folder, 'test'))
  writeFileSync(join(folder, 'foundry.toml'), configuration(folder, compilerOf(folder)))
  const forge = forgeBinary()
  execFileSync(forge, ['build', '--quiet'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  let starts = 0
  const reachFile = join(folder, REACH_FILE)
  return {
    start({ subject, test, seed, seconds, isShrinking = false, isCounting = false }) {
      starts += 1
      const codeFile = `code-${starts}.txt`
      writeFileSync(join(folder, codeFile), subject.bytecode)
      const args = ['test', '--match-test', `^${test}\\(`, '--fuzz-seed', String(seed)]
      const environment = {
        METERPROOF_CODE_FILE: codeFile,
        METERPROOF_POLICY: subject.policy,
        METERPROOF_REACH_FILE: isCounting ? REACH_FILE : '',
        // What is counted must not depend on how busy the machine is; a time limit overrules runs.
        ...(isCounting
          ? { FOUNDRY_INVARIANT_RUNS: String(COUNTED_RUNS) }
          : { FOUNDRY_INVARIANT_TIMEOUT: String(seconds) }),
        FOUNDRY_INVARIANT_SHRINK_RUN_LIMIT: isShrinking ? String(FORGE_SHRINK_RUNS) : '0',
        // Or the next test would replay the failures of this one instead of searching.
        FOUNDRY_INVARIANT_FAILURE_PERSIST_DIR: `failures/${starts}`,
      }
      return startProcess({ file: forge, args, folder, environment, core })
    },
    reached() {
      const counts: Record<string, number> = {}
      const text = existsSync(reachFile) ? readFileSync(reachFile, 'utf8') : ''
      for (const line of text.split('\n').filter((each) => each !== '')) {
        const [action = '', count = '0'] = line.split(' ')
        counts[action] = (counts[action] ?? 0) + Number(count)
      }
      rmSync(reachFile, { force: true })
      return counts
    },
  }
}

/** The files of the harness whose names begin so, and nothing else. */
function copyHarness(prefix: string, to: string): void {
  for (const end of ['', 'Books', 'Handler', 'Words', 'Claims.t']) {
    const name = `${prefix}${end}.sol`
    const from = join(ROOT, 'bench/forge', name)
    if (existsSync(from)) cpSync(from, join(to, name))
  }
}

function compilerOf(folder: string): string {
  const solc = join(folder, 'solc')
  const wrapper = join(ROOT, 'bench/forge/solc.cjs')
  writeFileSync(solc, `#!/bin/sh\nexec "${process.execPath}" "${wrapper}" "$@"\n`)
  chmodSync(solc, 0o755)
  return solc
}

function configuration(folder: string, solc: string): string {
  const openzeppelin = dirname(dirname(here.resolve('@openzeppelin/contracts/package.json')))
  const remappings = [`src/=${folder}/contracts/`, `@openzeppelin/=${openzeppelin}/`]
  return `[profile.default]
src = "nothing"
test = "test"
libs = []
remappings = ${JSON.stringify(remappings)}
auto_detect_remappings = false
allow_paths = [${JSON.stringify(openzeppelin)}]
fs_permissions = [{ access = "read-write", path = "./" }]
solc = ${JSON.stringify(solc)}
offline = true
evm_version = "cancun"
optimizer = true
optimizer_runs = 200
[lint]
lint_on_build = false
[invariant]
runs = 100000000
depth = ${FORGE_DEPTH}
fail_on_revert = false
show_metrics = false
`
}

/** @throws Error with what forge said when it gave no result */
export function forgeResult({ stdout, stderr }: Finished): ForgeResult {
  const took = /finished in ([\d.]+)(ms|s|µs)/.exec(stdout)
  if (took === null) throw new Error(`forge ended without a result: ${stdout}${stderr}`)
  const scale = took[2] === 's' ? 1 : took[2] === 'ms' ? 1e-3 : 1e-6
  const calls = /calls: (\d+)/.exec(stdout)
  const failure = /\[FAIL: ([^\]]*)\]/.exec(stdout)
  return {
    calls: Number(calls?.[1] ?? 0),
    seconds: Number(took[1]) * scale,
    found: failure?.[1] ?? null,
    shownCalls: (stdout.match(/calldata=/g) ?? []).length,
  }
}
