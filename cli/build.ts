/**
 * Builds what the package ships: JavaScript in `dist/`, and the contracts compiled beforehand, so
 * that the first run of an installed package need not wait for solc. Runs before `npm pack`.
 */
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from './packageRoot.ts'

const root = packageRoot()
const prebuilt = join(root, 'contracts', 'prebuilt')

rmSync(join(root, 'dist'), { recursive: true, force: true })
rmSync(prebuilt, { recursive: true, force: true })

const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
const settings = join(root, 'tsconfig.build.json')
execFileSync(process.execPath, [compiler, '-p', settings], { stdio: 'inherit' })

// The cache is keyed by content, so one that is filled here is valid wherever the sources go.
process.env.METERPROOF_CACHE_DIR = prebuilt
const { compileAllAhead } = await import('../property-tests/compileAhead.ts')
await compileAllAhead()
const { compileProject } = await import('../contracts/compile.ts')
const artifacts = await compileProject()
process.stderr.write(`built dist/ and ${Object.keys(artifacts).length} contracts\n`)
