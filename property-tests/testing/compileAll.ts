/** Compiles contracts and canaries into the cache, in a process of its own. */
import { availableParallelism } from 'node:os'
import { compileAhead } from '../compileAhead.ts'

await compileAhead({
  workers: availableParallelism(),
  canariesOf: null,
  mayStart: () => true,
})
