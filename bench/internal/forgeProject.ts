/**
 * A Foundry project in a temporary folder, for the forge binary that npm installed.
 *
 * forge wants a native solc, which npm does not have, so it gets a script around solc-js that
 * answers the two calls that forge makes. Sources are copied, as forge follows links out of the
 * project.
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Finished, type Running, startProcess } from './processes.ts'

const here = createRequire(import.meta.url)
const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** Calls in one Foundry run; of 40, 100 and 250 the one that finds the canaries first. */
const FORGE_DEPTH = 250

/** Absolute path of the forge that npm installed for this machine. */
export function forgeBinary(): string {
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch
  const system = process.platform === 'win32' ? 'win32' : process.platform
  const packageName = `@foundry-rs/forge-${system}-${architecture}/package.json`
  const fromForge = createRequire(here.resolve('@foundry-rs/forge/package.json'))
  return join(dirname(fromForge.resolve(packageName)), 'bin', 'forge')
}

export interface ForgeProject {
  /** Starts the invariant test of one test contract. */
  start(options: {
    readonly test: string
    readonly seed: number
    readonly seconds: number
  }): Running
  remove(): void
}

export interface ForgeResult {
  readonly calls: number
  /** What Foundry says that the test took, without start and build. */
  readonly seconds: number
  /** The reason of the failure, or null. */
  readonly found: string | null
}

/** Copies the sources, writes the configuration and builds everything once. */
export function createForgeProject(): ForgeProject {
  const folder = mkdtempSync(join(tmpdir(), 'meterproof-forge-'))
  const isSolidity = (path: string) => !path.endsWith('.ts') && !path.endsWith('.cjs')
  cpSync(join(ROOT, 'contracts/src'), join(folder, 'src'), { recursive: true, filter: isSolidity })
  for (const [from, to] of [
    ['contracts/canaries', 'canaries'],
    ['bench/forge', 'test'],
  ] as const) {
    cpSync(join(ROOT, from), join(folder, to), { recursive: true, filter: isSolidity })
  }
  const solc = join(folder, 'solc')
  const wrapper = join(ROOT, 'bench/forge/solc.cjs')
  writeFileSync(solc, `#!/bin/sh\nexec "${process.execPath}" "${wrapper}" "$@"\n`)
  chmodSync(solc, 0o755)
  writeFileSync(join(folder, 'foundry.toml'), configuration(folder, solc))
  const forge = forgeBinary()
  execFileSync(forge, ['build', '--quiet'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  let starts = 0
  return {
    start({ test, seed, seconds }) {
      const args = ['test', '--match-contract', `^${test}$`, '--fuzz-seed', String(seed)]
      starts += 1
      const environment = {
        FOUNDRY_INVARIANT_TIMEOUT: String(seconds),
        // Or the next test would replay the failures of this one instead of searching.
        FOUNDRY_INVARIANT_FAILURE_PERSIST_DIR: `failures/${starts}`,
      }
      return startProcess({ file: forge, args, folder, environment })
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function configuration(folder: string, solc: string): string {
  const openzeppelin = dirname(dirname(here.resolve('@openzeppelin/contracts/package.json')))
  const remappings = [
    `src/=${folder}/src/`,
    `canaries/=${folder}/canaries/`,
    `@openzeppelin/=${openzeppelin}/`,
  ]
  return `[profile.default]
src = "src"
test = "test"
libs = []
remappings = ${JSON.stringify(remappings)}
auto_detect_remappings = false
allow_paths = [${JSON.stringify(openzeppelin)}]
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
shrink_run_limit = 0
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
  }
}
