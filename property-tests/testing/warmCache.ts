/**
 * Before any test: compiles everything once, on all cores. Otherwise the first suites of a fresh
 * clone would each do it for themselves, and wait for it in hooks.
 */
import { availableParallelism } from 'node:os'
import { compileAhead } from '../compileAhead.ts'

/** Called by Vitest. @throws MeterproofError `MP_COMPILE_…` */
export async function setup(): Promise<void> {
  await compileAhead({
    workers: availableParallelism(),
    canariesOf: null,
    mayStart: () => true,
  })
}
