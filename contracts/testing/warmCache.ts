/**
 * Before any test: compiles everything once, contracts and canaries beside each other. Otherwise
 * the first suites of a fresh clone would each do it for themselves, and wait for it in hooks.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { compileContracts } from '../compile.ts'

/** Called by Vitest. @throws MeterproofError `MP_COMPILE_…` */
export async function setup(): Promise<void> {
  const script = fileURLToPath(new URL('warmCanaries.ts', import.meta.url))
  const canaries = promisify(execFile)(process.execPath, ['--import', 'tsx', script])
  await compileContracts()
  await canaries
}
