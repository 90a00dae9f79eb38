/**
 * Before any test: compiles everything once, on all cores. Otherwise the first suites of a fresh
 * clone would each do it for themselves, and wait for it in hooks.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/**
 * Called by Vitest, whose own modules cannot start worker threads of ours.
 *
 * @throws Error with what the compiler says
 */
export async function setup(): Promise<void> {
  const script = fileURLToPath(new URL('compileAll.ts', import.meta.url))
  await promisify(execFile)(process.execPath, ['--import', 'tsx', script])
}
