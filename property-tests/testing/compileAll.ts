/** Compiles contracts and canaries into the cache, in a process of its own. */
import { compileAllAhead } from '../compileAhead.ts'

await compileAllAhead()
