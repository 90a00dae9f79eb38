/**
 * Script: compiles the contracts and writes `contracts/generated.ts`.
 *
 * With `--prebuilt` it also fills `contracts/prebuilt/`, from which an installed package reads
 * artifacts instead of compiling at first use; run so before packing. Run it from anywhere:
 * `tsx contracts/generate.ts [--prebuilt]`.
 */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compileCanaries, compileContracts } from './compile.ts'
import { contractsRoot } from './internal/contractsRoot.ts'
import { renderGenerated } from './internal/renderGenerated.ts'

const root = contractsRoot()
if (process.argv.includes('--prebuilt')) {
  const prebuilt = join(root, 'prebuilt')
  rmSync(prebuilt, { recursive: true, force: true })
  // The cache writes to the folder it is told to, and only to that.
  process.env.METERPROOF_CACHE_DIR = prebuilt
  await compileCanaries()
}
const path = join(root, 'generated.ts')
writeFileSync(path, renderGenerated(await compileContracts()))
process.stdout.write(`wrote ${path}\n`)
